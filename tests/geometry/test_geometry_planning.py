"""Planning against Dijkstra's algorithm as in the textbook."""

from __future__ import annotations

import heapq
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from droidlet_geometry import (
    clearance_penalty,
    descend,
    distance_field,
    nearest_free_cell,
    nearest_reachable_cell,
    path_length,
    plan_path,
)

shapes = st.tuples(st.integers(1, 14), st.integers(1, 14))
STEPS = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if (a, b) != (0, 0)]


def grids(share: int = 3):
    return hnp.arrays(np.bool_, shapes, elements=st.sampled_from([False] * share + [True]))


@st.composite
def problems(draw, cells: int = 2):
    blocked = draw(grids())
    wanted = tuple(
        (draw(st.integers(0, blocked.shape[0] - 1)), draw(st.integers(0, blocked.shape[1] - 1)))
        for _ in range(cells)
    )
    for cell in wanted:
        blocked[cell] = False
    return (blocked, *wanted)


@st.composite
def penalised_problems(draw):
    blocked, start, goal = draw(problems())
    penalty = draw(hnp.arrays(np.float64, blocked.shape, elements=st.sampled_from([0.0, 0.5, 3.0, 40.0])))
    return blocked, start, goal, penalty


def neighbours(blocked, cell):
    for a, b in STEPS:
        r, c = cell[0] + a, cell[1] + b
        if not (0 <= r < blocked.shape[0] and 0 <= c < blocked.shape[1]) or blocked[r, c]:
            continue
        if not blocked[cell[0], c] and not blocked[r, cell[1]]:
            yield (r, c), math.hypot(a, b)


def dijkstra(blocked, sources, penalty=None):
    cost = np.full(blocked.shape, math.inf)
    weight = np.ones(blocked.shape) if penalty is None else 1.0 + penalty
    waiting = []
    for source in sources:
        cost[source] = 0.0
        heapq.heappush(waiting, (0.0, source))
    while waiting:
        here, cell = heapq.heappop(waiting)
        if here > cost[cell]:
            continue
        for near, length in neighbours(blocked, cell):
            there = here + length * 0.5 * (weight[cell] + weight[near])
            if there < cost[near] - 1e-12:
                cost[near] = there
                heapq.heappush(waiting, (there, near))
    return cost


def walk_cost(blocked, path, penalty=None):
    """The cost of a path cell by cell, each step checked to be allowed."""
    weight = np.ones(blocked.shape) if penalty is None else 1.0 + penalty
    total = 0.0
    for here, there in zip(map(tuple, path.tolist()), map(tuple, path.tolist()[1:])):
        total += dict(neighbours(blocked, here))[there] * 0.5 * (weight[here] + weight[there])
    return total


@given(problems(cells=3))
def test_distance_field_is_dijkstras(problem):
    blocked, *sources = problem
    np.testing.assert_allclose(distance_field(blocked, sources), dijkstra(blocked, sources), rtol=1e-7)


@given(penalised_problems())
def test_penalised_field_is_dijkstras(problem):
    blocked, start, _, penalty = problem
    np.testing.assert_allclose(
        distance_field(blocked, start, penalty), dijkstra(blocked, [start], penalty), rtol=1e-4
    )


@given(problems(cells=1), st.floats(0.0, 12.0))
def test_a_limit_cuts_the_field_off_and_changes_nothing_nearer(problem, limit):
    blocked, source = problem
    whole = distance_field(blocked, source)
    np.testing.assert_array_equal(
        distance_field(blocked, source, limit_cells=limit),
        np.where(whole <= limit * (1 + 1e-8), whole, np.inf),
    )


def test_a_limit_includes_what_lies_exactly_at_it():
    field = distance_field(np.zeros((9, 12), np.bool_), (0, 0))
    for limit in np.unique(field).tolist():
        cut = distance_field(np.zeros((9, 12), np.bool_), (0, 0), limit_cells=limit)
        assert cut[np.isfinite(cut)].max() == limit


@given(problems())
def test_paths_are_shortest_and_found_where_there_is_one(problem):
    blocked, start, goal = problem
    best = dijkstra(blocked, [start])[goal]
    path = plan_path(blocked, start, goal, simplify=False)
    if math.isinf(best):
        assert path is None
        return
    assert tuple(path[0]) == start and tuple(path[-1]) == goal
    assert walk_cost(blocked, path) == pytest.approx(best, rel=1e-7)
    assert path_length(path) == pytest.approx(best, rel=1e-7)


