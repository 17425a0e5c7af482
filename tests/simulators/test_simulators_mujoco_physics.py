"""What physics has to do: wheels drive, things are pushed and come to rest, nothing gains energy or falls through."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_schema import (
    Drive,
    FrozenMap,
    JointVelocities,
    Key,
    Look,
    Move,
    Pose,
    Pose2,
    Speak,
    Stop,
    Turn,
    evolve,
)
from droidlet_simulators import (
    AgentSpec,
    SceneError,
    UnknownAction,
    UnknownAgent,
    Wall,
    WorldError,
    make_scene,
)
from droidlet_simulators.contract import SENSES
from droidlet_simulators.mujoco import MujocoSimulator
from simulators.mujoco_parts import (
    BALL,
    BARE,
    CABINET,
    CRATE,
    CUBE,
    PERSON,
    VASE,
    bare,
    hall,
    place_of,
    run,
    started,
    walker,
)

ROBOT = bare()
EMPTY = hall()


@pytest.mark.parametrize(
    ("action", "ahead", "turned"),
    [
        (Drive(0.4, 0.0), 0.4, 0.0),
        (Drive(-0.3, 0.0), -0.3, 0.0),
        (Drive(0.0, 1.0), 0.0, 1.0),
        (Move(0.05), 0.5, 0.0),
        (Turn(0.1), 0.0, 1.0),
        (Drive(9.0, 0.0), 0.5, 0.0),
        (JointVelocities(FrozenMap({"wheel_left": 5.0, "wheel_right": 5.0})), 0.277, 0.0),
    ],
)
def test_a_second_of_an_action_and_rolling_to_a_halt(action, ahead, turned):
    seen, _ = run(ROBOT, started(ROBOT, EMPTY), *[(action,)] * 10, *[()] * 6)
    assert abs(seen.pose.x_m - 2.0 - ahead) < 0.01
    assert abs(seen.pose.yaw_rad - turned) < 0.03
    assert abs(seen.pose.y_m - 2.0) < 0.005


def test_actions_of_one_step_are_carried_out_in_turn_and_a_stop_ends_them():
    long = bare(period_ns=1_000_000_000)
    seen, world = run(long, started(long, EMPTY), (Move(0.2), Turn(0.5)), ())
    assert abs(seen.pose.x_m - 2.2) < 0.02
    assert abs(seen.pose.yaw_rad - 0.5) < 0.05
    stopped, _ = run(long, world, (Stop(), Drive(0.5, 0.0)))
    assert abs(stopped.pose.x_m - seen.pose.x_m) < 0.005


def test_the_neck_turns_as_fast_as_it_may_and_no_further_than_it_goes():
    begin = started(ROBOT, EMPTY)
    seen, world = run(ROBOT, begin, (Look(9.0, -9.0),))
    assert 0.1 < seen.joints["pan"].position < 0.17
    seen, _ = run(ROBOT, world, *[()] * 15)
    assert abs(seen.joints["pan"].position - math.radians(90)) < 0.01
    assert abs(seen.joints["tilt"].position + math.radians(60)) < 0.01


def test_a_crate_is_pushed_and_felt_and_the_wall_holds():
    world = started(ROBOT, hall(CRATE))
    seen, world = run(ROBOT, world, *[(Drive(0.4, 0.0),)] * 10)
    assert seen.collided
    assert any(contact.object_id == 21 and contact.force_n > 0 for contact in seen.contacts)
    assert place_of(ROBOT, world, 21).x_m > 2.65
    seen, _ = run(ROBOT, started(ROBOT, hall(start=Pose2(5.3, 2.0, 0.0))), *[(Drive(0.5, 0.0),)] * 20)
    assert seen.collided
    assert seen.pose.x_m < 6.0 - 0.25
    free, _ = run(ROBOT, started(ROBOT, EMPTY), *[(Drive(0.5, 0.0),)] * 10)
    assert not free.collided


def test_wheels_bear_the_robot():
    seen, _ = run(ROBOT, started(ROBOT, EMPTY), *[()] * 10)
    compiled = ROBOT._engine.last[1]
    weight = 9.81 * float(compiled.model.body_subtreemass[compiled.robots["robot"].base])
    borne = sum(contact.force_n for contact in seen.contacts)
    assert abs(borne - weight) < 0.02 * weight
    assert sum(c.force_n for c in seen.contacts if c.part.startswith("wheel")) > 0.6 * weight


def test_a_ball_falls_rolls_and_rests_and_a_vase_stands():
    world = started(ROBOT, hall(BALL, CABINET, VASE))
    _, world = run(ROBOT, world, *[()] * 30)
    assert abs(place_of(ROBOT, world, 22).z_m - 0.13) < 0.01
    vase = place_of(ROBOT, world, 24)
    assert abs(vase.z_m - VASE.z_m) < 0.01
    assert math.dist((vase.x_m, vase.y_m), (VASE.x_m, VASE.y_m)) < 0.01


def test_a_vase_that_leans_a_little_stands_up_again():
    """Its lowest part is a ball, on which it would not stand at all."""
    world = started(ROBOT, hall(VASE, CABINET))
    leaning = Pose(1.0, 3.0, 0.22, math.cos(0.05), math.sin(0.05), 0.0, 0.0)
    _, world = run(ROBOT, ROBOT.move_object(world, 24, leaning), *[()] * 25)
    vase = place_of(ROBOT, world, 24)
    assert abs(vase.size_m[2] - VASE.size_m[2]) < 0.01
    assert abs(vase.z_m - 0.21) < 0.01


@pytest.mark.parametrize("seed", range(3))
def test_a_closed_scene_never_gains_energy(seed):
    """Nobody drives and nobody walks. Contacts are springs for a moment, whose energy is not counted: hence 1 %."""
    still = MujocoSimulator(())
    flat = make_scene(seed, people=0)
    world = still.reset(evolve(flat, objects=(*flat.objects, evolve(BALL, id=900))), Key(0))[1]
    energies = [still.energy_j(world)]
    for _ in range(15):
        world = still.step({}, world)[1]
        energies.append(still.energy_j(world))
    drop = energies[0] - energies[-1]
    assert drop > 0.5  # the ball fell
    assert max(energies) == energies[0]
    assert max(after - before for before, after in zip(energies, energies[1:])) < 0.01 * drop


moves = st.one_of(
    st.builds(Drive, st.floats(-0.6, 0.6), st.floats(-2, 2)),
    st.builds(Turn, st.floats(-1, 1)),
    st.builds(Move, st.floats(-0.1, 0.1)),
)


@settings(max_examples=8)
@given(st.integers(0, 3), st.lists(moves, min_size=1, max_size=12))
def test_nothing_falls_through_the_floor_or_leaves(seed, actions):
    world = started(ROBOT, make_scene(seed))
    things = ROBOT.invariant(world)
    assert things == len(ROBOT.objects(world))
    _, world = run(ROBOT, world, *[(action,) for action in actions])
    assert ROBOT.invariant(world) == things
    assert all(thing.z_m - thing.size_m[2] / 2 > -0.02 for thing in ROBOT.objects(world))


def test_people_walk_their_route_and_wait_for_nobody_but_those_in_the_way():
    world = started(ROBOT, hall(people=[walker((4.0, 2.7))]))
    _, after = run(ROBOT, world, *[()] * 8)
    person = place_of(ROBOT, after, PERSON.id)
    assert abs(person.y_m - (3.3 - 0.48)) < 1e-9
    assert abs(person.yaw_rad + math.pi / 2) < 1e-9
    blocked = hall(people=[walker((4.0, 1.3))], start=Pose2(4.0, 2.3, 0.0))
    world = started(ROBOT, blocked)
    for _ in range(25):
        seen, world = run(ROBOT, world, ())
        gap = abs(place_of(ROBOT, world, PERSON.id).y_m - 2.3) - 0.28 - 0.26
        assert gap > 0.09
    assert not seen.collided


def test_a_person_stands_fast_when_a_robot_drives_into_it():
    world = started(ROBOT, hall(people=[walker()], start=Pose2(4.0, 2.0, math.pi / 2)))
    seen, world = run(ROBOT, world, *[(Drive(0.5, 0.0),)] * 25)
    assert seen.collided
    assert {c.object_id for c in seen.contacts if c.part == "base"} >= {PERSON.id}
    assert place_of(ROBOT, world, PERSON.id).y_m == PERSON.y_m


def test_robots_meet_and_hear_each_other():
    other = AgentSpec("other", (), SENSES)
    simulator = MujocoSimulator((BARE, other), arms=("other",))
    scene = hall(starts={"other": Pose2(3.2, 2.0, math.pi)})
    observations, world = simulator.reset(scene, Key(0))
    for _ in range(12):
        observations, world = simulator.step(
            {"robot": (Drive(0.5, 0.0), Speak("hello")), "other": (Drive(0.4, 0.0),)}, world
        )
    assert observations["robot"].collided and observations["other"].collided
    assert observations["robot"].pose.x_m < observations["other"].pose.x_m - 0.5
    assert [said.text for said in observations["other"].heard] == ["hello"]
    assert observations["robot"].heard == ()
    assert all(contact.object_id is None for contact in observations["robot"].contacts)


def test_what_the_physics_cannot_bear_is_refused_and_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plain, fresh = (MujocoSimulator((AgentSpec("robot", ()),)) for _ in range(2))
    world = started(plain, hall(BALL))
    compiled = plain._engine.last[1]
    data, state = compiled.mujoco.MjData(compiled.model), world.state.copy()
    compiled.mujoco.mj_setState(compiled.model, data, state, compiled.signature)
    data.qvel[compiled.robots["robot"].dof] = 1e300
    compiled.mujoco.mj_getState(compiled.model, data, state, compiled.signature)
    wild = evolve(world, state=state)
    before, seen = wild.state.tobytes(), fresh.observe(wild)
    for _ in range(2):
        with pytest.raises(WorldError, match="the physics went astray"):
            plain.step({}, wild)
        assert wild.state.tobytes() == before
        assert plain.observe(wild) == seen
    assert list(tmp_path.iterdir()) == []
    assert run(plain, world, (), ())[1] == run(fresh, world, (), ())[1]


def test_worlds_of_others_and_worlds_that_cannot_be_are_refused():
    world = started(ROBOT, hall(CUBE))
    with pytest.raises(WorldError, match="has the agents"):
        MujocoSimulator((evolve(BARE, id="other"),)).observe(world)
    with pytest.raises(WorldError, match="of a simulator with other robots"):
        bare(arms=("robot",)).observe(world)
    with pytest.raises(WorldError, match=r"state\[7\] is nan"):
        state = world.state.copy()
        state[7] = math.nan
        ROBOT.observe(evolve(world, state=state))
    with pytest.raises(WorldError, match=r"world\.step is 4611686018427387904"):
        ROBOT.step({}, evolve(world, step=2**62))
    with pytest.raises(WorldError, match="world is a int"):
        ROBOT.step({}, 42)
    body = evolve(world.bodies["robot"], goals=FrozenMap({"elbow": 1.0}))
    with pytest.raises(WorldError, match="'elbow'"):
        ROBOT.observe(evolve(world, bodies=FrozenMap({"robot": body})))
    plan = evolve(world.plan, things=(evolve(CUBE, colour="plaid"),))
    with pytest.raises(WorldError, match="plaid"):
        ROBOT.observe(evolve(world, plan=plan))


@pytest.mark.parametrize(
    ("actions", "error", "said"),
    [
        ({"nobody": ()}, UnknownAgent, "'nobody': this world has robot"),
        ({"robot": 3}, UnknownAction, "a tuple of actions"),
        ({"robot": ("Drive",)}, UnknownAction, "this robot takes Drive"),
        ({"robot": (Drive(math.nan, 0.0),)}, UnknownAction, "Drive.forward_m_s of 'robot' is nan"),
        (7, UnknownAction, "a mapping"),
    ],
)
def test_what_agents_cannot_do_is_refused(actions, error, said):
    with pytest.raises(error, match=said):
        ROBOT.step(actions, started(ROBOT, EMPTY))


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        (hall(start=Pose2(0.1, 2.0, 0.0)), "it would stand in the wall west"),
        (hall(CRATE, start=Pose2(2.5, 2.0, 0.0)), "it would stand in the box 21"),
        (hall(CUBE, CUBE), r"share the ids \[20\]"),
        (hall(evolve(CUBE, z_m=math.nan)), "object 20 has place and size"),
        (hall(evolve(CUBE, colour="plaid")), "colour is 'plaid'"),
        (evolve(hall(), size_m=(6.0, math.inf, 2.6)), "size_m is"),
        (evolve(hall(), walls=(Wall(1, 1, 0, 0, 2, 2),)), "the lower corner first"),
        (hall(people=[walker((math.nan, 1.0))]), "finite numbers"),
        (hall(people=[walker(speed=-1.0)]), "0 to 10 m/s"),
        (None, "a Scene or an MjcfScene"),
    ],
)
def test_scenes_that_cannot_be_are_refused(scene, said):
    with pytest.raises(SceneError, match=said):
        ROBOT.reset(scene, Key(0))


def test_an_agent_without_a_start_is_named():
    simulator = MujocoSimulator((BARE, AgentSpec("other")))
    with pytest.raises(SceneError, match="no entry for the agent 'other'"):
        simulator.reset(EMPTY, Key(0))


def test_whoever_drove_into_a_wall_gives_up_the_rest_of_the_way():
    _, world = run(ROBOT, started(ROBOT, hall(start=Pose2(5.3, 2.0, 0.0))), *[(Drive(0.5, 0.0),)] * 20)
    pressed, _ = run(ROBOT, world, (Drive(0.5, 0.0),))
    seen, world = run(ROBOT, world, *[()] * 5)

    def pressing(observed):
        return sum(c.force_n for c in observed.contacts if c.part == "base" and c.force_n > 0) - at_ease

    at_ease = sum(
        c.force_n for c in run(ROBOT, started(ROBOT, EMPTY), *[()] * 10)[0].contacts if c.part == "base"
    )
    assert pressing(pressed) > 100
    assert pressing(seen) < 50
    back, _ = run(ROBOT, world, *[(Drive(-0.5, 0.0),)] * 4)
    assert back.pose.x_m < seen.pose.x_m - 0.1
