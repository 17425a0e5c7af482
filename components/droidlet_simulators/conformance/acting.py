"""Strategies for what agents do, from what the spec says they can."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Mapping, Optional, Tuple

import droidlet_schema
from droidlet_laws.laws import NotCheckable
from droidlet_schema import (
    Drive,
    FrozenMap,
    Grip,
    JointTargets,
    JointVelocities,
    Key,
    Look,
    Move,
    Pose,
    PutDown,
    Speak,
    Stop,
    Turn,
)
from droidlet_simulators.conformance.lab import Lab, Run

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

KEYS = 4  # different keys are enough; shrinking to key 0 is nicer to read
MOST_ACTIONS = 2


def run_strategy(
    lab: Lab, steps: int, given: Optional[Mapping[str, SearchStrategy[Any]]] = None
) -> SearchStrategy[Run]:
    """Runs of up to `steps` steps; `given` replaces the strategies of single actions, by the action's name."""
    from hypothesis import strategies as st

    by_agent = st.fixed_dictionaries(
        {},
        optional={
            agent: st.lists(action_strategy(lab, agent, given), max_size=MOST_ACTIONS).map(tuple)
            for agent in lab.spec.agent_ids
        },
    )
    return st.builds(
        Run,
        st.integers(0, len(lab.scenes) - 1),
        st.integers(0, KEYS - 1).map(lambda word: Key((word, 0))),
        st.lists(by_agent, min_size=1, max_size=steps).map(tuple),
    )


def action_strategy(
    lab: Lab, agent: str, given: Optional[Mapping[str, SearchStrategy[Any]]] = None
) -> SearchStrategy[Any]:
    """Any of the declared actions, with numbers of everyday size."""
    from hypothesis import strategies as st

    parts = actions_of(lab, agent, given)
    return st.one_of(list(parts.values())) if parts else st.nothing()


def actions_of(
    lab: Lab, agent: str, given: Optional[Mapping[str, SearchStrategy[Any]]] = None
) -> Dict[str, SearchStrategy[Any]]:
    """A strategy for each declared action, by name."""
    chosen, makers = dict(given or {}), _makers(lab, agent)
    return {
        name: chosen[name] if name in chosen else makers[name]() if name in makers else _of_record(name)
        for name in lab.spec.actions
    }


def _of_record(name: str) -> SearchStrategy[Any]:
    from droidlet_schema.strategies import of

    kind = getattr(droidlet_schema, name, None)
    if not isinstance(kind, type):
        raise NotCheckable(
            f"the spec declares the action {name!r}, which is no record of droidlet_schema; pass "
            f"actions={{{name!r}: a strategy}}"
        )
    return of(kind, moderate=True)


def _makers(lab: Lab, agent: str) -> Dict[str, Callable[[], Any]]:
    from hypothesis import strategies as st

    observations, world = lab.simulator.reset(lab.scenes[0], Key((0, 0)))
    idents = [thing.id for thing in lab.simulator.objects(world)] or [1]
    joints = list(observations[agent].joints)
    at = observations[agent].pose
    places = st.tuples(st.integers(-10, 10), st.integers(-10, 10), st.integers(0, 10)).map(
        lambda p: Pose(at.x_m + p[0] / 10, at.y_m + p[1] / 10, p[2] / 5)
    )

    def angles(most: float) -> Any:
        return st.integers(-8, 8).map(lambda step: most * step / 8)

    def of_ident(name: str) -> Callable[[], Any]:
        return lambda: st.builds(getattr(droidlet_schema, name), st.sampled_from(idents))

    def of_joints(kind: Any, most: float) -> Callable[[], Any]:
        if not joints:
            return lambda: st.just(kind(FrozenMap()))
        chosen = st.dictionaries(st.sampled_from(joints), angles(most), max_size=3)
        return lambda: chosen.map(lambda d: kind(FrozenMap(d)))

    return {
        "Drive": lambda: st.builds(Drive, angles(0.8), angles(2.0)),
        "Move": lambda: st.builds(Move, angles(0.5)),
        "Turn": lambda: st.builds(Turn, angles(math.pi)),
        "Look": lambda: st.builds(Look, angles(1.0), angles(0.6)),
        "Speak": lambda: st.builds(Speak, st.sampled_from(("hello", "", "ünï ✓", "x" * 300))),
        "Stop": lambda: st.just(Stop()),
        "PickUp": of_ident("PickUp"),
        "Open": of_ident("Open"),
        "Close": of_ident("Close"),
        "PutDown": lambda: st.builds(PutDown, places),
        "JointVelocities": of_joints(JointVelocities, 1.0),
        "JointTargets": of_joints(JointTargets, 1.0),
        "Grip": lambda: st.builds(Grip, st.integers(0, 8).map(lambda step: step / 100)),
    }


def still(lab: Lab) -> Mapping[str, Tuple[Any, ...]]:
    """Nobody does anything."""
    return {}


def forward(lab: Lab, agent: str) -> Optional[Mapping[str, Tuple[Any, ...]]]:
    """One agent goes ahead, in a way that the spec declares; None where it cannot."""
    ways: List[Tuple[str, Any]] = [("Drive", Drive(0.4, 0.0)), ("Move", Move(0.25))]
    for name, action in ways:
        if name in lab.spec.actions:
            return {agent: (action,)}
    return None
