"""Vocabularies: words as data, in categories, composable level upon level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from droidlet_schema import FrozenMap

CATEGORIES: tuple[str, ...] = (
    "expand",  # one written word -> the words that it stands for: "what's" -> "what is"
    "noise",  # says nothing, wherever it stands: "please"
    "lead",  # says nothing before a wish: "could you"
    "tail",  # says nothing after a wish: "for me"
    "join",  # joins wishes: "and", "after that"
    "grammar",  # words that the rules themselves name
    "ordinary",  # words that are no misspelling of others
    "determiner",
    "pronoun",
    "superlative",  # -> "MIN AWAY", "MAX SIZE"
    "size",  # -> the same
    "ordinal",
    "colour",
    "relation",  # "next to" -> "NEAR"
    "direction",
    "compass",  # of a move: "ahead" -> "FRONT"
    "side",  # of a turn -> "LEFT" or "RIGHT"
    "length",  # unit -> metres
    "angle",  # unit -> radians
    "fraction",  # of a turn: "quarter turn" -> radians
    "thing",  # noun -> the class names it stands for, "|" between them
    "anything",  # nouns that leave the class open: "thing", "one"
    "place",  # nouns for where everything is: "room", "house"
    "go",
    "reach",  # go, with the goal right behind the verb: "approach the chair"
    "step",  # moves with a direction of their own: "back up" -> "BACK"
    "seek",
    "turn",
    "face",
    "scan",  # -> "HERE" or "EVERYWHERE"
    "follow",
    "come",
    "stop",  # -> "pause" or "drop"
    "resume",
    "repeat",  # "again", alone
    "say",
    "forbid",
    "other",  # wishes that are understood but cannot be done
    "social",  # -> a kind of Noop
    "confirm",  # -> "yes" or "no"
    "capability",  # "what can you do"
    "about",  # whole questions about the agent -> what is asked
    "see",  # "do you see" -> "now", "have you seen" -> "ever"
    "tell",  # stands before an indirect question: "do you know"
    "count",  # "how many"
    "locate",  # "where"
    "sought",  # stands after "where": "can i find"
    "tint",  # "what colour"
    "recall",  # "when did you last see"
    "inquire",  # "what", "which", "who", "list"
    "measure",  # "how tall" -> "HEIGHT"
    "property",  # "colour" -> "COLOUR"
    "known",  # says nothing after a thing: "that you can see"
    "spot",  # places of the agent's own past -> "BEFORE" or "START"
    "unless",  # begins what no command can depend on: "if", "until"
    "except",  # "but not"
    "clause",  # begins what more is said of a thing: "that is"
    "comparative",  # "bigger" -> "SIZE GREATER_THAN"
    "remote",  # how far away a thing is, as a yes or no: "far away"
    "mine",  # sides of the speaker: "on my left" -> "LEFT"
    "correct",  # before what was meant instead: "i mean"
    "nearest",  # "closest to" -> "MIN", "farthest from" -> "MAX"
    "around",  # places that exclude nothing: "around you"
    "to",  # small words before a place to go to
    "behind",  # ways to turn half around: "behind you"
    "times",  # counts whole turns
    "stopped",  # what is told to stop: "the search"
)


class VocabularyError(ValueError):
    """A vocabulary that is unknown, doubled, misplaced, or at odds with another."""


def _freeze(words: Mapping[str, Mapping[str, str]]) -> FrozenMap[str, FrozenMap[str, str]]:
    return FrozenMap({category: FrozenMap(dict(phrases)) for category, phrases in words.items()})


@attrs.frozen
class Vocabulary:
    """Words by category: {"thing": {"gnome": "gnome", "garden gnome": "gnome"}}; `needs` names the
    vocabularies that come before it.

    Raises VocabularyError for a category that the grammar does not know.
    """

    name: str
    words: FrozenMap[str, FrozenMap[str, str]] = attrs.field(converter=_freeze)
    needs: tuple[str, ...] = ("droidlet",)

    def __attrs_post_init__(self) -> None:
        """Raises VocabularyError for a category that there is not."""
        unknown = [category for category in self.words if category not in CATEGORIES]
        if unknown:
            known = ", ".join(CATEGORIES)
            raise VocabularyError(
                f"vocabulary {self.name!r}: no category {', '.join(unknown)}; there are {known}"
            )


def compose(vocab: Sequence[str | Vocabulary], shelf: Mapping[str, Vocabulary]) -> dict[str, dict[str, str]]:
    """All words of the vocabularies, by category; names are looked up on the shelf.

    Raises VocabularyError for an unknown or doubled vocabulary, one whose needs do not come before it, and
    a phrase that two of them
    explain differently.
    """
    found: dict[str, dict[str, str]] = {category: {} for category in CATEGORIES}
    origin: dict[tuple[str, str], str] = {}
    names: list[str] = []
    for item in [vocab] if isinstance(vocab, (str, Vocabulary)) else vocab:
        level = _look_up(item, shelf)
        _check_order(level, names)
        names.append(level.name)
        for category, phrases in level.words.items():
            for phrase, meaning in phrases.items():
                if found[category].setdefault(phrase, meaning) != meaning:
                    first = origin[category, phrase]
                    raise VocabularyError(
                        f"vocabulary {level.name!r}: {category} {phrase!r} means {meaning!r} here but "
                        f"{found[category][phrase]!r} in {first!r}"
                    )
                origin.setdefault((category, phrase), level.name)
    return found


def _look_up(item: str | Vocabulary, shelf: Mapping[str, Vocabulary]) -> Vocabulary:
    if isinstance(item, Vocabulary):
        return item
    if not isinstance(item, str) or item not in shelf:
        raise VocabularyError(
            f"vocab: no vocabulary {item!r}; there are {', '.join(sorted(shelf))}, or pass a Vocabulary"
        )
    return shelf[item]


def _check_order(level: Vocabulary, names: Sequence[str]) -> None:
    if level.name in names:
        raise VocabularyError(f"vocab: {level.name!r} twice; name each vocabulary once")
    missing = [name for name in level.needs if name not in names]
    if missing:
        raise VocabularyError(
            f"vocab: {level.name!r} needs {', '.join(missing)} before it; "
            f"so far there is {', '.join(names) or 'nothing'}"
        )
