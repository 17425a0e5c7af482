"""Nodes of an older version of a schema become nodes of the newer, or it is said why they cannot."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_memory import FieldType, Memory, Migration, NodeType, Predicate, Schema, SchemasError
from droidlet_memory.composing import compose
from droidlet_memory.migrating import (
    MigrationPlan,
    migrate_change,
    migrate_memory,
    migrate_node,
    plan_migration,
)
from droidlet_memory.schemas import Composition
from droidlet_memory.shipped import BASE, MINECRAFT, ROBOT
from droidlet_memory.steps import (
    AddField,
    ConvertField,
    DropField,
    DropPredicate,
    ForgetType,
    RenameField,
    RenamePredicate,
    RenameType,
)
from droidlet_schema import (
    Attend,
    DropTriple,
    Forget,
    FrozenMap,
    MemoryNode,
    PutNode,
    PutTriple,
    Triple,
    decode,
    encode,
    evolve,
)

FIRST = Schema(
    "kitchen",
    ("base",),
    (
        NodeType(
            "Vessel",
            "ReferenceObject",
            fields=(
                FieldType("volume", "float | None"),
                FieldType("made_of", "str", said_as="has_shape"),
                FieldType("state", "Literal['clean', 'dirty']"),
                FieldType("sold", "bool"),
            ),
        ),
        NodeType("Mug", "Vessel", fields=(FieldType("handles", "int"),)),
        NodeType("Straw", "ReferenceObject"),
    ),
    ("cleaned_by", "bought_at"),
)
STEPS_2 = (
    RenameType("Vessel", "Container"),
    RenameField("Container", "volume", "volume_l"),
    ConvertField("Container", "volume_l", "float", 0.001),
    RenameField("Container", "made_of", "material"),
    DropField("Container", "sold"),
    ForgetType("Straw"),
    RenamePredicate("cleaned_by", "washed_by"),
    DropPredicate("bought_at"),
)
STEPS_3 = (AddField("Container", "owner", "nobody"), ConvertField("Mug", "handles", "str"))
THIRD = Schema(
    "kitchen",
    ("base",),
    (
        NodeType(
            "Container",
            "ReferenceObject",
            fields=(
                FieldType("volume_l", "float | None"),
                FieldType("material", "str", said_as="has_description"),
                FieldType("state", "Literal['clean', 'dirty', 'gone'] | None"),
                FieldType("owner", "str", required=True),
            ),
        ),
        NodeType("Mug", "Container", fields=(FieldType("handles", "str"),)),
        NodeType("Plate", "Container"),
    ),
    ("washed_by",),
    version=3,
    migrations=(Migration(1, STEPS_2), Migration(2, STEPS_3)),
)


def composed(*schemas: Schema) -> Composition:
    """Schemas on top of level 0."""
    return compose((BASE, *schemas))


OLD, NEW = composed(FIRST), composed(THIRD)

objects = st.sampled_from(("a", "steel", "bob"))
said = st.builds(Triple, st.sampled_from(("has_name", "has_shape", "cleaned_by", "bought_at")), objects)
by_no_field = st.builds(Triple, st.sampled_from(("has_name", "cleaned_by", "bought_at")), objects)
properties = st.fixed_dictionaries(
    {},
    optional={
        "volume": st.none() | st.integers(0, 9) | st.floats(0, 9),
        "made_of": st.sampled_from(("steel", "clay", "")),
        "state": st.sampled_from(("clean", "dirty")),
        "sold": st.booleans(),
    },
)


@st.composite
def nodes(draw: st.DrawFn, said: st.SearchStrategy[Triple] = said) -> MemoryNode:
    """Nodes as a memory under the old schemas holds them."""
    node_type = draw(st.sampled_from(("Vessel", "Mug", "Straw", "Chat")))
    has: dict[str, Any] = draw(properties) if node_type in ("Vessel", "Mug") else {}
    if node_type == "Mug":
        has |= draw(st.fixed_dictionaries({}, optional={"handles": st.integers(0, 3)}))
    put = MemoryNode("a/1", node_type, 1, 2, 3, properties=FrozenMap(has), triples=draw(st.lists(said)))
    memory = Memory.empty(("base", FIRST)).commit([PutNode(put)])
    held = memory.node("a/1")
    assert held is not None
    return held


def migrated(node: MemoryNode) -> dict[str, Any] | None:
    """What should become of a node's type, properties and triples, in the plainest words."""
    if node.node_type == "Straw":
        return None
    has = dict(node.properties)
    texts = {(t.predicate, t.object) for t in node.triples}
    texts = {("washed_by" if p == "cleaned_by" else p, o) for p, o in texts if p != "bought_at"}
    if node.node_type in ("Vessel", "Mug"):
        has.pop("sold", None)
        if "volume" in has:
            volume = has.pop("volume")
            has["volume_l"] = None if volume is None else volume * 0.001
        if "made_of" in has:
            has["material"] = has.pop("made_of")
            texts.discard(("has_shape", has["material"]))
            texts |= {("has_description", has["material"])} if has["material"] else set()
        has["owner"] = "nobody"
        if "handles" in has:
            has["handles"] = str(has["handles"])
    becomes = "Container" if node.node_type == "Vessel" else node.node_type
    return {"type": becomes, "has": FrozenMap(has), "said": sorted(texts)}


