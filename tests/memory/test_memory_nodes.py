"""Node classes: typed values that become nodes and come back, are checked when put, and speak by their fields."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Mapping, Optional

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from droidlet_memory import CommitRefused, FieldType, Memory, NodeType, Predicate, Schema, SchemasError
from droidlet_memory import nodes as shipped
from droidlet_memory.nodes import ReferenceObject, attention, get, memory_node, typed, without_voxels
from droidlet_memory.shipped import BASE, MINECRAFT, ROBOT
from droidlet_schema import (
    ArrayValue,
    Filters,
    Forget,
    FrozenMap,
    MemoryNode,
    Move,
    Pose2,
    PutNode,
    PutTriple,
    Query,
    RecordError,
    Triple,
    array,
    decode,
    encode,
    record,
)
from droidlet_schema.strategies import of

ALL = ("base", "robot", "minecraft")
CLASSES = [getattr(shipped, name) for name in shipped.__all__ if isinstance(getattr(shipped, name), type)]
word = st.sampled_from(("red", "chair", "a b", "Ω"))


# the ten lines of a stranger
@record
class Cup(ReferenceObject):
    volume_l: float = 0.0


KITCHEN = Schema.of("kitchen", needs=("robot",), nodes=(Cup,), predicates=("washed_by",))


def asked(memory: Memory, where: Any, memory_type: str = "REFERENCE_OBJECT") -> list[str]:
    """The ids that a question finds."""
    return [
        n.id for n in memory.query(Query(1, Filters(where, memory_type=memory_type), 0, Pose2(0, 0, 0))).nodes
    ]


def test_a_strangers_schema_of_ten_lines():
    memory = Memory.empty(("base", "robot", KITCHEN))
    cup = Cup("cup/1", volume_l=0.25, position_m=(1, 2, 3), triples=(Triple("has_colour", "blue"),))
    memory = memory.commit([PutNode(memory_node(cup)), PutTriple("cup/1", Triple("washed_by", "bob"))])
    back = get(memory, "cup/1", Cup)
    assert back is not None and (back.volume_l, back.position_m) == (0.25, (1.0, 2.0, 3.0))
    assert asked(memory, Triple("washed_by", "Bob")) == asked(memory, Triple("has_tag", "_physical_object"))
    as_thing = get(memory, "cup/1", ReferenceObject)
    assert type(as_thing) is ReferenceObject and as_thing.position_m == (1.0, 2.0, 3.0)
    assert get(memory, "cup/1", shipped.Player) is None and get(memory, "cup/2", Cup) is None
    assert [n.id for n in memory.nodes("ReferenceObject")] == ["cup/1"] and memory.nodes("Player") == ()
    for properties, words in (
        ({"volume_l": "full"}, ("changes[0].node.properties['volume_l']", "cup/1", "float", "'full'")),
        ({"volume": 0.2}, ("properties['volume']", "cup/1", "no such field", "volume_l", "0.2")),
    ):
        bad = MemoryNode("cup/1", "Cup", 0, 0, properties=FrozenMap(properties))
        with pytest.raises(CommitRefused) as refused:
            memory.commit([PutNode(bad)])
        assert all(w in str(refused.value) for w in words), str(refused.value)


def valid(kind: type) -> st.SearchStrategy[Any]:
    """Values of a node class that a memory takes."""
    ids = st.sampled_from(("a/1", "b/2"))
    fixed: dict[str, Any] = {"id": ids, "triples": st.just(())}
    if issubclass(kind, shipped.Attention):
        fixed |= {"id": st.just("attention/bob"), "attender": st.just("bob")}
    for name in ("created_ns", "updated_ns", "attended_ns"):
        fixed[name] = st.integers(-5, 5)
    return of(kind, fields=fixed, moderate=True, max_axis=3)


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_class_becomes_a_node_and_comes_back(kind):
    empty = Memory.empty(ALL)

    @settings(max_examples=10, suppress_health_check=list(HealthCheck))
    @given(valid(kind))
    def law(value):
        node = memory_node(value)
        assert len(encode(node)) == 1 and decode(encode(node), MemoryNode) == node
        assert typed(node, kind) == value
        memory = empty.commit([PutNode(node)])
        kept = get(memory, node.id, kind)
        said = memory.schema.said(node)
        assert kept.triples == tuple(sorted(set(said), key=lambda t: (t.predicate, t.object)))
        assert typed(memory_node(kept), kind) == kept
        assert memory.commit([PutNode(memory_node(kept))]).node(node.id) == memory.node(node.id)

    law()


def test_every_class_is_of_a_shipped_schema():
    types = {node_type.name for schema in (BASE, ROBOT, MINECRAFT) for node_type in schema.node_types}
    assert {"Memory" if kind is shipped.Node else kind.__name__ for kind in CLASSES} == types
    schema = Memory.empty(ALL).schema
    for kind in CLASSES:
        facts = schema.types["Memory" if kind is shipped.Node else kind.__name__]
        assert len(facts.lineage) == len([c for c in kind.__mro__ if issubclass(c, shipped.Node)])
        assert facts.schema in ALL
    assert schema.types["Self"].asked_as == "AGENT" and schema.types["Mob"].asked_as == "REFERENCE_OBJECT"
    assert {"_player", "AGENT", "SELF", "_not_location"} <= set(schema.types["Self"].tags)
    assert {"_VOXEL_OBJECT", "_block_object", "_destructible"} <= set(schema.types["BlockObject"].tags)


def test_what_fields_say_is_said_until_they_say_otherwise():
    memory = Memory.empty(ALL)
    sheep = shipped.Mob("mob/1", mob_type="sheep")
    stack = shipped.ItemStack("item/1", item_type="stone")
    seen = shipped.DetectedObject("seen/1", label="cup", colour="red", traits=("round", "open"))
    memory = memory.commit([PutNode(memory_node(value)) for value in (sheep, stack, seen)])
    assert asked(memory, Triple("has_tag", "sheep")) == ["mob/1"]
    assert asked(memory, Triple("has_tag", "_on_ground")) == ["item/1"]
    assert asked(memory, Triple("has_name", "cups")) == asked(memory, Triple("has_property", "open"))
    taken = shipped.ItemStack("item/1", item_type="stone", kept="_in_inventory")
    painted = shipped.DetectedObject("seen/1", label="cup", colour="blue", traits=("open",))
    memory = memory.commit([PutTriple("seen/1", Triple("has_tag", "mine"))])
    memory = memory.commit([PutNode(memory_node(value)) for value in (taken, painted)])
    assert asked(memory, Triple("has_tag", "_on_ground")) == []
    assert asked(memory, Triple("has_tag", "_in_inventory")) == ["item/1"]
    found = memory.node("seen/1")
    assert found is not None and [(t.predicate, t.object) for t in found.triples] == [
        ("has_colour", "blue"),
        ("has_name", "cup"),
        ("has_property", "open"),
        ("has_tag", "mine"),
    ]


def test_there_is_one_attention_for_each_attender():
    memory = Memory.empty()
    for now_ns in range(50):
        for who in ("bob", "ann"):
            looks = attention(f"player/{who}", now_ns, (now_ns, 0, 0), "object/1")
            memory = memory.commit([PutNode(memory_node(looks))])
    assert [n.id for n in memory.nodes("Attention")] == ["attention/player/ann", "attention/player/bob"]
    assert get(memory, "attention/player/bob", shipped.Attention).position_m == (49.0, 0.0, 0.0)
    second = shipped.Attention("attention/2", attender="player/bob")
    with pytest.raises(CommitRefused, match="its id is 'attention/player/bob'"):
        memory.commit([PutNode(memory_node(second))])


def test_voxels_go_one_by_one_and_the_last_takes_the_thing_with_it():
    cells = [(x, 0, 0) for x in range(3)]
    wall = shipped.BlockObject("wall/1", voxels=np.array(cells, np.int32), blocks=np.ones((3, 2), np.int32))
    memory = Memory.empty(ALL).commit([PutNode(memory_node(wall))])
    for cell in cells:
        thing = get(memory, "wall/1", shipped.BlockObject)
        change = without_voxels(thing, [cell])
        memory = memory.commit([change])
    assert change == Forget("wall/1") and memory.nodes() == ()
    left = typed(without_voxels(wall, cells[:2]).node, shipped.BlockObject)
    assert left.voxels.tolist() == [[2, 0, 0]] and left.blocks.shape == (1, 2)
    assert without_voxels(shipped.VoxelObject("v"), cells) == PutNode(memory_node(shipped.VoxelObject("v")))


def test_a_predicate_is_said_of_what_it_is_about():
    memory = Memory.empty().commit([PutNode(MemoryNode("a", "Chat", 0, 0))])
    for change in (
        PutTriple("a", Triple("has_parent_task", "task/1")),
        PutNode(MemoryNode("a", "Chat", 0, 0, triples=(Triple("has_parent_task", "task/1"),))),
    ):
        with pytest.raises(CommitRefused, match="has_parent_task is said of a Task, and a is a Chat"):
            memory.commit([change])


@record
class Everything(shipped.Node):
    """A field of every form."""

    flag: bool = False
    number: int = 0
    choice: Literal["a", "b"] = "a"
    raw: Optional[bytes] = None
    pair: Optional[tuple[int, float]] = None
    nothing: tuple[()] = ()
    words: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    move: Optional[Move] = None
    votes: FrozenMap[str, float] = FrozenMap()
    image: Optional[NDArray[Any]] = array("h w 3", np.uint8, default=None)
    value: Optional[ArrayValue] = None
    needed: str


EVERYTHING = Schema.of("every", nodes=(Everything,))


@settings(max_examples=50)
@given(of(Everything, fields={"id": st.just("e"), "triples": st.just(())}, moderate=True))
def test_fields_of_every_form_travel(value):
    change = PutNode(memory_node(value))
    kept = Memory.empty(("base", EVERYTHING)).commit([change])
    with Memory.open(("base", EVERYTHING)) as memory:
        stored = memory.commit([change])
        assert get(stored, "e", Everything) == get(kept, "e", Everything) == value
        assert stored.digest == kept.digest


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("flag", 1, "bool"),
        ("number", True, "int"),
        ("number", 1.0, "int"),
        ("choice", "c", "Literal['a', 'b']"),
        ("raw", "text", "bytes | None"),
        ("pair", (1.5, 1.0), "tuple[int, float]"),
        ("pair", (1, 2.0, 3.0), "tuple[int, float]"),
        ("words", ("a", 1), "tuple[str, ...]"),
        ("nothing", (1,), "tuple[()]"),
        ("moves", b"x", "tuple[record"),
        (
            "move",
            memory_node(Everything("e", needed="", votes=FrozenMap({"a": 1}))).properties["votes"],
            "Move",
        ),
        ("votes", 3, "FrozenMap[str, float]"),
        ("image", ArrayValue.of(np.zeros((2, 2, 3), np.int8)), "array['|u1', 'h w 3']"),
        ("image", ArrayValue.of(np.zeros((2, 3), np.uint8)), "array['|u1', 'h w 3']"),
        ("needed", None, "str"),
    ],
)
def test_what_does_not_fit_a_field_is_refused_by_name(name, value, expected):
    good = memory_node(Everything("e", needed="x"))
    bad = MemoryNode("e", "Everything", 0, 0, properties=good.properties.set(name, value))
    with pytest.raises(CommitRefused) as refused:
        Memory.empty(("base", EVERYTHING)).commit([PutNode(good), PutNode(bad)])
    assert f"changes[1].node.properties['{name}']: e: expected" in str(refused.value)
    assert expected in str(refused.value)
    if name != "raw":  # nor does the class take it
        with pytest.raises(RecordError, match=f"Everything.{name}|{name}"):
            typed(bad, Everything)


def test_a_field_that_is_needed_is_missed():
    bare = MemoryNode("e", "Everything", 0, 0)
    with pytest.raises(CommitRefused, match="'needed'.*a Everything needs this field, str"):
        Memory.empty(("base", EVERYTHING)).commit([PutNode(bare)])
    with pytest.raises(TypeError, match="e is a Everything, not a Cup"):
        typed(bare, Cup)


class NoRecord(shipped.Node):
    """The decorator was forgotten."""


@record
class Wrong(ReferenceObject):
    """Says what it has not."""

    SAID_AS: ClassVar[Mapping[str, str]] = {"nmae": "has_name"}


@record
class Tight(ReferenceObject):
    """A field of every node, otherwise."""

    position_m: str = ""


@record
class Narrow(Cup):
    """An inherited field, otherwise."""

    volume_l: int = 0


def typed_as(text: str, **more: Any) -> Schema:
    """A schema with one field of a type."""
    return Schema("mine", ("base",), (NodeType("T", "Memory", fields=(FieldType("f", text, **more),)),))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Schema.of("s", nodes=(NoRecord,)), ("NoRecord", "@record")),
        (lambda: Schema.of("s", nodes=(Move,)), ("Move", "no node class")),
        (lambda: Schema.of("s", nodes=(Wrong,)), ("Wrong", "'nmae'")),
        (lambda: Schema.of("s", nodes=(Tight,)), ("'position_m'", "'Tight'", "'s'", "MemoryNode")),
        (
            lambda: Schema.of("s", nodes=(Cup, Narrow)),
            ("'volume_l'", "'Narrow'", "int", "'Cup'", "float"),
        ),
        (lambda: Schema.of("s", nodes=(Cup, Cup)), ("'Cup'", "twice", "'s'")),
        (lambda: typed_as("strr"), ("'strr'", "bool, int")),
        (lambda: typed_as("bytes | record['A/1']"), ("bytes", "record['A/1']")),
        (lambda: typed_as("dict[str, int]"), ("dict", "tuple")),
        (lambda: typed_as("array['O', 'h']"), ("'O'",)),
        (lambda: typed_as("tuple["), ("'tuple['",)),
        (lambda: typed_as("str", said_as="has_nmae"), ("'f'", "'T'", "'mine'", "'has_nmae'", "'has_name'")),
        (lambda: typed_as("int", said_as="has_name"), ("'f'", "no text", "int")),
        (lambda: Schema("mine", ("base",), (NodeType("T", "Memory", one_per="x"),)), ("'T'", "'x'")),
        (
            lambda: Schema("mine", ("base",), predicates=(Predicate("member_of", "Set"),)),
            ("'member_of'", "'base'", "'mine'", "about Memory, to Set", "about Set, to texts"),
        ),
        (
            lambda: Schema("mine", ("base",), predicates=(Predicate("eats", "Animal"),)),
            ("'eats'", "'mine'", "'Animal'"),
        ),
        (lambda: Schema.of("mine", version=1, migrations=()).of("base"), ("'base'", "2 times")),
    ],
)
def test_what_does_not_compose_names_both_sides(make, words):
    with pytest.raises(SchemasError) as refused:
        Memory.empty(("base", make()))
    assert all(w in str(refused.value) for w in words), str(refused.value)


def test_the_same_predicate_said_alike_twice_is_one():
    mine = Schema("mine", ("base",), predicates=("has_name", Predicate("member_of", to="Set")))
    assert "member_of" in Memory.empty(("base", mine)).schema.predicates


def test_a_composition_is_data():
    schema = Memory.empty((*ALL, KITCHEN, EVERYTHING)).schema
    assert decode(encode(schema)) == schema
    assert schema.types["Cup"].fields["volume_l"] == FieldType("volume_l", "float")
    assert schema.types["Everything"].required == ("needed",)
    assert schema.types["Cup"].lineage == ("Cup", "ReferenceObject", "Memory")
