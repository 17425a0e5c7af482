"""Our simulators as Gymnasium environments."""

from __future__ import annotations

import math
import subprocess
import sys

import attrs
import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env, data_equivalence
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_schema import Drive, FrozenMap, Grip, JointVelocities, Key, Look, Move, Speak, Turn, evolve
from droidlet_simulators import (
    AgentSpec,
    CameraSpec,
    RoomSimulator,
    SceneError,
    SimulatorError,
    UnknownAction,
    UnknownAgent,
)
from droidlet_simulators.gym import (
    Choices,
    DriveControls,
    PointNavigation,
    SimulatorEnv,
    SimulatorFuncEnv,
    choices,
    controls_of,
)
from simulators.gym_parts import NEAR, empty_hall, small_env
from simulators.habitat_parts import faked

SMALL = PointNavigation(reach_m=0.2, least_m=0.4, walk_steps=15)


@pytest.mark.parametrize("engine", ["Room", "Voxel", "Mujoco"])
def test_a_registered_environment_passes_gymnasium_s_own_check(engine: str):
    env = gymnasium.make(
        f"droidlet/{engine}Navigation-v0", picture_px=12, task=SMALL, render_mode="rgb_array"
    )
    check_env(env.unwrapped)  # its warnings are errors here
    env.close()


def test_habitat_s_environment_passes_it_over_a_fake():
    with faked():
        env = gymnasium.make(
            "droidlet/HabitatNavigation-v0", picture_px=8, task=SMALL, render_mode="rgb_array"
        )
        check_env(env.unwrapped)
        env.close()


def test_an_environment_with_choices_passes_it_too():
    simulator = RoomSimulator(period_ns=500_000_000)
    env = SimulatorEnv(simulator, NEAR, empty_hall, choices())
    env.spec = gymnasium.envs.registration.EnvSpec(
        "droidlet/Choices-v0",
        lambda **options: SimulatorEnv(simulator, NEAR, empty_hall, choices(), **options),
    )
    check_env(env)


def play(env, seed, steps=6):
    env.action_space.seed(5)
    told = [env.reset(seed=seed)]
    told += [env.step(env.action_space.sample()) for _ in range(steps)]
    return [*told, env.reset()]


def test_a_seed_makes_the_episode_and_those_after_it():
    first, again, other = play(small_env(), 7), play(small_env(), 7), play(small_env(), 8)
    assert data_equivalence(first, again, exact=True)
    assert not data_equivalence(first[0], other[0]) and not data_equivalence(first[0], first[-1])


def test_without_a_seed_the_first_episode_is_that_of_seed_0():
    assert data_equivalence(small_env().reset(), small_env().reset(seed=0), exact=True)


def steer(env, seen):
    """Turns towards the goal and goes there."""
    _, bearing = seen["goal"]
    ahead = 1.0 if abs(bearing) < 0.3 else 0.0
    return np.array([ahead, np.clip(3 * bearing, -1, 1)], np.float32)


@pytest.mark.parametrize("seed", range(3))
def test_an_episode_terminates_at_its_goal_and_pays_for_the_way(seed: int):
    env = small_env()
    seen, info = env.reset(seed=seed)
    start, total, steps = info["distance_m"], 0.0, 0
    assert not info["success"] and start >= NEAR.least_m
    terminated = False
    while not terminated and steps < 200:
        seen, reward, terminated, truncated, info = env.step(steer(env, seen))
        total, steps = total + reward, steps + 1
        assert terminated == info["success"] == (info["distance_m"] <= NEAR.reach_m) and not truncated
    assert terminated
    paid = start - info["distance_m"] - steps * NEAR.step_cost + NEAR.success_reward
    assert total == pytest.approx(paid)


def test_the_goal_is_told_as_distance_and_bearing():
    env = small_env()
    seen, info = env.reset(seed=1)
    distance, bearing = (float(v) for v in seen["goal"])
    x, y, yaw = (float(v) for v in seen["pose"])
    goal = env.state.goal
    assert distance == pytest.approx(info["distance_m"])
    assert x + distance * math.cos(yaw + bearing) == pytest.approx(goal.x_m, abs=1e-4)
    assert y + distance * math.sin(yaw + bearing) == pytest.approx(goal.y_m, abs=1e-4)


