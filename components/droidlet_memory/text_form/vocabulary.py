"""The words of query texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

from droidlet_memory.asking import MEMORY_TYPES
from droidlet_memory.units import LENGTHS, UNITS
from droidlet_schema import AttributeName, Direction

ATTRIBUTES: Mapping[str, str] = MappingProxyType({name.lower(): name for name in get_args(AttributeName)})
DIRECTIONS = frozenset(get_args(Direction))
SPECIAL = ("AGENT", "SPEAKER", "SPEAKER_LOOK")
FRAMES = ("AGENT", "SPEAKER", "ABSOLUTE")
EVENTS = ("CREATED", "UPDATED", "ATTENDED", "FINISHED")
COMPARISONS: Mapping[str, str] = MappingProxyType(
    {
        "=": "EQUAL",
        "!=": "NOT_EQUAL",
        ">": "GREATER_THAN",
        ">=": "GREATER_THAN_EQUAL",
        "<": "LESS_THAN",
        "<=": "LESS_THAN_EQUAL",
    }
)
SIGNS: Mapping[str, str] = MappingProxyType({name: sign for sign, name in COMPARISONS.items()})

_KEYWORDS = (
    "SELECT FROM WHERE PLACED ORDER BY ARGMIN ARGMAX RANDOM DEFAULT ASC DESC ORDINAL LIMIT SAME SEED AT TIME "
    "COREFERENCE OTHER AND OR NOT TRUE FALSE SAID MENTIONS TRIPLE BETWEEN SINCE UNTIL EVER EXTENT DISTANCE "
    "COUNT BLOCKS THING POINT MEMORY AMONG FRAME SPAN IN FOR ANY ALL MODULO WITHIN CONFIDENCE OF TO AGO NAN INF"
)
RESERVED = frozenset((*_KEYWORDS.split(), *EVENTS))

_MORE = {
    "seconds": "s sec secs second",
    "minutes": "min mins minute",
    "hours": "h hour",
    "days": "day d",
    "ms": "millisecond milliseconds",
    "m": "metre metres meter meters",
    "cm": "centimetre centimetres centimeter centimeters",
    "mm": "millimetre millimetres millimeter millimeters",
    "km": "kilometre kilometres kilometer kilometers",
    "inches": "inch",
    "feet": "foot ft",
    "yards": "yard yd",
    "miles": "mile",
    "blocks": "block",
    "steps": "step",
    "degrees": "degree deg",
    "radians": "radian rad",
}
UNIT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **{unit: unit for unit in UNITS},
        **{word: unit for unit, words in _MORE.items() for word in words.split()},
    }
)
LENGTH_WORDS = frozenset(word for word, unit in UNIT_WORDS.items() if unit in LENGTHS)
NS: Mapping[str, int] = MappingProxyType(
    {"days": 86_400_000_000_000, "hours": 3_600_000_000_000, "minutes": 60_000_000_000}
    | {"seconds": 1_000_000_000, "ms": 1_000_000}
)

_PARTS = "WHERE PLACED ORDER ARGMIN ARGMAX ORDINAL LIMIT SAME SEED AT COREFERENCE OTHER"
AFTER_TYPES = frozenset(_PARTS.split())
"""What begins a part behind the name of a type, and so cannot be one without quotes."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def is_word(text: str, reserved: frozenset[str] = RESERVED) -> bool:
    """Whether a name can stand without quotes."""
    return _WORD.fullmatch(text) is not None and text.upper() not in reserved


def is_said(text: str) -> bool:
    """Whether a name is that of a predicate wherever it stands before "=": has_colour."""
    return text.startswith("has_")


def is_loose_type(text: str) -> bool:
    """Whether a word is a memory type in small letters; "Set" is the node type."""
    return text.islower() and text.upper() in MEMORY_TYPES
