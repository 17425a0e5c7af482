"""Names become objects, once, and a wrong name says which half of it is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from droidlet_style import Session
from droidlet_style.cli.main import main as command_line
from droidlet_style.placement import place
from droidlet_transport import LoadError, load
from droidlet_transport.loading import load_factory
from droidlet_transport.working import make as make_in_a_worker


def test_a_module_and_a_name() -> None:
    assert load("json:dumps")([1]) == "[1]"
    assert load("os.path:join") is __import__("os").path.join
    assert load("json") is __import__("json")


def test_a_name_with_dots() -> None:
    assert load("pathlib:Path.home") == Path.home


def test_a_file_is_one_module_however_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "part.py"
    file.write_text("import sys\n\nclass Part:\n    pass\n\nassert __name__ in sys.modules\n")
    monkeypatch.chdir(tmp_path)

    part = load(f"{file}:Part")

    assert part is load("part.py:Part") is load("./part.py:Part")
    assert sys.modules[part.__module__].Part is part


def test_two_files_of_one_name_are_two_modules(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "part.py").write_text(f"where = {folder!r}\n")

    assert load(f"{tmp_path}/a/part.py:where") == "a"
    assert load(f"{tmp_path}/b/part.py:where") == "b"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nowhere:thing", "there is no module nowhere"),
        ("json:nothing", "json has no 'nothing'"),
        ("json.nothing:x", "there is no module json.nothing"),
        ("missing.py:thing", "there is no such file"),
        ("", "is no name"),
        (":x", "is no name"),
        ("not a name:x", "is no name"),
        ("json:dumps.deeper", "has no 'deeper'"),
    ],
)
def test_a_wrong_name(name: str, sentence: str) -> None:
    with pytest.raises(LoadError, match=sentence):
        load(name)


def test_a_name_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    """It was a list that began with what the module imports, cut before the name that was meant."""
    with pytest.raises(
        LoadError, match="has no 'RoomSimulatr'; did you mean RoomSimulator[?] it has .*, [.]{3}$"
    ):
        load("droidlet_simulators:RoomSimulatr")
    (tmp_path / "mine.py").write_text(
        "import json\nfrom typing import Tuple\nclass Mine: ...\ndef make(): ...\n"
    )
    with pytest.raises(LoadError, match="has no 'maker'; did you mean make[?] it has Mine, make$"):
        load(f"{tmp_path}/mine.py:maker")
    (tmp_path / "empty.py").write_text("import json\n")
    with pytest.raises(LoadError, match="has no 'x'; it has nothing public$"):
        load(f"{tmp_path}/empty.py:x")


def test_a_module_alone_makes_nothing_wherever_it_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """It was: 'module' object is not callable."""
    told = "json is a module: name what makes the part, json:NAME; it has dump, dumps"
    with pytest.raises(LoadError, match=told):
        load_factory("json")
    assert load_factory("json:dumps") is json.dumps
    for make in (
        lambda: place("json"),
        lambda: place("json", "thread"),
        lambda: make_in_a_worker("json", ()),
        lambda: Session().body("json:"),
    ):
        with pytest.raises(LoadError, match="json:? is a module"):
            make()
    assert command_line(["serve", "json"]) == 1
    assert told in capsys.readouterr().err


def test_what_a_file_raises_is_the_cause(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("import sys\n1 / 0\n")

    for _ in range(2):  # a broken file leaves no half of a module behind
        with pytest.raises(LoadError, match="ZeroDivisionError") as caught:
            load(f"{tmp_path}/broken.py:x")
        assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_missing_import_inside_is_not_the_module_s_own_absence(tmp_path: Path) -> None:
    (tmp_path / "needs.py").write_text("import something_that_is_not_there\n")
    code = "import sys; sys.path.insert(0, sys.argv[1])\nfrom droidlet_transport import load\nload('needs:x')"

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )

    assert "LoadError: needs:x: No module named 'something_that_is_not_there'" in done.stderr
