"""The vocabularies that ship: "droidlet" (level 0) and "robot" (level 1)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from droidlet_dialog.vocabulary import Vocabulary
from droidlet_dialog.words import (
    agent,
    asking,
    closed,
    contractions,
    control,
    properties,
    robot,
    sides,
    talk,
    units,
    verbs,
)

_PARTS = (closed, properties, sides, units, contractions, talk, verbs, control, asking, agent)
SHELF: Mapping[str, Vocabulary] = MappingProxyType(
    {
        "droidlet": Vocabulary(
            "droidlet", {name: words for part in _PARTS for name, words in part.WORDS.items()}, needs=()
        ),
        "robot": Vocabulary("robot", robot.WORDS),
    }
)
