"""Nodes and queries of a small world, where things often fit."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Optional, Tuple, Union, get_args

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from droidlet_memory import Schema
from droidlet_memory.nodes import ReferenceObject as ReferenceObjectNode
from droidlet_schema import (
    And,
    ArrayValue,
    Attribute,
    AttributeName,
    Comparator,
    CountOf,
    Filters,
    FrozenMap,
    Happened,
    LinearExtent,
    Location,
    Measured,
    MemoryNode,
    Mentions,
    Moment,
    Not,
    NumBlocks,
    Or,
    PathStep,
    Pose2,
    Property,
    Query,
    ReferenceObject,
    Selector,
    Triple,
    TriplePattern,
    Walk,
    array,
    evolve,
    record,
)

NAMES = ("chair", "table", "Lamp", "person", "box", "shelf")
ASKED = ("chair", "the chair", "Chairs", "people", "boxes", "lamps", "shelves", "table", "thing")
COLOURS = ("red", "Dark_Red", "blue")
TAGS = ("furniture", "big", "red", "_in_view", "chair")
SIZES = ("big", "small", "tall", "short", "wide", "narrow", "red")
MENTIONED = ("Chair", "dark réd", "RED!", "in view", "red", "object 3", "3", "", "view in", "chairs")
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
ATTRIBUTES = get_args(AttributeName)
UNITS = (None, None, None, "cm", "feet", "steps", "seconds", "minutes", "degrees")
IDS = ("object/0", "object/3", "object/6", "person/12")
LINKS = ("member_of", "part_of", "said_by")
HELD = ("weight_kg", "worn", "speaker", "holds", "has_colour")


def short(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The same by a short name: what is made of it is written out again and again."""

    @st.composite
    def drawn(draw: st.DrawFn) -> Any:
        return draw(strategy)

    return drawn()


steps = st.integers(-16, 16).map(lambda n: n / 4)
lengths = st.sampled_from((0.0, 0.25, 0.5, 1.0, 1.01, 2.0))
times = st.integers(0, 5).map(lambda n: n * 1_000_000_000)


def said(sureness: st.SearchStrategy[float | None]) -> st.SearchStrategy[Triple]:
    """What may be said of any node, so surely."""
    return st.one_of(
        st.builds(Triple, st.just("has_name"), st.sampled_from(NAMES), sureness),
        st.builds(Triple, st.just("has_colour"), st.sampled_from(COLOURS), sureness),
        st.builds(Triple, st.just("has_tag"), st.sampled_from(TAGS), sureness),
        st.builds(
            Triple,
            st.sampled_from(("has_size", "has_shape", "has_action")),
            st.sampled_from((*SIZES, "12", "twelve")),
            sureness,
        ),
    )


@record(name="tests.Thing")
class Thing(ReferenceObjectNode):
    """A thing of whatever properties."""

    weight_kg: Union[None, int, float, str] = None
    worn: Optional[bool] = None
    speaker: Optional[str] = None
    holds: Tuple[Union[str, float], ...] = ()
    text: Optional[str] = None
    head_yaw_rad: Optional[float] = None
    run_count: Optional[int] = None
    num_blocks: Optional[int] = None
    finished_ns: Optional[int] = None
    blocks: Optional[NDArray[Any]] = array("n 2", np.int32, default=None)


SCHEMAS = ("base", "robot", "minecraft", Schema.of("test", nodes=(Thing,), predicates=("part_of",)))
sureness = st.none() | st.sampled_from((0.25, 0.5, 1.0))
triples = short(said(st.none()))
_properties_held = st.fixed_dictionaries(
    {},
    optional={
        "weight_kg": st.sampled_from((1, 2.5, "12")),
        "worn": st.booleans(),
        "speaker": st.sampled_from((*IDS, "red")),
        "holds": st.lists(st.sampled_from((*IDS, 1.0, "chair")), max_size=3).map(tuple),
        "text": st.sampled_from(("chairs", "one")),
        "yaw_rad": steps.map(lambda a: a + 0.1),
        "head_yaw_rad": steps,
        "pitch_rad": steps,
        "run_count": st.integers(0, 3),
        "num_blocks": st.integers(0, 3),
        "finished_ns": times,
        "blocks": st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1)), max_size=4).map(
            lambda rows: ArrayValue.of(np.array(rows, np.int32).reshape(-1, 2))
        ),
    },
).map(FrozenMap)
_block_types = st.builds(
    lambda number, meta: FrozenMap({"block_id": number, "block_meta": meta}),
    st.integers(0, 2),
    st.integers(0, 1),
)
properties = short(_properties_held)


