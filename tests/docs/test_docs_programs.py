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

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(
    r"(?:<!-- (?P<mark>goes on|not run: [^>]+) -->\s*\n)?"
    r"```python\n(?P<code>.*?)```\n"
    r"(?:\s*```text\n(?P<output>.*?)```)?",
    re.S,
)


def programs() -> list[tuple[str, str, str | None]]:
    """(where, code, expected output) of every program."""
    found: list[tuple[str, str, str | None]] = []
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        before, printed = "", ""
        for match in BLOCK.finditer(page.read_text()):
            mark, code, output = match["mark"] or "", match["code"], match["output"]
            if mark.startswith("not run"):
                continue
            if mark == "goes on":
                code, output = before + code, None if output is None else printed + output
            before, printed = code, output or ""
            line = page.read_text()[: match.start()].count("\n") + 1
            found.append((f"{page.relative_to(ROOT)}:{line}", code, output))
    return found


PROGRAMS = programs()


def test_there_are_programs() -> None:
    assert any(where.startswith("README.md") for where, _, _ in PROGRAMS)


@pytest.mark.parametrize(("code", "output"), [p[1:] for p in PROGRAMS], ids=[p[0] for p in PROGRAMS])
def test_program(code: str, output: str | None, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(code)

    done = subprocess.run(
        [sys.executable, str(program)], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )

    assert done.returncode == 0, done.stderr
    if output is not None:
        if "…" in output:
            output = as_printed(output, done.stdout)
        assert done.stdout.rstrip() == output.rstrip()


def as_printed(output: str, printed: str) -> str:
    """What was printed where it is as the page says, the page's text where it is not."""
    wanted = re.escape(output.rstrip()).replace("…", "[^\n]*")
    return printed if re.fullmatch(wanted, printed.rstrip()) else output


def test_dots_stand_for_what_differs_in_a_line() -> None:
    page = "checked … calls\nheld\n"
    assert as_printed(page, "checked 12 calls\nheld\n") == "checked 12 calls\nheld\n"
    for other in ("checked 12 calls\nbroken\n", "checked 12\n calls\nheld\n", "12 calls\nheld\n"):
        assert as_printed(page, other) == page
