"""For all tests: one Hypothesis profile, one Python 3.9.

Machines are shared, so no example has a deadline and none is too slow, and where a test says nothing it tries fewer
than Hypothesis would. At a desk each run tries new examples; in CI every run of one commit tries the same, so that it
fails for what the commit changed or not at all.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "droidlet",
    deadline=None,
    max_examples=60,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
settings.load_profile("droidlet")

# A shell's job in the background is deaf to Ctrl-C, and so are all that it starts: tests that press it need ears.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

NEEDED = ("numpy", "attrs", "msgspec")
INSTALL_SECONDS = 180


def find_python39() -> str | None:
    """A Python 3.9 that starts: on the path, or among pyenv's."""
    roots = [Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")]
    found = [
        shutil.which("python3.9"),
        *(str(p) for r in roots for p in sorted(r.glob("versions/3.9*/bin/python"))),
    ]
    for python in filter(None, found):
        code = "import sys, venv; sys.exit(sys.version_info[:2] != (3, 9))"
        if subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0:
            return python
    return None


def install(python: str, folder: Path) -> Path:
    """An environment with what the ground needs; skips where that cannot be had."""
    made = folder / "bin" / "python"
    steps = [
        [python, "-m", "venv", str(folder)],
        [str(made), "-m", "pip", "install", "-q", "--no-input", *NEEDED],
    ]
    for step in steps:
        try:
            done = subprocess.run(step, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            pytest.skip(f"installing {', '.join(NEEDED)} for Python 3.9 takes too long here")
        if done.returncode != 0:
            pytest.skip(
                f"{', '.join(NEEDED)} cannot be installed for Python 3.9: {done.stderr.strip()[-200:]}"
            )
    return made


@pytest.fixture(scope="session")
def python39(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment made once per run, by whichever of the workers needs it first."""
    python = find_python39()
    if python is None:
        pytest.skip("no Python 3.9 on the path or among pyenv's versions")
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with (shared / "python39.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder, made = shared / "python39", shared / "python39.made"
        if not made.exists():
            install(python, folder)
            made.touch()
        return folder / "bin" / "python"
