"""What no simulator may take: each refused with a SimulatorError, and nothing changed by it."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, List, Tuple

import attrs

from droidlet_laws.laws import Offence
from droidlet_schema import Key, Pose, SceneObject, evolve, fields_of, record
from droidlet_simulators.conformance.acting import action_strategy, forward, still
from droidlet_simulators.conformance.editing import new_id
from droidlet_simulators.conformance.lab import Lab, Tick, bytes_of, ticks_differ
from droidlet_simulators.conformance.laws import REFUSED, offence
from droidlet_simulators.errors import SimulatorError

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_NOT_NUMBERS = (math.nan, math.inf, -math.inf)
_UNKNOWN = (10**9, -7, 2**62)


@record
class Levitate:
    """An action that no simulator has."""

    height_m: float = 1.0


@attrs.frozen
class Bad:
    """One call that must be refused: what is wrong with it, and the call."""

    why: str
    call: Callable[[Any, Any], Any]  # of a simulator and a world


def bad_calls(lab: Lab) -> SearchStrategy[Bad]:
    """Calls that must be refused, generated."""
    from hypothesis import strategies as st

    agent = lab.spec.agent_ids[0]
    _, world = lab.simulator.reset(lab.scenes[0], Key((0, 0)))
    things = lab.simulator.objects(world)
    parts: List[SearchStrategy[Bad]] = [
        st.sampled_from(_odd_actions(agent)),
        st.sampled_from(_odd_worlds(lab)),
        st.sampled_from(_odd_scenes(lab)),
        st.text(max_size=8).filter(lambda a: a not in lab.spec.agent_ids).map(_unknown_agent),
        _not_finite(lab, agent),
        st.sampled_from(_UNKNOWN).map(_unknown_object),
    ]
    if things:
        parts.append(st.sampled_from(things).flatmap(lambda thing: _odd_objects(lab, world, thing)))
    return st.one_of(parts)


def _step(why: str, moves: Any) -> Bad:
    return Bad(f"step({_shown(moves)}): {why}", lambda simulator, world: simulator.step(moves, world))


def _unknown_agent(agent: str) -> Bad:
    return _step("an agent that the spec has not", {agent: ()})


def _odd_actions(agent: str) -> List[Bad]:
    return [
        _step("an action that no spec declares", {agent: (Levitate(),)}),
        _step("a number for an action", {agent: (42,)}),
        _step("text for an action", {agent: ("Drive",)}),
        _step("None for an action", {agent: (None,)}),
        _step("text for a tuple of actions", {agent: "Drive"}),
        _step("None for a tuple of actions", {agent: None}),
        _step("no mapping", 42),
        _step("no mapping", (Levitate(),)),
        _step("a number for an agent", {7: ()}),
    ]


def _odd_worlds(lab: Lab) -> List[Bad]:
    worlds: List[Any] = [None, 42, "world", Levitate(), ()]
    return [
        Bad(f"{name} of the world {_shown(odd)}", _call(name, odd))
        for odd in worlds
        for name in ("step", "observe", "objects", "invariant")
    ]


def _call(name: str, odd: Any) -> Callable[[Any, Any], Any]:
    def call(simulator: Any, world: Any) -> Any:
        return simulator.step({}, odd) if name == "step" else getattr(simulator, name)(odd)

    return call


def _odd_scenes(lab: Lab) -> List[Bad]:
    found = [
        Bad(f"reset({_shown(odd)}, key)", partial(_reset, odd)) for odd in (None, 42, "scene", Levitate())
    ]
    scene = lab.scenes[0]
    found.append(Bad("reset(scene, 42): no key", lambda simulator, world: simulator.reset(scene, 42)))
    found.append(Bad("reset(scene, None): no key", lambda simulator, world: simulator.reset(scene, None)))
    return found


def _not_finite(lab: Lab, agent: str) -> SearchStrategy[Bad]:
    """A declared action with one number that is none."""
    from hypothesis import strategies as st

    def spoilt(action: Any) -> SearchStrategy[Bad]:
        names = [name for name in fields_of(type(action)) if isinstance(getattr(action, name), float)]
        if not names:
            return st.just(_step("an action that no spec declares", {agent: (Levitate(),)}))
        return st.builds(
            lambda name, number: _step("not finite", {agent: (evolve(action, **{name: number}),)}),
            st.sampled_from(names),
            st.sampled_from(_NOT_NUMBERS),
        )

    return action_strategy(lab, agent).flatmap(spoilt)


def _unknown_object(ident: int) -> Bad:
    pose = Pose(1.0, 1.0, 0.5)
    if ident % 2:
        return Bad(f"remove_object({ident})", lambda simulator, world: simulator.remove_object(world, ident))
    return Bad(f"move_object({ident})", lambda simulator, world: simulator.move_object(world, ident, pose))


def _odd_objects(lab: Lab, world: Any, thing: SceneObject) -> SearchStrategy[Bad]:
    from hypothesis import strategies as st

    fresh = evolve(thing, id=new_id(lab, world))
    changes: List[Dict[str, Any]] = [{"id": thing.id}]
    changes += [{name: number} for name in ("x_m", "y_m", "z_m", "yaw_rad") for number in _NOT_NUMBERS]
    changes += [{"size_m": (0.0, 1.0, 1.0)}, {"size_m": (1.0, -1.0, 1.0)}, {"size_m": (math.nan, 1.0, 1.0)}]
    adds = [_add(evolve(fresh, **change)) for change in changes]
    adds += [
        Bad(f"add_object(world, {odd!r})", partial(_added, odd)) for odd in (None, 42, "chair", Levitate())
    ]
    poses = [Pose(x, 1.0, 1.0) for x in _NOT_NUMBERS] + [Pose(1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0), None, 42]
    moves = [
        Bad(
            f"move_object({thing.id}, {_shown(pose)})",
            partial(_moved, thing.id, pose),
        )
        for pose in poses
    ]
    return st.sampled_from(adds + moves)


def _reset(scene: Any, simulator: Any, world: Any) -> Any:
    return simulator.reset(scene, Key((0, 0)))


def _added(thing: Any, simulator: Any, world: Any) -> Any:
    return simulator.add_object(world, thing)


def _moved(ident: int, pose: Any, simulator: Any, world: Any) -> Any:
    return simulator.move_object(world, ident, pose)


def _add(thing: SceneObject) -> Bad:
    return Bad(f"add_object({thing})", partial(_added, thing))


def _shown(value: Any) -> str:
    return repr(value)[:80]


def refusal_offences(lab: Lab, bad: Bad, good: Tuple[Tick, Tick]) -> Iterator[Offence]:
    """One bad call on a world whose next good step is known."""
    before, after = good
    written = bytes_of(before.world)
    try:
        bad.call(lab.simulator, before.world)
    except SimulatorError as error:
        if not str(error).strip():
            yield offence(REFUSED, f"{bad.why}: a {type(error).__name__} without a word")
    except Exception as error:
        yield offence(
            REFUSED, f"{bad.why}: {type(error).__name__} instead of a SimulatorError: {str(error)[:200]}"
        )
    else:
        yield offence(REFUSED, f"{bad.why}: was taken")
    if bytes_of(before.world) != written:
        yield offence(REFUSED, f"{bad.why}: the world has changed")
    if lab.spec.exact_restore:
        what = ticks_differ(after, lab.step(after.moves, before))
        if what:
            yield offence(REFUSED, f"{bad.why}: the next good step is another one: {what}")


def good_step(lab: Lab) -> Tuple[Tick, Tick]:
    """A world, and the good step from it that every refusal must leave as it is."""
    observations, world = lab.simulator.reset(lab.scenes[0], Key((0, 0)))
    start = Tick({}, observations, world)
    return start, lab.step(forward(lab, lab.spec.agent_ids[0]) or still(lab), start)


__all__ = ["Bad", "Levitate", "bad_calls", "good_step", "refusal_offences"]