def nodes(
    ids: st.SearchStrategy[str],
    types: tuple[str, ...] = ("ReferenceObject",) * 6,
    triples: st.SearchStrategy[Triple] = triples,
    properties: st.SearchStrategy[FrozenMap[str, Any]] | None = None,
) -> st.SearchStrategy[MemoryNode]:
    """Nodes of these ids."""
    return st.builds(
        MemoryNode,
        ids,
        st.sampled_from((*types, "DetectedObject", "Player", "Self", "Chat", "Task")),
        times,
        times,
        times,
        st.none() | st.tuples(steps, steps, steps.map(abs)),
        st.none() | st.tuples(lengths, lengths, lengths),
        st.lists(triples, max_size=4).map(tuple),
        st.just(FrozenMap()) if properties is None else properties,
    )


def worlds_of(one: Callable[[str], st.SearchStrategy[MemoryNode]]) -> st.SearchStrategy[Any]:
    """Up to eight nodes."""
    return st.integers(0, 8).flatmap(
        lambda n: st.tuples(*(one(f"{'person' if i % 5 == 4 else 'object'}/{i * 3}") for i in range(n)))
    )


worlds = worlds_of(lambda node_id: nodes(st.just(node_id)))
_links = st.builds(Triple, st.sampled_from(LINKS[:2]), st.sampled_from(IDS), sureness)
_sure = short(said(sureness) | _links)
_things = nodes(st.just("object/0"), ("Thing",) * 6, _sure, properties)
_kinds = nodes(st.just("object/0"), ("BlockType",) * 20, _sure, _block_types)
_rich = short(st.one_of(_things, _things, _things, _kinds).map(lambda node: _fitting(node)))
rich_worlds = worlds_of(lambda node_id: _rich.map(lambda node: evolve(node, id=node_id)))
"""Worlds of things that have properties, and of which some things are said less surely: under SCHEMAS."""


def _fitting(node: MemoryNode) -> MemoryNode:
    known = node.node_type in ("Thing", "BlockType")
    return node if known else evolve(node, properties=FrozenMap())


# never on a line or a diagonal of the grid that the nodes are on: there, rounding decides
poses = st.builds(
    Pose2, steps.map(lambda x: x + 0.0123), steps.map(lambda y: y - 0.0477), steps.map(lambda a: a + 0.1)
)

_wanted = st.sampled_from(ASKED + COLOURS + TAGS + SIZES)
_triples = st.builds(Triple, st.sampled_from((*PREDICATES, "has_colour", "knows")), _wanted, sureness)
_attributes = st.builds(Attribute, st.sampled_from(ATTRIBUTES))
_properties = st.builds(Property, st.sampled_from((*HELD, "has_shape", "none")))
_paths = st.lists(
    st.builds(PathStep, st.sampled_from((*LINKS, "speaker", "holds")), st.booleans()), max_size=2
).map(tuple)
_moments = st.builds(Moment, times, st.booleans())
_numbers = st.one_of(steps, st.sampled_from((0.0, 1.0, 2.0, 3.0, math.nan)))
_mentions = st.builds(Mentions, st.sampled_from(MENTIONED))
_texts = st.one_of(_wanted, st.sampled_from(("1", "nan", "", "12", "twelve", *IDS)))


def _references(filters: st.SearchStrategy[Filters]) -> st.SearchStrategy[ReferenceObject]:
    coordinates = st.tuples(steps, steps) | st.tuples(steps, steps, steps) | st.just(()) | st.just((1.0,))
    return st.one_of(
        st.builds(ReferenceObject, special=st.sampled_from(("SPEAKER", "AGENT", "SPEAKER_LOOK"))),
        st.builds(ReferenceObject, coordinates_m=coordinates.map(lambda c: tuple(v + 0.019 for v in c))),
        st.builds(ReferenceObject, filters=filters),
        st.builds(ReferenceObject, text_span=st.sampled_from(("", "the chairs", "red"))),
    )


