"""Nodes and queries of a small world, where things often fit."""

from __future__ import annotations

from hypothesis import strategies as st

from droidlet_schema import (
    And,
    Attribute,
    Comparator,
    Filters,
    LinearExtent,
    Location,
    MemoryNode,
    Not,
    Or,
    Pose2,
    Query,
    ReferenceObject,
    Selector,
    Triple,
)

NAMES = ("chair", "table", "Lamp", "person", "box", "shelf")
ASKED = ("chair", "the chair", "Chairs", "people", "boxes", "lamps", "shelves", "table", "thing")
COLOURS = ("red", "Dark_Red", "blue")
TAGS = ("furniture", "big", "red", "_in_view", "chair")
SIZES = ("big", "small", "tall", "short", "wide", "narrow", "red")
PREDICATES = ("has_name", "has_colour", "has_tag", "has_size", "has_shape")
DIRECTIONS = (
    "LEFT",
    "RIGHT",
    "UP",
    "DOWN",
    "FRONT",
    "BACK",
    "AWAY",
    "INSIDE",
    "NEAR",
    "OUTSIDE",
    "BETWEEN",
    "AROUND",
)
COMPARISONS = ("GREATER_THAN", "GREATER_THAN_EQUAL", "LESS_THAN", "LESS_THAN_EQUAL", "EQUAL", "NOT_EQUAL")
ATTRIBUTES = ("NAME", "COLOUR", "SIZE", "HEIGHT", "WIDTH", "LOCATION", "X", "Y", "Z", "TAG", "BORN_TIME")
ATTRIBUTES += ("MODIFY_TIME", "VISIT_TIME", "ACTION", "REASON")

steps = st.integers(-16, 16).map(lambda n: n / 4)
lengths = st.sampled_from((0.0, 0.25, 0.5, 1.0, 1.01, 2.0))
times = st.integers(0, 5).map(lambda n: n * 1_000_000_000)
triples = st.one_of(
    st.builds(Triple, st.just("has_name"), st.sampled_from(NAMES)),
    st.builds(Triple, st.just("has_colour"), st.sampled_from(COLOURS)),
    st.builds(Triple, st.just("has_tag"), st.sampled_from(TAGS)),
    st.builds(Triple, st.sampled_from(("has_size", "has_shape", "has_action")), st.sampled_from(SIZES)),
)


def nodes(ids: st.SearchStrategy[str]) -> st.SearchStrategy[MemoryNode]:
    """Nodes of these ids."""
    return st.builds(
        MemoryNode,
        ids,
        st.sampled_from(("ReferenceObject",) * 6 + ("DetectedObject", "Player", "Self", "Chat", "Task")),
        times,
        times,
        times,
        st.none() | st.tuples(steps, steps, steps.map(abs)),
        st.none() | st.tuples(lengths, lengths, lengths),
        st.lists(triples, max_size=4).map(tuple),
    )


worlds = st.integers(0, 8).flatmap(
    lambda n: st.tuples(
        *(nodes(st.just(f"{'person' if i % 5 == 4 else 'object'}/{i * 3}")) for i in range(n))
    )
)
# never on a line or a diagonal of the grid that the nodes are on: there, rounding decides
poses = st.builds(
    Pose2, steps.map(lambda x: x + 0.0123), steps.map(lambda y: y - 0.0477), steps.map(lambda a: a + 0.1)
)

_wanted = st.sampled_from(ASKED + COLOURS + TAGS + SIZES)
_triples = st.builds(Triple, st.sampled_from((*PREDICATES, "has_colour", "knows")), _wanted)
_attributes = st.builds(Attribute, st.sampled_from(ATTRIBUTES))


def _references(filters: st.SearchStrategy[Filters]) -> st.SearchStrategy[ReferenceObject]:
    coordinates = st.tuples(steps, steps) | st.tuples(steps, steps, steps) | st.just(()) | st.just((1.0,))
    return st.one_of(
        st.builds(ReferenceObject, special=st.sampled_from(("SPEAKER", "AGENT", "SPEAKER_LOOK"))),
        st.builds(ReferenceObject, coordinates_m=coordinates.map(lambda c: tuple(v + 0.019 for v in c))),
        st.builds(ReferenceObject, filters=filters),
        st.builds(ReferenceObject, text_span=st.sampled_from(("", "the chairs", "red"))),
    )


def _filters(inner: st.SearchStrategy[Filters] | None) -> st.SearchStrategy[Filters]:
    references = _references(inner if inner is not None else st.nothing())
    extents = st.builds(LinearExtent, st.sampled_from(DIRECTIONS), references)
    quantities = st.one_of(_attributes, extents)
    right = st.one_of(
        steps, st.sampled_from((0.0, 1.0, 2.0, 3.0)), _wanted, st.sampled_from(("1", "nan", ""))
    )
    leaves = st.one_of(
        _triples, _triples, st.builds(Comparator, quantities, st.sampled_from(COMPARISONS), right)
    )
    where = st.recursive(
        st.one_of(leaves, st.just(And())),
        lambda c: st.one_of(
            st.builds(And, st.lists(c, max_size=3).map(tuple)),
            st.builds(Or, st.lists(c, max_size=3).map(tuple)),
            st.builds(Not, c),
        ),
        max_leaves=4,
    )
    selectors = st.builds(
        Selector,
        st.sampled_from(("ALL", "RANDOM", "MIN", "MAX")),
        st.none() | quantities,
        st.integers(-1, 3),
        st.none() | st.integers(-1, 3),
    )
    locations = st.builds(
        Location,
        st.none() | st.sampled_from(DIRECTIONS),
        st.none() | lengths | st.sampled_from((3.0, 4.0)),
        st.lists(references, max_size=2).map(tuple),
    )
    return st.builds(
        Filters,
        where,
        st.one_of(st.sampled_from(("MEMORY", "COUNT")), quantities),
        st.none() | selectors,
        st.none() | locations,
        st.sampled_from(("REFERENCE_OBJECT",) * 4 + ("ALL", "AGENT", "CHAT", "TASKS")),
    )


filters = _filters(_filters(None))
queries = st.builds(Query, st.integers(0, 9), filters, times, poses, st.none() | poses, st.integers(0, 3))
