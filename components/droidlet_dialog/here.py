"""Places that need no thing to tell them: "in the room", "on your left", "on my right"."""

from __future__ import annotations

from typing import cast

from droidlet_dialog.described import AGENT, SPEAKER
from droidlet_dialog.text import Read, Text
from droidlet_schema import Direction, Location

_PLACE_PREPOSITIONS = ("in", "of", "inside", "around", "within", "on", "at", "throughout", "from")


def place_skipped(text: Text, at: int) -> int | None:
    """The place behind "in the room", "around here", "of the house": words that exclude nothing."""
    if text.word(at) not in _PLACE_PREPOSITIONS:
        return None
    start = text.past(at + 1, "the", "this", "your", "my", "our", "that", "whole", "entire")
    place = text.match("place", start)
    if place is None or text.match("thing", start):
        return None
    if start == at + 1 and text.word(start) not in ("view", "sight", "memory"):
        return None
    return None if text.word(place[1]) in ("of", "side") else place[1]


def beside_agent(text: Text, at: int) -> Read[Location]:
    """A side of the agent: "on your left", "in front of you", "behind you"; or of the speaker: "on my left"."""
    mine = text.match("mine", at)
    if mine is not None:
        span = text.span(at, mine[1])
        return Location(cast(Direction, mine[0]), references=(SPEAKER,), text_span=span), mine[1]
    read = text.match("direction", at)
    if read is None or (" " not in text.span(at, read[1]) and read[0] not in ("LEFT", "RIGHT")):
        return None
    direction = cast(Direction, read[0])
    return Location(direction, references=(AGENT,), text_span=text.span(at, read[1])), read[1]
