"""Two things against each other: "which is bigger, the sofa or the lamp"."""

from __future__ import annotations

from itertools import pairwise

from droidlet_dialog.clause import Clause
from droidlet_dialog.text import Text
from droidlet_dialog.tokens import COMMA
from droidlet_schema import OtherForm

COMPARE = "compare"  # how the wish for what cannot be done begins
_ASKING = ("which", "what", "who", "is", "are", "was", "were", "compare")
_MORE = frozenset(
    [
        *(
            "bigger",
            "larger",
            "smaller",
            "tinier",
            "taller",
            "higher",
            "shorter",
            "lower",
            "wider",
            "broader",
        ),
        *("narrower", "longer", "thinner", "thicker", "nearer", "closer", "farther", "further", "older"),
    ]
)


def comparing(text: Text, at: int) -> Clause | None:
    """ "Is the bed bigger than the box", "which is nearest, the sofa or the bed": no form can ask memory that.

    All the words to the end of the sentence, as something that cannot be done.
    """
    if text.word(at) not in _ASKING or not (text.word(at) == COMPARE or _compares(text, at + 1)):
        return None
    end = len(text.words)
    start = at + 1 if text.word(at) == COMPARE else at
    return Clause(OtherForm(f"{COMPARE} {text.span(start, end)}".strip()), end)


def _compares(text: Text, at: int) -> bool:
    words = text.words[at:]
    if any(word in _MORE and after == "than" for word, after in pairwise(words)):
        return True
    if "or" not in words:
        return False
    before = words[: words.index("or")]
    return any(word in _MORE for word in before) or _best_of(text, at, before)


def _best_of(text: Text, at: int, before: tuple[str, ...]) -> bool:
    """ "... is nearest, the sofa (or the bed)"."""
    if COMMA not in before or text.word(at - 1) not in ("which", "what", "who"):
        return False
    comma = at + before.index(COMMA)
    thing = text.any_of(("determiner", "thing", "colour"), comma + 1)
    return thing is not None and any(text.match("superlative", place) for place in range(at, comma))
