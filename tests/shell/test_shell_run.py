"""droidlet run, as a person uses it: real processes, a toy agent with a toy body."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

TOY = Path(__file__).parent / "agents" / "toy_agent.py"

KEYS = [
    "agent",
    "config",
    "seed",
    "build",
    "ticks",
    "sim_time_s",
    "said",
    "replies",
    "tasks",
    "path",
    "detections_total",
    "final_pose",
    "scene",
    "digest",
    "wall_s",
    "files",
]


def summary(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "summary.json").read_text())
    return told


def texts(words: list[dict[str, Any]]) -> list[str]:
    return [word["text"] for word in words]


def test_a_run_leaves_its_summary_and_pictures(droidlet, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    done = droidlet("run", TOY, "--say", "go 4", "--say", "hello", "--seed", "5", "--out", out)
    assert done.returncode == 0, done.stderr
    told = summary(out)
    assert list(told) == KEYS
    assert told["agent"] == "toy_agent" and told["seed"] == 5
    assert told["config"] == {
        "period_s": 0.1, "step_m": 0.05, "polite": True, "mood": "calm", "limit_m": None,
        "home_m": [0.0, 1.0], "names": [],
    }  # fmt: skip
    assert told["said"] == [{"tick": 0, "text": "go 4"}, {"tick": 4, "text": "hello"}]
    assert told["replies"] == [{"tick": 0, "text": "I go."}, {"tick": 4, "text": "You said hello."}]
    assert told["tasks"] == [{"name": "Walk", "status": "finished", "started_tick": 0, "finished_tick": 3}]
    assert told["ticks"] == 5 and told["sim_time_s"] == 0.5 and told["detections_total"] == 5
    assert len(told["path"]) == 6 and told["final_pose"]["x_m"] == told["path"][-1][0]
    assert told["path"][-1][0] - told["path"][0][0] == pytest.approx(4 * 0.05, abs=1e-5)
    assert told["scene"] == [
        {
            "id": 7,
            "class": "chair",
            "colour": "red",
            "x_m": 2.0,
            "y_m": 1.0,
            "z_m": 0.4,
            "size_m": [0.6, 0.4, 0.8],
        }
    ]
    assert {"python", "numpy", "cpu_features", "platform", "droidlet", "extras"} <= set(told["build"])
    assert told["build"]["one_thread"] is True
    assert (
        sorted(told["files"])
        == sorted(path.name for path in out.iterdir())
        == ["map.png", "summary.json", "view.png"]
    )
    assert (
        done.stdout.index("you: go 4") < done.stdout.index("agent: I go.") < done.stdout.index("you: hello")
    )
    for wanted in ("Walk ahead: finished", told["digest"], str(out), "2 to the agent"):
        assert wanted in done.stdout


def test_one_seed_one_digest_in_every_process_and_another_for_another_seed(droidlet, tmp_path: Path) -> None:
    digests = []
    for number, (seed, hashing) in enumerate([("3", "0"), ("3", "1"), ("3", "random"), ("4", "0")]):
        done = droidlet(
            "run", TOY, "--say", "go 3", "--seed", seed, "--out", number,
            PYTHONHASHSEED=hashing, OMP_NUM_THREADS="2",
        )  # fmt: skip
        assert done.returncode == 0
        digests.append(summary(tmp_path / str(number))["digest"])
    assert digests[0] == digests[1] == digests[2] != digests[3]


def test_the_digest_follows_words_and_config_not_files_or_spelling(droidlet, tmp_path: Path) -> None:
    def digest(*words: object) -> str:
        done = droidlet("run", TOY, *words)
        assert done.returncode == 0, done.stderr
        return str(done.stdout.partition("digest ")[2].split()[0])

    once = digest("--say", "go 3")
    assert once == digest("--say=go 3", "--out", tmp_path / "o", "--step-m", "0.05", "--quiet")
    assert len({once, digest("--say", "go 4"), digest("--say", "go 3", "--step-m", "0.06")}) == 3


def test_words_typed_into_a_pipe_are_the_same_run_as_words_said(droidlet, tmp_path: Path) -> None:
    droidlet("run", TOY, "--say", "go 3", "--say", "höflich 你好", "--out", "said")
    done = droidlet("run", TOY, "--out", "typed", stdin="go 3\r\nhöflich 你好")
    said, typed = summary(tmp_path / "said"), summary(tmp_path / "typed")
    assert done.returncode == 0 and said["digest"] == typed["digest"]
    assert texts(typed["said"]) == ["go 3", "höflich 你好"]


def test_a_timed_line_speaks_into_running_work(droidlet, tmp_path: Path) -> None:
    droidlet("run", TOY, "--say", "go 20", "--say", "wait @ 0.55", "--say", "later", "--out", "o")
    assert summary(tmp_path / "o")["said"] == [
        {"tick": 0, "text": "go 20"},
        {"tick": 6, "text": "wait"},
        {"tick": 20, "text": "later"},
    ]


def test_time_passes_until_a_timed_line_is_due(droidlet, tmp_path: Path) -> None:
    droidlet("run", TOY, "--say", "late @ 3", "--out", "o")
    assert (
        summary(tmp_path / "o")["said"] == [{"tick": 30, "text": "late"}]
        and summary(tmp_path / "o")["ticks"] == 31
    )


def test_a_question_waits_for_the_next_line_and_an_endless_task_for_ten_seconds(
    droidlet, tmp_path: Path
) -> None:
    droidlet("run", TOY, "--say", "ask", "--say", "follow", "--say", "bye", "--out", "o")
    ticks = [word["tick"] for word in summary(tmp_path / "o")["said"]]
    assert ticks[1] - ticks[0] == pytest.approx(11, abs=1) and ticks[2] - ticks[1] == 100


def test_the_run_ends_at_its_ticks_and_says_what_was_not_said(droidlet, tmp_path: Path) -> None:
    done = droidlet("run", TOY, "--say", "go 100", "--say", "never", "--ticks", "7", "--out", "o")
    told = summary(tmp_path / "o")
    assert (done.returncode, told["ticks"], texts(told["said"])) == (0, 7, ["go 100"])
    assert told["tasks"][0]["status"] == "started" and told["tasks"][0]["finished_tick"] is None
    assert "stopped after 7 ticks" in done.stdout and "unsaid never" in done.stdout


def test_without_words_it_runs_as_long_as_told_and_ends_there(droidlet, tmp_path: Path) -> None:
    """An exhausted --ticks with nothing left to do once went on for ever."""
    for ticks in (0, 1, 9):
        done = droidlet("run", TOY, "--ticks", ticks, "--out", "o")
        assert done.returncode == 0 and summary(tmp_path / "o")["ticks"] == ticks
    assert droidlet("run", TOY, "--out", "o").returncode == 0 and summary(tmp_path / "o")["ticks"] == 1


def test_an_agent_that_raises_keeps_what_came_before(droidlet, tmp_path: Path) -> None:
    done = droidlet("run", TOY, "--say", "go 3", "--say", "raise", "--out", "o")
    told = summary(tmp_path / "o")
    assert done.returncode == 1 and told["ticks"] == 3 and texts(told["said"]) == ["go 3", "raise"]
    assert "RuntimeError: the agent's own bug" in done.stderr and "at tick 3" in done.stderr
    assert done.stderr.startswith("Traceback") and "droidlet_style/cli" not in done.stderr
    assert told["files"] == ["summary.json", "map.png", "view.png"]


def test_every_word_a_shell_can_pass_is_heard(droidlet, tmp_path: Path) -> None:
    odd = ["", "   ", "😀 \u202eabc", "x" * 10_000, "\x1b[31mred\x07", "-- --seed 9", "@ 5"]
    words = [word for text in odd for word in ("--say", text)]
    done = droidlet("run", TOY, *words, "--out", "o", LC_ALL="C", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert texts(summary(tmp_path / "o")["said"]) == odd
    assert "\x1b" not in done.stdout and "\x07" not in done.stdout


def test_bytes_that_are_no_text_are_heard_as_replaced(droidlet, tmp_path: Path) -> None:
    done = droidlet("run", TOY, "--out", "o", "--say", os.fsdecode(b"go \xff"))
    assert done.returncode == 1 and texts(summary(tmp_path / "o")["said"]) == ["go \ufffd"]


def test_a_folder_that_goes_away_during_the_run_is_one_sentence(start, tmp_path: Path) -> None:
    with start(
        "run", TOY, "--out", "o", "--say", "go 100000", "--ticks", "100000", "--pace", "20"
    ) as process:
        while "I go." not in process.stdout.readline():
            pass
        (tmp_path / "o").rmdir()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1 and "could not take the files" in err and "Traceback" not in err


def test_without_standard_streams_the_files_are_still_written(tmp_path: Path) -> None:
    words = f"exec {sys.executable} -m droidlet_style run {TOY} --say 'go 2' --out o <&- >&- 2>&-"
    done = subprocess.run(["sh", "-c", words], cwd=tmp_path, timeout=60)
    assert done.returncode == 0 and summary(tmp_path / "o")["ticks"] == 2


def test_an_agents_file_runs_itself(tmp_path: Path) -> None:
    words = [sys.executable, str(TOY), "--say", "go 2", "--step-m", "0.5", "--out", "o"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    told = summary(tmp_path / "o")
    assert told["config"]["step_m"] == 0.5 and told["build"]["one_thread"] is True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_interrupt_ends_the_run_with_everything_written(start, tmp_path: Path, number: int) -> None:
    with start(
        "run", TOY, "--out", "o", "--say", "go 100000000", "--ticks", "100000000", "--pace", "20"
    ) as process:
        assert process.stdout is not None
        while "I go." not in process.stdout.readline():
            pass
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    told = summary(tmp_path / "o")
    assert process.returncode == 0 and "interrupted" in out and "Traceback" not in err
    assert told["files"] == ["summary.json", "map.png", "view.png"] and texts(told["said"]) == [
        "go 100000000"
    ]
    assert len(told["path"]) == told["ticks"] + 1 and told["digest"]


def test_an_interrupt_while_a_person_thinks_ends_the_run_too(start, tmp_path: Path) -> None:
    with start("run", TOY, "--out", "o", stdin=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdin is not None
        process.stdin.write("hello\n")
        process.stdin.flush()
        while "You said hello" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        process.stdin.close()
    told = summary(tmp_path / "o")
    assert process.returncode == 0 and texts(told["said"]) == ["hello"] and told["ticks"] == 1


def test_a_second_interrupt_ends_an_agent_that_hangs(start, tmp_path: Path) -> None:
    agent = TOY.read_text().replace(
        "    working = state.left > 0",
        "    import time; print('in', flush=True); time.sleep(60)\n    working = state.left > 0",
    )
    (tmp_path / "toy_agent.py").write_text(agent)
    process = start("run", tmp_path / "toy_agent.py", "--ticks", "3", "--out", "o")
    with process:
        assert process.stdout is not None
        assert "in" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)  # two signals at once are one
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode != 0 and "interrupted twice" in err and summary(tmp_path / "o")["ticks"] == 0


def test_a_reader_who_goes_away_ends_nothing(start, tmp_path: Path) -> None:
    with start("run", TOY, "--out", "o", "--say", "go 5") as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        err = process.stderr.read()
    assert "BrokenPipe" not in err and "Exception" not in err
    assert texts(summary(tmp_path / "o")["said"]) == ["go 5"]


def test_typing_on_a_terminal(start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Lines are spoken as they come; Ctrl-D ends it; the progress line is rewritten in place. What is typed
    stands there once, by itself: it was echoed behind the progress line, and then shown again.
    """
    monkeypatch.setenv("TERM", "xterm")
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    process = start("run", TOY, "--out", "o", "--pace", "10", stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    seen, whole = b"", b""

    def until(wanted: bytes) -> None:
        nonlocal seen, whole
        while wanted not in seen:
            new = os.read(ours, 4096)
            seen, whole = seen + new, whole + new

    until(b"droidlet: type what you say to it; Ctrl-D ends the run")  # "exit" was said to the robot
    until(b"> ")
    os.write(ours, b"go 150\n")
    until(b"I go.")
    until(b"real time")
    os.write(ours, b"into it\n")
    until(b"You said into it.")
    assert b"\x1b[1A\r\x1b[J> into it\r\n" in seen
    until(b"left > ")
    seen = b""
    until(b"> ")
    os.write(ours, b"\x04")
    until(b"files")
    assert process.wait(timeout=60) == 0 and b"you:" not in whole
    os.close(ours)
    said = summary(tmp_path / "o")["said"]
    assert texts(said) == ["go 150", "into it"] and 0 < said[1]["tick"] < 150


def test_words_typed_on_a_terminal_are_in_the_file_that_the_output_goes_to(start, tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    process = start("run", TOY, stdin=theirs)
    os.close(theirs)
    with process:
        os.write(ours, b"hello\n")
        assert process.stdout is not None
        while "You said hello." not in (line := process.stdout.readline()):
            assert "agent" not in line
            told = line
        os.write(ours, b"\x04")
        process.communicate(timeout=60)
    os.close(ours)
    assert "you: hello" in told and process.returncode == 0
