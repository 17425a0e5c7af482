"""droidlet serve and droidlet keys, in processes of their own."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from droidlet_schema import Key, Move
from droidlet_simulators import RoomSimulator, make_scene
from droidlet_style.cli import serve
from droidlet_style.cli.main import main
from droidlet_style.keys import KeyFileError, read_keys, write_keys
from droidlet_style.placement import place, remote
from droidlet_transport import DeadlineExceeded
from droidlet_transport.service import Client, NotAllowed

COUNTER = "transport.transport_parts:Counter"
PATH = os.pathsep.join(entry for entry in sys.path if entry)


def droidlet(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "droidlet_style", *map(str, words)],
        env={**os.environ, "PYTHONPATH": PATH},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def served(*words: object) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "droidlet_style", "serve", *map(str, words)],
        env={**os.environ, "PYTHONPATH": PATH},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r" at (\S+);", line)
        assert found, line + process.communicate()[1]
        yield process, found[1]
    finally:
        process.kill()
        process.communicate()


def test_a_simulator_is_served_and_ends_at_ctrl_c():
    with served("droidlet_simulators:RoomSimulator", "--option", "period_ns=50000000") as (process, address):
        with place("", remote(address)) as room:
            here = RoomSimulator(period_ns=50_000_000)
            scene = make_scene(1)
            assert room.spec == here.spec
            _, world = room.reset(scene, Key(0))
            assert room.step({"robot": (Move(0.1),)}, world) == here.step({"robot": (Move(0.1),)}, world)
        with Client(address) as client:
            assert client.about()["name"] == "droidlet_simulators:RoomSimulator"
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=20)
        assert process.returncode == 0 and errors == ""
        assert out == "ended; 0 messages were no requests, 0 answers found nobody\n"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("transport.nowhere:x",), "no module transport.nowhere"),
        ((COUNTER, "--option", "speed=3"), "speed"),
        ((COUNTER, "--bind", "tcp://0.0.0.0:0"), "keys are needed"),
        ((COUNTER, "--threads", "-1"), "threads is -1"),
        ((COUNTER, "--bind", "localhost"), "write tcp://HOST:PORT"),
        ((COUNTER, "--trust", "a.pub"), "--trust needs --keys"),
        ((COUNTER, "--keys", "/no/such/file"), "/no/such/file: No such file"),
        (("transport.transport_parts:refuses",), "weights"),
    ],
)
def test_what_cannot_be_served_is_one_line(words, text):
    done = droidlet("serve", *words)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.splitlines()[-1].startswith("droidlet serve: ") and text in done.stderr


def test_what_a_factory_raises_is_one_line(capsys):
    parser = argparse.ArgumentParser()
    serve.add_arguments(parser)
    for name, text in (
        ("breaks", "transport.transport_parts:breaks: RuntimeError: the lens is missing (/"),
        ("finds_nobody", "ConnectionRefusedError: [Errno 111] Connection refused (/"),
    ):
        assert serve.run(parser.parse_args([f"transport.transport_parts:{name}"])) == 1
        told = capsys.readouterr().err
        assert told.startswith(f"droidlet serve: {text}") and told.count("\n") == 1


@pytest.mark.parametrize("threads", [0, pytest.param(2, marks=pytest.mark.slow)])
def test_a_second_signal_ends_a_server_whose_call_hangs(threads):
    with served(COUNTER, "--threads", threads) as (process, address):
        with Client(address) as client, pytest.raises(DeadlineExceeded):
            client.call("sleep", 60.0, deadline_s=0.2)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        said = process.stderr.readline()
        assert said == "droidlet serve: a call is under way; Ctrl-C once more ends it at once\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == -signal.SIGTERM


def test_keys_open_the_door_beyond_this_machine(tmp_path):
    for name in ("server", "client", "stranger"):
        done = droidlet("keys", tmp_path / name)
        assert done.returncode == 0 and f"{tmp_path / name}.pub" in done.stdout
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    words = ("--keys", tmp_path / "server", "--trust", tmp_path / "client.pub", "--bind", "tcp://0.0.0.0:0")
    with served(COUNTER, *words) as (_, address):
        address = address.replace("0.0.0.0", "127.0.0.1")
        keys = read_keys(tmp_path / "client", [tmp_path / "server.pub"])
        with place("", remote(address, keys)) as part:
            assert part.echo("hello") == "hello"
        stranger = read_keys(tmp_path / "stranger", [tmp_path / "server.pub"])
        with place("", remote(address, stranger)) as part, pytest.raises(NotAllowed, match="does not trust"):
            part.echo("hello")


def test_key_files_that_cannot_be_used_are_refused(tmp_path):
    write_keys(tmp_path / "mine")
    assert droidlet("keys", tmp_path / "mine").stderr.startswith(
        f"droidlet keys: {tmp_path / 'mine'} is there already"
    )
    assert "No such file" in droidlet("keys", tmp_path / "no" / "where").stderr
    (tmp_path / "mine").chmod(0o644)
    with pytest.raises(KeyFileError, match="can be read by others: chmod 600"):
        read_keys(tmp_path / "mine")
    (tmp_path / "mine").chmod(0o600)
    for text in ("{}", "[" * 100_000):
        (tmp_path / "mine").write_text(text)
        with pytest.raises(KeyFileError, match="holds no pair"):
            read_keys(tmp_path / "mine")


def test_keys_that_are_mixed_up_are_named_and_no_secret_is_shown(tmp_path, capsys):
    for name in ("mine", "theirs"):
        write_keys(tmp_path / name)
    mine, theirs = (json.loads((tmp_path / name).read_text()) for name in ("mine", "theirs"))

    def refused(*words) -> str:
        words = [one if one.startswith("--") else str(tmp_path / one) for one in words]
        arguments = [f"{COUNTER}", "--bind", "tcp://0.0.0.0:0", "--keys", *words]
        assert main(["serve", *arguments]) == 1
        told = capsys.readouterr().err
        assert mine["secret"] not in told and theirs["secret"] not in told
        return told

    assert "nobody is let in" in refused("mine")
    assert "theirs holds no public key: trust the other side's FILE.pub" in refused(
        "mine", "--trust", "theirs"
    )
    assert "mine.pub holds no pair of keys" in refused("mine.pub", "--trust", "theirs.pub")
    (tmp_path / "mine").write_text(json.dumps({"public": theirs["public"], "secret": mine["secret"]}))
    assert "not the public half of this secret" in refused("mine", "--trust", "theirs.pub")
    assert main(["keys", "."]) == 1 and "is no file" in capsys.readouterr().err
