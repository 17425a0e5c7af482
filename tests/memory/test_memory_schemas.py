"""Schemas compose in any order, and say both sides of what does not fit."""

from __future__ import annotations

import itertools

import pytest

from droidlet_memory import Memory, NodeType, Schema, SchemasError
from droidlet_memory.shipped import BASE, MINECRAFT, ROBOT
from droidlet_schema import Filters, MemoryNode, Pose2, PutNode, Query, Triple

ZOO = Schema(
    "zoo",
    needs=("base",),
    node_types=(
        NodeType("Animal", "ReferenceObject", tags=("animal",)),
        NodeType("Cat", "Animal", tags=("furry",)),
    ),
    predicates=("eats",),
)


def test_a_strangers_schema_composes_in_any_order():
    names = {Memory.empty(order).digest for order in itertools.permutations(("base", "robot", ZOO))}
    assert len(names) == 1
    cat = MemoryNode("cat/1", "Cat", 0, 0, triples=(Triple("eats", "fish"),))
    memory = Memory.empty(("robot", ZOO, "base")).commit([PutNode(cat)])
    for tag in ("animals", "furry", "fish", "_physical_object"):
        answer = memory.query(Query(1, Filters(Triple("has_tag", tag)), 0, Pose2(0, 0, 0)))
        assert answer.nodes == (cat,)


@pytest.mark.parametrize(
    ("schemas", "words"),
    [
        (("base", "robto"), ("'robto'", "'robot'")),
        (("robot",), ("'robot'", "'base'")),
        (("base", "base"), ("'base'", "2 times")),
        (("base", Schema("mine", node_types=(NodeType("Chat"),))), ("'Chat'", "'base'", "'mine'")),
        (
            (Schema("mine", node_types=(NodeType("Cat", "Animel"), NodeType("Animal"))),),
            ("'Cat'", "'Animel'", "'Animal'"),
        ),
        ((Schema("mine", node_types=(NodeType("A", "B"), NodeType("B", "A"))),), ("'A'", "'B'", "'mine'")),
        ("base", ("'base'", "('base',)")),
        ((3,), ("3",)),
    ],
)
def test_what_does_not_fit_names_both_sides(schemas, words):
    with pytest.raises(SchemasError) as refused:
        Memory.empty(schemas)
    assert all(word in str(refused.value) for word in words), str(refused.value)


def test_every_shipped_type_is_known_by_its_line():
    schema = Memory.empty(("base", "robot", "minecraft")).schema
    for node_type in (*BASE.node_types, *ROBOT.node_types, *MINECRAFT.node_types):
        facts = schema.types[node_type.name]
        assert facts.lineage[0] == node_type.name and facts.lineage[-1] == "Memory"
        assert set(node_type.tags) <= set(facts.tags)
    assert schema.is_a("Self", "ReferenceObject") and not schema.is_a("Chat", "ReferenceObject")
    assert not schema.is_a("Unknown", "Memory")


def test_no_schema_at_all_remembers_nothing():
    memory = Memory.empty(())
    with pytest.raises(ValueError, match="node_type"):
        memory.commit([PutNode(MemoryNode("a", "Memory", 0, 0))])
