"""The node types of a store by what questions call them, each worked out once."""

from __future__ import annotations

from collections.abc import Iterable

from droidlet_memory.asking import asked_types
from droidlet_memory.schemas import Composition
from droidlet_memory.store.words import Words
from droidlet_memory.words import clean, forms

Numbers = tuple[int, ...]


class Kinds:
    """Numbers of node types: those that a memory type means, those of which a tag is told."""

    def __init__(self, schema: Composition, words: Words) -> None:
        self._schema, self._words = schema, words
        self._asked: dict[str, Numbers | None] = {}
        self._told: dict[str, set[str]] = {}
        for name, facts in schema.types.items():
            for form in {form for tag in facts.tags for form in forms(clean(tag))}:
                self._told.setdefault(form, set()).add(name)

    def asked(self, memory_type: str) -> Numbers | None:
        """The types that a memory type means; None: all."""
        if memory_type not in self._asked:
            names = asked_types(self._schema, memory_type)
            if names is not None and not names:
                return ()  # whatever is asked for is kept no longer than the question
            self._asked[memory_type] = None if names is None else self._numbers(names)
        return self._asked[memory_type]

    def names(self, memory_type: str) -> frozenset[str] | None:
        """The same types by name."""
        return asked_types(self._schema, memory_type)

    def told(self, words: Iterable[str]) -> Numbers:
        """The types of whose every node a tag of one of these forms is told."""
        names = {name for word in words for name in self._told.get(word, ())}
        return self._numbers(names) if names else ()

    def _numbers(self, names: Iterable[str]) -> Numbers:
        found = (self._words.type_id(name) for name in names)
        return tuple(sorted(number for number in found if number is not None))