def _clauses(
    inner: st.SearchStrategy[Filters], measured: st.SearchStrategy[Measured], references: Any
) -> st.SearchStrategy[Any]:
    comparators = st.builds(
        Comparator,
        st.one_of(measured, measured, _numbers, _texts, inner, references),
        st.sampled_from(COMPARISONS),
        st.one_of(_numbers, _texts, measured, inner, references),
        st.sampled_from(UNITS),
        st.none() | st.none() | st.sampled_from((0.0, 0.5, 1.0)),
        st.none() | st.none() | st.sampled_from((1.0, 2.0, 3.0, 0.0, -1.0)),
        st.none() | st.sampled_from(("ANY", "ALL")),
    )
    plain = st.builds(Comparator, measured, st.sampled_from(COMPARISONS), st.one_of(_numbers, _texts))
    patterns = st.builds(
        TriplePattern,
        st.none() | st.sampled_from((*LINKS, "has_name", "has_colour", "has_size")),
        st.one_of(st.none(), _wanted, st.sampled_from(IDS), inner),
        st.sampled_from(("SUBJECT", "OBJECT")),
        sureness,
    )
    happened = st.builds(
        Happened,
        st.sampled_from(("CREATED", "UPDATED", "ATTENDED", "FINISHED")),
        st.none() | _moments,
        st.none() | _moments,
    )
    leaves = st.one_of(_triples, _triples, plain, comparators, patterns, happened, _mentions)
    return st.recursive(
        st.one_of(leaves, st.just(And())),
        lambda c: st.one_of(
            st.builds(And, st.lists(c, max_size=3).map(tuple)),
            st.builds(Or, st.lists(c, max_size=3).map(tuple)),
            st.builds(Not, c),
        ),
        max_leaves=4,
    )


def _measured(inner: st.SearchStrategy[Filters], references: Any) -> st.SearchStrategy[Measured]:
    frames = st.one_of(st.none(), st.none(), st.sampled_from(("AGENT", "SPEAKER", "ABSOLUTE")), references)
    extents = st.builds(
        LinearExtent,
        st.sampled_from(DIRECTIONS),
        references,
        st.one_of(st.none(), st.none(), references),
        frames,
        st.sampled_from(UNITS),
    )
    ends = st.one_of(_attributes, _properties, extents)
    walks = st.builds(Walk, _paths, st.one_of(ends, st.builds(Walk, _paths, ends)))
    counts = st.builds(CountOf, _paths, st.none() | inner)
    blocks = st.builds(NumBlocks, st.none() | _triples)
    return st.one_of(_attributes, _attributes, extents, _properties, walks, counts, blocks)


def _filters(inner: st.SearchStrategy[Filters] | None) -> st.SearchStrategy[Filters]:
    nested = inner if inner is not None else st.nothing()
    references = short(_references(nested))
    measured = short(_measured(nested, references))
    selectors = st.builds(
        Selector,
        st.sampled_from(("ALL", "RANDOM", "MIN", "MAX")),
        st.none() | measured,
        st.integers(-1, 3),
        st.none() | st.integers(-1, 3),
        st.sampled_from(("DISALLOWED", "DISALLOWED", "ALLOWED", "REQUIRED")),
        st.none() | st.integers(0, 2),
    )
    locations = st.builds(
        Location,
        st.none() | st.sampled_from(DIRECTIONS),
        st.none() | lengths | st.sampled_from((3.0, 4.0)),
        st.lists(references, max_size=2).map(tuple),
        st.just(""),
        st.one_of(st.none(), st.none(), st.sampled_from(("AGENT", "SPEAKER", "ABSOLUTE")), references),
    )
    return st.builds(
        Filters,
        _clauses(nested, measured, references),
        st.one_of(st.sampled_from(("MEMORY", "COUNT")), measured, st.lists(measured, max_size=3).map(tuple)),
        st.none() | selectors,
        st.none() | locations,
        st.sampled_from(
            ("REFERENCE_OBJECT",) * 4
            + (
                "ALL",
                "ALL",
                "AGENT",
                "CHAT",
                "TASKS",
                "Player",
                "ReferenceObject",
                "Memory",
                "Thing",
                "Unicorn",
            )
        ),
        at_time=st.one_of(st.none(), st.none(), _moments),
    )


filters = short(_filters(short(_filters(None))))
_speakers = st.one_of(st.none(), poses, poses.map(lambda pose: Pose2(pose.x_m, pose.y_m, math.nan)))
_queries = st.builds(
    Query,
    st.integers(0, 9),
    filters,
    times,
    poses,
    _speakers,
    st.integers(0, 3),
    st.one_of(st.none(), st.none(), st.tuples(steps, steps, steps).map(lambda p: (p[0] + 0.007, *p[1:]))),
)
queries = short(_queries)
