"""Laws that recorded runs are held to."""

from __future__ import annotations

import math
from typing import Any, Iterator, List, Mapping, Sequence, Tuple

from droidlet_laws.laws import Offence
from droidlet_schema import DecodeError, EncodeError, decode, encode
from droidlet_simulators.conformance.acting import forward, still
from droidlet_simulators.conformance.lab import (
    Lab,
    Moves,
    Run,
    Tick,
    bytes_of,
    differs,
    runs_differ,
    ticks_differ,
)
from droidlet_simulators.conformance.laws import (
    ARGUMENTS,
    CODEC,
    FORKS,
    INVARIANT,
    NO_RESET,
    OBSERVED,
    RESTORED,
    SAME,
    TIME,
    offence,
)

_INVARIANT_TOLERANCE = 1e-9  # of floats, relative above 1
_QUIET_STEPS = 30
_DRIVE_STEPS = 12
_JUMP_M = 0.1  # how far a body may roll on in a step when it does nothing
_FASTEST_M_S = 2.0


def run_offences(lab: Lab, run: Run) -> Iterator[Offence]:
    """Every law that one run breaks, the plainest first."""
    ticks = lab.play(run)
    lab.runs += 1
    written = [bytes_of((tick.world, tick.observations)) for tick in ticks]
    yield from _time(lab, ticks)
    yield from _unwritten(ticks, written)
    yield from _invariant(lab, ticks)
    yield from _observed(lab, ticks)
    yield from _same(lab, run, ticks)
    if lab.spec.exact_restore:
        yield from _restored(lab, ticks)
        yield from _forks(lab, run, ticks)
        yield from _codec(lab, ticks)
    else:
        yield from _kept_by_codec(ticks)
    yield from _unwritten(ticks, written)


def _unwritten(ticks: Sequence[Tick], written: Sequence[Tuple[bytes, ...]]) -> Iterator[Offence]:
    """Whether what a run returned still has the bytes that it had."""
    for number, (tick, before) in enumerate(zip(ticks, written)):
        if bytes_of((tick.world, tick.observations)) != before:
            yield offence(
                ARGUMENTS, f"the world or the observations of step {number} have changed since", number
            )
            return


def _same(lab: Lab, run: Run, ticks: Sequence[Tick]) -> Iterator[Offence]:
    """Again, then by a simulator that has seen nothing."""
    again = runs_differ(ticks, lab.play(run))
    if again is not None:
        yield offence(SAME, f"step {again[0]} of the same run again: {again[1]}", again[0])
    lab.fresh()
    anew = runs_differ(ticks, lab.play(run))
    if anew is not None:
        yield offence(SAME, f"step {anew[0]} in a simulator made anew: {anew[1]}", anew[0])


def _time(lab: Lab, ticks: Sequence[Tick]) -> Iterator[Offence]:
    before = None
    for number, tick in enumerate(ticks):
        clocks = {agent: seen.now_ns for agent, seen in tick.observations.items()}
        if before is not None:
            grown = 0 if tick.refusal else lab.spec.period_ns
            for agent, now in clocks.items():
                if now != before[agent] + grown:
                    yield offence(
                        TIME,
                        f"now_ns of {agent!r} went from {before[agent]} to {now} in step {number}: "
                        f"period_ns is {lab.spec.period_ns}",
                        number,
                    )
                    return
        before = clocks
    quiet = lab.step(still(lab), ticks[-1])
    if quiet.refusal:
        yield offence(TIME, f"a step without actions was refused: {quiet.refusal}", len(ticks))
    elif any(seen.now_ns != (before or {})[a] + lab.spec.period_ns for a, seen in quiet.observations.items()):
        yield offence(TIME, "a step without actions let no period pass", len(ticks))


def _invariant(lab: Lab, ticks: Sequence[Tick]) -> Iterator[Offence]:
    first = lab.simulator.invariant(ticks[0].world)
    for number, tick in enumerate(ticks):
        now = lab.simulator.invariant(tick.world)
        spare = 0 if isinstance(first, int) else _INVARIANT_TOLERANCE * max(1.0, abs(first))
        if not abs(now - first) <= spare:
            yield offence(INVARIANT, f"it was {first} after the reset and is {now} in step {number}", number)
            return


