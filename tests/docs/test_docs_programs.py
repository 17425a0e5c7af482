"""Every Python program in README and docs runs, and prints what the page says.

A ```python block is one program; a ```text block right behind it is its output. `<!-- goes on -->` before a
program makes it continue the one before; `<!-- not run: why -->` leaves it out. A … in an output stands for whatever
differs from one installation to another, within its line.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import List, Optional, Tuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(
    r"(?:<!-- (?P<mark>goes on|not run: [^>]+) -->\s*\n)?"
    r"```python\n(?P<code>.*?)```\n"
    r"(?:\s*```text\n(?P<output>.*?)```)?",
    re.S,
)


Piece = Tuple[str, str, Optional[str]]  # where it stands, its code, what it prints
NEXT = "-- what the next piece prints --"


def programs() -> List[List[Piece]]:
    """Every program, in the pieces that the page shows it in."""
    found: List[List[Piece]] = []
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        text = page.read_text()
        for match in BLOCK.finditer(text):
            mark = match["mark"] or ""
            if mark.startswith("not run"):
                continue
            if mark != "goes on":
                found.append([])
            line = text[: match.start()].count("\n") + 1
            found[-1].append((f"{page.relative_to(ROOT)}:{line}", match["code"], match["output"]))
    return found


PROGRAMS = programs()


def test_there_are_programs() -> None:
    assert any(where.startswith("README.md") for (where, _, _), *_ in PROGRAMS)


@pytest.mark.parametrize("pieces", PROGRAMS, ids=[pieces[0][0] for pieces in PROGRAMS])
def test_program(pieces: List[Piece], tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(f"\nprint({NEXT!r}, flush=True)\n".join(code for _, code, _ in pieces))

    done = subprocess.run(
        [sys.executable, str(program)], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )

    assert done.returncode == 0, done.stderr
    for (where, _, output), printed in zip(pieces, done.stdout.split(NEXT + "\n")):
        if output is not None:
            assert printed.rstrip() == as_printed(output, printed).rstrip(), where


def as_printed(output: str, printed: str) -> str:
    """What was printed where it is as the page says, the page's text where it is not."""
    wanted = re.escape(output.rstrip()).replace("…", "[^\n]*")
    return printed if "…" in output and re.fullmatch(wanted, printed.rstrip()) else output


def test_dots_stand_for_what_differs_in_a_line() -> None:
    page = "checked … calls\nheld\n"
    assert as_printed(page, "checked 12 calls\nheld\n") == "checked 12 calls\nheld\n"
    for other in ("checked 12 calls\nbroken\n", "checked 12\n calls\nheld\n", "12 calls\nheld\n"):
        assert as_printed(page, other) == page