def test_episodes_are_cut_by_time_only_from_outside():
    env = gymnasium.make("droidlet/RoomNavigation-v0", max_episode_steps=3, picture_px=8)
    env.reset(seed=1)
    ends = [env.step(np.zeros(2, np.float32))[2:4] for _ in range(3)]
    assert ends == [(False, False), (False, False), (False, True)]


def test_a_state_is_a_value_to_go_on_from():
    env = small_env()
    env.reset(seed=3)
    fork = env.state
    ahead = [env.step(np.array([1.0, 0.5], np.float32)) for _ in range(4)]
    env.state = fork
    assert data_equivalence(ahead, [env.step(np.array([1.0, 0.5], np.float32)) for _ in range(4)], exact=True)


def test_what_is_told_is_the_caller_s_to_change():
    env = small_env()
    seen, _ = env.reset(seed=2)
    kept = {name: np.array(values) for name, values in seen.items()}
    for values in seen.values():
        values[...] = 0
    assert data_equivalence(env.functions.observation(env.state), kept, exact=True)


def test_functions_and_environment_say_the_same():
    env = small_env()
    functions: SimulatorFuncEnv = env.functions
    env.reset(seed=4)
    state, action = env.state, np.array([0.5, -0.5], np.float32)
    after = functions.transition(state, action, Key(0))
    assert functions.transition(state, action, Key(9)) == after  # all chance is in the world
    seen, reward, terminated, _, info = env.step(action)
    assert data_equivalence(functions.observation(after), seen, exact=True)
    assert (functions.reward(state, action, after), functions.terminal(after)) == (reward, terminated)
    assert functions.transition_info(state, action, after) == info
    assert np.array_equal(functions.render_image(after, functions.render_init())[1], env.render())
    with pytest.raises(UnknownAction):
        functions.transition(state, np.array([2.0, 0.0], np.float32))


def test_first_states_come_from_keys_numbers_and_generators():
    functions = small_env().functions
    assert functions.initial(Key(5)) == functions.initial(5) == functions.initial(np.int64(5))
    assert functions.initial(Key(5)) != functions.initial(Key(6))
    one, two = (functions.initial(np.random.default_rng(3)) for _ in range(2))
    assert one == two
    for bad in ("seed", None, True, 0.5):
        with pytest.raises(SimulatorError, match="rng"):
            functions.initial(bad)


def test_misuse_is_one_clear_error_and_changes_nothing():
    env = small_env()
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(np.zeros(2, np.float32))
    env.reset(seed=1)
    state = env.state
    for bad in (
        np.zeros(3, np.float32),
        np.full(2, np.nan, np.float32),
        np.array([0, 9], np.float32),
        1,
        None,
    ):
        with pytest.raises(UnknownAction):
            env.step(bad)
    with pytest.raises(SimulatorError, match="options has"):
        env.reset(options={"goal": 1})
    assert env.state is state
    with_plain_numbers = env.step([0.5, 0])[0]
    env.state = state
    assert data_equivalence(with_plain_numbers, env.step(np.array([0.5, 0.0], np.float32))[0], exact=True)
    blind = RoomSimulator((AgentSpec("a", (CameraSpec(pictures=("depth",)),)),))
    for simulator, options, says in (
        (RoomSimulator(), {"render_mode": "human"}, "render_mode"),
        (blind, {"render_mode": "rgb_array"}, "no camera"),
        (blind, {"far_m": 0.0}, "far_m"),
        (blind, {"far_m": math.nan}, "far_m"),
        (blind, {"controls": DriveControls(grip_m=0.1)}, "Grip"),
    ):
        with pytest.raises(SimulatorError, match=says):
            SimulatorEnv(simulator, NEAR, empty_hall, **options)
    with pytest.raises(UnknownAgent, match="'b'"):
        SimulatorEnv(blind, NEAR, empty_hall, agent_id="b")


def test_a_scene_of_one_s_own_is_taken_as_it_is():
    env = small_env()
    scene = empty_hall(Key(77))
    env.reset(seed=1, options={"scene": scene})
    assert env.state.world.scene == scene
    shut = evolve(scene, size_m=(0.5, 0.5, 2.6), start=evolve(scene.start, x_m=0.25, y_m=0.25))
    with pytest.raises(SceneError, match="shut in"):
        env.reset(options={"scene": shut})


