"""What is asked for wrongly gets one sentence, status 2, and costs nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

TOY = Path(__file__).parent / "agents" / "toy_agent.py"


def refused(done, *wanted: str) -> None:
    assert done.returncode == 2, done.stderr
    assert done.stdout == "" and len(done.stderr.strip().splitlines()) == 1, done.stderr
    for text in wanted:
        assert text in done.stderr, done.stderr


def test_alone_and_help_are_the_same_overview(droidlet) -> None:
    alone, helped = droidlet(), droidlet("--help")
    assert alone.returncode == helped.returncode == 0 and alone.stdout == helped.stdout
    for command in ("run", "check", "graph", "bench", "artifacts"):
        assert f"\n  {command}" in alone.stdout


def test_the_version_is_the_distributions(droidlet) -> None:
    import droidlet_style

    assert droidlet("--version").stdout.split() == ["droidlet", droidlet_style.__version__]


def test_the_version_in_code_is_the_projects() -> None:
    tomllib = pytest.importorskip("tomllib")
    import droidlet_style

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert project["version"] == droidlet_style.__version__


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["runn"], "did you mean run?"),
        (["dance"], "there are run, check"),
        (["run", "nobody"], "there is no agent 'nobody'"),
        (["run", "robot_asistant"], "did you mean robot_assistant?"),
        (["run", "missing.py"], "there is no file 'missing.py'"),
        (["run", "/"], "no Python file"),
        (["run", TOY, "--mood", "sad"], "{calm,wild}, got 'sad'"),
        (["run", TOY, "--step-m", "far"], "--step-m: expected FLOAT, got 'far'"),
        (["run", TOY, "--ticks", "-1"], "--ticks: expected a whole number from 0, got '-1'"),
        (["run", TOY, "--ticks", "many"], "got 'many'"),
        (["run", TOY, "--seed", "x"], "--seed: expected a whole number"),
        (["run", TOY, "--pace", "0"], "--pace: expected a number above 0"),
        (["run", TOY, "--tick", "3"], "unrecognized arguments: --tick 3"),
        (["run", TOY, "extra"], "unrecognized arguments: extra"),
        (["run", TOY, "--home-m", "1"], "--home-m: expected 2 arguments"),
        (["graph", "--format", "png"], "invalid choice: 'png'"),
        (["graph", "--inside", "nothing"], "there is no package 'nothing'"),
        (["bench", "nothing"], "there is no benchmark nothing"),
        (["artifacts"], "required: what"),
        (["artifacts", "burn"], "invalid choice: 'burn'"),
    ],
)  # fmt: skip
def test_one_sentence(droidlet, words: list[object], wanted: str) -> None:
    refused(droidlet(*words), wanted)


def test_a_folder_that_cannot_be_written_is_refused_before_the_run(droidlet, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    refused(droidlet("run", TOY, "--say", "go 3", "--out", "file"), "--out file cannot hold the files")
    refused(droidlet("run", TOY, "--say", "go 3", "--out", "file/below"), "file/below cannot hold")
    refused(droidlet("run", TOY, "--say", "go 3", "--out", "/proc/nothing"), "/proc/nothing cannot hold")
    assert (tmp_path / "file").read_text() == "mine" and os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("x = 1", "it has no run(config, session)"),
        ("def run(config, session): pass", "it has no Config"),
        ("import sys; sys.exit(3)", "leaves (sys.exit) when it is loaded"),
        ("class Config: pass\ndef run(config, session): pass", "Config is an attrs class, a record"),
        ("import attrs\n@attrs.frozen\nclass Config:\n    a: int\ndef run(c, s): pass", "required: --a"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_agent_is_told_so(droidlet, tmp_path: Path, source: str, wanted: str) -> None:
    (tmp_path / "mine.py").write_text(source + "\n")
    refused(droidlet("run", "mine.py"), wanted)


def test_a_config_that_refuses_its_values_speaks_for_itself(droidlet, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "import attrs\n@attrs.frozen\nclass Config:\n"
        "    a: int = attrs.field(default=1, validator=attrs.validators.gt(0))\n"
        "def run(config, session): pass\n"
    )
    refused(droidlet("run", "mine.py", "--a", "-4"), "'a' must be > 0: -4")
    assert droidlet("run", "mine.py", "--a", "4").returncode == 0


def test_a_file_that_raises_when_loaded_shows_where(droidlet, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def f():\n    return 1 / 0\n\nf()\n")
    done = droidlet("run", "mine.py")
    assert (
        done.returncode == 1 and "ZeroDivisionError" in done.stderr and "could not be loaded" in done.stderr
    )
    assert "line 2, in f" in done.stderr and "importlib" not in done.stderr
    (tmp_path / "bad.py").write_text("def f(:\n")
    done = droidlet("run", "bad.py")
    assert done.returncode == 1 and "SyntaxError" in done.stderr


@pytest.mark.parametrize(
    ("option", "value", "wanted"),
    [
        ("--rooms", "99", "robot_assistant.py: rooms is 99: a flat has"),
        ("--people", "-1", "people is -1"),
        ("--picture-px", "1000000", "is 1000000: a picture has"),
    ],
)  # fmt: skip
def test_a_body_that_refuses_its_options_speaks_for_itself(
    droidlet, tmp_path: Path, option: str, value: str, wanted: str
) -> None:
    """This was a traceback and a folder with an empty run."""
    refused(droidlet("run", "robot_assistant", "--say", "hi", "--out", "a/b", option, value), wanted)
    assert os.listdir(tmp_path) == []


BODY = """
import attrs
@attrs.frozen
class Config:
    a: int = 1
class Body:
    def __init__(self, key, a=5):
        if a > 4: raise ValueError(f"a is {a}: at most 4")
    def observe(self): return 0
    def act(self, actions): pass
"""


def test_only_a_refusal_of_options_before_the_first_tick_is_taken_for_one(droidlet, tmp_path: Path) -> None:
    """What is the agent's own mistake shows where it is, and keeps what came before."""
    late = "\ndef run(config, session):\n    for now in session.ticks(0.1):\n        session.heard()\n"
    late += "        session.record((), (), 0)\n        session.body('mine.py:Body', a=9)\n"
    without_options = "\ndef run(config, session):\n    session.body('mine.py:Body')\n"
    own = "\ndef run(config, session):\n    session.body('mine.py:Body', a=1)\n    raise ValueError('own')\n"
    for number, code in enumerate((late, without_options, own)):
        (tmp_path / "mine.py").write_text(BODY + code)
        done = droidlet("run", "mine.py", "--out", number)
        assert done.returncode == 1 and "Traceback" in done.stderr and "ValueError" in done.stderr
        assert (tmp_path / str(number) / "summary.json").is_file()


def test_a_refused_run_leaves_an_older_folder_as_it_was(droidlet, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        BODY + "\ndef run(config, session):\n    session.body('mine.py:Body', a=config.a)\n"
    )
    assert droidlet("run", "mine.py", "--out", "o").returncode == 0
    before = (tmp_path / "o" / "summary.json").read_bytes()
    refused(droidlet("run", "mine.py", "--out", "o", "--a", "7"), "mine.py: a is 7: at most 4")
    assert (tmp_path / "o" / "summary.json").read_bytes() == before
