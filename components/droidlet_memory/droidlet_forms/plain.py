"""Reading the plain data that droidlet's dictionaries are made of."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, NoReturn

from droidlet_memory.errors import did_you_mean
from droidlet_memory.numerals import number_in
from droidlet_memory.text_form.vocabulary import UNIT_WORDS
from droidlet_memory.units import UNITS
from droidlet_schema import Filters, Measured, Unit

MOST_NESTED = 30  # forms inside one another; what people say is less deep


class FormRefused(ValueError):
    """A form that cannot be read: `place` in it ("where_clause.AND[0].pred_text"), the `value` there, why."""

    def __init__(self, place: str, value: object, reason: str) -> None:
        self.place, self.value, self.reason = place, value, reason
        super().__init__(f"{place or 'the form'}: {reason}, got {reprlib.repr(value)}")


class Form(NamedTuple):
    """A value somewhere in a form, and how to read filters and attributes in it."""

    value: object
    place: str
    filters: Callable[[Form], Filters]
    measured: Callable[[Form], Measured]
    tasks: bool = False  # whether tasks are asked about
    depth: int = 0

    def refuse(self, reason: str) -> NoReturn:
        """Raises FormRefused here."""
        raise FormRefused(self.place, self.value, reason)

    def at(self, key: str | int) -> Form:
        """The value under a key or at an index that is there."""
        if self.depth >= MOST_NESTED:
            self.refuse(f"expected at most {MOST_NESTED} forms inside one another")
        value = self.value[key]  # type: ignore[index]
        step = f"[{key}]" if isinstance(key, int) else f".{key}" if self.place else key
        return self._replace(value=value, place=self.place + step, depth=self.depth + 1)

    def get(self, key: str) -> Form | None:
        """The value under a key of a mapping, None where that is not there."""
        return self.at(key) if isinstance(self.value, Mapping) and key in self.value else None

    def mapping(self, known: Iterable[str], needed: Iterable[str] = ()) -> Mapping[str, object]:
        """The value as a mapping of known keys."""
        if not isinstance(self.value, Mapping):
            self.refuse("expected a mapping")
        for key in self.value:
            if key not in known:
                unknown = f"{key!r} is not known here"
                self.refuse(unknown + (did_you_mean(key, known) if isinstance(key, str) else ""))
        for key in needed:
            if key not in self.value:
                self.refuse(f"lacks {key!r}")
        return self.value

    def items(self) -> list[Form]:
        """The value as a list."""
        if not isinstance(self.value, (list, tuple)):
            self.refuse("expected a list")
        return [self.at(index) for index in range(len(self.value))]

    def fixed(self) -> Form:
        """What stands in {"fixed_value": ...}, else itself."""
        if not isinstance(self.value, Mapping) or "fixed_value" not in self.value:
            return self
        self.mapping(("fixed_value",))
        return self.at("fixed_value")

    def text(self) -> str:
        """A span or a fixed value as text."""
        found = self.fixed().value
        if isinstance(found, bool) or not isinstance(found, (str, int, float)):
            self.refuse("expected a text (spans of words have to be texts already)")
        return found if isinstance(found, str) else f"{found:g}"

    def word(self, known: Iterable[str]) -> str:
        """One of the words that are known, in capitals."""
        words = tuple(known)
        found = self.text().upper()
        if found not in words:
            self.refuse("expected one of " + ", ".join(words))
        return found

    def number(self) -> float:
        """A number, or a text that is one."""
        found = number_in(self.text())
        return found if found is not None else self.refuse("expected a number")

    def unit(self) -> Unit:
        """A unit by its name; a step is a block."""
        word = self.text().casefold()
        if word not in UNIT_WORDS:
            self.refuse("expected a unit: " + ", ".join(UNITS))
        unit = UNIT_WORDS[word]
        return "blocks" if unit == "steps" else unit  # type: ignore[return-value]
