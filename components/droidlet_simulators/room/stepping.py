"""One step of a world, and of many."""

from __future__ import annotations

from typing import List, Sequence, Tuple

from droidlet_schema import FrozenMap, Speak, evolve
from droidlet_simulators.contract import Actions
from droidlet_simulators.room.acting import act_all
from droidlet_simulators.room.leaves import swing_all
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.many import act_many, same_scenes, uses_hands, walk_many
from droidlet_simulators.room.walking import walk
from droidlet_simulators.room.world import RoomBody, RoomWorld, Spoken, Swing


def advance(actions: Actions, world: RoomWorld, limits: Limits, period_ns: int) -> RoomWorld:
    """The world one period later: first the robots act, then doors swing, then people walk."""
    acted = act_all(actions, world, limits, period_ns)
    swung = evolve(acted, swings=swing_all(acted, limits, period_ns))
    return evolve(
        swung,
        strolls=walk(swung, limits, period_ns),
        spoken=_spoken(actions),
        step=world.step + 1,
        now_ns=world.now_ns + period_ns,
    )


def advance_many(
    actions: Sequence[Actions], worlds: Sequence[RoomWorld], limits: Limits, period_ns: int
) -> List[RoomWorld]:
    """Each world one period later, as `advance` has it."""
    after = list(worlds)
    for group in same_scenes(worlds):
        alone = [i for i in group if uses_hands(actions[i])]
        for i in alone:
            after[i] = advance(actions[i], worlds[i], limits, period_ns)
        rest = [i for i in group if i not in set(alone)]
        if rest:
            some = [worlds[i] for i in rest]
            bodies = act_many([actions[i] for i in rest], some, limits, period_ns)
            swings = [_swung(world, own, limits, period_ns) for world, own in zip(some, bodies)]
            walked = walk_many(some, bodies, swings, limits, period_ns)
            for i, world, own, leaves, strolls in zip(rest, some, bodies, swings, walked):
                after[i] = evolve(
                    world,
                    bodies=own,
                    swings=leaves,
                    strolls=strolls,
                    spoken=_spoken(actions[i]),
                    step=world.step + 1,
                    now_ns=world.now_ns + period_ns,
                )
    return after


def _swung(
    world: RoomWorld, bodies: FrozenMap[str, RoomBody], limits: Limits, period_ns: int
) -> FrozenMap[int, Swing]:
    """The leaves of a world after its robots have moved; most are at rest, and then nobody needs the world."""
    if all(swing.part == swing.goal for swing in world.swings.values()):
        return world.swings
    return swing_all(evolve(world, bodies=bodies), limits, period_ns)


def _spoken(actions: Actions) -> Tuple[Spoken, ...]:
    """What is said aloud in one step, by the agents' ids."""
    return tuple(
        Spoken(agent, said.text)
        for agent in sorted(actions)
        for said in actions[agent]
        if isinstance(said, Speak)
    )
