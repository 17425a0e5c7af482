"""The vocabulary as the grammar uses it: phrases of a category that begin at a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import attrs

from droidlet_dialog import spelling
from droidlet_dialog.inflection import plurals, with_gerunds
from droidlet_dialog.vocabulary import Vocabulary, compose
from droidlet_dialog.words import SHELF
from droidlet_schema import FrozenMap

Phrases = Mapping[
    str, tuple[tuple[tuple[str, ...], str], ...]
]  # by first word: the other words and the meaning, longest first
_VERBS = ("go", "reach", "step", "seek", "turn", "face", "scan", "follow", "say", "other")
_OPEN = (
    "thing",
    "anything",
    "colour",
    "size",
    "superlative",
    "ordinal",
    "ordinary",
    "place",
    "other",
    "expand",
)


def _wanted(words: Mapping[str, Mapping[str, str]]) -> set[str]:
    """The words that a misspelling may have meant."""
    phrases = (phrase for category, found in words.items() if category != "ordinary" for phrase in found)
    return {word for phrase in phrases for word in phrase.split()}


@attrs.frozen
class Lexicon:
    """Words by category, all known words for the spelling, and those that no unknown noun may be made of."""

    phrases: Mapping[str, Phrases]
    known: frozenset[str] = attrs.field(repr=False)
    spelling: FrozenMap[str, tuple[str, ...]] = attrs.field(repr=False)
    closed: frozenset[str] = attrs.field(repr=False)
    expand: FrozenMap[str, str] = attrs.field(repr=False)
    classes: frozenset[str] = attrs.field(repr=False)  # names of things
    names: FrozenMap[str, tuple[str, ...]] = attrs.field(repr=False)  # spelling of things and colours alone

    def match(self, category: str, words: Sequence[str], start: int) -> tuple[str, int] | None:
        """The longest phrase of a category that begins at a word: its meaning and where it ends."""
        if start >= len(words):
            return None
        for rest, meaning in self.phrases[category].get(words[start], ()):
            end = start + 1 + len(rest)
            if tuple(words[start + 1 : end]) == rest:
                return meaning, end
        return None

    def corrected(self, word: str) -> str:
        """A word without its typing errors, where it is clear what was meant."""
        if word in self.known or not word.isalpha():
            return word
        return spelling.correct(word, self.spelling)

    def spelled(self, words: Sequence[str]) -> tuple[str, ...]:
        """Words without their typing errors and in one spelling; where a thing or a colour is due, one letter
        is forgiven even in short words.
        """
        found: list[str] = []
        for index, word in enumerate(words):
            right = self.corrected(word)
            if (
                right == word
                and word not in self.known
                and word.isalpha()
                and self._name_is_due(words, index)
            ):
                right = spelling.correct_name(word, self.names)
            found.extend(self.expand[right].split() if right in self.expand else (right,))
        return tuple(found)

    def _name_is_due(self, words: Sequence[str], at: int) -> bool:
        before = words[at - 1 : at] if at else ()
        kinds = ("determiner", "colour", "size", "superlative", "ordinal", "seek", "face")
        if any(word in self.phrases[kind] for word in before for kind in kinds):
            return True
        after = words[at + 1 : at + 2]
        return any(word in self.phrases[kind] for word in after for kind in ("thing", "things"))


def _by_first_word(phrases: Mapping[str, str]) -> Phrases:
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, meaning in phrases.items():
        first, *rest = phrase.split()
        found.setdefault(first, []).append((tuple(rest), meaning))
    return MappingProxyType(
        {first: tuple(sorted(items, key=lambda item: -len(item[0]))) for first, items in found.items()}
    )


def lexicon(vocab: tuple[str | Vocabulary, ...]) -> Lexicon:
    """The lexicon of composed vocabularies. Raises VocabularyError where they do not fit together."""
    words = compose(vocab, SHELF)
    expand = words.pop("expand")
    words["things"] = plurals(words["thing"])
    for category in _VERBS:
        words[category] = with_gerunds(words[category])
    single = {word for phrases in words.values() for phrase in phrases for word in phrase.split()}
    single |= {word for phrase in expand.values() for word in phrase.split()}
    inner = [category for category in words if category not in (*_OPEN, "things")]
    closed = {phrase.split()[0] for category in inner for phrase in words[category]}
    return Lexicon(
        phrases=MappingProxyType({category: _by_first_word(phrases) for category, phrases in words.items()}),
        known=frozenset(single),
        spelling=spelling.index(sorted(_wanted(words))),
        closed=frozenset(closed),
        expand=FrozenMap(expand),
        names=spelling.index(
            sorted({p for kind in ("thing", "things", "colour") for p in words[kind] if p.isalpha()})
        ),
        classes=frozenset(name for names in words["thing"].values() for name in names.split("|")),
    )
