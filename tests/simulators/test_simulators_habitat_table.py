"""The table of Habitat's traps names modules and tests that there are."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from droidlet_simulators.habitat import traps

HERE, CODE = Path(__file__).parent, Path(traps.__file__).parent


@pytest.mark.parametrize("trap", traps.TRAPS, ids=[trap.what[:40] for trap in traps.TRAPS])
def test_each_trap_is_met_where_the_table_says(trap):
    assert (CODE / f"{trap.where}.py").is_file()
    file, test = trap.test.split(":")
    tree = ast.parse((HERE / f"test_simulators_habitat_{file}.py").read_text())
    assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_module_that_meets_a_native_trap_is_in_the_table():
    native = {
        "config",
        "checks",
        "engine",
        "eyes",
        "files",
        "loading",
        "navmesh",
        "paths",
        "slot",
        "starting",
        "urdf",
    }
    assert native <= {trap.where for trap in traps.TRAPS}
