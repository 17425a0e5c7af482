"""droidlet check: its table, its JSON, its exit status."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from droidlet_laws import LAWS
from droidlet_style.cli import check

HERE = Path(__file__).parent
HONEST, OFFENDERS, AWKWARD = (f"{HERE}/{name}.py" for name in ("honest", "offenders", "awkward"))


def command(*words: str) -> int:
    parser = argparse.ArgumentParser()
    check.add_arguments(parser)
    return check.run(parser.parse_args(list(words)))


def test_a_component_that_keeps_the_laws(capsys: pytest.CaptureFixture[str]) -> None:
    assert command(f"{HONEST}:Walker", "--examples", "5") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{HONEST}:Walker: stepped, ") and " calls answered and " in lines[0]
    assert [line.split("  ")[1] for line in lines[1:]] == ["held"] * len(LAWS)


def test_a_component_that_breaks_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert command(f"{OFFENDERS}:coarse_clock") == 1
    out = capsys.readouterr().out
    assert "  broken         no clock, environment, file, socket, global randomness" in out
    assert "time.time() at offenders.py:" in out and "likely" in out and "Reading(level=" in out
    assert "held" not in out  # nothing is claimed of a component whose check ended early


def test_what_cannot_be_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert command(f"{AWKWARD}:NeedsWeights") == 2
    out = capsys.readouterr().out
    assert out.count("\n") == 1 and "cannot be checked" in out and "Traceback" not in out


@pytest.mark.parametrize(
    ("name", "status", "verdict"),
    [
        (f"{HONEST}:add", 0, "held"),
        (f"{OFFENDERS}:adds_in_place", 1, "broken"),
        ("nowhere:x", 2, "cannot be checked"),
        (f"{AWKWARD}:Static", 0, "held"),  # whose file prints when it is loaded
    ],
)
def test_json(name: str, status: int, verdict: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(name, "--json", "--examples", "5") == status
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == verdict and found["component"] == name
    assert [row["law"] for row in found["laws"]] == (list(LAWS) if status < 2 else [])
    assert ("broken" in found) == (status == 1) and ("error" in found) == (status == 2)


def test_inputs_by_name_and_a_seed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "parts.py").write_text(
        "import hypothesis.strategies as st\n"
        "def untyped(a, b):\n    return a + b\n"
        "pairs = [(1, 2), (3, 4)]\n"
        "def strategy():\n    return st.tuples(st.integers(), st.integers())\n"
    )
    file = f"{tmp_path}/parts.py"
    assert command(f"{file}:untyped") == 2
    assert command(f"{file}:untyped", "--inputs", f"{file}:pairs", "--seed", "4") == 0
    assert "2 calls answered" in capsys.readouterr().out
    assert command(f"{file}:untyped", "--inputs", f"{file}:strategy", "--examples", "5", "--seed", "-1") == 0


def test_from_the_shell_in_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "my_parts.py").write_text(
        "from droidlet_schema import record\n"
        "@record\nclass Level:\n    level: float\n"
        "def double(level: Level) -> float:\n    return level.level * 2\n"
    )
    words = [sys.executable, "-m", "droidlet_style", "check", "my_parts:double", "--examples", "5"]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == "" and "my_parts:double: function" in done.stdout


@pytest.mark.parametrize("words", [["x:y", "--examples", "0"], ["x:y", "--examples", "many"], []])
def test_wrong_words_end_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        command(*words)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_file_may_import_its_sibling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "gain_of_sibling.py").write_text("GAIN = 2.0\n")
    (tmp_path / "sib.py").write_text(
        "from gain_of_sibling import GAIN\ndef double(level: float) -> float:\n    return level * GAIN\n"
    )
    assert command(f"{tmp_path}/sib.py:double", "--examples", "5", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["status"] for row in found["laws"] if "hash" in row["law"]} == {"held"}  # in children too


def test_the_reason_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert command(f"{OFFENDERS}:coarse_clock") == 1
    assert "breaks the law: no clock" in capsys.readouterr().out.splitlines()[0]
