"""The package stays readable for Python 3.9, in which a Habitat worker lives."""

import ast
import pathlib

import droidlet_simulators
import pytest

FILES = sorted(pathlib.Path(droidlet_simulators.__file__).parent.rglob("*.py"))


def evaluated_annotations(tree):
    """The annotations of record and NamedTuple fields, which are resolved when the program runs."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and (node.decorator_list or node.bases):
            for line in node.body:
                if isinstance(line, ast.AnnAssign):
                    yield line.annotation


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_holds_nothing_newer(path):
    tree = ast.parse(path.read_text(), feature_version=(3, 9))
    for annotation in evaluated_annotations(tree):
        assert "|" not in ast.unparse(annotation), f"line {annotation.lineno}: write Optional or Union"
    imports = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    assert "tomllib" not in imports
