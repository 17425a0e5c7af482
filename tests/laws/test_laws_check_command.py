"""droidlet check: its table, its JSON, its exit status."""

from __future__ import annotations

import argparse
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from droidlet_laws import LAWS
from droidlet_style.cli import check, telling

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
    assert capsys.readouterr().out.endswith(
        "pass inputs (a strategy or a sequence): --inputs my_file.py:NAME\n"
    )
    assert command(f"{file}:untyped", "--inputs", f"{file}:absent") == 2
    assert "--inputs" not in capsys.readouterr().out
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
    assert "my_parts:double: function" in done.stdout
    progress = "droidlet check my_parts:double: "  # where it takes some seconds
    assert all(line.startswith(progress) for line in done.stderr.splitlines())


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


RUDE = """
import ctypes, os, sys, time

def writes(level: float) -> float:
    sys.__stdout__.write("spoiled")
    ctypes.CDLL(None).puts(b"from C")
    return level

def make_writer():
    os.write(1, b"spoiled")
    return writes

def reads() -> object:
    sys.stdin.read()
    return lambda level: level

def leaves(level: float) -> float:
    os._exit(3)

def leaves_when_made():
    os.kill(os.getpid(), 9)

def crashes(level: float) -> float:
    ctypes.string_at(0)
    return level

def stops(level: float) -> float:
    raise KeyboardInterrupt

def stops_when_made() -> object:
    raise KeyboardInterrupt

def slow(level: float) -> float:
    end = [0.0] * 1_500_000
    return sum(end) + level
"""


def shell(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    (folder / "rude.py").write_text(RUDE)
    command_line = [sys.executable, "-m", "droidlet_style", "check", *words]
    return subprocess.run(command_line, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_what_a_component_writes_spoils_no_json(tmp_path: Path) -> None:
    done = shell(tmp_path, "rude.py:make_writer", "--json", "--examples", "3")
    assert json.loads(done.stdout)["verdict"] == "held" and done.returncode == 0
    assert "spoiled" in done.stderr and "from C" in done.stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("leaves", "a call called os._exit(3), which ends the program"),
        ("leaves_when_made", "the component ended the process by SIGKILL"),
        ("crashes", "the component ended the process by SIGSEGV"),
        ("stops", "a call raised KeyboardInterrupt, which ends the program"),
        ("stops_when_made", "making rude.py:stops_when_made raised KeyboardInterrupt"),
    ],
)
def test_a_component_that_ends_the_program(name: str, said: str, tmp_path: Path) -> None:
    done = shell(tmp_path, f"rude.py:{name}", "--examples", "3")
    assert done.returncode == 2
    assert said in done.stdout and done.stdout.count("\n") == 1
    assert "Traceback" not in done.stdout + done.stderr


def test_a_factory_that_reads_what_is_typed_finds_nothing(tmp_path: Path) -> None:
    assert shell(tmp_path, "rude.py:reads", "--inputs", "rude.py:RUDE").returncode == 2


def test_a_person_stops_it(tmp_path: Path) -> None:
    (tmp_path / "rude.py").write_text(RUDE)
    words = [sys.executable, "-m", "droidlet_style", "check", "rude.py:slow"]
    with subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        for _ in range(600 if children.exists() else 30):  # it works in a child; elsewhere than on Linux: 3 s
            time.sleep(0.1)
            if children.exists() and children.read_text():
                break
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130 and out == b""
    assert b"interrupted" in err and b"Traceback" not in err


def test_a_slow_component_is_tried_as_far_as_the_time_goes(tmp_path: Path) -> None:
    started = time.monotonic()
    done = shell(tmp_path, "rude.py:slow", "--seconds", "2", "--json")
    found = json.loads(done.stdout)
    assert found["verdict"] == "held" and time.monotonic() - started < 60
    assert any("no time for the others: a call takes" in row["remark"] for row in found["laws"])


def test_an_agent_by_its_name(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(check, "programs", lambda folder: {"static": Path(AWKWARD)})
    assert command("static", "--examples", "3") == 0
    assert "stepped" in capsys.readouterr().out.splitlines()[0]
    assert command("statik") == 2
    assert "did you mean the agent static?" in capsys.readouterr().out


def test_a_line_of_progress() -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen, file = Screen(), io.StringIO()
    for stream in (screen, file):
        told = telling.Telling("checking", stream)
        moments = iter([10.0, 10.1, 10.5, 16.0, 17.0])
        told._now = lambda moments=moments: next(moments)
        for text in ("a", "b", "c", "d", "e"):
            told(text)
        told.end()
    assert file.getvalue() == "checking: d, 6 s\n"
    shown = screen.getvalue().split("\r")
    assert [line.rstrip() for line in shown if line.strip()] == [
        "checking: c, 0 s",
        "checking: d, 6 s",
        "checking: e, 7 s",
    ]