@given(penalised_problems())
def test_paths_are_cheapest_under_a_penalty(problem):
    blocked, start, goal, penalty = problem
    best = dijkstra(blocked, [start], penalty)[goal]
    path = plan_path(blocked, start, goal, penalty, simplify=False)
    if math.isinf(best):
        assert path is None
    else:
        assert walk_cost(blocked, path, penalty) == pytest.approx(best, rel=1e-4)


@given(problems(cells=4))
def test_of_several_goals_the_nearest_is_reached(problem):
    blocked, start, *goals = problem
    field = dijkstra(blocked, [start])
    best = min(field[goal] for goal in goals)
    path = plan_path(blocked, start, goals, simplify=False)
    if math.isinf(best):
        assert path is None
    else:
        assert tuple(path[-1]) in goals
        assert walk_cost(blocked, path) == pytest.approx(best, rel=1e-7)


@given(problems())
def test_going_down_a_field_is_a_shortest_path_to_its_source(problem):
    blocked, start, goal = problem
    field = distance_field(blocked, goal)
    path = descend(field, start)
    if math.isinf(field[start]):
        assert path is None
        return
    assert tuple(path[0]) == start and tuple(path[-1]) == goal
    assert walk_cost(blocked, path) == pytest.approx(field[start], rel=1e-7)


@given(penalised_problems())
def test_going_down_a_penalised_field_arrives(problem):
    blocked, start, goal, penalty = problem
    path = descend(distance_field(blocked, goal, penalty), start)
    if path is not None:
        assert tuple(path[-1]) == goal
        assert math.isfinite(walk_cost(blocked, path))


@given(problems(), st.tuples(st.integers(-3, 17), st.integers(-3, 17)))
def test_nearest_reachable_cell_is_the_nearest(problem, goal):
    blocked, source, _ = problem
    field = distance_field(blocked, source)
    cell = nearest_reachable_cell(field, goal)
    reachable = np.argwhere(np.isfinite(field))
    away = np.sum((reachable - goal) ** 2, axis=1)
    assert np.sum(np.subtract(cell, goal) ** 2) == away.min()
    assert field[cell] == min(field[tuple(c)] for c in reachable[away == away.min()])


def test_of_equally_near_cells_the_shorter_way_wins():
    blocked = np.zeros((2, 5), np.bool_)
    blocked[0, 2] = True
    assert nearest_reachable_cell(distance_field(blocked, (0, 4)), (0, 2)) == (0, 3)
    assert nearest_reachable_cell(distance_field(blocked, (0, 0)), (0, 2)) == (0, 1)


@given(grids(1), st.tuples(st.integers(-3, 17), st.integers(-3, 17)))
def test_nearest_free_cell_is_the_nearest(blocked, cell):
    found = nearest_free_cell(blocked, cell)
    free = np.argwhere(~blocked)
    if len(free) == 0:
        assert found is None
        return
    away = np.sum((free - cell) ** 2, axis=1)
    assert found == tuple(free[np.argmin(away)])


@pytest.mark.parametrize("seed", range(3))
def test_a_large_cluttered_grid_under_penalties(seed):
    """Large enough that cells wait their turn, and that both waves bend around things before they meet."""
    rng = np.random.Generator(np.random.PCG64(seed))
    blocked = rng.random((60, 50)) < 0.3
    penalty = np.where(rng.random((60, 50)) < 0.3, 20.0, rng.random((60, 50)))
    start, goal = (0, 0), (59, 49)
    blocked[:2, :2] = blocked[-2:, -2:] = False
    expected = dijkstra(blocked, [start], penalty)
    np.testing.assert_allclose(distance_field(blocked, start, penalty), expected, rtol=1e-4)
    path = plan_path(blocked, start, goal, penalty, simplify=False)
    assert math.isinf(expected[goal]) == (path is None)
    if path is not None:
        assert walk_cost(blocked, path, penalty) == pytest.approx(expected[goal], rel=1e-4)


def test_nowhere_to_go():
    assert nearest_reachable_cell(np.full((3, 3), math.inf), (1, 1)) is None
    blocked = np.zeros((5, 5), np.bool_)
    blocked[2] = True
    assert plan_path(blocked, (0, 0), (4, 4)) is None
    assert descend(distance_field(blocked, (0, 0)), (4, 4)) is None


def test_a_goal_in_a_closed_pocket_among_others():
    """One end is walled in: that goal alone has no way, beside a free one it does no harm."""
    blocked = np.zeros((20, 20), np.bool_)
    blocked[4:9, 4:9] = True
    blocked[5:8, 5:8] = False
    assert plan_path(blocked, (0, 0), (6, 6)) is None
    assert plan_path(blocked, (6, 6), (0, 0)) is None
    assert plan_path(blocked, (0, 0), [(6, 6), (0, 9)]).tolist() == [[0, 0], [0, 9]]