@given(nodes())
def test_a_node_goes_through_every_step_and_fits_the_new_schemas(node):
    plan = plan_migration(OLD, NEW)
    before = encode(node)
    after = migrate_node(plan, node)
    assert encode(node) == before and decode(encode(plan), MigrationPlan) == plan
    expected = migrated(node)
    change = migrate_change(plan, PutNode(node))
    if expected is None:
        assert after is None and change == Forget("a/1")
        return
    assert after is not None and change == PutNode(after)
    assert (after.node_type, after.properties) == (expected["type"], expected["has"])
    assert [(t.predicate, t.object) for t in after.triples] == expected["said"]
    assert (after.created_ns, after.updated_ns, after.attended_ns) == (1, 2, 3)
    assert Memory.empty(("base", THIRD)).commit([PutNode(after)]).node("a/1") == after


def test_changes_are_migrated_too():
    plan = plan_migration(OLD, NEW)
    assert plan.told == ("kitchen: version 1 becomes 3",) and not plan.nothing
    washed, bought = Triple("cleaned_by", "bob"), Triple("bought_at", "shop")
    assert migrate_change(plan, PutTriple("a", washed)) == PutTriple("a", Triple("washed_by", "bob"))
    assert migrate_change(plan, DropTriple("a", bought)) is None
    assert migrate_change(plan, Forget("a")) == Forget("a")
    assert migrate_change(plan, Attend("a", 3)) == Attend("a", 3)


@pytest.mark.parametrize("schemas", [(BASE,), (BASE, ROBOT, MINECRAFT), (BASE, FIRST), (BASE, THIRD)])
def test_the_same_schemas_and_more_of_them_need_no_steps(schemas):
    same = compose(schemas)
    assert plan_migration(same, same) == MigrationPlan()
    added = Schema("more", ("base",), (NodeType("More", "ReferenceObject"),), ("mores",))
    assert plan_migration(same, compose((*schemas, added))).nothing


def test_what_is_only_added_needs_no_step_and_no_version():
    wider = Schema(
        "kitchen",
        ("base",),
        (
            NodeType(
                "Vessel",
                "ReferenceObject",
                fields=(
                    FieldType("volume", "float | None | str"),
                    FieldType("made_of", "str | tuple[str, ...]", said_as="has_shape"),
                    FieldType("state", "str"),
                    FieldType("sold", "bool"),
                    FieldType("lid", "bool"),
                ),
            ),
            NodeType("Mug", "Vessel", fields=(FieldType("handles", "float"),)),
            NodeType("Straw", "ReferenceObject"),
        ),
        ("cleaned_by", "bought_at", "broken_by"),
    )
    assert plan_migration(OLD, composed(wider)).nothing


def without(*steps: Any) -> Schema:
    """The newest schema with these steps left out."""
    kept = tuple(step for step in (*STEPS_2, *STEPS_3) if step not in steps)
    assert len(kept) == len(STEPS_2) + len(STEPS_3) - len(steps)
    types = THIRD.node_types
    return Schema("kitchen", ("base",), types, THIRD.predicates, 3, (Migration(1, kept),))


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (STEPS_2[0], ("'kitchen'", "version 1", "and 3", "'Vessel' is gone", "RenameType")),
        (STEPS_2[3], ("field 'made_of' of 'Container' is gone", "RenameField or DropField")),
        (STEPS_2[4], ("field 'sold' of 'Container' is gone",)),
        (STEPS_2[5], ("'Straw' is gone", "ForgetType")),
        (STEPS_2[6], ("'cleaned_by' is gone", "RenamePredicate")),
        (STEPS_2[7], ("'bought_at' is gone", "DropPredicate")),
        (STEPS_3[0], ("field 'owner' of 'Container' must be there now", "AddField")),
        (STEPS_3[1], ("'handles' of 'Mug' was int and is str", "ConvertField")),
    ],
)
def test_a_step_left_out_is_missed_by_name(step, words):
    with pytest.raises(SchemasError) as refused:
        plan_migration(OLD, composed(without(step)))
    assert all(word in str(refused.value) for word in words), str(refused.value)


