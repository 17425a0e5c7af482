"""The noun itself: a known thing, one that leaves the kind open, or a name that nobody knows."""

from __future__ import annotations

import attrs

from droidlet_dialog.adjectives import MORE_CLAUSES, before_noun
from droidlet_dialog.described import Described
from droidlet_dialog.inflection import singular
from droidlet_dialog.text import Text
from droidlet_schema import Or, Triple


def head_noun(text: Text, found: Described, at: int) -> tuple[Described, int]:
    """The noun of a phrase, and where it ends; nothing is read where there is none."""
    read = text.any_of(("thing", "things"), at)
    if read is not None:
        return _known_noun(text, found, at, read)
    anything = text.match("anything", at)
    said = found.determiner or found.clauses or found.selector or found.count
    if anything is not None and (said or text.word(at) not in ("one", "ones")):
        every, many = "every" in text.word(at), anything[0] == "all"
        found = attrs.evolve(found, noun="anything", plural=many)
        found = attrs.evolve(found, determiner="all" if every else found.determiner)
        return before_noun(text, found, anything[1]) if not found.clauses else (found, anything[1])
    return _unknown_noun(text, found, at)


def _known_noun(text: Text, found: Described, at: int, read: tuple[str, int]) -> tuple[Described, int]:
    meaning, end = read
    for _ in range(MORE_CLAUSES):
        further = text.any_of(("thing", "things"), end)
        if further is None or text.match("relation", end) is not None:
            break
        at, (meaning, end) = end, further  # "glass table": the last noun is the head
    if text.word(at) in ("everyone", "everybody"):
        found = attrs.evolve(found, determiner="all")
    many = text.match("things", at)
    names = tuple(Triple("has_name", name) for name in meaning.split("|"))
    kind = "things" if many is not None and many[1] == end else "thing"
    in_turn = text.after(end, "one after", "one by", "one at") is not None
    end = end if in_turn else text.past(end, "one", "ones")
    return found.named(names[0] if len(names) == 1 else Or(names), kind), end


def _unknown_noun(text: Text, found: Described, at: int) -> tuple[Described, int]:
    end = at
    while end < min(at + 3, len(text.words)) and _is_noun(text, end):
        end += 1
    if end == at:
        if found.colour_word and found.determiner in ("a", "an"):  # "an orange" is no colour
            found = attrs.evolve(found, clauses=found.clauses[:-1])
            return found.named(Triple("has_name", found.colour_word), "unknown"), end
        return found, at
    *words, last = text.words[at:end]
    name = " ".join([*words, singular(last)])
    return found.named(Triple("has_name", name), "unknown" if singular(last) == last else "things"), end


def _is_noun(text: Text, at: int) -> bool:
    word = text.word(at)
    if not word or not word[0].isalpha() or word in text.lexicon.closed:
        return False
    return not text.at_end(at) and text.match("tail", at) is None
