"""Two things against each other: "which is bigger, the sofa or the lamp", "compare the bed and the box"."""

from __future__ import annotations

from droidlet_dialog.asking import BE, as_filters, ask
from droidlet_dialog.clause import Clause
from droidlet_dialog.comparatives import comparator
from droidlet_dialog.described import named_like
from droidlet_dialog.nouns import noun_phrase
from droidlet_dialog.text import Read, Text
from droidlet_dialog.tokens import COMMA
from droidlet_schema import And, Attribute, Filters, OtherForm, ReferenceObject, evolve

COMPARE = "compare"  # how the wish for what cannot be done begins
_ASKING = ("which", "what", "who", "is", "are", "was", "were", "compare")
_SIZE = "SIZE GREATER_THAN"


def comparing(text: Text, at: int) -> Clause | None:
    """ "Which is nearer, the sofa or the bed", "how much bigger is A than B", "compare A and B".

    The first thing, held against the second; what speaks of more than two is told as what cannot be done.
    """
    read = _compare(text, at) or _how_much(text, at) or _which_of_two(text, at) or _either(text, at)
    if read is not None:
        (first, than), end = read
        filters = evolve(as_filters(first), output=Attribute("NAME"))
        return Clause(ask(filters, text, at, end, holds=Filters(than)), end)
    if text.word(at) in _ASKING and _speaks_of_more(text, at):
        end = len(text.words)
        start = at + 1 if text.word(at) == COMPARE else at
        return Clause(OtherForm(f"{COMPARE} {text.span(start, end)}".strip()), end)
    return None


def _pair(text: Text, at: int, joins: tuple[str, ...]) -> Read[tuple[ReferenceObject, ReferenceObject]]:
    """Two things with a word between them; "the red or the blue chair" are two chairs."""
    first = _single(text, at)
    if first is None or text.word(first[1]) not in joins:
        return None
    second = _single(text, first[1] + 1)
    if second is None:
        return None
    one, two = first[0], second[0]
    like = two.filters.where if two.filters is not None else And()
    mine = one.filters.where if one.filters is not None else And()
    return (named_like(one, (like,)), named_like(two, (mine,))), second[1]


def _single(text: Text, at: int) -> Read[ReferenceObject]:
    """A thing without the "or ..." behind it."""
    end = next((i for i in range(at, len(text.words)) if text.words[i] in ("or", "and")), len(text.words))
    within = Text(text.words[:end], text.lexicon)
    return noun_phrase(within, at)


def _comparison(text: Text, at: int) -> Read[str]:
    """ "Bigger", or "biggest" of two."""
    more, most = text.match("comparative", at), text.match("superlative", at)
    if more is not None and text.word(more[1] - 1) != "as":
        return more
    if most is None:
        return None
    quantity, name = most[0].split()
    if name not in ("SIZE", "HEIGHT", "WIDTH", "AWAY"):
        return None
    return f"{name} {'GREATER_THAN' if quantity == 'MAX' else 'LESS_THAN'}", most[1]


def _against(
    meaning: str, read: Read[tuple[ReferenceObject, ReferenceObject]]
) -> Read[tuple[ReferenceObject, And]]:
    if read is None:
        return None
    (one, two), end = read
    return (one, And((comparator(meaning, two),))), end


def _compare(text: Text, at: int) -> Read[tuple[ReferenceObject, And]]:
    if text.word(at) not in (COMPARE, "comparing"):
        return None
    start = text.past(at + 1, "the", "size", "sizes", "of")
    for begin in (at + 1, start):
        read = _pair(text, begin, ("and", "with", "to", "against"))
        if read is not None and text.at_end(read[1]):
            return _against(_SIZE, read)
    return None


def _how_much(text: Text, at: int) -> Read[tuple[ReferenceObject, And]]:
    """ "How much bigger is the bed than the sofa"."""
    start = text.after(at, "how much", "by how much")
    read = _comparison(text, start) if start is not None else None
    if read is None or text.word(read[1]) not in BE:
        return None
    return _against(read[0], _pair(text, read[1] + 1, ("than",)))


def _which_of_two(text: Text, at: int) -> Read[tuple[ReferenceObject, And]]:
    """ "Which (one) is bigger, the sofa or the lamp", "which of the sofa and the lamp is bigger"."""
    if text.word(at) not in ("which", "what", "who"):
        return None
    if text.word(at + 1) == "of":
        things = _pair(text, at + 2, ("or", "and"))
        be = things[1] if things is not None else 0
        read = _comparison(text, text.past(be + 1, "the")) if text.word(be) in BE else None
        pair = (things[0], read[1]) if things is not None and read is not None else None
        return _against(read[0], pair) if read is not None else None
    start = text.past(at + 1, "one", "thing", "object", *BE)
    read = _comparison(text, text.past(start, "the"))
    if read is None or text.word(start - 1) not in BE:
        return None
    end = text.past(read[1], COMMA, "one", "away", "to", "you", "here", "from", "of", "between")
    return _against(read[0], _pair(text, end, ("or", "and")))


def _either(text: Text, at: int) -> Read[tuple[ReferenceObject, And]]:
    """ "Is the sofa or the bed bigger"."""
    if text.word(at) not in BE:
        return None
    things = _pair(text, at + 1, ("or",))
    read = _comparison(text, text.past(things[1], "the")) if things is not None else None
    if things is None or read is None or not text.at_end(read[1]):
        return None
    return _against(read[0], (things[0], read[1]))


def _speaks_of_more(text: Text, at: int) -> bool:
    """Whether this compares things that no rule reads: more than two."""
    if text.word(at) == COMPARE:
        return True
    words = text.words[at + 1 :]
    if "or" not in words:
        return False
    before = words[: words.index("or")]
    if any(text.match("comparative", at + 1 + place) for place in range(len(before))):
        return True
    comma = before.index(COMMA) if COMMA in before else 0
    best = any(text.match("superlative", at + 1 + place) for place in range(comma))
    thing = text.any_of(("determiner", "thing", "colour"), at + 2 + comma)
    return best and thing is not None and text.word(at) in ("which", "what", "who")
