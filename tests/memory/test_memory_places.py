"""The place field beside a dict of plain facts, and examples of what it is for."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule

from droidlet_memory import PlaceField
from droidlet_memory.places.field import MOST_CELLS
from droidlet_schema import OccupancyMap, decode, digest, encode

near_zero = st.integers(-20, 20)
far_away = st.sampled_from((-(10**12), 10**12))
coordinates = st.one_of(near_zero, near_zero, near_zero, far_away)
cells = st.tuples(coordinates, coordinates, st.sampled_from((-1, 0, 0, 0, 2)))
several = st.lists(cells, max_size=4)
ids = st.sampled_from(("object/1", "object/2", "door/1", "Ω"))


class Machine(RuleBasedStateMachine):
    """Each field stands beside plain facts: {node: (cells, obstacle)}, the mapped cells, the looks."""

    fields: Bundle[Any] = Bundle("fields")

    @initialize(target=fields)
    def empty(self):
        return PlaceField(0.5), ({}, frozenset(), {})

    @rule(target=fields, pair=fields, node=ids, where=several, obstacle=st.booleans())
    def put(self, pair, node, where, obstacle):
        field, (nodes, mapped, looks) = pair
        others = {n: p for n, p in nodes.items() if n != node}
        placed = {node: (frozenset(where), obstacle)} if where else {}
        return field.put_node(node, where, obstacle=obstacle), ({**others, **placed}, mapped, looks)

    @rule(target=fields, pair=fields, node=ids, where=several)
    def move(self, pair, node, where):
        field, (nodes, mapped, looks) = pair
        if node not in nodes:
            with pytest.raises(KeyError, match="is nowhere"):
                field.move_node(node, where)
            return pair
        others = {n: p for n, p in nodes.items() if n != node}
        placed = {node: (frozenset(where), nodes[node][1])} if where else {}
        return field.move_node(node, where), ({**others, **placed}, mapped, looks)

    @rule(target=fields, pair=fields, node=ids)
    def remove(self, pair, node):
        field, (nodes, mapped, looks) = pair
        return field.remove_node(node), ({n: p for n, p in nodes.items() if n != node}, mapped, looks)

    @rule(target=fields, pair=fields, where=several, there=st.booleans())
    def obstacles(self, pair, where, there):
        field, (nodes, mapped, looks) = pair
        after = field.with_obstacles(where) if there else field.without_obstacles(where)
        return after, (nodes, mapped | set(where) if there else mapped - set(where), looks)

    @rule(target=fields, pair=fields, cell=cells)
    def look(self, pair, cell):
        field, (nodes, mapped, looks) = pair
        return field.looked(cell), (nodes, mapped, {**looks, cell: looks.get(cell, 0) + 1})

    @rule(pair=fields, cell=cells)
    def at(self, pair, cell):
        field, (nodes, mapped, looks) = pair
        here = sorted(n for n, (where, _) in nodes.items() if cell in where)
        assert list(field.nodes_at(cell)) == here
        assert field.is_obstacle(cell) == (cell in mapped or any(nodes[n][1] for n in here))
        assert field.at(cell).looks == looks.get(cell, 0)

    @rule(pair=fields, cell=cells, within_m=st.sampled_from((0.0, 0.5, 2.0, 9.0, 1e3, math.inf)))
    def near(self, pair, cell, within_m):
        field, (nodes, _, looks) = pair

        def far(other):
            return math.hypot(other[0] - cell[0], other[1] - cell[1]) * 0.5 if other[2] == cell[2] else None

        def inside(other):
            distance = far(other)
            return distance is not None and distance <= within_m

        found = {}
        for node, (where, _) in nodes.items():
            if reached := [far(c) for c in where if inside(c)]:
                found[node] = min(reached)
        assert list(field.nodes_near(cell, within_m)) == sorted(found, key=lambda n: (found[n], n))
        assert field.looks_near(cell, within_m) == sum(n for c, n in looks.items() if inside(c))
        assert field.examined(cell, within_m, 2) == (field.looks_near(cell, within_m) >= 2)

    @rule(pair=fields)
    def whole(self, pair):
        field, (nodes, mapped, looks) = pair
        for node in ("object/1", "object/2", "door/1", "Ω"):
            assert list(field.cells_of(node)) == sorted(nodes.get(node, ((), False))[0])
        for level in (-1, 0, 2):
            blocked = mapped | {c for where, blocks in nodes.values() if blocks for c in where}
            assert list(field.obstacles(level)) == sorted(c for c in blocked if c[2] == level)
        kept = {c for where, _ in nodes.values() for c in where} | mapped | looks.keys()
        assert sum(len(chunk.cells) for chunk in field.chunks.values()) == len(kept)

    @rule(target=fields, pair=fields)
    def travel(self, pair):
        back = decode(encode(pair[0]), PlaceField)
        assert back == pair[0] and digest(back) == digest(pair[0])
        return back, pair[1]

    @rule(one=fields, two=fields)
    def the_same_facts_are_the_same_value(self, one, two):
        assert (one[0] == two[0]) == (one[1] == two[1])


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.sampled_from((-3, 0, 5)), min_size=3, max_size=3), min_size=1, max_size=4),
    st.sampled_from((0.25, 0.5, 1.0)),
    st.tuples(st.integers(-9, 9), st.integers(-9, 9)),
    several,
)
def test_an_occupancy_map_says_what_is_free_and_what_is_not(evidence, map_cell_m, corner, before):
    cell_m = 0.5
    field = PlaceField(cell_m).with_obstacles(before).put_node("wall", [(0, 0, 0)], obstacle=True)
    origin = (corner[0] * 0.25, corner[1] * 0.25)
    known = OccupancyMap(np.array(evidence, np.int8), *origin, map_cell_m)
    after = field.synced(known)
    told: dict[tuple[int, int], set[bool]] = {}
    for row, line in enumerate(evidence):
        for column, value in enumerate(line):
            low = (origin[0] + column * map_cell_m, origin[1] + row * map_cell_m)
            middle = tuple(edge + map_cell_m / 2 for edge in low)
            mine = {tuple(math.floor(m / cell_m) for m in middle)}
            for x in range(-12, 24):
                for y in range(-12, 24):
                    point = ((x + 0.5) * cell_m, (y + 0.5) * cell_m)
                    if map_cell_m > cell_m and all(a <= p < a + map_cell_m for a, p in zip(low, point)):
                        mine.add((x, y))
            for cell in mine if value else ():
                told.setdefault(cell, set()).add(value > 0)
    for x in range(-15, 30):
        for y in range(-15, 30):
            was, said = (x, y, 0) in before, told.get((x, y))
            assert after.at((x, y, 0)).mapped == (was if said is None else True in said)
    assert after.is_obstacle((0, 0, 0)) and after.obstacles(2) == field.obstacles(2)
    assert after.synced(known) is after


def test_points_and_boxes_lie_in_cells():
    field = PlaceField(0.5, level_m=3.0)
    assert field.cell_of((0.6, -0.1, 2.9)) == (1, -1, 0) and field.cell_of((0, 0, -0.1)) == (0, 0, -1)
    assert field.cells_under((0.25, 0.25, 0), (0, 0, 0)) == ((0, 0, 0),)
    assert field.cells_under((0.5, 0.25, 4), (1, 0.5, 1)) == ((0, 0, 1), (1, 0, 1))
    assert field.cells_under((0.5, 0.5, 0), (0, 0, 0)) == ((1, 1, 0),)
    for wrong in (
        lambda: field.cell_of((math.nan, 0, 0)),
        lambda: field.cells_under((0, 0, 0), (math.inf, 0, 0)),
        lambda: field.cells_under((0, 0, 0), (MOST_CELLS, 1, 1)),
        lambda: PlaceField(0.0),
        lambda: PlaceField(0.1, math.nan),
        lambda: field.synced(OccupancyMap(np.zeros((1, 1), np.int8), math.nan, 0.0, 0.1)),
    ):
        with pytest.raises(ValueError, match="finite|above zero|cells of"):
            wrong()


def test_a_change_shares_all_but_its_own_chunk():
    field = PlaceField().with_obstacles((x, y, 0) for x in range(0, 320, 2) for y in range(0, 64, 8))
    after = field.put_node("cup/1", [(5, 5, 0)])
    other = [key for key in after.chunks if after.chunks[key] is not field.chunks.get(key)]
    assert len(field.chunks) == 80 and len(other) == 1
    assert field.nodes_at((5, 5, 0)) == () and after.nodes_at((5, 5, 0)) == ("cup/1",)
