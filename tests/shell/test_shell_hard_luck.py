"""A full disk, a folder that is gone, a place that is none: one sentence each, and nothing half done is left."""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from droidlet_style import keys as key_files
from droidlet_style.cli import main as command_line
from droidlet_style.cli import run
from droidlet_style.cli.apart import Died, apart
from droidlet_style.keys import write_keys
from droidlet_style.placement import interpreter, place
from droidlet_transport import WorkerFailedToStart, table_of
from droidlet_transport.building import Parts
from droidlet_transport.service import Server

AGENT = """
import attrs
from droidlet_schema import Drive

@attrs.frozen
class Config:
    recorded: bool = True

def run(config, session):
    body = session.body("droidlet_simulators:room_body", rooms=1, people=0, picture_px=8)
    for now_ns in session.ticks(0.1):
        inputs = body.observe()
        body.act((Drive(0.3, 0.1),))
        if config.recorded:
            session.record(inputs, (), 0)
"""
FULL = os.strerror(errno.ENOSPC)


class FullStream(io.StringIO):
    """Standard output into a file on a full disk."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, FULL)

    def fileno(self) -> int:
        raise OSError("none")


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(AGENT)
    return "mine.py"


def digest_of(folder: str) -> str:
    return json.loads((Path(folder) / "summary.json").read_text())["digest"]


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        ("interpreter:/no/such/python", "/no/such/python cannot be started: No such file"),
        ("tcp://10.1.1.1:5555", "tcp://10.1.1.1:5555 can be reached by others, so keys are needed"),
        ("parts", "only what is in nothing"),
    ],
)  # fmt: skip
def test_a_place_that_is_none_is_one_sentence_and_no_run(agent, capsys, where, wanted):
    """It was a traceback through the transport, and a folder with an empty run."""
    with Server(table_of(Parts(allow=["nothing"]))) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        where = server.address if where == "parts" else where
        assert run.main([agent, "--ticks", "2", "--quiet", "--out", "o", "--place", where]) == 2
        server.stop()
        thread.join(10)
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("droidlet run: --place: ") and wanted in told.err
    assert "Traceback" not in told.err and not Path("o").exists()


def test_an_interpreter_without_what_a_worker_needs_says_what_to_install(tmp_path):
    """It was a traceback that ended in "No module named 'attrs'"."""
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    bare.chmod(0o755)
    with (
        place("droidlet_geometry:plan_path", interpreter(str(bare))) as part,
        pytest.raises(WorkerFailedToStart, match=f"{bare} -m pip install numpy attrs msgspec$"),
    ):
        part()


def test_a_simulator_on_another_machine_is_reached_with_the_keys_of_two_files(agent, capsys):
    assert run.main([agent, "--ticks", "3", "--quiet", "--out", "here"]) == 0
    for name in ("robot", "desk"):
        write_keys(Path(name))
    keys = key_files.read_keys(Path("robot"), [Path("desk.pub")])
    words = [agent, "--ticks", "3", "--quiet", "--out", "there", "--keys", "desk", "--trust"]
    with Server(table_of(Parts(allow=["droidlet_simulators"])), "tcp://0.0.0.0:0", keys=keys) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        where = server.address.replace("0.0.0.0", "127.0.0.1")
        assert run.main([*words, "robot.pub", "--place", where]) == 0
        server.stop()
        thread.join(10)
    assert digest_of("there") == digest_of("here")
    assert run.main([*words, "robot.pub", "--place", "inline"]) == 0  # keys are for addresses
    capsys.readouterr()
    assert run.main([*words, "nobody.pub", "--place", where]) == 2
    assert run.main([*words[:-1], "--place", where]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "droidlet run: --keys: nobody.pub: No such file or directory",
        "droidlet run: --keys FILE and --trust FILE.pub go together: one's own keys, and whom one takes for the server",
    ]


def test_a_run_that_records_nothing_says_so(agent, capsys):
    """Its digest is the same whatever it does, and nothing told so."""
    assert run.main([agent, "--ticks", "2", "--quiet", "--no-recorded"]) == 0
    assert "never called session.record(inputs, outputs, state)" in capsys.readouterr().err
    for words in (["--ticks", "2"], ["--ticks", "0", "--no-recorded"]):
        assert run.main([agent, "--quiet", *words]) == 0
        assert "session.record" not in capsys.readouterr().err


def test_output_that_a_full_disk_does_not_take_ends_no_run(agent, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdout", FullStream())
    assert run.main([agent, "--ticks", "2", "--quiet", "--out", "o"]) == 1
    assert capsys.readouterr().err == f"droidlet: standard output cannot be written: {FULL}\n"
    assert len(digest_of("o")) == 32


@pytest.mark.parametrize("words", [[], ["bench", "--list"], ["artifacts", "where"]])
def test_a_command_whose_output_has_no_room_says_so_in_one_sentence(words, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdout", FullStream())
    assert command_line.main(words) == 1
    assert capsys.readouterr().err == f"droidlet: standard output cannot be written: {FULL}\n"


def test_a_folder_that_is_gone_is_one_sentence(tmp_path, capsys, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert command_line.main(["bench", "--list"]) == 1
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith(
        "droidlet: the folder that you are in cannot be used (No such"
    )


@pytest.mark.parametrize("half", ["x", "x.pub"])
def test_a_full_disk_leaves_no_half_of_a_pair_of_keys(tmp_path, capsys, monkeypatch, half):
    """An empty key file was left, which the next `droidlet keys` took for a pair."""
    monkeypatch.chdir(tmp_path)
    write = Path.write_text

    def full(path: Path, text: str) -> int:
        raise OSError(errno.ENOSPC, FULL)

    if half == "x.pub":
        monkeypatch.setattr(Path, "write_text", full)
    else:
        monkeypatch.setattr(key_files.json, "dump", lambda pair, stream: full(Path(), ""))
    assert command_line.main(["keys", "x"]) == 1
    assert capsys.readouterr().err == f"droidlet keys: x: {FULL}\n" and os.listdir() == []
    monkeypatch.setattr(Path, "write_text", write)


def test_ratios_that_a_full_disk_does_not_take_are_still_told(tmp_path, capsys, monkeypatch):
    from droidlet_style import files
    from droidlet_style.cli import bench

    def full(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, FULL)

    monkeypatch.setattr(files, "write_whole", full)
    assert not bench._write(tmp_path / "x.json", {})
    assert capsys.readouterr().err == f"droidlet bench: --json {tmp_path / 'x.json'}: {FULL}\n"


def test_an_interrupted_check_says_nothing_of_what_the_work_made_of_it(capfd, monkeypatch):
    """ "AssertionError" was shown: what Hypothesis makes of a Ctrl-C."""
    ready, begun = os.pipe()

    def work() -> dict[str, Any]:
        try:
            os.write(begun, b".")
            signal.pause()
        except KeyboardInterrupt:
            raise AssertionError("made of a Ctrl-C") from None
        return {}

    def interrupted(read: int, process: int) -> bytes:
        os.read(ready, 1)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("droidlet_style.cli.apart._read", interrupted)
        with pytest.raises(KeyboardInterrupt):
            apart(work)
    for end in (ready, begun):
        os.close(end)
    assert capfd.readouterr().err == ""

    def broken() -> dict[str, Any]:
        raise AssertionError("of itself")

    with pytest.raises(Died, match="with exit status 1"):
        apart(broken)
    assert capfd.readouterr().err == "droidlet: AssertionError: of itself\n"
