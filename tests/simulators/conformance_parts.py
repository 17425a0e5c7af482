"""A room that keeps all laws of simulators, and for each law one that breaks it."""

from __future__ import annotations

import importlib.util
import itertools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from droidlet_schema import Drive, FrozenMap, Key, Observation, Pose, SemanticImage, evolve
from droidlet_simulators import AgentSpec, CameraSpec, RoomSimulator, Scene
from droidlet_simulators.conformance import laws

PICTURES = ("rgb", "depth", "semantic")


def agent(name: str, pixels: int) -> AgentSpec:
    return AgentSpec(name, (CameraSpec(width=pixels, height=pixels, pictures=PICTURES),))


def honest(renderer: str = "numpy") -> RoomSimulator:
    return RoomSimulator((agent("robot", 24), agent("other", 20)), renderer=renderer)


def quick() -> RoomSimulator:
    """The same, drawn by numba where that is: what is broken below is not the drawing, and searches draw a lot."""
    return honest("numba" if importlib.util.find_spec("numba") else "numpy")


class Broken:
    """Passes everything on to an honest room; each class below changes one thing."""

    def __init__(self) -> None:
        self.room = quick()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.room, name)

    def reset(self, scene: Any, key: Key) -> Any:
        return self.room.reset(scene, key)

    def step(self, actions: Any, world: Any) -> Any:
        return self.room.step(actions, world)

    def observe(self, world: Any) -> Any:
        return self.room.observe(world)


def seen_as(observations: Any, change: Callable[[str, Observation], Observation]) -> Any:
    return FrozenMap({name: change(name, seen) for name, seen in observations.items()})


class WithChance(Broken):
    """Each reset draws where the robot looks from a generator of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.draws = itertools.count()

    def reset(self, scene: Any, key: Key) -> Any:
        turned = evolve(
            scene, start=evolve(scene.start, yaw_rad=scene.start.yaw_rad + 1e-3 * next(self.draws))
        )
        return self.room.reset(turned, key)


class HashOrder(Broken):
    """What it starts from depends on the order of a set of names."""

    def __init__(self) -> None:
        self.room = honest()  # in each process once: it would wait for numba

    def reset(self, scene: Any, key: Key) -> Any:
        if not isinstance(scene, Scene):
            return self.room.reset(scene, key)
        first = next(iter({"alpha", "beta", "gamma", "delta", "epsilon", "zeta"}))
        turned = evolve(scene, start=evolve(scene.start, yaw_rad=1e-3 * len(first) + 1e-4 * ord(first[0])))
        return self.room.reset(turned, key)


class KeepsWarm(Broken):
    """Remembers outside the world how often it was stepped since the reset; what is seen depends on it."""

    count = 0

    def reset(self, scene: Any, key: Key) -> Any:
        self.count = 0
        return self.room.reset(scene, key)

    def step(self, actions: Any, world: Any) -> Any:
        if world.step == self.count:
            self.count += 1
            return self.room.step(actions, world)
        observations, after = self.room.step(actions, world)
        bodies = {n: evolve(b, x_m=b.x_m + 1e-6) for n, b in after.bodies.items()}
        after = evolve(after, bodies=FrozenMap(bodies))
        return self.room.observe(after), after


class ForgetsOnTheWire(Broken):
    """Knows by identity which worlds are its own; another one stands still."""

    own: dict[int, Any] = {}  # of all simulators of the class

    def reset(self, scene: Any, key: Key) -> Any:
        return self._kept(self.room.reset(scene, key))

    def step(self, actions: Any, world: Any) -> Any:
        actions = actions if self.own.get(id(world)) is world else _checked(self.room, actions, world)
        return self._kept(self.room.step(actions, world))

    def _kept(self, made: Any) -> Any:
        self.own[id(made[1])] = made[1]
        return made


def _checked(room: Any, actions: Any, world: Any) -> Mapping[str, Any]:
    room.step(actions, world)
    return {}


class OneAtATime(Broken):
    """Goes on from the world it made last when handed that world's parent with other actions."""

    held: tuple[Any, Any] | None = None

    def step(self, actions: Any, world: Any) -> Any:
        if self.held is not None and self.held[0] is world and self.held[1] != dict(actions):
            _, world = self.room.step(self.held[1], world)
            self.held = None
            return self.room.step(actions, world)
        made = self.room.step(actions, world)
        self.held = (world, dict(actions))
        return made


class WritesIntoPictures(Broken):
    """Draws into one buffer and hands out views of it."""

    def __init__(self) -> None:
        super().__init__()
        self.buffers: list[np.ndarray] = []

    def step(self, actions: Any, world: Any) -> Any:
        for buffer in self.buffers:
            buffer.flags.writeable = True
            buffer[0, 0] ^= 1
            buffer.flags.writeable = False
        observations, after = self.room.step(actions, world)
        self.buffers = [frame.rgb for seen in observations.values() for frame in seen.frames.values()]
        return observations, after


class StoppedClock(Broken):
    """Lets no time pass when nobody does anything."""

    def step(self, actions: Any, world: Any) -> Any:
        observations, after = self.room.step(actions, world)
        if any(actions.values()):
            return observations, after
        after = evolve(after, now_ns=world.now_ns)
        return self.room.observe(after), after


class LooksAgain(Broken):
    """observe() shows the time of the next step."""

    def observe(self, world: Any) -> Any:
        return self.room.observe(evolve(world, now_ns=world.now_ns + 1))