def test_start_is_goal():
    assert plan_path(np.zeros((3, 3), np.bool_), (1, 1), (1, 1)).tolist() == [[1, 1]]


def test_paths_cut_no_corners():
    blocked = np.zeros((2, 2), np.bool_)
    blocked[0, 1] = True
    assert plan_path(blocked, (0, 0), (1, 1)).tolist() == [[0, 0], [1, 0], [1, 1]]
    blocked[1, 0] = True
    assert plan_path(blocked, (0, 0), (1, 1)) is None


def test_clearance_penalty_falls_from_its_weight_to_nothing():
    blocked = np.zeros((1, 8), np.bool_)
    blocked[0, 0] = True
    np.testing.assert_allclose(clearance_penalty(blocked, 4, 2.0)[0], [2, 1.5, 1, 0.5, 0, 0, 0, 0])
    np.testing.assert_array_equal(clearance_penalty(~blocked & blocked, 4, 2.0), np.zeros((1, 8)))


def test_a_penalty_keeps_paths_away_from_walls():
    blocked = np.zeros((15, 30), np.bool_)
    blocked[0] = True
    far = plan_path(blocked, (1, 2), (1, 27), clearance_penalty(blocked, 4, 3.0), simplify=False)
    near = plan_path(blocked, (1, 2), (1, 27), simplify=False)
    assert near[:, 0].max() == 1 < far[:, 0].max()


def test_a_large_dear_grid_does_not_overflow():
    """Costs pass 32 bits here: 200 cells at a million each."""
    blocked = np.zeros((3, 200), np.bool_)
    field = distance_field(blocked, (1, 0), np.full((3, 200), 1e6))
    assert field[1, 199] == pytest.approx(199 * (1e6 + 1), rel=1e-6)


def test_a_long_maze():
    """One corridor through the whole of a 101 x 101 grid: thousands of steps, and back."""
    blocked = np.zeros((101, 101), np.bool_)
    blocked[1::4, :-1] = True
    blocked[3::4, 1:] = True
    field = distance_field(blocked, (0, 0))
    assert field[100, 100] > 5000
    path = plan_path(blocked, (0, 0), (100, 100), simplify=False)
    assert walk_cost(blocked, path) == pytest.approx(field[100, 100], rel=1e-7)
    assert field[100, 100] == pytest.approx(dijkstra(blocked, [(0, 0)])[100, 100], rel=1e-7)


@pytest.mark.parametrize(
    ("start", "goal", "message"),
    [
        ((0, 0), (1, 1), r"start \[0, 0\] is blocked"),
        ((1, 1), (0, 0), r"goal \[0, 0\] is blocked"),
        ((-1, 1), (1, 1), r"start \[-1, 1\] lies outside the grid of shape \(3, 4\)"),
        ((1, 1), (1, 4), r"goal \[1, 4\] lies outside"),
        ((1, 1), [(1, 2), (3, 1)], r"goal \[3, 1\] lies outside"),
        ((1.0, 1.0), (1, 1), "start is .* in whole numbers"),
        ([(1, 1), (1, 2)], (1, 1), "a path starts in one cell"),
        ((1, 1), [], "goal is"),
    ],
)
def test_bad_ends_are_named(start, goal, message):
    blocked = np.zeros((3, 4), np.bool_)
    blocked[0, 0] = True
    with pytest.raises(ValueError, match=message):
        plan_path(blocked, start, goal)


def test_other_bad_arguments_are_named():
    blocked = np.zeros((3, 4), np.bool_)
    with pytest.raises(ValueError, match="blocked is float64"):
        plan_path(np.zeros((3, 4)), (0, 0), (1, 1))
    with pytest.raises(ValueError, match=r"penalty has shape \(4, 3\)"):
        distance_field(blocked, (0, 0), np.zeros((4, 3)))
    with pytest.raises(ValueError, match="penalty runs from -1"):
        distance_field(blocked, (0, 0), np.full((3, 4), -1.0))
    with pytest.raises(ValueError, match="limit_cells is nan"):
        distance_field(blocked, (0, 0), limit_cells=math.nan)
    with pytest.raises(ValueError, match="start is"):
        descend(np.zeros((3, 4)), (3, 0))
    with pytest.raises(ValueError, match="goal is"):
        nearest_free_cell(blocked, (math.nan, 0))
    with pytest.raises(ValueError, match="radius_cells is 0"):
        clearance_penalty(blocked, 0, 1.0)
