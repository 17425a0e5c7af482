"""The vocabularies that ship: "droidlet" (level 0) and "robot" (level 1)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from droidlet_dialog.vocabulary import Vocabulary
from droidlet_dialog.words import asking, closed, robot, talk, verbs

SHELF: Mapping[str, Vocabulary] = MappingProxyType(
    {
        "droidlet": Vocabulary(
            "droidlet", {**closed.WORDS, **talk.WORDS, **verbs.WORDS, **asking.WORDS}, needs=()
        ),
        "robot": Vocabulary("robot", robot.WORDS),
    }
)
