"""`Mentions`: words one after the other in what is said of nodes and in what their properties hold."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from droidlet_memory import Memory
from droidlet_memory.mentioning import plain
from droidlet_memory.nodes import Chat, memory_node
from droidlet_memory.store import words
from droidlet_memory.store.registry import STORES
from droidlet_schema import (
    And,
    DropTriple,
    Filters,
    Forget,
    MemoryNode,
    Mentions,
    Not,
    Or,
    Pose2,
    PutNode,
    PutTriple,
    Query,
    Triple,
)
from memory import naive

BODIES = {"working": Memory.empty, "stored": Memory.open}


def chat(number, text, *said):
    """Something said, and what is said of that."""
    triples = tuple(Triple("has_tag", one) for one in sorted(set(said)))
    return PutNode(memory_node(Chat(f"chat/{number}", number, number, triples=triples, text=text)))


def asking(where, memory_type="CHAT"):
    return Query(1, Filters(where, memory_type=memory_type), 0, Pose2(0.0, 0.0, 0.0))


def found(memory, where, memory_type="CHAT"):
    return [node.id for node in memory.query(asking(where, memory_type)).nodes]


def learnt(memory):
    """The same, all its texts in the index."""
    STORES.find(memory.body.store).words.learn(1)
    return memory


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("all_learnt", [True, False])
def test_words_are_found_whatever_their_case_accents_and_what_stands_between(body, all_learnt):
    memory = BODIES[body]().commit(
        [
            chat(1, "Bring me the RED-chair, please!"),
            chat(2, "two red chairs"),
            chat(3, "the chair is red"),
            chat(4, "la chaise rouge, près de la\ttable"),
            chat(5, "hm", "about the red chair"),
            PutNode(
                MemoryNode("object/1", "ReferenceObject", 1, 1, triples=(Triple("has_tag", "red_chair"),))
            ),
        ]
    )
    if body == "stored" and all_learnt:
        learnt(memory)
    assert found(memory, Mentions("red chair")) == ["chat/1", "chat/5"]
    assert found(memory, Mentions("Réd   chäir")) == ["chat/1", "chat/5"]
    assert found(memory, Mentions("red chair"), "ALL") == ["chat/1", "chat/5", "object/1"]
    assert found(memory, Mentions("chaise")) == found(memory, Mentions("PRES DE LA TABLE")) == ["chat/4"]
    assert found(memory, Mentions("red")) == ["chat/1", "chat/2", "chat/3", "chat/5"]
    assert found(memory, Not(Mentions("red"))) == ["chat/4"]
    assert found(memory, And((Mentions("red"), Mentions("chairs")))) == ["chat/2"]
    assert found(memory, Or((Mentions("chairs"), Triple("has_tag", "about the red chair")))) == [
        "chat/2",
        "chat/5",
    ]
    assert (
        found(memory, Mentions("")) == found(memory, Mentions(" ?! ")) == found(memory, Mentions("re")) == []
    )


@pytest.mark.parametrize(
    "text", ['"', "' OR 1=1 --", 'a" OR b', "red*", "NEAR(red chair)", "object: red", "\x00"]
)
def test_signs_of_the_index_are_no_signs_here(text):
    memory = learnt(Memory.open().commit([chat(1, f"so {text} it is"), chat(2, "red chair b a or 1")]))
    wanted = ["chat/1"] if plain(text) else []
    assert [i for i in found(memory, Mentions(text)) if i != "chat/2"] == wanted
    assert text not in memory.explain(asking(Mentions(text))).sql


@pytest.mark.parametrize("body", BODIES)
def test_what_was_said_and_held_is_found_when_it_was(body):
    first = BODIES[body]().commit([chat(1, "the red chair"), chat(2, "nothing", "a lamp")])
    second = first.commit([chat(1, "the blue chair"), DropTriple("chat/2", Triple("has_tag", "a lamp"))])
    third = second.commit([Forget("chat/1"), PutTriple("chat/2", Triple("has_tag", "red chair"))])
    fourth = third.commit([chat(1, "a red chair again")])
    for all_learnt in (False, True):
        if all_learnt and body == "stored":
            learnt(fourth)
        asked = [found(memory, Mentions("red chair")) for memory in (first, second, third, fourth)]
        assert asked == [["chat/1"], [], ["chat/2"], ["chat/1", "chat/2"]]
        assert [found(memory, Mentions("lamp")) for memory in (first, second)] == [["chat/2"], []]
    forked = second.fork(":memory:")
    assert found(forked, Mentions("blue chair")) == ["chat/1"]
    assert found(forked.commit([chat(3, "my blue chair")]), Mentions("blue chair")) == ["chat/1", "chat/3"]


def test_a_truncated_history_lets_go_of_texts_that_nobody_holds():
    memory = Memory.open()
    for text in ("a secret", "the red chair", "the blue chair"):
        memory = learnt(memory.commit([chat(1, text), chat(2, "always")]))
    memory = memory.commit([chat(3, "not in the index")])
    memory, _ = memory.truncate_before(3)
    run = STORES.find(memory.body.store).connection.execute
    assert {text for (text,) in run("SELECT object FROM said")} >= {"the blue chair", "always"}
    assert not run("SELECT * FROM said WHERE object IN ('a secret', 'the red chair')").fetchall()
    assert not run("SELECT * FROM said_words WHERE said_words MATCH 'secret'").fetchall()
    assert found(memory, Mentions("chair")) == ["chat/1"]
    assert found(memory, Mentions("the index")) == ["chat/3"]
    assert found(memory.commit([chat(4, "the red chair")]), Mentions("red chair")) == ["chat/4"]
    assert memory.verify()


def test_an_index_on_words_serves_however_many_nodes_there_are():
    memory = Memory.open().commit([chat(i, f"this is message {i} of many") for i in range(1000)])
    later = memory.commit([Forget("chat/3")])
    rare = (Mentions("message 77"), Or((Mentions("message 77"), Mentions("message 99"))))
    for asked in (memory, later):
        for where in (*rare, And((Mentions("message 77"), Mentions("many")))):
            told = asked.explain(asking(where))
            assert told.whole_tables == (), told.steps
            assert any("said_words VIRTUAL TABLE INDEX" in step for step in told.steps), told.steps
            assert found(asked, where)[0] == "chat/77"
        told = asked.explain(asking(Not(Mentions("message 77"))))
        assert (told.whole_tables, told.judged) == (("nodes",), ("where",))  # nearly all of them fit


texts = st.lists(
    st.sampled_from(("red", "Réd", "chair", "-", "CHAIR!", " ", "ß", "ss", "²", "2", "❤️", "椅子", "_"))
)
texts = texts.map("".join) | st.text(max_size=8) | texts.map(" ".join)


@given(st.text())
@example("İstanbul ŒUVRE ﬁn Ⅳ ᾳ ŉ ǆ")
def test_words_are_those_of_the_plainest_reading(text):
    assert plain(text).split(" ") == (naive.spoken(text) or [""])
    assert plain(plain(text)) == plain(text)


@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 4), texts, st.lists(texts, max_size=1)), max_size=3), max_size=4
    ),
    st.lists(texts, min_size=1, max_size=3),
    st.integers(0, 4),
)
def test_every_body_finds_what_the_plainest_reading_finds(commits, asked, until):
    stored, working = [Memory.open()], [Memory.empty()]
    for index, changes in enumerate(commits):
        puts = [chat(number, text, *said) for number, text, said in changes]
        stored.append(stored[-1].commit(puts))
        working.append(working[-1].commit(puts))
        if index < until:  # what comes later is looked through
            learnt(stored[-1])
    for one, other in zip(stored, working):
        for text in asked:
            for where in (
                Mentions(text),
                Not(Mentions(text)),
                Or((Mentions(text), Triple("has_tag", "red"))),
            ):
                wanted = [n.id for n in naive.find(list(other.nodes()), asking(where).filters, asking(where))]
                assert found(one, where) == found(other, where) == wanted
    stored[-1].close()


def test_learning_all_the_time_leaves_nothing_behind(monkeypatch):
    monkeypatch.setattr(words.Words.learn, "__defaults__", (2,))
    memory = Memory.open()
    for number in range(20):
        memory = memory.commit([chat(number, f"message {number}")])
    left = STORES.find(memory.body.store).connection.execute(
        f"SELECT count(*) FROM said WHERE {words.NOT_LEARNT}"
    )
    assert left.fetchone()[0] < 2
    assert found(memory, Mentions("message 7")) == ["chat/7"]