def one(fields: tuple[FieldType, ...] = (), **more: Any) -> Schema:
    """A schema of one type."""
    return Schema("mine", ("base",), (NodeType("T", "Memory", fields=fields),), **more)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ((FIRST,), (), ("under schema 'kitchen'", "not among base")),
        ((THIRD,), (FIRST,), ("version 3 of schema 'kitchen'", "version 1")),
        ((one((FieldType("f", "str"),)),), (one(),), ("'mine'", "version 1 as this memory was made", "'f'")),
        (
            (one(),),
            (
                one(
                    (FieldType("f", "int"),),
                    version=2,
                    migrations=(Migration(1, (AddField("T", "f", "three"),)),),
                ),
            ),
            ("'mine'", "'f'", "'three'", "expected int"),
        ),
        (
            (Schema("mine", ("base",), predicates=("eats",)),),
            (Schema("mine", ("base",), predicates=(Predicate("eats", "Player"),)),),
            ("'eats'", "a Memory", "a Player"),
        ),
        (
            (one((FieldType("f", "str"),)),),
            (
                Schema(
                    "mine",
                    ("base",),
                    (NodeType("T", "Memory", fields=(FieldType("f", "str"),), one_per="f"),),
                ),
            ),
            ("'T' is now one per 'f'",),
        ),
    ],
)
def test_why_it_cannot_be_is_said(old, new, words):
    with pytest.raises(SchemasError) as refused:
        plan_migration(composed(*old), composed(*new))
    assert all(word in str(refused.value) for word in words), str(refused.value)


@pytest.mark.parametrize(
    ("value", "to", "times", "becomes"),
    [
        ("12", "int", 1.0, 12),
        (2**63 + 1, "int", 1.0, 2**63 + 1),
        (1.5, "int", 2.0, 3),
        ("0.5", "float", 1.0, 0.5),
        (7, "str", 1.0, "7"),
        (None, "int", 1.0, None),
        ("twelve", "int", 1.0, None),
        (1.5, "int", 1.0, None),
        (float("inf"), "int", 1.0, None),
        (10**30 * 1.0, "int", 1.0, None),
        (True, "int", 1.0, None),
        (("a",), "str", 1.0, None),
    ],
)
def test_values_are_converted_or_the_node_is_named(value, to, times, becomes):
    held = "str | int | float | bool | None | tuple[str, ...]"
    migration = Migration(1, (ConvertField("T", "f", to, times),))
    old = composed(one((FieldType("f", held),)))
    new = composed(one((FieldType("f", f"{to} | None"),), version=2, migrations=(migration,)))
    node = MemoryNode("t/1", "T", 0, 0, properties=FrozenMap({"f": value}))
    plan = plan_migration(old, new)
    if becomes is None and value is not None:
        with pytest.raises(SchemasError, match=f"t/1: T.f cannot become {to}"):
            migrate_node(plan, node)
        return
    after = migrate_node(plan, node)
    assert after is not None and after.properties == FrozenMap({"f": becomes})


@pytest.mark.parametrize("versions", [(1, 1), (0,), (2,)])
def test_there_is_one_migration_from_each_version(versions):
    late = one(version=2, migrations=tuple(Migration(v) for v in versions))
    with pytest.raises(SchemasError, match="'mine' has version 2 and migrations from"):
        composed(late)


@settings(max_examples=30)
@given(st.lists(st.lists(nodes(by_no_field), min_size=1, max_size=3), max_size=4), st.booleans())
def test_a_whole_history_is_made_again(steps, cut):
    # what a field could say is said by no hand: of a node alone nobody can tell which of them did
    old = Memory.empty(("base", FIRST))
    for now_ns, put in enumerate(steps):
        named = [evolve(node, id=f"{node.node_type}/{i}") for i, node in enumerate(put)]
        old = old.commit([PutNode(node) for node in named], now_ns)
    if cut and old.revision:
        old, _ = old.truncate_before(old.revision - 1)
    before = (old.digest, old.nodes())
    plan = plan_migration(old.schema, NEW)
    expected = [after for node in old.nodes() if (after := migrate_node(plan, node)) is not None]
    with Memory.open(("base", THIRD)) as store:
        for empty in (Memory.empty(("base", THIRD)), store):
            new = migrate_memory(old, empty)
            assert sorted(new.nodes(), key=lambda n: n.id) == sorted(expected, key=lambda n: n.id)
            assert new.now_ns == old.now_ns or not new.revision
            assert new.verify()
    assert (old.digest, old.nodes()) == before


def test_a_memory_is_migrated_into_an_empty_one():
    full = Memory.empty(("base", THIRD)).commit([PutNode(MemoryNode("a", "Chat", 0, 0))])
    with pytest.raises(ValueError, match="not into one of revision 1"):
        migrate_memory(Memory.empty(("base", FIRST)), full)
    with pytest.raises(SchemasError, match="'kitchen'"):
        migrate_memory(Memory.empty(("base", FIRST)), Memory.empty())
