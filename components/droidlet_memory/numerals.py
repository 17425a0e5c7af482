"""Numbers in texts: in digits ("12", "1.5") or in words ("twelve", "twenty-five", "a hundred and one")."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)

SMALL: Mapping[str, int] = MappingProxyType(
    {
        **{word: number for number, word in enumerate(_SMALL.split())},
        **{word: 10 * number for number, word in enumerate(_TENS.split(), 2)},
        "a": 1,
        "an": 1,
    }
)
LARGE: Mapping[str, int] = MappingProxyType({"thousand": 1_000, "million": 1_000_000})
ORDINALS: Mapping[str, int] = MappingProxyType(
    {word: number for number, word in enumerate(_ORDINALS.split(), 1)}
)
MOST_WORDS = 16


def number_in(text: str) -> float | None:
    """The number that a whole text is, None where it is none; never NaN."""
    try:
        number = float(text)
    except ValueError:
        return _in_words(text)
    return None if math.isnan(number) else number


def _in_words(text: str) -> float | None:
    words = text.casefold().replace("-", " ").split()
    if words == ["zero"]:
        return 0.0
    if not 0 < len(words) <= MOST_WORDS or words[-1] in ("a", "an", "and"):
        return None
    whole, part, largest = 0, 0, math.inf
    for word in words:
        value, large = SMALL.get(word, 0), LARGE.get(word, 0)
        if value and _may_follow(part, value):
            part += value
        elif word == "hundred" and part < 100:
            part = max(1, part) * 100
        elif 0 < large < largest:
            whole, part, largest = whole + max(1, part) * large, 0, large
        elif word != "and" or not whole + part:
            return None
    return float(whole + part)


def _may_follow(part: int, value: int) -> bool:
    """Five after twenty or two hundred, twenty after two hundred."""
    return part % 100 == 0 or (part % 10 == 0 and part % 100 >= 20 and value < 10)
