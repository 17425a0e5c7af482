"""Real subprocesses of the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Callable

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(**changes: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DROIDLET", "XDG"))}
    return {**kept, **changes}


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "droidlet_style", *map(str, words)]


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Starts one command that goes on beside the test; pipes on all its streams."""

    def begin(*words: object, **streams: object) -> subprocess.Popen[str]:
        given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
        env = environment(PYTHONUNBUFFERED="1")
        return subprocess.Popen(command(*words), cwd=tmp_path, env=env, text=True, **given)

    return begin


@pytest.fixture
def droidlet(tmp_path: Path) -> Run:
    """Runs one command to its end, in an empty folder, with nothing on standard input unless told."""

    def run(*words: object, stdin: str | bytes = "", **env: str) -> subprocess.CompletedProcess[str]:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            command(*words),
            input=data,
            capture_output=True,
            cwd=tmp_path,
            env=environment(**env),
            timeout=120,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return run


@pytest.fixture
def without(tmp_path: Path) -> Run:
    """Runs one command in a process where a module cannot be imported, as if its extra were not installed."""
    code = (
        "import sys\n"
        "class Blocked:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] == sys.argv[1]: raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Blocked())\n"
        "from droidlet_style.cli.main import main\n"
        "sys.exit(main(sys.argv[2:]))\n"
    )

    def run(module: str, *words: object) -> subprocess.CompletedProcess[str]:
        given = [sys.executable, "-c", code, module, *map(str, words)]
        return subprocess.run(
            given, capture_output=True, text=True, cwd=tmp_path, env=environment(), timeout=60
        )

    return run
