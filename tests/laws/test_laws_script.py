"""A component that lies in the very script that checks it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
from droidlet_laws import check_component
from droidlet_schema import Key, record


@record
class Tick:
    now_ns: int


@record
class Told:
    since_ns: int


class Clock:
    def initial(self, key: Key) -> Tick:
        return Tick(0)

    def __call__(self, inputs: Tick, state: Tick) -> tuple[Told, Tick]:
        return Told(inputs.now_ns - state.now_ns if abs(inputs.now_ns) < 2**60 else 0), state


if __name__ == "__main__":
    print(check_component(Clock, examples=3).not_exercised)
"""


def test_own_records_of_a_script_are_the_same_in_every_process(tmp_path: Path) -> None:
    """A child loads the script as a file: its classes have another module there, and are the same."""
    script = tmp_path / "clock.py"
    script.write_text(SCRIPT)

    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=False
    )

    assert done.stderr == ""
    assert done.stdout == "()\n"
