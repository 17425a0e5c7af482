"""From the schemas that a memory was made under to those that it is opened with: a plan, or why there is none.

    plan = plan_migration(old, new)             # SchemasError where nothing leads from the one to the other
    node = migrate_node(plan, node)             # for every node; None: dropped

Nothing old is touched: both give new values.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Union

from droidlet_memory.committing import in_order
from droidlet_memory.converting import migrate_properties
from droidlet_memory.errors import SchemasError
from droidlet_memory.fitting import Fitting, Held
from droidlet_memory.memory import Memory
from droidlet_memory.schemas import Composition, texts_said
from droidlet_memory.steps import (
    AddField,
    ConvertField,
    DropField,
    DropPredicate,
    FieldStep,
    ForgetType,
    PredicateStep,
    RenameField,
    RenamePredicate,
    RenameType,
    Step,
    TypeStep,
)
from droidlet_schema import (
    Change,
    DropTriple,
    Forget,
    FrozenMap,
    MemoryNode,
    PutNode,
    PutTriple,
    Triple,
    evolve,
    record,
)


@record
class TypePlan:
    """What happens to the nodes of one type: what it is called then (None: they are dropped), the steps of
    their fields in order, and by which predicates their fields were said and are said then.
    """

    becomes: str | None
    steps: tuple[Union[RenameField, AddField, DropField, ConvertField], ...] = ()
    said: FrozenMap[str, str] = FrozenMap()
    says: FrozenMap[str, str] = FrozenMap()


@record
class MigrationPlan:
    """What happens to old nodes; types to which nothing happens are left out. `told` is for the person who
    opens the file: "kitchen: version 1 becomes 2".
    """

    types: FrozenMap[str, TypePlan] = FrozenMap()
    predicates: tuple[Union[RenamePredicate, DropPredicate], ...] = ()
    told: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether every node stays as it is."""
        return not self.types and not self.predicates


def plan_migration(old: Composition, new: Composition) -> MigrationPlan:
    """How nodes made under `old` schemas become nodes under `new` ones.

    Raises SchemasError where they cannot: a schema is missing or older than it was; a type, field or
    predicate is gone or otherwise, and no migration says what becomes of it. Steps about what the old schemas
    never had change nothing.
    """
    shape = Shape(old)
    predicates: list[PredicateStep] = []
    for name in old.names:
        for step in _steps(name, old, new):
            if isinstance(step, (RenamePredicate, DropPredicate)):
                shape.predicate(step)
                predicates.append(step)
            elif isinstance(step, (RenameType, ForgetType)):
                shape.node_type(step)
            else:
                shape.field(step)
    Fitting(old, new, shape.types, shape.fields, shape.predicates).check()
    plans = {name: _type_plan(name, shape, new) for name in old.types}
    told = (
        f"{name}: version {old.versions.get(name, 1)} becomes {new.versions[name]}"
        for name in old.names
        if old.versions.get(name, 1) != new.versions[name]
    )
    changed = {name: plan for name, plan in plans.items() if plan != TypePlan(name)}
    return MigrationPlan(FrozenMap(changed), tuple(predicates), tuple(told))


def _steps(name: str, old: Composition, new: Composition) -> Iterator[Step]:
    if name not in new.versions:
        raise SchemasError(
            f"this memory was made under schema {name!r}, which is not among {', '.join(new.names)}: name it, too"
        )
    was, now = old.versions.get(name, 1), new.versions[name]
    if was > now:
        raise SchemasError(
            f"this memory was made under version {was} of schema {name!r}, and version {now} of it is given: "
            "only the newer one can open it"
        )
    by_version = {m.from_version: m.steps for m in new.migrations.get(name, ())}
    return (step for version in range(was, now) for step in by_version.get(version, ()))


def _type_plan(name: str, shape: Shape, new: Composition) -> TypePlan:
    becomes, steps = shape.types[name], tuple(shape.steps[name])
    said = _said(shape.old, name)
    says = said if becomes is None else _said(new, becomes)
    return TypePlan(becomes, steps) if said == says else TypePlan(becomes, steps, said, says)


def _said(schema: Composition, name: str) -> FrozenMap[str, str]:
    fields = schema.types[name].fields.values()
    return FrozenMap({f.name: f.said_as for f in fields if f.said_as is not None})


