"""When two words mean the same: whatever their case, number, article and underscores. Synonyms are dialog's
matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

IRREGULAR: Mapping[str, str] = MappingProxyType(
    {
        "people": "person",
        "persons": "person",
        "men": "man",
        "women": "woman",
        "children": "child",
        "feet": "foot",
        "mice": "mouse",
        "geese": "goose",
        "teeth": "tooth",
    }
)
_ARTICLES = ("the ", "a ", "an ")
_ES = ("ses", "xes", "zes", "ches", "shes", "oes")
_NO_PLURAL = ("ss", "us", "is")


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """Text in lower case, single spaces, without a leading article: "The  Coffee_Table" is "coffee table"."""
    plain = " ".join(text.casefold().replace("_", " ").split())
    for article in _ARTICLES:
        if plain.startswith(article) and len(plain) > len(article):
            return plain[len(article) :]
    return plain


@lru_cache(maxsize=4096)
def forms(cleaned: str) -> frozenset[str]:
    """Clean text and what it may be the plural of: "boxes" gives "boxes", "boxe", "box". Only its last word
    has number.
    """
    before, space, word = cleaned.rpartition(" ")
    singulars = {word, *_singulars(word)}
    return frozenset(before + space + singular for singular in singulars)


def _singulars(word: str) -> tuple[str, ...]:
    if word in IRREGULAR:
        return (IRREGULAR[word],)
    if len(word) < 3 or not word.endswith("s") or word.endswith(_NO_PLURAL):
        return ()
    if word.endswith("ies"):
        return (word[:-1], word[:-3] + "y")
    if word.endswith("ves"):
        return (word[:-1], word[:-3] + "f", word[:-3] + "fe")
    if word.endswith(_ES):
        return (word[:-1], word[:-2])
    return (word[:-1],)


class Word:
    """One word to compare many texts with; it notes each text's answer, for the few texts that memories are
    made of.
    """

    def __init__(self, text: str) -> None:
        self._forms = forms(clean(text))
        self._known: dict[str, bool] = {}

    def means(self, text: str) -> bool:
        """Whether text means this word."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = not self._forms.isdisjoint(forms(clean(text)))
        return known


def means(word: str, text: str) -> bool:
    """Whether two texts mean the same word: means("Chairs", "the chair")."""
    return Word(word).means(text)
