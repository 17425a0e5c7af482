"""A body by name, and the assistant, unchanged, under physics."""

from pathlib import Path

import pytest

from droidlet_schema import Chat, Drive, Grip, Key
from droidlet_simulators import (
    AgentSpec,
    Limits,
    MujocoSimulator,
    SimulatedBody,
    SimulatorError,
    mujoco_body,
    room_body,
)
from droidlet_transport.loading import load

FLAT = {"rooms": 1, "people": 1, "picture_px": 16}


def test_a_body_by_name_is_in_the_flat_that_the_room_draws():
    ours, theirs = (make(Key(5), **FLAT) for make in (mujoco_body, room_body))
    assert isinstance(ours, SimulatedBody)
    here, there = ours.observe().pose, theirs.observe().pose
    assert (here.x_m, here.y_m) == (there.x_m, there.y_m)
    assert abs(here.yaw_rad - there.yaw_rad) < 1e-12
    assert [(t.id, t.class_name) for t in ours.truth()] == [(t.id, t.class_name) for t in theirs.truth()]
    ours.act((Drive(0.0, 0.5),))
    assert ours.observe().now_ns == 100_000_000
    armed = mujoco_body(Key(5), arm=True, **FLAT)
    armed.act((Grip(0.05),))
    assert armed.world.bodies["robot"].goals


def test_a_body_elsewhere_is_made_by_its_name():
    asked = []

    def place(name, options):
        asked.append(name)
        return load(name)(**options)

    mujoco_body(Key(5), place=place, **FLAT).act(())
    assert asked == ["droidlet_simulators:MujocoSimulator"]


def test_options_out_of_range_are_refused():
    with pytest.raises(SimulatorError, match="renderer is 'paint'"):
        mujoco_body(Key(5), renderer="paint", **FLAT)


@pytest.mark.slow
def test_the_assistant_finds_a_chair_under_physics_as_it_does_in_the_room():
    assistant = load(str(Path(__file__).resolve().parents[2] / "agents" / "robot_assistant.py"))
    body = mujoco_body(Key(1), rooms=1, people=1)
    agent, state = assistant.make(assistant.Config(), Key(1))
    said = []
    for tick in range(130):
        now_ns = tick * 100_000_000
        heard = (Chat("you", "go to the nearest chair", now_ns),) if tick == 30 else ()
        outputs, state = agent(assistant.Inputs(now_ns, body.observe(), heard), state)
        said += [reply.text for reply in outputs.replies]
        body.act(outputs.actions)
    at = body.observe().pose
    chairs = [thing for thing in body.truth() if thing.class_name == "chair"]
    assert said[-1] == "I am at the nearest chair."
    assert min((c.x_m - at.x_m) ** 2 + (c.y_m - at.y_m) ** 2 for c in chairs) < 1.2**2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"period_ns": 0.1}, "period_ns is 0.1: a whole number is needed; was a float meant"),
        ({"period_ns": 100}, "period_ns is 100: 1000000 to 10000000000 ns; were seconds meant"),
        (
            {"timestep_ns": 3_000_000},
            "timestep_ns is 3000000: it does not divide period_ns, which is 100000000",
        ),
        ({"arms": ("nobody",)}, "ids of the agents, which are robot"),
        ({"arms": "robot"}, "a tuple of ids of the agents"),
        ({"agents": None}, "agents is None"),
        ({"agents": tuple(AgentSpec(f"r{n}", ()) for n in range(61))}, "agents are 61: at most 60"),
        ({"limits": None}, "limits is None: a Limits is needed"),
        ({"limits": Limits(forward_m_s=0.0)}, "limits.forward_m_s is 0.0"),
    ],
)
def test_configurations_that_cannot_be_are_refused(options, said):
    with pytest.raises(SimulatorError, match=said):
        MujocoSimulator(**options)


@pytest.mark.parametrize("make", [mujoco_body, room_body])
def test_a_seed_is_no_key_and_how_one_is_made_is_said(make):
    with pytest.raises(SimulatorError, match=r"key is 3: a Key is needed; Key\(seed\) makes one"):
        make(3, **FLAT)