def _observed(lab: Lab, ticks: Sequence[Tick]) -> Iterator[Offence]:
    for number, tick in enumerate(ticks):
        before = bytes_of(tick.world)
        seen = lab.simulator.observe(tick.world)
        what = differs(tick.observations, seen, "observations") or differs(
            seen, lab.simulator.observe(tick.world), "observations, observed again"
        )
        if bytes_of(tick.world) != before:
            what = "the world has changed"
        if what and (lab.spec.exact_restore or number == len(ticks) - 1):
            yield offence(OBSERVED, f"in step {number}: {what}", number)
            return


def _codec(lab: Lab, ticks: Sequence[Tick]) -> Iterator[Offence]:
    """The whole run again, the world written and read at every tick."""
    yield from _kept_by_codec(ticks)
    world = _travelled(ticks[0].world)
    for number, tick in enumerate(ticks[1:], 1):
        after = lab.step(tick.moves, Tick({}, ticks[number - 1].observations, world))
        what = ticks_differ(tick, after)
        if what:
            yield offence(CODEC, f"step {number} from a world written and read at every tick: {what}", number)
            return
        world = _travelled(after.world)


def _travelled(world: Any) -> Any:
    return decode(tuple(bytes(frame) for frame in encode(world)), type(world))


def _kept_by_codec(ticks: Sequence[Tick]) -> Iterator[Offence]:
    for number, tick in enumerate(ticks):
        try:
            read = _travelled(tick.world)
        except (EncodeError, DecodeError) as error:
            yield offence(CODEC, f"the world of step {number} cannot be written and read: {error}", number)
            return
        what = differs(tick.world, read, "world")
        if what:
            yield offence(CODEC, f"the world of step {number}, written and read: {what}", number)
            return


def _restored(lab: Lab, ticks: Sequence[Tick]) -> Iterator[Offence]:
    """Each step once more, the last one first, so that the engine never holds the world that it is handed."""
    for number in range(len(ticks) - 1, 0, -1):
        what = ticks_differ(ticks[number], lab.step(ticks[number].moves, ticks[number - 1]))
        if what:
            yield offence(RESTORED, f"step {number} again, from the world before it: {what}", number)
            return


def _forks(lab: Lab, run: Run, ticks: Sequence[Tick]) -> Iterator[Offence]:
    """Two futures of the middle world, one step of each in turn, against each future alone."""
    start = ticks[len(ticks) // 2]
    ways = (tuple(run.steps[:3]), _other(lab, run))
    alone = [_follow(lab, start, way) for way in ways]
    forks: List[List[Tick]] = [[start], [start]]
    for number in range(max(map(len, ways))):
        for fork, way in zip(forks, ways):
            if number < len(way):
                fork.append(lab.step(way[number], fork[-1]))
    for lone, fork in zip(alone, forks):
        found = runs_differ(lone, fork)
        if found is not None:
            yield offence(FORKS, f"step {found[0]} of a fork, the other fork stepped in between: {found[1]}")
            return


def _other(lab: Lab, run: Run) -> Tuple[Moves, ...]:
    ahead = forward(lab, lab.spec.agent_ids[0])
    return tuple(reversed(run.steps[-2:])) + ((ahead,) if ahead else ())


def _follow(lab: Lab, start: Tick, way: Sequence[Mapping[str, Any]]) -> List[Tick]:
    ticks = [start]
    for moves in way:
        ticks.append(lab.step(moves, ticks[-1]))
    return ticks


def no_reset_offences(lab: Lab, run: Run) -> Iterator[Offence]:
    """Everybody goes ahead for a while, then nobody does anything: nobody is elsewhere, nothing is lost."""
    ticks = lab.play(run)
    known = _idents(lab, ticks[0].world)
    ahead = [moves for agent in lab.spec.agent_ids if (moves := forward(lab, agent))]
    fastest = _FASTEST_M_S * lab.spec.period_ns / 1e9
    at = ticks[-1]
    for moves in (*ahead * _DRIVE_STEPS, *[still(lab)] * _QUIET_STEPS):
        after = lab.step(moves, at)
        for agent, seen in after.observations.items():
            old = at.observations[agent].pose
            gone = math.hypot(seen.pose.x_m - old.x_m, seen.pose.y_m - old.y_m)
            if gone > _JUMP_M + (fastest if agent in moves else 0.0):
                yield offence(NO_RESET, f"{agent!r} is {gone:.2f} m elsewhere after a step of {dict(moves)}")
                return
        at = after
    if _idents(lab, at.world) != known:
        yield offence(NO_RESET, f"the objects were {sorted(known)} and are {sorted(_idents(lab, at.world))}")


def _idents(lab: Lab, world: Any) -> List[int]:
    return sorted(thing.id for thing in lab.simulator.objects(world))
