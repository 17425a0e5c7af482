"""One program in Python 3.9 and in this one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import droidlet_simulators


def assert_alike(python39: Path, program: str, *folders: str) -> None:
    """That a program which prints `sys.version_info[:2]` and more prints the same of that more in both."""
    paths = [str(Path(droidlet_simulators.__file__).parent.parent), *folders]
    runs = [
        subprocess.Popen(
            [python, "-c", f"import sys; sys.path[:0] = {paths!r}\n{program}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for python in (str(python39), sys.executable)
    ]
    told = []
    for run in runs:
        out, errors = run.communicate(timeout=120)
        assert run.returncode == 0, errors
        told.append(out.split(")", 1))
    old, new = told
    assert old[0] == "(3, 9" and old[1].strip() and old[1] == new[1]
