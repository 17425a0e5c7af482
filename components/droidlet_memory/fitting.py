"""Whether nodes of old schemas, once migrated, are nodes of the new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from droidlet_memory.errors import SchemasError
from droidlet_memory.field_types import refusal, widens
from droidlet_memory.schemas import ROOT, Composition
from droidlet_schema import Value


class Held(NamedTuple):
    """What is known of a field of old nodes after some steps: its type (None: only those of `given` values),
    whether every node has it, the values that steps gave it.
    """

    type: str | None
    everywhere: bool
    given: tuple[Value, ...] = ()


class Fitting(NamedTuple):
    """Old schemas after all steps, beside the new. `types` and `predicates` say what each old one is called
    now; None: dropped.
    """

    old: Composition
    new: Composition
    types: Mapping[str, str | None]
    fields: Mapping[str, Mapping[str, Held]]
    predicates: Mapping[str, str | None]

    def check(self) -> None:
        """Raises SchemasError for what an old node may have and no new one may, naming both sides."""
        kept = [(name, becomes) for name, becomes in self.types.items() if becomes is not None]
        kept.sort(key=lambda pair: len(self.old.types[pair[0]].lineage))  # so that the highest is named
        for name, becomes in kept:
            if becomes not in self.new.types:
                raise self._misfit(name, f"node type {becomes!r} is gone", "RenameType or ForgetType")
        for name, becomes in kept:
            self._check_type(name, becomes)
        for predicate, called in self.predicates.items():
            if called is not None:
                self._check_predicate(predicate, called)

    def _check_type(self, name: str, becomes: str) -> None:
        facts, after = self.old.types[name], self.new.types[becomes]
        if after.one_per not in (None, facts.one_per):
            raise self._misfit(name, f"{becomes!r} is now one per {after.one_per!r}", "ForgetType")
        held = self.fields[name]
        for field, was in held.items():
            self._check_field(name, becomes, field, was)
        for field in after.required:
            if field not in held or not held[field].everywhere:
                raise self._misfit(name, f"field {field!r} of {becomes!r} must be there now", "AddField")

    def _check_field(self, name: str, becomes: str, field: str, was: Held) -> None:
        now = self.new.types[becomes].fields.get(field)
        if now is None:
            raise self._misfit(name, f"field {field!r} of {becomes!r} is gone", "RenameField or DropField")
        if was.type is not None and not widens(was.type, now.type):
            what = f"field {field!r} of {becomes!r} was {was.type} and is {now.type}"
            raise self._misfit(name, what, "ConvertField or DropField")
        for value in was.given:
            wrong = refusal(now.type, value)
            if wrong is not None:
                raise SchemasError(
                    f"the migration of schema {self.old.types[name].schema!r} adds field {field!r} of "
                    f"{becomes!r} as {value!r:.80}: expected {now.type}, and {wrong}"
                )

    def _check_predicate(self, name: str, becomes: str) -> None:
        after = self.new.predicates.get(becomes)
        if after is None:
            raise SchemasError(
                f"predicate {becomes!r} is gone: a RenamePredicate or DropPredicate in a migration of the schema "
                "that had it would say what becomes of it"
            )
        about = self.old.predicates[name].about
        is_now = self.types.get(about, about)
        if after.about != ROOT and is_now is not None and not self.new.is_a(is_now, after.about):
            raise SchemasError(
                f"predicate {becomes!r} was said of a {about} and is said of a {after.about} now: a "
                "DropPredicate in a migration would let go what was said"
            )

    def _misfit(self, name: str, what: str, remedy: str) -> SchemasError:
        schema = self.old.types[name].schema
        was, now = self.old.versions.get(schema, 1), self.new.versions.get(schema, 1)
        versions = (
            f"version {was}, in which this memory was made, and {now}"
            if was != now
            else f"version {was} as this memory was made under and as it is given"
        )
        return SchemasError(
            f"schema {schema!r}, {versions}: {what}; a {remedy} in a migration would say what becomes of it"
        )
