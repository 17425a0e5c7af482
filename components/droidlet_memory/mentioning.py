"""Whether texts have words one after the other, whatever the case, the accents and what stands between."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from unicodedata import category, normalize

from droidlet_schema import MemoryNode, Value

_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The words of a text with single spaces between: its runs of letters and digits, in Unicode's
    compatibility decomposition (NFKD) without marks, casefolded: "Chaises-Longues à 2!" is
    "chaises longues a 2".
    """
    if not text.isascii():
        text = "".join(c for c in normalize("NFKD", text) if not category(c).startswith("M"))
    return " ".join(_WORD.findall(text.casefold()))


def mentioning(words: str) -> Callable[[MemoryNode], bool]:
    """Whether some text of a node has these words one after the other; no text has no words."""
    wanted = plain(words)
    if not wanted:
        return lambda node: False
    phrase = f" {wanted} "
    return lambda node: any(phrase in f" {plain(text)} " for text in texts_of(node))


def texts_of(node: MemoryNode) -> Iterator[str]:
    """The texts that are said of a node, and those that its properties hold."""
    for triple in node.triples:
        yield triple.object
    for _, text in texts_held(node.properties):
        yield text


def texts_held(properties: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """The texts that properties hold, alone or among others, each behind its property's name."""
    for name, value in properties.items() if properties else ():
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, str):
                yield name, one
