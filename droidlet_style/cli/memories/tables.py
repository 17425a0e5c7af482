"""Tables in a terminal: columns that are as wide as what they hold, or as the screen lets them be."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Sequence

from droidlet_style.cli.memories.values import cut

GAP = 2
LEAST = 8  # no column is made narrower
WIDEST = 200  # of a cell that is not shown on a screen


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """The lines of a table, indented by two; the columns of the numbers `right` are aligned to the right."""
    cells = [[cut(cell, WIDEST) for cell in row] for row in (heads, *rows)]
    widths = [max(map(wide, column)) for column in zip(*cells)]
    widths = fitted(widths, screen_columns() - 2)
    return [_line(row, widths, right) for row in cells]


def screen_columns() -> int:
    """How wide the screen is; without one a line may be as long as it is."""
    shown = sys.stdout is not None and sys.stdout.isatty()
    return shutil.get_terminal_size().columns if shown else 10**6


def fitted(widths: Sequence[int], columns: int) -> list[int]:
    """Widths that fit: the widest columns give way."""
    widths = list(widths)
    over = sum(widths) + GAP * (len(widths) - 1) - columns
    while over > 0 and max(widths, default=0) > LEAST:
        widest = widths.index(max(widths))
        widths[widest] -= 1
        over -= 1
    return widths


def wide(text: str) -> int:
    """How many columns a text takes: some letters take two, marks on letters none."""
    return sum(_wide(letter) for letter in text) if not text.isascii() else len(text)


def _wide(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    shown = []
    for column, (cell, width) in enumerate(zip(row, widths)):
        while wide(cell) > width:
            cell = cut(cell, max(len(cell) - 1, 1)) if len(cell) > 4 else cell[:-1]
        space = " " * (width - wide(cell))
        shown.append(space + cell if column in right else cell + space)
    return ("  " + (" " * GAP).join(shown)).rstrip()