class Shape:
    """The old schemas as steps change them; lives only while a plan is made. Keys are the old names."""

    def __init__(self, old: Composition) -> None:
        self.old = old
        self.types: dict[str, str | None] = {name: name for name in old.types}
        self.predicates: dict[str, str | None] = {name: name for name in old.predicates}
        self.fields: dict[str, dict[str, Held]] = {
            name: {f.name: Held(f.type, f.required) for f in facts.fields.values()}
            for name, facts in old.types.items()
        }
        self.steps: dict[str, list[FieldStep]] = {name: [] for name in old.types}

    def predicate(self, step: PredicateStep) -> None:
        """Another name for a predicate, or none."""
        becomes = step.becomes if isinstance(step, RenamePredicate) else None
        self.predicates.update({p: becomes for p, now in self.predicates.items() if now == step.predicate})

    def node_type(self, step: TypeStep) -> None:
        """Another name for a type, or none."""
        becomes = step.becomes if isinstance(step, RenameType) else None
        self.types.update({t: becomes for t, now in self.types.items() if now == step.node_type})

    def field(self, step: FieldStep) -> None:
        """What becomes of a field of a type and of those below it."""
        for name, facts in self.old.types.items():
            if step.node_type in [self.types[above] for above in facts.lineage]:
                self.steps[name].append(step)
                self._change(self.fields[name], step)

    def _change(self, fields: dict[str, Held], step: FieldStep) -> None:
        held = fields.pop(step.field, None)
        if isinstance(step, AddField):
            was, given = (None, ()) if held is None else (held.type, held.given)
            fields[step.field] = Held(was, True, (*given, step.value))
        elif held is not None and isinstance(step, RenameField):
            fields[step.becomes] = held
        elif held is not None and isinstance(step, ConvertField):
            none = " | None" if held.type is not None and "None" in held.type.split(" | ") else ""
            fields[step.field] = Held(step.to + none, held.everywhere)


def migrate_node(plan: MigrationPlan, node: MemoryNode) -> MemoryNode | None:
    """A node under the new schemas; None where it is dropped. Raises SchemasError for a value that a step
    cannot convert.
    """
    if plan.nothing:
        return node
    done = plan.types.get(node.node_type, TypePlan(node.node_type))
    if done.becomes is None:
        return None
    properties = migrate_properties(node, done.steps)
    unsaid = texts_said(done.said, node.properties)
    kept = migrate_triples(plan, tuple(t for t in node.triples if t not in unsaid))
    triples = in_order((*texts_said(done.says, properties), *kept))
    return evolve(node, node_type=done.becomes, properties=properties, triples=triples)


def migrate_triples(plan: MigrationPlan, triples: tuple[Triple, ...]) -> tuple[Triple, ...]:
    """Triples under the new schemas."""
    said = triples
    for step in plan.predicates:
        if isinstance(step, DropPredicate):
            said = tuple(t for t in said if t.predicate != step.predicate)
        else:
            becomes = step.becomes
            said = tuple(evolve(t, predicate=becomes) if t.predicate == step.predicate else t for t in said)
    return said


def migrate_change(plan: MigrationPlan, change: Change) -> Change | None:
    """A change under the new schemas; None where nothing is left of it. Raises SchemasError as
    `migrate_node` does.
    """
    if plan.nothing:
        return change
    if isinstance(change, PutNode):
        node = migrate_node(plan, change.node)
        return Forget(change.node.id) if node is None else PutNode(node)
    if isinstance(change, (PutTriple, DropTriple)):
        said = migrate_triples(plan, (change.triple,))
        return evolve(change, triple=said[0]) if said else None
    return change


def migrate_memory(memory: Memory, into: Memory) -> Memory:
    """A memory's whole history made again, commit by commit, in an empty one under newer schemas; where the
    history was cut, what there was at its oldest revision is the first commit. A commit of which nothing is
    left is left out. The old memory stays as it is.

    Raises SchemasError where there is no plan or a value cannot be converted, ValueError where `into` is not
    empty.
    """
    if into.revision:
        raise ValueError(f"a memory is migrated into an empty one, not into one of revision {into.revision}")
    plan = plan_migration(memory.schema, into.schema)
    first = memory.at(revision=memory.oldest)
    into = _made_again(into, plan, tuple(PutNode(node) for node in first.nodes()), first.now_ns)
    for commit in memory.commits():
        into = _made_again(into, plan, commit.changes, commit.now_ns)
    return into


def _made_again(into: Memory, plan: MigrationPlan, changes: tuple[Change, ...], now_ns: int | None) -> Memory:
    migrated = (migrate_change(plan, change) for change in changes)
    return into.commit([change for change in migrated if change is not None], now_ns)
