"""What is remembered or read where one does not look at once is found all the same, and by the right law."""

from __future__ import annotations

import decimal
import logging
import string
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from droidlet_laws import LawBroken, check_component, laws
from droidlet_transport import load

HISTORY, OUTSIDE = (str(Path(__file__).with_name(f"offenders_{n}.py")) for n in ("history", "outside"))
HIDDEN = load(f"{HISTORY}:HIDDEN")


@pytest.fixture(autouse=True)
def python_as_before() -> Iterator[None]:
    """Puts back what some offenders change for the whole process."""
    path, limit, level = list(sys.path), sys.getrecursionlimit(), logging.root.level
    white = string.whitespace
    released = load(f"{HISTORY}:RELEASED")
    released.clear()
    with decimal.localcontext(), np.printoptions():
        yield
    sys.path[:], string.whitespace = path, white  # type: ignore[misc]
    sys.setrecursionlimit(limit)
    logging.root.setLevel(level)
    released.set()


def broken_by(name: str) -> LawBroken:
    with pytest.raises(LawBroken) as caught:
        check_component(name, examples=6)
    return caught.value


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_memory_is_found(name: str) -> None:
    broken = broken_by(f"{HISTORY}:{name}")
    assert broken.law == HIDDEN[name]
    assert 1 <= len(broken.example) <= 3


@pytest.mark.parametrize("name", load(f"{OUTSIDE}:OUTSIDE"))
def test_a_look_outside_is_found(name: str) -> None:
    assert broken_by(f"{OUTSIDE}:{name}").law == laws.NO_OUTSIDE


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("memory_never_written", "np.empty) at offenders_history.py:"),
        ("half_written", "np.empty) at offenders_history.py:"),
        ("address_of_an_object", "address (id()) at offenders_history.py:"),
        ("text_with_an_address", "address (object()) at offenders_history.py:"),
    ],
)
def test_the_cause_is_named_where_nothing_is_remembered(name: str, cause: str) -> None:
    broken = broken_by(f"{HISTORY}:{name}")
    assert "no memory was found that changes" in broken.likely and cause in broken.likely


def test_memory_that_only_another_process_fills_is_told(tmp_path: Path) -> None:
    """A large array comes from the system, which gives zeros here; a child fills it with other bytes."""
    (tmp_path / "large.py").write_text(
        "import numpy as np\n_new = np.empty\n"
        "def make():\n    def total(level: float) -> float:\n"
        "        return level + float(new(100_000).view(np.uint8)[-1000:].sum(dtype=np.int64))\n"
        "    new = getattr(np, 'emp' + 'ty')\n    return total\n"
    )
    broken = broken_by(f"{tmp_path}/large.py:make")
    assert broken.law == laws.SAME_RESULT
    assert "never written to" in broken.likely
