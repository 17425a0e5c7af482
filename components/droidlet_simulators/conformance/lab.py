"""A simulator under test: made again at will, its runs recorded and compared to the bit."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import attrs

from droidlet_laws.laws import LawBroken, NotCheckable
from droidlet_laws.snapshot import Snapshot, difference
from droidlet_schema import Action, Key, encode
from droidlet_simulators.contract import Observations, SimulatorSpec
from droidlet_simulators.errors import SceneError, SimulatorError

Moves = Mapping[str, Tuple[Action, ...]]


@attrs.frozen
class Run:
    """One example: a scene by its number, a key, and what the agents do in each step."""

    scene: int
    key: Key
    steps: Tuple[Moves, ...]


@attrs.frozen
class Tick:
    """One step of a recorded run; a refused one left the world as it was."""

    moves: Moves
    observations: Observations
    world: Any
    refusal: str = ""


@attrs.define
class Lab:
    """The simulator that is checked, its scenes, and what was counted on the way."""

    name: str
    factory: Callable[[], Any]
    scenes: Tuple[Any, ...]
    limits: List[Tuple[str, str]] = attrs.field(factory=list)
    accepted: Dict[str, int] = attrs.field(factory=dict)  # by action
    runs: int = 0
    steps: int = 0
    refused: int = 0
    _simulator: Any = None

    @property
    def simulator(self) -> Any:
        """The simulator, made when it is first asked for."""
        if self._simulator is None:
            self._simulator = self.factory()
        return self._simulator

    @property
    def spec(self) -> SimulatorSpec:
        """What it says of itself."""
        spec: SimulatorSpec = self.simulator.spec
        return spec

    def close(self) -> None:
        """Lets go of the simulator; one that holds a device has a `close`."""
        if self._simulator is not None and hasattr(self._simulator, "close"):
            self._simulator.close()
        self._simulator = None

    def fresh(self) -> Any:
        """A simulator that has seen nothing yet, in place of the one before."""
        self.close()
        return self.simulator

    def play(self, run: Run) -> List[Tick]:
        """Records a run; the first entry is the reset. Refused steps leave the world as it was."""
        observations, world = self.simulator.reset(self.scenes[run.scene], run.key)
        ticks = [Tick({}, observations, world)]
        for moves in run.steps:
            ticks.append(self.step(moves, ticks[-1]))
        return ticks

    def step(self, moves: Moves, before: Tick) -> Tick:
        """The tick after another one."""
        self.steps += 1
        try:
            observations, world = self.simulator.step(moves, before.world)
        except SimulatorError as error:
            self.refused += 1
            return Tick(moves, before.observations, before.world, str(error) or type(error).__name__)
        for actions in moves.values():
            for action in actions:
                name = type(action).__name__
                self.accepted[name] = self.accepted.get(name, 0) + 1
        return Tick(moves, observations, world)


def loadable(lab: Lab) -> None:
    """Keeps the scenes that the simulator loads. Raises NotCheckable where it loads none of them."""
    kept, reasons = [], []
    for scene in lab.scenes:
        try:
            lab.simulator.reset(scene, Key((0, 0)))
        except SceneError as error:
            reasons.append(str(error))
        else:
            kept.append(scene)
    if not kept:
        raise NotCheckable(
            f"{lab.name} loads none of the {len(lab.scenes)} scenes ({reasons[0] if reasons else 'none given'}); "
            "pass scenes=[...] that it takes"
        )
    lab.scenes = tuple(kept)


def bytes_of(value: Any) -> Tuple[bytes, ...]:
    """The canonical bytes of a value, read anew from its memory."""
    return tuple(bytes(frame) for frame in encode(value))


def differs(here: Any, there: Any, what: str = "") -> str:
    """Where two values differ, in words; "" when they have the same bytes."""
    if bytes_of(here) == bytes_of(there):
        return ""
    found = difference(Snapshot(here, what).leaves, Snapshot(there, what).leaves)
    if found is None:
        return f"{what} has other bytes"
    return f"{found[0]} is {found[1]}, then {found[2]}"


def ticks_differ(here: Tick, there: Tick) -> str:
    """Where two ticks differ, in words; "" when they are the same."""
    if here.refusal != there.refusal:
        return f"refused with {here.refusal or 'nothing'!r}, then with {there.refusal or 'nothing'!r}"
    return differs(here.world, there.world, "world") or differs(
        here.observations, there.observations, "observations"
    )


def runs_differ(here: Sequence[Tick], there: Sequence[Tick]) -> Optional[Tuple[int, str]]:
    """The first step at which two runs differ, and where."""
    for number, (one, other) in enumerate(zip(here, there)):
        what = ticks_differ(one, other)
        if what:
            return number, what
    return None


def broken(lab: Lab, offence: Any, example: Any, also: Tuple[str, ...] = ()) -> LawBroken:
    """The error that says so."""
    shown = shown_run(example) if isinstance(example, Run) else repr(example)[:600]
    return LawBroken(lab.name, offence, (example,), shown, also)


def shown_run(run: Run) -> str:
    """A run in one line."""
    steps = ", ".join(
        "{" + ", ".join(f"{agent}: {list(actions)}" for agent, actions in moves.items()) + "}"
        for moves in run.steps
    )
    return f"scene {run.scene}, key {run.key.words}, steps [{steps}]"[:1200]


Factory = Union[str, Callable[[], Any]]
