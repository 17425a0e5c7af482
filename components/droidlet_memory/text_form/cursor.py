"""A place in a text that is read, token by token."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from droidlet_memory.text_form.errors import QueryTextError
from droidlet_memory.text_form.tokens import Token, tokens_of
from droidlet_memory.text_form.vocabulary import RESERVED
from droidlet_schema import Filters, Where

MAX_NESTED = 64
MOST_DIGITS = 20  # of whole numbers


class Cursor:
    """The tokens of a text and where reading has come to; `filters` and `where` read what nests."""

    def __init__(
        self, text: str, filters: Callable[[Cursor], Filters], where: Callable[[Cursor], Where]
    ) -> None:
        self.text, self.tokens, self.at, self.depth = text, tokens_of(text), 0, 0
        self._filters, self._where = filters, where

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.at]

    def ahead(self, count: int = 1) -> Token:
        """The token so many further on."""
        return self.tokens[min(self.at + count, len(self.tokens) - 1)]

    def take(self) -> Token:
        """The next token, which is left behind; the end stays where it is."""
        token = self.token
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def error(self, expected: str, token: Token | None = None) -> QueryTextError:
        """What is wrong at a token, the next one unless told."""
        token = self.token if token is None else token
        return QueryTextError(self.text, token.position, str(token), expected)

    def sees(self, *words: str) -> bool:
        """Whether the next tokens are these words or signs."""
        return all(self._is(self.ahead(index), word) for index, word in enumerate(words))

    def _is(self, token: Token, word: str) -> bool:
        return token.kind in ("word", "sign") and token.value.upper() == word

    def skip(self, *words: str) -> bool:
        """Leaves these words or signs behind if they are next."""
        if not self.sees(*words):
            return False
        self.at += len(words)
        return True

    def expect(self, word: str) -> None:
        """Leaves a word or sign behind. Raises QueryTextError unless it is next."""
        if not self.skip(word):
            raise self.error(word if word[0].isalpha() else repr(word))

    def one_of(self, words: tuple[str, ...] | frozenset[str], expected: str) -> str:
        """The next token if it is one of these words, in capitals. Raises QueryTextError else."""
        if self.token.kind != "word" or self.token.value.upper() not in words:
            raise self.error(expected)
        return self.take().value.upper()

    def name(self, expected: str, reserved: frozenset[str] = RESERVED) -> str:
        """A name, in double quotes or a word that means nothing else here."""
        token = self.token
        if token.kind == "name" or self.is_plain(token, reserved):
            return self.take().value
        raise self.error(expected)

    def is_plain(self, token: Token, reserved: frozenset[str] = RESERVED) -> bool:
        """Whether a token is a word that is no keyword."""
        return token.kind == "word" and token.value.upper() not in reserved

    def string(self, expected: str = "a text in single quotes") -> str:
        """A text."""
        if self.token.kind != "text":
            raise self.error(expected)
        return self.take().value

    def is_number(self) -> bool:
        """Whether a number is next."""
        return self.token.kind == "number" or any(self.sees(word) for word in _ODD_NUMBERS)

    def number(self, expected: str = "a number") -> float:
        """A number."""
        if not self.is_number():
            raise self.error(expected)
        token = self.take()
        return _ODD_NUMBERS[token.value.upper()] if token.kind != "number" else float(token.value)

    def whole(self, expected: str = "a whole number") -> int:
        """A whole number."""
        digits = self.token.value.lstrip("+-")
        if self.token.kind != "number" or not digits.isdigit() or len(digits) > MOST_DIGITS:
            raise self.error(expected)
        return int(self.take().value)

    def word_in(self, words: object) -> bool:
        """Whether the next token is one of these words, as they are written."""
        return self.token.kind == "word" and self.token.value.lower() in words  # type: ignore[operator]

    @contextmanager
    def nested(self) -> Iterator[None]:
        """What is read inside lies one level further in. Raises QueryTextError where that is too deep."""
        if self.depth >= MAX_NESTED:
            raise self.error(f"at most {MAX_NESTED} things inside one another")
        self.depth += 1
        yield
        self.depth -= 1

    def filters(self) -> Filters:
        """A query in parentheses."""
        self.expect("(")
        with self.nested():
            found = self._filters(self)
        self.expect(")")
        return found

    def where(self) -> Where:
        """A clause, one level further in."""
        with self.nested():
            return self._where(self)


_ODD_NUMBERS = {"NAN": math.nan, "INF": math.inf, "-INF": -math.inf}
