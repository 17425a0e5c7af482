"""A thing, a place or a point alone, as a whole clause; and the words behind a clause that say nothing."""

from __future__ import annotations

from droidlet_dialog.clause import Clause
from droidlet_dialog.destinations import destination
from droidlet_dialog.nouns import noun_phrase, relation
from droidlet_dialog.numbers import coordinates
from droidlet_dialog.text import Text
from droidlet_schema import Mention, MoveForm, ReferenceObject


def past_tail(text: Text, at: int) -> int:
    """The place behind words that say nothing after a wish."""
    while (tail := text.match("tail", at)) is not None and text.at_end(tail[1]) | (
        text.match("tail", tail[1]) is not None
    ):
        if (
            text.match("join", at) is not None
            and not text.at_end(at + 1)
            and text.word(at) in ("then", "next", "afterwards", "later")
        ):
            break
        at = tail[1]
    return at


_TOWARDS = ("to", "too", "towards", "toward", "over", "back", "on", "onto", "into", "up")


def mention(text: Text, at: int) -> Clause | None:
    """A thing or a point alone, as a whole clause."""
    strange = text.words[at] not in text.lexicon.known  # "mosey over to the lamp": a way of going
    start = at + 1 if strange else at
    goal = destination(text, start)
    if goal is not None and text.word(start) in _TOWARDS and text.at_end(past_tail(text, goal[1])):
        return Clause(MoveForm(goal[0]), goal[1])
    thing = noun_phrase(text, at)
    known = thing is not None and (
        text.match("determiner", at)
        or thing[0].special
        or text.any_of(("thing", "things", "colour", "pronoun", "superlative", "size"), at)
    )
    if thing is not None and known and text.at_end(past_tail(text, thing[1])):
        return Clause(Mention(thing[0]), thing[1])
    beside = relation(text, text.past(at, "to"))
    if beside is not None and text.at_end(past_tail(text, beside[1])):
        return Clause(MoveForm(beside[0]), beside[1])
    point = coordinates(text, at)
    if point is not None and text.at_end(point[1]):
        return Clause(Mention(ReferenceObject(text.span(at, point[1]), coordinates_m=point[0])), point[1])
    return None
