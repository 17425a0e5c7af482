"""From text to tokens."""

from __future__ import annotations

import re
from typing import NamedTuple

from droidlet_memory.text_form.errors import QueryTextError

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    |(?P<number>[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*)
    |'(?P<text>(?:[^']|'')*)'
    |"(?P<name>(?:[^"]|"")*)"
    |(?P<sign>->|<>|!=|<=|>=|-(?i:inf)\b|[-=<>(),?*^])
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    """A piece of text: its kind ("number", "word", "text", "name", "sign", "end"), what it says, where it
    stands.
    """

    kind: str
    value: str
    position: int

    def __str__(self) -> str:
        """As an error names it."""
        if self.kind == "end":
            return "the end"
        return repr(self.value[:40])


def tokens_of(text: str) -> list[Token]:
    """All tokens, the last of kind "end". Raises QueryTextError for what is none."""
    found, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise QueryTextError(text, position, *_odd(text[position]))
        kind = match.lastgroup or ""
        if kind in ("text", "name"):
            quote = match.group(0)[0]
            found.append(Token(kind, match.group(kind).replace(quote * 2, quote), position))
        elif kind != "space":
            found.append(Token(kind, match.group(kind), position))
        position = match.end()
    return [*found, Token("end", "", len(text))]


def _odd(character: str) -> tuple[str, str]:
    if character in "'\"":
        return f"a quote {character} that is never closed", "a closing quote"
    return repr(character), "a word, a number or a sign"