class Leaks(Broken):
    """Its invariant counts steps."""

    def invariant(self, world: Any) -> Any:
        return self.room.invariant(world) + world.step


class ResetsItself(Broken):
    """Goes back to where the robot began after 25 steps."""

    def step(self, actions: Any, world: Any) -> Any:
        observations, after = self.room.step(actions, world)
        if after.step == 25:
            start = world.scene.start
            body = evolve(after.bodies["robot"], x_m=start.x_m, y_m=start.y_m, yaw_rad=start.yaw_rad)
            after = evolve(after, bodies=FrozenMap({**after.bodies, "robot": body}))
            observations = self.room.observe(after)
        return observations, after


class AddsNearby(Broken):
    """Puts a new object down 5 cm beside where it was asked to."""

    def add_object(self, world: Any, thing: Any) -> Any:
        return self.room.add_object(world, evolve(thing, x_m=thing.x_m + 0.05))


class ZeroIsNone(Broken):
    """Takes the semantic id 0 for none."""

    def add_object(self, world: Any, thing: Any) -> Any:
        return self.room.add_object(world, evolve(thing, semantic_id=thing.semantic_id or None))


class TakesNaN(Broken):
    """Turns numbers that are none into zeros."""

    def step(self, actions: Any, world: Any) -> Any:
        if isinstance(actions, Mapping):
            actions = {
                name: tuple(Drive(0.0, 0.0) if _is_nan(a) else a for a in wanted)
                if isinstance(wanted, tuple)
                else wanted
                for name, wanted in actions.items()
            }
        return self.room.step(actions, world)


def _is_nan(action: Any) -> bool:
    return isinstance(action, Drive) and not np.isfinite([action.forward_m_s, action.turn_rad_s]).all()


class Boasts(Broken):
    """Says in its spec that its pictures are larger."""

    @property
    def spec(self) -> Any:
        spec = self.room.spec
        return evolve(spec, agents=(agent("robot", 25), spec.agents[1]))


class Mirrored(Broken):
    """Shows its pictures left to right."""

    def reset(self, scene: Any, key: Key) -> Any:
        observations, world = self.room.reset(scene, key)
        return seen_as(observations, _mirrored), world

    def step(self, actions: Any, world: Any) -> Any:
        observations, after = self.room.step(actions, world)
        return seen_as(observations, _mirrored), after

    def observe(self, world: Any) -> Any:
        return seen_as(self.room.observe(world), _mirrored)


def _mirrored(name: str, seen: Observation) -> Observation:
    frames = {
        n: evolve(f, rgb=f.rgb[:, ::-1].copy(), depth_m=f.depth_m[:, ::-1].copy())
        for n, f in seen.frames.items()
    }
    semantics = {n: SemanticImage(s.ids[:, ::-1].copy()) for n, s in seen.semantics.items()}
    return evolve(seen, frames=FrozenMap(frames), semantics=FrozenMap(semantics))


class YUp(Mirrored):
    """Gives camera poses in axes of which y points up."""

    def reset(self, scene: Any, key: Key) -> Any:
        observations, world = self.room.reset(scene, key)
        return seen_as(observations, _y_up), world


def _y_up(name: str, seen: Observation) -> Observation:
    def turned(at: Pose) -> Pose:
        return Pose(at.x_m, at.z_m, -at.y_m, at.qw, at.qx, at.qy, at.qz)

    return evolve(
        seen, frames=FrozenMap({n: evolve(f, camera=turned(f.camera)) for n, f in seen.frames.items()})
    )


class LastEyes(Broken):
    """Finds cameras by their own name, so that the last agent's serves all."""

    def reset(self, scene: Any, key: Key) -> Any:
        observations, world = self.room.reset(scene, key)
        return seen_as(observations, self._last(observations)), world

    @staticmethod
    def _last(observations: Any) -> Callable[[str, Observation], Observation]:
        theirs = observations["robot"].frames["head"]

        def change(name: str, seen: Observation) -> Observation:
            mine = seen.frames["head"]
            return evolve(seen, frames=FrozenMap({"head": evolve(theirs, camera=mine.camera)}))

        return change


class SharedWheels(Broken):
    """Everybody does what anybody is told."""

    def step(self, actions: Any, world: Any) -> Any:
        if isinstance(actions, Mapping) and len(actions) == 1 and set(actions) <= set(world.bodies):
            ((_, wanted),) = actions.items()
            actions = dict.fromkeys(world.bodies, wanted)
        return self.room.step(actions, world)


OFFENDERS = (
    (laws.SPEC, "Boasts"),
    (laws.SAME, "WithChance"),
    (laws.PROCESS, "HashOrder"),
    (laws.RESTORED, "KeepsWarm"),
    (laws.CODEC, "ForgetsOnTheWire"),
    (laws.FORKS, "OneAtATime"),
    (laws.ARGUMENTS, "WritesIntoPictures"),
    (laws.TIME, "StoppedClock"),
    (laws.OBSERVED, "LooksAgain"),
    (laws.INVARIANT, "Leaks"),
    (laws.NO_RESET, "ResetsItself"),
    (laws.EDITS, "AddsNearby"),
    (laws.IDS, "ZeroIsNone"),
    (laws.REFUSED, "TakesNaN"),
    (laws.EYES, "Mirrored"),
    (laws.EYES, "YUp"),
    (laws.AGENTS, "LastEyes"),
    (laws.AGENTS, "SharedWheels"),
)
