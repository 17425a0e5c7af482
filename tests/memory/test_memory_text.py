"""Query texts: what is written is read back as the same, and whatever is read is a query or one plain error."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from droidlet_memory import Memory, QueryTextError, parse_query, query_text
from droidlet_memory.text_form.vocabulary import ATTRIBUTES, RESERVED, UNIT_WORDS
from droidlet_schema import (
    And,
    Attribute,
    Comparator,
    CountOf,
    Filters,
    Happened,
    LinearExtent,
    Location,
    MemoryNode,
    Mentions,
    Moment,
    Not,
    NumBlocks,
    Or,
    PathStep,
    Pose2,
    Property,
    PutNode,
    Query,
    ReferenceObject,
    Selector,
    Triple,
    TriplePattern,
    Walk,
    digest,
    strategies,
)
from memory.memory_strategies import filters

RED, AGENT = Triple("has_colour", "red"), ReferenceObject(special="AGENT")
TABLE = Filters(Triple("has_name", "table"))
ODD = (
    "x' OR 1=1 --",
    '"; DROP TABLE nodes',
    "two\nlines\r\n",
    "🪑 stoel",
    "''",
    "\x00",
    "NOT",
    "has_name",
    "",
)

PAIRS = {
    "SELECT MEMORY FROM REFERENCE_OBJECT": Filters(),
    "SELECT COUNT FROM ALL WHERE has_colour = 'red'": Filters(RED, "COUNT", memory_type="ALL"),
    "SELECT (name, weight_kg, location) FROM Thing": Filters(
        output=(Attribute("NAME"), Property("weight_kg"), Attribute("LOCATION")), memory_type="Thing"
    ),
    "SELECT MEMORY FROM REFERENCE_OBJECT WHERE (has_colour = 'red' OR height > 30 cm) AND NOT x = -1.5": Filters(
        And(
            (
                Or((RED, Comparator(Attribute("HEIGHT"), "GREATER_THAN", 30, "cm"))),
                Not(Comparator(Attribute("X"), "EQUAL", -1.5)),
            )
        )
    ),
    "SELECT MEMORY FROM REFERENCE_OBJECT WHERE has_name = 'x'' OR 1=1 --'": Filters(
        Triple("has_name", "x' OR 1=1 --")
    ),
    "SELECT MEMORY FROM REFERENCE_OBJECT WHERE \"has_colour\" = 'red' AND SAID(member_of, 'team') CONFIDENCE 0.5": (
        Filters(
            And(
                (Comparator(Property("has_colour"), "EQUAL", "red"), Triple("member_of", "team", 0.5)),
            )
        )
    ),
    "SELECT MEMORY FROM CHAT WHERE MENTIONS 'the kid''s chair' AND NOT MENTIONS ''": Filters(
        And((Mentions("the kid's chair"), Not(Mentions("")))), memory_type="CHAT"
    ),
    "SELECT MEMORY FROM ALL WHERE TRIPLE(?, has_name, 'red') OR TRIPLE('bob', *, ?)": Filters(
        Or((TriplePattern("has_name", "red"), TriplePattern(None, "bob", "OBJECT"))), memory_type="ALL"
    ),
    "SELECT name FROM REFERENCE_OBJECT PLACED LEFT OF (SELECT MEMORY FROM REFERENCE_OBJECT "
    "WHERE has_name = 'table') AT 2 FRAME SPEAKER": Filters(
        output=Attribute("NAME"),
        location=Location("LEFT", 2, (ReferenceObject(filters=TABLE),), frame="SPEAKER"),
    ),
    "SELECT MEMORY FROM REFERENCE_OBJECT PLACED NEAR SPEAKER_LOOK ARGMIN DISTANCE(FROM AGENT) ORDINAL 2": Filters(
        location=Location("NEAR", None, (ReferenceObject(special="SPEAKER_LOOK"),)),
        selector=Selector("MIN", LinearExtent("AWAY", AGENT), 2),
    ),
    "SELECT MEMORY FROM REFERENCE_OBJECT ORDER BY RANDOM LIMIT 5 SAME ALLOWED SEED 7": Filters(
        selector=Selector("RANDOM", None, 1, 5, "ALLOWED", 7)
    ),
    "SELECT task_reference_object -> location FROM TASKS WHERE ^member_of -> name = 'x' FOR ALL": Filters(
        Comparator(
            Walk((PathStep("member_of", True),), Attribute("NAME")), "EQUAL", "x", set_comparison="ALL"
        ),
        Walk((PathStep("task_reference_object"),), Attribute("LOCATION")),
        memory_type="TASKS",
    ),
    "SELECT COUNT(^member_of) FROM SET WHERE UPDATED SINCE 10 minutes AGO AT TIME 90 seconds": Filters(
        Happened("UPDATED", Moment(600_000_000_000, True)),
        CountOf((PathStep("member_of", True),)),
        memory_type="SET",
        at_time=Moment(90_000_000_000),
    ),
    "SELECT BLOCKS(WHERE has_colour = 'blue') FROM BlockObject WHERE z > THING(AGENT)": Filters(
        Comparator(Attribute("Z"), "GREATER_THAN", AGENT),
        NumBlocks(Triple("has_colour", "blue")),
        memory_type="BlockObject",
    ),
    "SELECT EXTENT(LEFT FROM POINT(1, 2) TO 'the door' FRAME ABSOLUTE IN feet) FROM ALL WHERE "
    "yaw_rad = 90 degrees MODULO 360 WITHIN 5": Filters(
        Comparator(Property("yaw_rad"), "EQUAL", 90, "degrees", 5, 360),
        LinearExtent(
            "LEFT", ReferenceObject(coordinates_m=(1, 2)), ReferenceObject("the door"), "ABSOLUTE", "feet"
        ),
        memory_type="ALL",
    ),
}


@pytest.mark.parametrize("text", PAIRS)
def test_texts_mean_these_filters_and_are_how_those_are_written(text):
    assert parse_query(text) == PAIRS[text]
    assert query_text(PAIRS[text]) == text


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("select Count from all where HEIGHT<=2 metres", "SELECT COUNT FROM ALL WHERE height <= 2 m"),
        ("SELECT MEMORY FROM ALL LIMIT 3", "SELECT MEMORY FROM ALL ORDER BY DEFAULT LIMIT 3"),
        ("SELECT MEMORY FROM ALL ORDER BY x ASC LIMIT 2", "SELECT MEMORY FROM ALL ORDER BY x LIMIT 2"),
        ("SELECT MEMORY FROM ALL ORDER BY x DESC LIMIT 2", "SELECT MEMORY FROM ALL ARGMAX x LIMIT 2"),
        ("SELECT MEMORY FROM ALL WHERE x <> 1", "SELECT MEMORY FROM ALL WHERE x != 1"),
        ("SELECT EXTENT(AWAY FROM AGENT) FROM ALL", "SELECT DISTANCE(FROM AGENT) FROM ALL"),
        ("SELECT MEMORY FROM ALL WHERE ((x = 1))", "SELECT MEMORY FROM ALL WHERE x = 1"),
        (
            "SELECT MEMORY FROM ALL PLACED NEAR AGENT AT 50 cm",
            "SELECT MEMORY FROM ALL PLACED NEAR AGENT AT 0.5",
        ),
        ("SELECT MEMORY FROM ALL AT TIME 1.5 min", "SELECT MEMORY FROM ALL AT TIME 90 seconds"),
        ("SELECT MEMORY FROM ALL WHERE has_height >= 10", 'SELECT MEMORY FROM ALL WHERE "has_height" >= 10'),
    ],
)
def test_the_same_in_other_words(text, same):
    assert query_text(parse_query(text)) == same


@settings(max_examples=200)
@given(filters)
def test_every_construct_is_read_back_as_it_was(value):
    assert parse_query(query_text(value)) == value


@settings(max_examples=200)
@given(strategies.of(Filters))
def test_all_filters_are_read_back_as_they_were(value):
    assert parse_query(query_text(value)) == value


@pytest.mark.parametrize(
    "name", ["Set", "SET", "set", "Time", "TIME", "time", "Thing", "where", "WHERE", "all", "x y"]
)
def test_names_of_types_are_kept_to_the_letter(name):
    assert parse_query(query_text(Filters(memory_type=name))).memory_type == name


@pytest.mark.parametrize("odd", [*ODD, *sorted(RESERVED), *ATTRIBUTES, *UNIT_WORDS])
def test_no_text_and_no_name_is_syntax(odd):
    step = PathStep(odd, True)
    value = Filters(
        And(
            (
                Triple("has_name", odd),
                Triple(odd, odd),
                TriplePattern(odd, odd),
                Comparator(Property(odd), "EQUAL", odd),
                Comparator(3.0, "EQUAL", Property(odd), "m"),
                Comparator(Walk((step,), Property(odd)), "EQUAL", CountOf((step, step))),
            )
        ),
        Property(odd),
        Selector("RANDOM", Property(odd)),
        Location(None, None, (ReferenceObject(odd),), odd),
        odd,
    )
    assert parse_query(query_text(value)) == value


def test_a_player_called_like_an_injection_is_just_a_player():
    name = "x' OR 1=1 --"
    people = [MemoryNode("player/1", "Player", 0, 0, triples=(Triple("has_name", name),))]
    people.append(MemoryNode("player/2", "Player", 0, 0, triples=(Triple("has_name", "bob"),)))
    memory = Memory.empty().commit([PutNode(node) for node in people])
    asked = parse_query(query_text(Filters(Triple("has_name", name))))
    answer = memory.query(Query(1, asked, 0, Pose2(0, 0, 0)))
    assert [node.id for node in answer.nodes] == ["player/1"]


WORDS = st.sampled_from(
    [
        *sorted(RESERVED),
        "name",
        "height",
        "has_colour",
        "LEFT",
        "AGENT",
        "cm",
        "s",
        "(",
        ")",
        ",",
        "=",
        ">",
        "->",
    ]
    + [
        "?",
        "*",
        "^",
        "'red'",
        "'it''s'",
        '"a name"',
        "3",
        "-1.5",
        "1e999",
        "9" * 30,
        "'",
        '"',
        "\n",
        "ns",
        "FROM ALL",
    ]
)


@settings(max_examples=300)
@given(st.one_of(st.text(), st.lists(WORDS, max_size=20).map(" ".join), st.lists(WORDS).map("".join)))
@example("SELECT MEMORY FROM ALL WHERE " + "(" * 5000)
@example("SELECT MEMORY FROM ALL WHERE " + "NOT " * 5000 + "TRUE")
@example("SELECT " + "-> (" * 5000)
@example("SELECT MEMORY FROM ALL WHERE x = " + "(SELECT MEMORY FROM ALL WHERE x = " * 500)
@example("SELECT MEMORY FROM ALL LIMIT " + "9" * 10_000)
@example("SELECT MEMORY FROM ALL LIMIT 99999999999999999999")
@example("SELECT MEMORY FROM ALL AT TIME 1e999999999 s")
@example("SELECT MEMORY FROM ALL AT TIME 0.0000000001 s")
@example("SELECT MEMORY FROM ALL WHERE has_name = '\ud800'")
def test_any_text_is_a_query_or_one_plain_error(text):
    is_query_or_error(text)


@settings(max_examples=200)
@given(filters, st.data())
def test_a_query_with_a_slip_is_a_query_or_one_plain_error(value, data):
    text = query_text(value)
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 3))
    is_query_or_error(
        text[:at] + data.draw(st.sampled_from(("", "(", "'", " NOT ", "9", '"'))) + text[at + cut :]
    )


def is_query_or_error(text):
    try:
        value = parse_query(text)
    except QueryTextError as error:
        assert 0 <= error.position <= len(text)
        assert error.found and error.expected
        assert f"line {error.line}, column {error.column}" in str(error)
    else:
        assert parse_query(query_text(value)) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1: expected SELECT, found the end"),
        ("SELECT name", "line 1, column 12: expected FROM, found the end"),
        (
            "SELECT FROM ALL",
            "line 1, column 8: expected MEMORY, COUNT, a property, or several in parentheses, found 'FROM'",
        ),
        (
            "SELECT MEMORY\nFROM ALL\nWHERE height 30",
            "line 3, column 14: expected one of = != > >= < <=, found '30'",
        ),
        (
            "SELECT MEMORY FROM ALL WHERE height > 30 cubits",
            "line 1, column 42: expected the end, found 'cubits'",
        ),
        (
            "SELECT MEMORY FROM ALL WHERE has_name = 'chair",
            "line 1, column 41: expected a closing quote, found a quote ' that is never closed",
        ),
        (
            "SELECT MEMORY FROM ALL ORDER BY x DESC",
            "line 1, column 24: expected ARGMAX, or a LIMIT to ORDER BY ... DESC, found 'ORDER'",
        ),
        (
            "SELECT MEMORY FROM ALL WHERE x > 1 m IN cm",
            "line 1, column 38: expected one unit for all numbers of a clause, found 'IN'",
        ),
        (
            "SELECT MEMORY FROM ALL; DROP TABLE nodes",
            "line 1, column 23: expected a word, a number or a sign, found ';'",
        ),
        (
            "SELECT MEMORY FROM ALL AT TIME 3 apples",
            "line 1, column 34: expected a unit of time: days, hours, "
            "minutes, seconds, ms or ns, found 'apples'",
        ),
    ],
)
def test_an_error_says_where_what_and_what_else(text, message):
    with pytest.raises(QueryTextError) as caught:
        parse_query(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "nest",
    [
        lambda f: Filters(Comparator(Attribute("ID"), "EQUAL", f)),
        lambda f: Filters(And((f.where,))),
        lambda f: Filters(And((f.where, RED))),
        lambda f: Filters(Not(f.where)),
        lambda f: Filters(Not(Or((f.where, RED)))),
        lambda f: Filters(Comparator(ReferenceObject(filters=f), "EQUAL", Attribute("X"))),
        lambda f: Filters(location=Location("NEAR", None, (ReferenceObject("x", None, (), f),))),
        lambda f: Filters(output=Walk((), f.output if not isinstance(f.output, str) else Attribute("X"))),
    ],
)
def test_what_can_be_sent_can_be_written_however_deep(nest):
    value = Filters()
    deepest, nested = value, 0
    for _ in range(300):
        value = nest(value)
        try:
            digest(value)
        except ValueError:
            break
        deepest, nested = value, nested + 1
    assert nested > 10
    assert parse_query(query_text(deepest)) == deepest
    for _ in range(300):
        value = nest(value)
    with pytest.raises(ValueError, match="64 things inside one another"):
        query_text(value)


def test_numbers_are_exact():
    for number in (
        0.1,
        1e300,
        -0.0,
        5e-324,
        1 / 3,
        math.inf,
        -math.inf,
        math.nan,
        123456789012345680.0,
        2.0**70,
    ):
        value = Filters(Comparator(Attribute("X"), "EQUAL", number, None, number, number))
        assert parse_query(query_text(value)) == value
