"""What droidlet's own tests ask of a memory, and what went wrong in its own, in both bodies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_memory import (
    CommitRefused,
    Forgetting,
    Memory,
    PlaceField,
    filters_from_droidlet,
    forgetting_changes,
    parse_query,
    query_text,
)
from droidlet_memory.nodes import (
    BlockObject,
    ItemStack,
    NamedAbstraction,
    Player,
    ReferenceObject,
    get,
    memory_node,
    with_voxels,
)
from droidlet_schema import (
    And,
    Attend,
    Attribute,
    Change,
    Comparator,
    DropTriple,
    Filters,
    Forget,
    MemoryNode,
    Pose2,
    PutNode,
    PutTriple,
    Query,
    Triple,
    TriplePattern,
)

S = 1_000_000_000
SCHEMAS = ("base", "robot", "minecraft")


@pytest.fixture(params=[Memory.empty, Memory.open], ids=["working", "stored"])
def empty(request: pytest.FixtureRequest) -> Memory:
    made: Memory = request.param(SCHEMAS)
    return made


def ask(memory: Memory, question: str | Filters, now_s: float = 100, seed: int = 0, **more) -> list[str]:
    filters = parse_query(question) if isinstance(question, str) else question
    answer = memory.query(Query(1, filters, int(now_s * S), Pose2(0, 0, 0), seed=seed, **more))
    assert answer.count == len(answer.nodes)
    return [node.id for node in answer.nodes]


def player(name: str, at_s: float = 0, **more) -> PutNode:
    return PutNode(memory_node(Player(f"player/{name}", int(at_s * S), int(at_s * S), name=name, **more)))


def thing(number: int, x_m: float = 0, at_s: float = 0, *said: Triple, size_m=None) -> PutNode:
    node = ReferenceObject(
        f"object/{number}", int(at_s * S), int(at_s * S), 0, (x_m, 0, 0), size_m, triples=said
    )
    return PutNode(memory_node(node))


# -- what its tests ask


def test_triples_are_found_on_either_side_said_once_and_taken_back(empty):
    likes = Triple("has_description", "fond of cats", 0.8)
    memory = empty.commit([player("joe"), PutTriple("player/joe", likes), PutTriple("player/joe", likes)])
    assert memory.node("player/joe").triples.count(likes) == 1
    assert ask(memory, TriplePatterns("has_description", "fond of cats")) == ["player/joe"]
    assert ask(memory, TriplePatterns(None, "fond of cats")) == ["player/joe"]
    assert ask(memory, TriplePatterns("has_description", "fond of dogs")) == []
    surer = memory.fork().commit([PutTriple("player/joe", Triple("has_description", "fond of cats", 0.9))])
    assert [t.confidence for t in surer.node("player/joe").triples if t.predicate == "has_description"] == [
        0.9
    ]
    assert ask(surer.commit([DropTriple("player/joe", likes)]), TriplePatterns("has_description")) == []
    with_chat = memory.commit([PutNode(MemoryNode("chat/1", "Chat", 0, 0))])
    told = with_chat.commit([PutTriple("chat/1", Triple("chat_effect", "player/joe"))])
    effect = TriplePattern("chat_effect", "chat/1", "OBJECT")
    assert ask(told, Filters(effect, memory_type="ReferenceObject")) == ["player/joe"]


def TriplePatterns(predicate=None, other=None):
    return Filters(TriplePattern(predicate, other), memory_type="ALL")


def test_tags_come_and_go(empty):
    memory = empty.commit(
        [player("joe"), player("ann"), PutTriple("player/joe", Triple("has_tag", "friend"))]
    )
    assert ask(memory, "SELECT MEMORY FROM ALL WHERE has_tag = 'friend'") == ["player/joe"]
    assert ask(memory, "SELECT MEMORY FROM ALL WHERE has_tag = '_player'") == ["player/ann", "player/joe"]
    memory = memory.commit([DropTriple("player/joe", Triple("has_tag", "friend"))])
    assert ask(memory, "SELECT MEMORY FROM ALL WHERE has_tag = 'friend'") == []


def test_what_is_recent(empty):
    memory = empty.commit([thing(n, n, at_s=n) for n in range(1, 6)])
    lately = "SELECT MEMORY FROM REFERENCE_OBJECT WHERE UPDATED SINCE 2 seconds AGO"
    assert ask(memory, lately, now_s=5) == ["object/3", "object/4", "object/5"]
    memory = memory.commit([Attend("object/1", 5 * S)])
    seen = "SELECT MEMORY FROM REFERENCE_OBJECT WHERE ATTENDED SINCE 2 seconds AGO"
    assert ask(memory, seen, now_s=6) == ["object/1"] and ask(memory, seen, now_s=8) == []


def test_what_is_forgotten_is_gone_with_what_was_said_of_it_but_not_from_the_past(empty):
    memory = empty.commit(
        [player("joe"), PutTriple("player/joe", Triple("has_tag", "friend")), player("ann")]
    )
    after = memory.commit([Forget("player/joe")])
    assert after.node("player/joe") is None and ask(after, TriplePatterns(None, "friend")) == []
    assert ask(after, "SELECT MEMORY FROM ALL") == ["player/ann"]
    assert ask(memory, TriplePatterns(None, "friend")) == ["player/joe"]
    again = after.commit([player("joe")])
    assert ask(again, TriplePatterns(None, "friend")) == []
    assert [v.node is None for v in again.history("player/joe")] == [False, True, False]


def test_every_write_tells_what_it_wrote(empty):
    """Droidlet has triggers for it; here the commits and the history say it."""
    commits: list[list[Change]] = [[thing(1)], [thing(1, 2.0), thing(2)], [Forget("object/2")]]
    memory = empty
    for now_ns, changes in enumerate(commits):
        memory = memory.commit(changes, now_ns)
    assert [list(one.changes) for one in memory.commits()] == commits
    changed = Memory.diff(memory.at(revision=1), memory)
    assert [a.id for a, _ in changed.changed] == ["object/1"] and not changed.added + changed.removed


def test_and_or_not(empty):
    def said(*words):
        return (Triple("has_tag", word) for word in words)

    memory = empty.commit(
        [thing(1, 0, 0, *said("a")), thing(2, 0, 0, *said("b")), thing(3, 0, 0, *said("a", "b"))]
    )
    for where, expected in (
        ("has_tag = 'a' AND has_tag = 'b'", [3]),
        ("has_tag = 'a' OR has_tag = 'b'", [1, 2, 3]),
        ("NOT has_tag = 'a'", [2]),
        ("NOT (has_tag = 'a' AND has_tag = 'b')", [1, 2]),
        ("has_tag = 'a' AND NOT has_tag = 'b' OR has_tag = 'b' AND NOT has_tag = 'a'", [1, 2]),
        ("NOT (has_tag = 'a' OR has_tag = 'b')", []),
        ("NOT NOT has_tag = 'b'", [2, 3]),
    ):
        found = ask(memory, f"SELECT MEMORY FROM REFERENCE_OBJECT WHERE {where}")
        assert found == [f"object/{n}" for n in expected], where


def test_a_dict_is_the_same_question_as_its_text(empty):
    memory = empty.commit([thing(n, n, n, Triple("has_name", "cube"), size_m=(1, 1, n)) for n in range(1, 5)])
    cube = {"pred_text": "has_name", "obj_text": "cube"}
    tall = {"input_left": {"attribute": "HEIGHT"}, "comparison_type": "GREATER_THAN", "input_right": "2"}
    newest = {"argval": {"polarity": "MAX", "quantity": {"attribute": "BORN_TIME"}}}
    for form, text, expected in (
        ({"where_clause": {"AND": [cube, tall]}}, "WHERE has_name = 'cube' AND height > 2", [3, 4]),
        (
            {"where_clause": {"OR": [{"NOT": [cube]}, tall]}},
            "WHERE NOT has_name = 'cube' OR height > 2",
            [3, 4],
        ),
        (
            {"where_clause": cube, "selector": {"return_quantity": newest}},
            "WHERE has_name = 'cube' ARGMAX born_time",
            [4],
        ),
    ):
        filters = filters_from_droidlet(form)
        assert query_text(filters) == f"SELECT MEMORY FROM REFERENCE_OBJECT {text}"
        assert ask(memory, filters) == ask(memory, query_text(filters)) == [f"object/{n}" for n in expected]


def test_places_are_added_moved_and_deleted():
    field = PlaceField(0.5).put_node("object/1", [(3, 4, 0), (3, 5, 0)], obstacle=True)
    moved = field.move_node("object/1", [(-2, 0, 1)])
    assert (moved.nodes_at((-2, 0, 1)), moved.nodes_at((3, 4, 0))) == (("object/1",), ())
    assert moved.obstacles(1) == ((-2, 0, 1),) and moved.obstacles(0) == ()
    assert moved.remove_node("object/1") == PlaceField(0.5)
    assert field.cells_of("object/1") == ((3, 4, 0), (3, 5, 0))


def test_a_stack_of_items_is_picked_up(empty):
    def stack(**more):
        return PutNode(memory_node(ItemStack("item/1", item_type="stone", **more)))

    memory = empty.commit([stack(count=2)])
    assert ask(memory, "SELECT MEMORY FROM ItemStack WHERE has_tag = '_on_ground'") == ["item/1"]
    memory = memory.commit([stack(count=3, kept="_in_inventory")])
    assert ask(memory, "SELECT MEMORY FROM ItemStack WHERE has_tag = '_on_ground'") == []
    assert ask(memory, "SELECT MEMORY FROM ItemStack WHERE has_tag = '_in_inventory' AND \"count\" = 3") == [
        "item/1"
    ]


def test_a_block_that_joins_two_things_makes_them_one_with_the_tags_of_both(empty):
    def wall(number, cells, tag):
        return BlockObject(
            f"wall/{number}",
            voxels=np.array(cells, np.int32),
            blocks=np.array([(1, number)] * len(cells), np.int32),
            triples=(Triple("has_tag", tag),),
        )

    one, two = wall(1, [(0, 0, 0), (1, 0, 0)], "mine"), wall(2, [(3, 0, 0)], "fluffy")
    memory = empty.commit([PutNode(memory_node(one)), PutNode(memory_node(two))])
    memory = memory.commit(with_voxels((one, two), [(2, 0, 0), (3, 0, 0)], [(5, 0), (6, 0)]))
    (whole,) = memory.nodes()
    assert {t.object for t in whole.triples} == {"mine", "fluffy"}
    cells = get(memory, "wall/1", BlockObject)
    where = {tuple(cell): tuple(block) for cell, block in zip(cells.voxels.tolist(), cells.blocks.tolist())}
    assert where == {(0, 0, 0): (1, 1), (1, 0, 0): (1, 1), (2, 0, 0): (5, 0), (3, 0, 0): (6, 0)}
    (change,) = with_voxels((BlockObject("wall/3"),), [(9, 9, 9)], [(1, 0)])
    assert get(memory.commit([change]), "wall/3", BlockObject).voxels.tolist() == [[9, 9, 9]]
    unknown = BlockObject("wall/4", voxels=np.zeros((1, 3), np.int32))
    (change,) = with_voxels((unknown,), [(1, 0, 0)], [(1, 0)])
    assert get(empty.fork().commit([change]), "wall/4", BlockObject).blocks is None
    for wrong in (lambda: with_voxels((), [], []), lambda: with_voxels((one,), [(1, 1, 1)], [])):
        with pytest.raises(ValueError, match="each with its block"):
            wrong()


# -- what went wrong in its own


def test_asking_again_and_again_costs_the_same(empty):
    """Its list of node types grew with each question."""
    memory = empty.commit([thing(n) for n in range(5)])
    everything = Filters(memory_type="ALL")
    question = Query(1, everything, 0, Pose2(0, 0, 0))
    first, plan = memory.query(question), memory.explain(question)
    for _ in range(120):
        assert memory.query(question) == first
        ask(memory, "SELECT MEMORY FROM REFERENCE_OBJECT WHERE NOT has_name = 'x'")
    assert (
        memory.explain(question) == plan
        and memory.digest == empty.commit([thing(n) for n in range(5)]).digest
    )


def test_a_commit_gives_a_memory_each_time(empty):
    """Making a triple gave a text the first time and a tuple the second."""
    memory = empty.commit([player("joe")])
    for _ in range(2):
        memory = memory.commit([PutTriple("player/joe", Triple("has_tag", "friend"))])
        assert type(memory) is Memory
    assert memory.node("player/joe").triples.count(Triple("has_tag", "friend")) == 1


def test_a_missing_id_is_nothing(empty):
    assert empty.node("no/1") is None and empty.history("no/1") == ()
    assert get(empty, "no/1", Player) is None
    assert empty.commit([Forget("no/1"), Attend("no/1", 3)]).nodes() == ()
    nowhere = Filters(Comparator(Attribute("ID"), "EQUAL", "no/1"), memory_type="ALL")
    assert ask(empty.fork().commit([player("joe")]), nowhere) == []


def test_zero_is_a_number_and_every_pair_is_compared(empty):
    memory = empty.commit(
        [thing(1, 0.0), thing(2, 1.0), PutTriple("object/1", Triple("has_description", "a"))]
    )
    memory = memory.commit([PutTriple("object/1", Triple("has_description", "b"))])
    assert ask(memory, "SELECT MEMORY FROM REFERENCE_OBJECT WHERE x = 0") == ["object/1"]
    assert ask(memory, "SELECT MEMORY FROM REFERENCE_OBJECT WHERE x > 0") == ["object/2"]
    for quantifier, expected in (("ANY", ["object/1"]), ("ALL", [])):
        found = f"SELECT MEMORY FROM REFERENCE_OBJECT WHERE has_description = 'b' {quantifier}"
        assert (
            ask(
                memory,
                Filters(Comparator(said_of("has_description"), "EQUAL", "b", set_comparison=quantifier)),
            )
            == expected
        ), found


def said_of(predicate):
    from droidlet_schema import Property

    return Property(predicate)


@pytest.mark.parametrize(
    ("said", "metres"), [("10", 10), ("ten", 10), ("12", 12), ("twenty one", 21), ("1", 1)]
)
def test_a_number_in_words_is_read_whole(empty, said, metres):
    """It read the first letter: ten and 10 were 1."""
    memory = empty.commit([thing(n, size_m=(1, 1, n)) for n in (1, 2, 10, 12, 21)])
    filters = filters_from_droidlet({"where_clause": {"pred_text": "has_height", "obj_text": said}})
    assert ask(memory, filters) == [f"object/{metres}"]


def test_how_far_from_the_line_of_sight_and_offsets_to_either_side(empty):
    memory = empty.commit([thing(1, 5.0), thing(2, -5.0)])
    speaker, look = Pose2(0, 0, 0), (3.0, 0.0, 0.0)
    nearest = "SELECT MEMORY FROM REFERENCE_OBJECT ARGMIN look_distance"
    assert ask(memory, nearest, speaker=speaker, look_m=look) == ["object/1"]
    ahead = "SELECT MEMORY FROM REFERENCE_OBJECT WHERE EXTENT(FRONT FROM AGENT) > 0"
    assert ask(memory, ahead) == ["object/1"]


def test_looking_a_second_time_is_looking():
    field = PlaceField(1.0).looked((0, 0, 0)).looked((0, 0, 0)).looked((1, 0, 0))
    assert field.looks_near((0, 0, 0), 1.5) == 3 and field.examined((0, 0, 0), 1.5, 2)
    assert field.remove_node("nobody") == field


def test_attention_makes_no_nodes_and_what_it_adds_is_cut_off(empty):
    """Each attention made another archived copy, for ever."""
    memory = empty.commit([thing(1)])
    for number in range(300):
        memory = memory.commit([Attend("object/1", number * S)])
    assert [n.id for n in memory.nodes()] == ["object/1"] and memory.counts() == {"ReferenceObject": 1}
    assert memory.node("object/1").attended_ns == 299 * S
    cut, told = memory.truncate_before(memory.revision)
    assert told.commits == 301 and cut.history("object/1")[0].node == memory.node("object/1")


def test_a_name_is_found_through_an_index():
    memory = Memory.open().commit(
        [PutNode(memory_node(NamedAbstraction(f"name/{n}", name=f"name {n}"))) for n in range(50)]
    )
    filters = Filters(Triple("has_name", "name 7"), memory_type="NamedAbstraction")
    question = Query(1, filters, 0, Pose2(0, 0, 0))
    assert [n.id for n in memory.query(question).nodes] == ["name/7"]
    assert memory.explain(question).whole_tables == () == memory.explain(question).judged


def test_forgetting_for_good_leaves_nothing(tmp_path):
    """Its hard= did nothing: here what is forgotten leaves the file when the past is cut."""
    secret = "the moth flies at midnight"
    with Memory.open(path=tmp_path / "m") as memory:
        memory = memory.commit([player("joe", triples=(Triple("has_description", secret),)), player("ann")])
        changes, _ = forgetting_changes(memory, Forgetting(("Player",), capacity=1), 10 * S)
        gone = next(change.node_id for change in changes)
        memory = memory.commit([*changes, Forget("player/ann"), Forget("player/joe")])
        assert gone and memory.nodes() == ()
        memory.truncate_before(memory.revision)
        assert memory.verify()
    assert all(secret.encode() not in path.read_bytes() for path in tmp_path.iterdir())


def test_what_cannot_be_committed_is_refused_with_its_place(empty):
    """It swallowed errors, or took them for another."""
    with pytest.raises(CommitRefused, match=r"changes\[1\].triple.predicate"):
        empty.commit([player("joe"), PutTriple("player/joe", Triple("likes", "cats"))])
    assert empty.nodes() == ()


@pytest.mark.parametrize(
    "name",
    [
        "x' OR 1=1 --",
        'x" OR "1"="1',
        "a AND (b OR c)",
        "name={speaker}",
        "NEAR(a, b)",
        "a*",
        "^a",
        "-a",
        "%_?:v0",
    ],
)
def test_the_text_of_a_speaker_is_a_text(empty, name):
    memory = empty.commit([player("joe"), PutNode(memory_node(Player("player/x", name=name)))])
    for where in (
        Triple("has_name", name),
        And((Triple("has_name", name),)),
        TriplePattern("has_name", name),
    ):
        filters = Filters(where)
        assert ask(memory, filters) == ask(memory, query_text(filters)) == ["player/x"]


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12))
def test_any_name_is_just_a_name(name):
    for memory in (Memory.empty(), Memory.open()):
        memory = memory.commit([player("joe"), PutNode(memory_node(Player("player/x", name=name)))])
        found = ask(memory, Filters(TriplePattern("has_name", name)))
        assert "player/x" in found and found == ask(
            memory, query_text(Filters(TriplePattern("has_name", name)))
        )
