"""Numbers in figures and words, lengths, angles and coordinates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from droidlet_dialog.text import Read, Text
from droidlet_dialog.tokens import COMMA

LARGEST = 1e6  # what is larger is read as this: too much of anything

_UNITS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
SMALL: Mapping[str, int] = MappingProxyType(
    {word: n for n, word in enumerate(_UNITS.split())}
    | {word: 10 * n for n, word in enumerate(_TENS.split(), 2)}
)
_ROUGH: Mapping[str, float] = MappingProxyType({"couple": 2.0, "few": 3.0, "dozen": 12.0, "several": 4.0})
_MOST_SCALES = 4  # in a row
_SCALES: Mapping[str, float] = MappingProxyType(
    {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
)
_TIME: Mapping[str, float] = MappingProxyType(
    dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0)
    | dict.fromkeys(("min", "mins", "minute", "minutes"), 60.0)
    | dict.fromkeys(("h", "hour", "hours"), 3600.0)
    | dict.fromkeys(("ms", "milliseconds"), 0.001)
)  # seconds
_PARTS: Mapping[str, float] = MappingProxyType({"half": 0.5, "quarter": 0.25, "third": 1 / 3})


def _figure(word: str) -> float | None:
    try:
        value = float(word) if word and word[-1] in "0123456789" and word[0] in "-.0123456789" else math.nan
    except ValueError:
        return None
    return None if math.isnan(value) else max(-LARGEST, min(LARGEST, value))


def number(text: Text, at: int) -> Read[float]:
    """A number: "2.5", "minus two", "twenty five", "a hundred", "two and a half", "half a", "a couple of"."""
    sign, start = _sign(text, at)
    figure = _figure(text.word(start))
    read = (figure, start + 1) if figure is not None else _in_words(text, start)
    if read is None:
        return None
    value, end = _scaled(text, *_and_a_half(text, *read))
    return sign * value, end


def _scaled(text: Text, value: float, end: int) -> tuple[float, int]:
    """ "Two thousand", "five million"."""
    start = end
    while text.word(end) in _SCALES and end < start + _MOST_SCALES:
        value, end = min(LARGEST, value * _SCALES[text.word(end)]), end + 1
    return value, end


def _sign(text: Text, at: int) -> tuple[float, int]:
    return (-1.0, at + 1) if text.word(at) in ("minus", "negative") else (1.0, at)


def _in_words(text: Text, at: int) -> Read[float]:
    first = text.past(at, "a", "an") if text.word(at) in ("a", "an") else at
    word = text.word(first)
    if word in _ROUGH:
        return _ROUGH[word], text.past(first + 1, "of")
    if word in _PARTS and first == at or word == "half":
        return _PARTS[word], text.past(first + 1, "of", "a", "an")
    if word == "hundred" or word in _SCALES:
        return min(LARGEST, _SCALES.get(word, 100.0)), first + 1
    if first != at or word not in SMALL:
        return None
    value, end = float(SMALL[word]), at + 1
    if value >= 20 and 0 < SMALL.get(text.word(end), 0) < 10:
        value, end = value + SMALL[text.word(end)], end + 1
    if text.word(end) == "hundred":
        value, end = 100 * value, end + 1
        rest = SMALL.get(text.word(text.past(end, "and")))
        if rest is not None:
            value, end = value + rest, text.past(end, "and") + 1
    elif text.word(end) == "point" and text.word(end + 1) in SMALL and SMALL[text.word(end + 1)] < 10:
        value, end = value + SMALL[text.word(end + 1)] / 10, end + 2
    return value, end


def _and_a_half(text: Text, value: float, end: int) -> tuple[float, int]:
    after = text.after(end, "and a half")
    if after is not None:
        return value + 0.5, after
    after = text.after(end, "and three quarters", "and three quarter")
    if after is not None:
        return value + 0.75, after
    after = text.after(end, "and a quarter")
    return (value + 0.25, after) if after is not None else (value, end)


def _measured(text: Text, at: int, category: str) -> Read[float]:
    at = text.past(at, "by", "for", "about", "another")
    read = number(text, at)
    if read is None:
        alone = text.match(category, text.past(at, "a", "an", "one"))
        if alone is None or alone[1] <= at + 1:
            return None
        value, end = _and_a_half(text, 1.0, alone[1])
        return value * float(alone[0]), end
    read = _with_decimals(text, read, category)
    unit = text.match(category, text.past(read[1], "more"))
    if unit is None:
        return None
    value, end = _and_a_half(text, read[0], unit[1])
    return value * float(unit[0]), end


def _with_decimals(text: Text, read: tuple[float, int], category: str) -> tuple[float, int]:
    """ "1,5 metres", as some write it: a whole number, a comma, figures and a unit, but not behind "to"."""
    value, end = read
    start = end - 1
    digits = text.word(end + 1)
    whole = text.word(start).isdigit() and text.word(end) == COMMA and digits.isdigit()
    behind = text.words[start - 1] if start else ""
    if not whole or behind in ("to", "coordinates", "point", "x", COMMA) or not text.match(category, end + 2):
        return read
    return float(f"{text.word(start)}.{digits}"), end + 2


def duration(text: Text, at: int, loose: bool = False) -> Read[float]:
    """A time in seconds: "10 seconds", "for half a minute", "2 minutes and 30 seconds"; loose: "a minute", too."""
    start = text.past(at, "for", "about", "another", "around", "some")
    read = number(text, start)
    if read is None and loose and text.word(start) in ("a", "an", "one"):
        read = 1.0, start + 1
    if read is None or not is_time(text, read[1]):
        return None
    value, end = read[0] * _TIME[text.word(read[1])], read[1] + 1
    more = number(text, end + 1) if text.word(end) == "and" else None
    if more is not None and is_time(text, more[1]):
        value, end = value + more[0] * _TIME[text.word(more[1])], more[1] + 1
    return value, end


def length(text: Text, at: int) -> Read[float]:
    """A distance in metres: "two metres", "50 cm", "half a metre", "a step"; the number may be rough, the
    unit may not be missing.
    """
    return _measured(text, at, "length")


def angle(text: Text, at: int) -> Read[float]:
    """An angle in radians: "45 degrees", "a quarter turn", "half a circle"."""
    read = _in_pi(text, at) or _measured(text, at, "angle")
    if read is not None:
        return read
    start = text.past(at, "by", "for", "a", "an", "one", "another")
    fraction = text.match("fraction", at) or text.match("fraction", start)
    return (float(fraction[0]), fraction[1]) if fraction else None


def _in_pi(text: Text, at: int) -> Read[float]:
    """ "Pi", "2 pi radians", "half pi", "pi over 2", "pi/2" (the stroke is no word)."""
    at = text.past(at, "by", "for", "about", "another")
    factor = number(text, at) if text.word(at) != "pi" else (1.0, at)
    if factor is None or text.word(factor[1]) != "pi":
        return None
    value, end = factor[0] * math.pi, factor[1] + 1
    divisor = number(text, text.past(end, "over"))
    if divisor is not None and divisor[0] and not text.match("angle", divisor[1]):
        value, end = value / divisor[0], divisor[1]
    unit = text.match("angle", end)
    return (value, unit[1]) if unit is not None and unit[0] == "1.0" else (value, end)


def times(text: Text, at: int) -> Read[float]:
    """How often: "twice", "three times", "once"."""
    word = {"once": 1.0, "twice": 2.0, "thrice": 3.0}.get(text.word(at))
    if word is not None:
        read = text.match("fraction", at)  # "once around" is a whole turn
        return None if read is not None and read[1] > at + 1 else (word, at + 1)
    bare = number(text, at)
    return (bare[0], bare[1] + 1) if bare and text.word(bare[1]) in ("times", "time") else None


def is_time(text: Text, at: int) -> bool:
    """Whether the number before this was one of seconds, minutes or hours."""
    return text.word(at) in _TIME


def vague(text: Text, at: int) -> Read[str]:
    """ "a bit", "slightly", "a lot": -> "little" or "lot"."""
    end = text.after(
        at,
        "a little bit",
        "a tiny bit",
        "a wee bit",
        "a small bit",
        "a little",
        "a bit",
        "slightly",
        "a touch",
        "a tad",
        "little",
    )
    if end is not None:
        return "little", text.past(end, "more", "further")
    end = text.after(at, "a lot", "far", "a long way", "a good bit", "a fair bit")
    return ("lot", end) if end is not None else None


def coordinates(text: Text, at: int) -> Read[tuple[float, ...]]:
    """Two or three numbers: "1, 2", "(1.5, -2)", "x 1 y 2", "coordinates 1 2"; "metres" may follow each."""
    named = text.past(
        at,
        "coordinates",
        "coordinate",
        "position",
        "point",
        "location",
        "the",
        "at",
        "of",
        "spot",
        "place",
        COMMA,
    )
    values: list[float] = []
    end = named
    for axis in "xyz":
        start = text.past(end, COMMA, axis, "and" if axis == "y" else COMMA, "is")
        read = number(text, start)
        if read is None:
            break
        unit = text.match("length", read[1])
        if unit is not None and unit[0] != "1.0":
            break
        values.append(read[0])
        end = unit[1] if unit else read[1]
    if len(values) < 2:
        return None
    return tuple(values), end