def test_a_task_that_cannot_be_is_refused():
    for wrong in ({"reach_m": 0.0}, {"least_m": 0.1}, {"walk_steps": 0}, {"success_reward": math.inf}):
        with pytest.raises(ValueError, match="PointNavigation"):
            PointNavigation(**wrong)


def test_the_agent_s_spec_is_the_observation_space():
    spaces = small_env().observation_space.spaces
    assert set(spaces) == {"head_rgb", "head_depth", "head_semantic", "pose", "collided", "goal"}
    assert spaces["head_rgb"].shape == (12, 16, 3) and spaces["head_semantic"].dtype == np.int32
    deaf = RoomSimulator((AgentSpec("a", (), ()),))
    assert set(SimulatorEnv(deaf, NEAR, empty_hall).observation_space.spaces) == {"goal"}


unit = st.floats(-1.0, 1.0, width=32)
WHOLE = DriveControls(0.4, 1.2, 1.0, 0.5, FrozenMap({"elbow": 2.0, "wrist": 1.0}), 0.08)


@settings(max_examples=30)
@given(st.lists(unit, min_size=7, max_size=7))
def test_controls_turn_numbers_into_actions_and_back(numbers):
    value = np.array(numbers, np.float32)
    actions = WHOLE.actions(value)
    assert [type(action) for action in actions] == [Look, JointVelocities, Grip, Drive]
    assert actions[-1].forward_m_s == pytest.approx(0.4 * numbers[0])
    assert WHOLE.value(actions) == pytest.approx(value, abs=1e-5)


def test_controls_say_what_they_need():
    assert WHOLE.space.shape == (7,) and WHOLE.needs == ("Drive", "Look", "JointVelocities", "Grip")
    assert DriveControls().value((Drive(9.0, 0.0),)).tolist() == [1.0, 0.0]
    for bad in ((Speak("hello"),), (Drive(0.1, 0.1), Drive(0.1, 0.1))):
        with pytest.raises(UnknownAction):
            DriveControls().value(bad)
    with pytest.raises(UnknownAction, match="knee"):
        WHOLE.value((JointVelocities(FrozenMap({"knee": 1.0})),))
    for wrong in ({"forward_m_s": 0.0}, {"turn_rad_s": math.nan}, {"grip_m": -1.0}):
        with pytest.raises(ValueError, match="DriveControls"):
            DriveControls(**wrong)


def test_controls_are_derived_from_what_there_is():
    spec = RoomSimulator().spec
    assert controls_of(spec) == DriveControls()
    few = controls_of(evolve(spec, actions=("Move", "Turn")))
    assert few.space.n == 3 and few.value((Turn(math.radians(10.0)),)) == 1
    assert few.actions(np.int64(0)) == (Move(0.25),)
    with pytest.raises(SimulatorError, match="neither"):
        controls_of(evolve(spec, actions=("Speak",)))
    with pytest.raises(ValueError, match="options"):
        Choices(())
    with pytest.raises(UnknownAction):
        few.value((Move(7.0),))


def test_vectors_of_environments_are_gymnasium_s_own():
    envs = gymnasium.make_vec(
        "droidlet/RoomNavigation-v0", num_envs=2, vectorization_mode="sync", picture_px=8
    )
    seen, _ = envs.reset(seed=[1, 2])
    assert seen["head_rgb"].shape == (2, 8, 8, 3) and not np.array_equal(seen["pose"][0], seen["pose"][1])
    assert envs.step(envs.action_space.sample())[1].shape == (2,)
    envs.close()


def test_without_gymnasium_all_else_is_there_and_one_sentence_says_what_to_install():
    code = (
        "import sys; sys.modules['gymnasium'] = None\n"
        "import droidlet_simulators\n"
        "try:\n    import droidlet_simulators.gym\n"
        "except droidlet_simulators.NotInstalled as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "droidlet_simulators.gym needs gymnasium: pip install 'droidlet-style[gym]'"


def test_goals_are_drawn_without_pictures():
    functions = small_env().functions
    assert functions._blind.spec.agents[0].cameras == ()
    assert attrs.evolve(functions._blind, agents=functions.simulator.agents) == functions.simulator
