"""A world handed back goes on to the bit as it would have: held, restored, decoded, in another process."""

import mujoco
import numpy as np
import pytest

from droidlet_schema import (
    Drive,
    Grip,
    Key,
    Look,
    Speak,
    Stop,
    Turn,
    decode,
    digest,
    encode,
    evolve,
    fields_of,
)
from droidlet_simulators import make_scene
from simulators.mujoco_parts import (
    BALL,
    CABINET,
    CRATE,
    VASE,
    bare,
    hall,
    python,
    ready,
    run,
    started,
    walker,
    with_arm,
)

SCENE = hall(CRATE, BALL, CABINET, VASE, people=[walker((4.0, 2.6))])
STEPS = (
    [(ready(), Grip(0.05), Drive(0.5, 0.2))] * 2
    + [(Drive(0.5, 0.0),)] * 6
    + [(Turn(0.1), Look(0.4, -0.3), Drive(-0.3, 0.5)), ()]
)


def test_a_run_is_the_same_held_restored_decoded_and_by_another_simulator():
    simulator = with_arm()
    worlds = [started(simulator, SCENE)]
    seen = []
    for actions in STEPS:
        observed, world = run(simulator, worlds[-1], actions)
        worlds.append(world)
        seen.append(observed)
    assert any(
        contact.object_id == 21 for observed in seen for contact in observed.contacts
    )  # it pushes the crate
    other = with_arm()
    for number in reversed(range(len(STEPS))):
        travelled = decode(tuple(bytes(frame) for frame in encode(worlds[number])))
        observed, after = run(other, travelled, STEPS[number])
        assert after == worlds[number + 1], f"step {number}"
        assert observed == seen[number], f"step {number}"


def test_what_a_step_makes_is_as_the_records_would_have_it():
    """A step makes its records without their checks: with them they are the same, to the type of each number."""
    simulator = with_arm()
    world = started(simulator, SCENE)
    for actions in (*STEPS, (Speak("on"), Stop())):
        observations, world = simulator.step({"robot": actions}, world)
        seen = observations["robot"]
        for value in (world, world.bodies["robot"], seen, seen.pose, *seen.joints.values()):
            fields = {name: getattr(value, name) for name in fields_of(type(value))}
            assert digest(type(value)(**fields)) == digest(value)
            assert decode(encode(value)) == value
        with pytest.raises(ValueError, match="read-only"):
            world.state[0] = 1.0


def test_what_the_solver_starts_from_is_a_part_of_the_world():
    simulator = bare()
    _, world = run(simulator, started(simulator, SCENE), *[(Drive(0.5, 0.0),)] * 5)
    compiled = simulator._engine.model_of(world.plan)
    data = mujoco.MjData(compiled.model)
    mujoco.mj_setState(compiled.model, data, world.state, compiled.signature)
    assert data.qacc_warmstart.any()
    data.qacc_warmstart[:] = 0.0
    cold = np.empty_like(world.state)
    mujoco.mj_getState(compiled.model, data, cold, compiled.signature)
    steps = [(Drive(0.5, 0.0),)] * 3
    assert (
        run(simulator, world, *steps)[1].state.tobytes() == run(simulator, world, *steps)[1].state.tobytes()
    )
    assert run(simulator, evolve(world, state=cold), *steps)[1].state.tobytes() != (
        run(simulator, world, *steps)[1].state.tobytes()
    )


ELSEWHERE = """
from simulators.mujoco_parts import *
from simulators.test_simulators_mujoco_exact import SCENE, STEPS
from droidlet_schema import digest
simulator = with_arm()
observed, world = run(simulator, started(simulator, SCENE), *STEPS)
print(digest(world), digest(observed))
"""


def test_another_process_gives_the_same_bits():
    simulator = with_arm()
    observed, world = run(simulator, started(simulator, SCENE), *STEPS)
    done = python(ELSEWHERE)
    assert done.stdout.split() == [digest(world), digest(observed)], done.stderr


def test_looking_at_other_worlds_in_between_changes_nothing():
    simulator = with_arm()
    first = started(simulator, SCENE)
    alone = run(simulator, first, *STEPS)
    other = started(simulator, hall(BALL))
    world = first
    for actions in STEPS:
        observed, world = run(simulator, world, actions)
        simulator.observe(first), simulator.objects(other), simulator.step({}, other)
        simulator.add_object(world, evolve(VASE, id=90, x_m=5.5, y_m=0.5, z_m=0.21))
    assert (observed, world) == alone


def test_a_forgotten_model_is_made_again_alike():
    simulator = bare()
    world = started(simulator, SCENE)
    after = run(simulator, world, *STEPS[2:4])
    for seed in range(9):  # more scenes than models are kept
        started(simulator, make_scene(seed, rooms=1))
    assert len(simulator._engine.models) == 8
    assert run(simulator, world, *STEPS[2:4]) == after
    simulator.close()
    assert run(simulator, world, *STEPS[2:4]) == after


@pytest.mark.parametrize("timestep_ns", [1_000_000, 5_000_000])
def test_a_step_is_the_period_whatever_the_timestep(timestep_ns):
    simulator = bare(timestep_ns=timestep_ns)
    world = started(simulator, hall())
    _, after = run(simulator, world, (Drive(0.3, 0.0),))
    assert after.now_ns == simulator.spec.period_ns
    compiled = simulator._engine.model_of(after.plan)
    assert abs(after.state[0] - 0.1) < 1e-12  # MuJoCo's own clock comes first
    assert compiled.model.opt.timestep == timestep_ns / 1e9


def test_the_key_is_kept():
    simulator = bare()
    assert simulator.reset(hall(), Key(7))[1].key == Key(7)
