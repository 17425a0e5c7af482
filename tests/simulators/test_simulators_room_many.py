"""Many worlds at once are each what they would be alone, to the bit."""

import functools

import pytest
from hypothesis import strategies as st

from droidlet_schema import (
    Close,
    Drive,
    FrozenMap,
    Key,
    Look,
    Move,
    Open,
    PickUp,
    Pose2,
    Speak,
    Stop,
    Turn,
    digest,
    evolve,
)
from droidlet_simulators import (
    RoomSimulator,
    SimulatorError,
    UnknownAgent,
    WorldError,
    make_scene,
    robot,
    step_many,
)
from simulators.often import often
from simulators.room_parts import BALL, CUP, DOOR, FRIDGE, flat

EYES = {"width": 8, "height": 6, "semantic": True, "senses": ("poses", "contacts", "joints", "heard")}
ALONE = RoomSimulator((robot(**EYES),))
PAIR = RoomSimulator((robot(id="anna", **EYES), robot(id="bob", **EYES)))

moves = st.one_of(
    st.builds(Drive, st.floats(-0.6, 0.6), st.floats(-1.6, 1.6)),
    st.builds(Move, st.floats(-0.1, 0.1)),
    st.builds(Turn, st.floats(-0.3, 0.3)),
    st.builds(Look, st.floats(-1, 1), st.floats(-1, 1)),
    st.sampled_from(
        [Stop(), Speak("hello"), Open(DOOR), Close(DOOR), Open(FRIDGE), PickUp(CUP), PickUp(BALL)]
    ),
)
steps = st.lists(st.lists(st.lists(moves, max_size=3).map(tuple), min_size=6, max_size=6), max_size=4)


def single(simulator, actions, worlds):
    return tuple(simulator.step(wanted, world) for wanted, world in zip(actions, worlds))


def same(simulator, actions, worlds):
    """Steps together and alone, compares everything, and returns the next worlds."""
    try:
        alone = single(simulator, actions, worlds)
    except SimulatorError:
        with pytest.raises(SimulatorError):
            step_many(simulator, actions, worlds)
        return worlds
    together = step_many(simulator, actions, worlds)
    assert [world for _, world in together] == [world for _, world in alone]
    assert digest(together) == digest(alone)
    return [world for _, world in together]


@functools.cache
def roots():
    """A first world of three different flats."""
    scenes = (
        flat(start=Pose2(3.2, 2.75, 0.0)),
        make_scene(3, rooms=1, people=3),
        make_scene(5, rooms=2, doors=True, limbs=True, looks=True),
    )
    return tuple(ALONE.reset(scene, Key(0))[1] for scene in scenes)


@functools.cache
def pair_root():
    scene = evolve(make_scene(4, rooms=1, people=2), objects=())
    beside = Pose2(scene.start.x_m + 0.4, scene.start.y_m, 0.0)
    return PAIR.reset(evolve(scene, starts=FrozenMap({"bob": beside})), Key(0))[1]


@often(8, 150, steps)
def test_forks_and_other_flats_stepped_together_are_as_alone(run):
    worlds = [roots()[i] for i in (0, 1, 0, 2, 1, 0)]
    for step in run:
        worlds = same(ALONE, [{"robot": wanted} for wanted in step], worlds)


@often(8, 150, steps)
def test_several_robots_in_each_world_are_as_alone(run):
    worlds = [pair_root()] * 3
    for step in run:
        worlds = same(PAIR, [{"anna": step[i], "bob": step[i + 3]} for i in range(3)], worlds)


def test_people_are_as_alone_over_a_long_time_and_doors_swing():
    worlds = [roots()[1], roots()[2], roots()[1]]
    for number in range(40):
        forward = 0.5 if number < 25 else -0.5
        worlds = same(ALONE, [{"robot": (Drive(forward, 0.2 * i),)} for i in range(3)], worlds)
    assert worlds[0] != worlds[2]


def test_patterned_things_and_nobody_that_moves():
    _, world = ALONE.reset(make_scene(5, rooms=1, people=0, looks=True), Key(0))
    assert world.scene.looks.things
    same(ALONE, [{}, {"robot": (Drive(0.2, 0.1),)}], [world, world])


def test_a_refusal_in_one_world_is_told_and_no_world_has_changed():
    _, world = ALONE.reset(flat(), Key(0))
    mark = digest(world)
    with pytest.raises(UnknownAgent, match="nobody"):
        step_many(ALONE, [{}, {"nobody": ()}], [world, world])
    with pytest.raises(SimulatorError, match="actions are 1 and worlds 2"):
        step_many(ALONE, [{}], [world, world])
    with pytest.raises(WorldError, match="world is None: a RoomWorld"):
        step_many(ALONE, [{}, {}], [world, None])
    assert digest(world) == mark and step_many(ALONE, [], []) == ()


def test_a_simulator_that_steps_alone_only_is_stepped_world_by_world():
    class Counter:
        def step(self, actions, world):
            return FrozenMap(), world + len(actions)

    assert step_many(Counter(), [{}, {"robot": ()}], [1, 2]) == ((FrozenMap(), 1), (FrozenMap(), 3))
