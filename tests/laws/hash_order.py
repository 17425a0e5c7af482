"""Components whose result depends on the order of a small set."""

from __future__ import annotations

from typing import Tuple

STOP = frozenset({"the", "a", "of"})
TEXTS = ["the cup of tea", "a cup", "walk to the door", "bring a cup", "one two three four five six seven"]


def words(text: str) -> Tuple[str, ...]:
    return tuple({word for word in text.split() if word not in STOP})
