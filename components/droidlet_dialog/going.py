"""Commands to go to a place: "go to the chair", "come here", "approach it", "go back"."""

from __future__ import annotations

from typing import Literal

from droidlet_dialog.clause import Clause, furthest
from droidlet_dialog.described import SPEAKER
from droidlet_dialog.destinations import destination, place, written_2
from droidlet_dialog.moving import go_again, go_there, moving
from droidlet_dialog.numbers import length, number, vague
from droidlet_dialog.text import Text, longest
from droidlet_schema import Filters, Location, MoveForm, ReferenceObject, Triple


def going(text: Text, at: int) -> Clause | None:
    """ "Go to the chair", "come here", "move two metres back", "approach it", "come back"."""
    return furthest(
        _going_back(text, at),
        _going_to(text, at) if written_2(text, at + 1) else None,
        moving(text, at),
        _coming(text, at),
        _going_to(text, at),
        _reaching(text, at),
    )


def _going_to(text: Text, at: int) -> Clause | None:
    verb = text.match("go", at)
    if verb is None:
        return _stopping_at(text, at)
    read = destination(text, verb[1])
    if read is not None:
        return go_there(text, read)
    twice = text.match("go", verb[1]) if text.match("go", at - 1) is None else None
    inner = _going_to(text, verb[1]) if twice else None  # "go stand behind the chair"
    if inner is not None:
        return inner
    return Clause(MoveForm(Location()), verb[1], go_again)


def _stopping_at(text: Text, at: int) -> Clause | None:
    """ "Stop next to the bin", "wait at the door"."""
    if text.word(at) not in ("stop", "wait", "halt", "stay", "stopping", "waiting"):
        return None
    start = at + 1 if text.word(at + 1) != "at" else at + 2
    beside = text.match("relation", start) is not None or length(text, start) is not None
    if start == at + 1 and not beside or text.match("thing", start):
        return None
    read = place(text, start)
    return go_there(text, read) if read is not None and read[0].references[0].special is None else None


def _reaching(text: Text, at: int) -> Clause | None:
    verb = text.match("reach", at)
    read = destination(text, verb[1]) if verb else None
    if read is not None:
        return go_there(text, read)
    return Clause(MoveForm(Location()), verb[1]) if verb else None


def _coming(text: Text, at: int) -> Clause | None:
    read = text.match("come", at)
    if read is None:
        return None
    end = read[1]
    away: Literal["AWAY"] | None = "AWAY" if read[0] == "AWAY" else None
    form = MoveForm(Location(away, references=(SPEAKER,), text_span="from me" if away else "to me"))
    return Clause(form, end, go_again)


_SHUFFLES = (
    "move",
    "moving",
    "step",
    "stepping",
    "roll",
    "rolling",
    "scoot",
    "slide",
    "inch",
    "shift",
    "crawl",
)


def _going_back(text: Text, at: int) -> Clause | None:
    """ "Go back", "come back to where you started"; "come back" alone is to the speaker."""
    verb = text.match("go", at)
    if verb is None:
        return None
    end = verb[1]
    if text.word(at).startswith("step") and text.word(end) == "back":
        return None  # "step back"
    came = text.match("come", at) if text.word(at).startswith("com") else None
    if text.span(at, end) in ("return", "returning") and text.at_end(end):
        return None
    starts = (end, end - 1) if text.word(end - 1) == "back" else (end,)
    spot = longest(*(text.match("spot", start) for start in starts))
    if spot is None or (came is not None and (spot[1] <= came[1] or spot[0] != "START")):
        return None
    if (
        text.word(at) in _SHUFFLES
        and spot == ("BEFORE", end)
        or spot == ("BEFORE", end + 1)
        and text.word(at) in _SHUFFLES
    ):
        return None  # "move back" is a move
    if length(text, spot[1]) or vague(text, spot[1]) or number(text, spot[1]):
        return None
    return go_there(text, (_spot(spot[0], text.span(at, spot[1])), spot[1]))


def _spot(tag: str, span: str) -> Location:
    """A place of the agent's own past: where it started, or where it was before."""
    filters = Filters(Triple("has_tag", tag), memory_type="AGENT", contains_coreference=True)
    return Location(references=(ReferenceObject(span, filters=filters),), text_span=span)
