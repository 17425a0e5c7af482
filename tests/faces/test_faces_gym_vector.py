"""The vector environment in processes does exactly as Gymnasium's own does in this one."""

from __future__ import annotations

import os
import pickle
import signal
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv, VectorEnv
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from droidlet_transport import CannotTravel, DeadlineExceeded, OutcomeUnknown
from droidlet_transport.faces.gym.vector import ProcessVectorEnv
from droidlet_transport.forms import Form
from droidlet_transport.specs import ArraySpec, SpecError
from faces import gym_parts
from faces.environment_parts import interrupted
from faces.gym_equality import same

COUNT = 3
LONG = [("small_cart", 1), ("small_cart", 2)]  # the pictures go through all modes in a hurry
KINDS = {"small_cart": gym_parts.small_cart, "Pictures": gym_parts.Pictures}


CASES = [
    pytest.param(
        (kind, mode), id=f"{kind}-{mode.value}", marks=[pytest.mark.slow] if (kind, number) in LONG else []
    )
    for kind in KINDS
    for number, mode in enumerate(AutoresetMode)
]


@pytest.fixture(scope="module", params=CASES)
def pair(request):
    kind, mode = request.param
    here = SyncVectorEnv([KINDS[kind]] * COUNT, autoreset_mode=mode)
    there = ProcessVectorEnv([f"faces.gym_parts:{kind}"] * COUNT, autoreset_mode=mode, workers=1)
    yield here, there
    here.close()
    there.close()


def reset_both(pair: Any, **given: Any) -> None:
    here, there = pair
    options = given.pop("options", None)
    results = [
        env.reset(**given, options=None if options is None else dict(options)) for env in (here, there)
    ]
    same(*results)


moves = st.lists(
    st.sampled_from(["step"] * 12 + ["reset", "seeds", "options", "mask"]), min_size=5, max_size=40
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), moves=moves)
def test_it_does_as_sync_vector_env_does(pair, seed, moves):
    here, there = pair
    rng = np.random.default_rng(seed)
    here.action_space.seed(seed)
    reset_both(pair, seed=seed)
    over = np.zeros(COUNT, bool)
    for move in moves:
        mask = rng.random(COUNT) < 0.5
        if here.autoreset_mode == AutoresetMode.DISABLED and over.any():
            reset_both(pair, options={"reset_mask": over})
            over[:] = False
        elif move == "mask" and mask.any():
            reset_both(pair, seed=[seed, None, seed + 1], options={"reset_mask": mask})
            over &= ~mask
        elif move in ("reset", "seeds"):
            reset_both(pair, seed=[5, None, seed] if move == "seeds" else None)
            over[:] = False
        elif move == "options" and not hasattr(here.envs[0], "_max_episode_steps"):
            reset_both(pair, options={"steps": 2})
            over[:] = False
        else:
            actions = here.action_space.sample()
            expected, got = here.step(actions), there.step(actions)
            same(expected, got)
            over = got[2] | got[3]


@pytest.mark.slow  # it is interrupted many times
def test_whenever_it_is_interrupted_the_rest_is_as_in_one_process(pair):
    here, there = pair
    there.action_space.seed(1)
    actions = there.action_space.sample()

    def work() -> None:
        for _ in range(50):
            there.reset()
            there.step(actions)

    times = 0
    for number in range(60):
        times += interrupted(5e-4 + number * 2e-5, work)
        reset_both(pair, seed=number)
        same(here.step(actions), there.step(actions))
    assert times > 20


def test_it_is_a_vector_env_with_the_same_spaces(pair):
    here, there = pair
    assert isinstance(there, VectorEnv) and there.num_envs == COUNT and there.metadata == here.metadata
    for name in ("observation_space", "single_observation_space", "action_space", "single_action_space"):
        assert getattr(there, name) == getattr(here, name), name
    assert there.reset(seed=1)[0] in there.observation_space and here.reset(seed=1)
    assert there.np_random_seed == here.np_random_seed == (1, 2, 3)
    assert there.render_mode is None and not there.closed


@pytest.fixture(scope="module")
def pictures():
    made = ProcessVectorEnv([("faces.gym_parts:Pictures", {"render_mode": "rgb_array"})] * COUNT, workers=2)
    yield made
    made.close()


def test_what_it_returned_stays_as_it_was(pictures):
    pictures.action_space.seed(3)
    kept = [pictures.reset(seed=3)[0]]
    kept += [pictures.step(pictures.action_space.sample())[0] for _ in range(50)]
    slices = [seen["rgb"][1, 2:] for seen in kept]
    copies = [part.copy() for part in slices]
    del kept
    for _ in range(50):
        pictures.step(pictures.action_space.sample())
    assert (
        all(np.array_equal(part, copied) for part, copied in zip(slices, copies))
        and slices[0].flags.writeable
    )


def test_attributes_and_calls_reach_every_environment(pictures):
    assert pictures.get_attr("tag") == ("none",) * COUNT
    pictures.set_attr("tag", ["a", "b", "c"])
    assert pictures.call("tag") == ("a", "b", "c")
    pictures.set_attr("tag", 5)
    assert pictures.get_attr("tag") == (5, 5, 5)
    assert pictures.call("double", 4, add=1) == (9, 9, 9)
    pictures.reset(options={"steps": 4})
    assert [frame.tolist()[0][0] for frame in pictures.render()] == [[4, 4, 4]] * 3
    with pytest.raises(AttributeError, match="nothing"):
        pictures.get_attr("nothing")
    with pytest.raises(ValueError, match="values are 2: there are 3 environments"):
        pictures.set_attr("tag", [1, 2])
    with pytest.raises(CannotTravel, match=r"^argument 'add'\[0\] of double cannot travel: <object"):
        pictures.call("double", 4, add=[object()])
    with pytest.raises(CannotTravel, match=r"^np_random of environment 0 cannot travel: Generator") as caught:
        pictures.get_attr("np_random")
    assert caught.value.environment == 0
    with pytest.raises(CannotTravel, match=r"^tag\['a'\]\[0\] of environment 1 cannot travel: <object"):
        pictures.set_attr("tag", [1, {"a": [object()]}, 3])
    assert pictures.get_attr("tag") == (5, 5, 5)
    with pytest.raises(TypeError, match="ProcessVectorEnv holds a process .* neither copied nor pickled"):
        pickle.dumps(pictures)
    pictures.step(pictures.action_space.sample())  # it goes on


def test_a_dict_may_hold_more_than_its_space_as_in_one_process():
    spec = {"seen": ArraySpec((2,), "float32"), "deep": ({"n": ArraySpec((), "int64")},)}
    value = {"more": "text", "deep": ({"n": 3, "m": 4},), "seen": np.ones(2)}
    form, targets = Form(spec), [np.zeros(2, np.float32), np.zeros((), np.int64)]
    form.put(targets, value, "the observation", strict=False)
    assert targets[0].tolist() == [1.0, 1.0] and targets[1] == 3
    with pytest.raises(SpecError, match=r"the observation has \['deep', 'more', 'seen'\]"):
        form.put(targets, value, "the observation", strict=True)
    with pytest.raises(SpecError, match=r"the observation\['deep'\]\[0\] has \['m'\]"):
        form.put(targets, {**value, "deep": ({"m": 4},)}, "the observation", strict=False)


def test_wrong_arguments_are_told(pictures):
    pictures.reset(seed=1)
    with pytest.raises(ValueError, match="seed is a list of 2: there are 3"):
        pictures.reset(seed=[1, 2])
    with pytest.raises(ValueError, match="from 0 to"):
        pictures.reset(seed=-5)
    with pytest.raises(TypeError, match="seeds are whole numbers"):
        pictures.reset(seed=[1, 2.5, 3])
    with pytest.raises(TypeError, match="'reset_mask'] is list: "):
        pictures.reset(options={"reset_mask": [True, False, True]})
    with pytest.raises(TypeError, match="'reset_mask'] is an array of int64: "):
        pictures.reset(options={"reset_mask": np.array([1, 0, 1])})
    with pytest.raises(ValueError, match="at least one of them True"):
        pictures.reset(options={"reset_mask": np.zeros(3, bool)})
    actions = pictures.action_space.sample()
    with pytest.raises(
        SpecError, match=r"actions\['go'\] is float32 \(2, 2\): its spec says float32 \(3, 2\)"
    ):
        pictures.step({**actions, "go": actions["go"][:2]})
    with pytest.raises(SpecError, match=r"actions\['do'\] is float64"):
        pictures.step({**actions, "do": np.zeros(3)})
    with pytest.raises(Exception, match="no step is under way"):
        pictures.step_wait()
    pictures.step_async(actions)
    with pytest.raises(Exception, match="a step is under way"):
        pictures.step(actions)
    assert len(pictures.step_wait(timeout=30)) == 5


@pytest.mark.slow  # some processes
def test_looks_and_other_modes():
    env = ProcessVectorEnv(["CartPole-v1"] * 2, copy=False, observation_mode="different", workers=1)
    seen, _ = env.reset(seed=1)
    before = seen.copy()
    after = env.step(np.array([0, 1]))[0]
    assert np.array_equal(seen, after) and not np.array_equal(seen, before)
    env.close()
    env.close()
    assert env.closed
    with pytest.raises(Exception, match="closed"):
        env.step(np.array([0, 1]))
    with pytest.raises(ValueError, match="observation_mode is 'other'"):
        ProcessVectorEnv(["CartPole-v1"], observation_mode="other")
    with pytest.raises(ValueError, match="observation_mode is .1, 2.: 'same', 'different', or"):
        ProcessVectorEnv(["CartPole-v1"], observation_mode=(1, 2))


@pytest.mark.slow  # some processes
def test_an_environment_that_fails_is_named():
    walk = "faces.gym_parts:Pictures"
    for what, kind, told in (
        ("raise", RuntimeError, "the arm is stuck"),
        ("shape", SpecError, r"environment 1: the observation\['rgb'\] is uint8 \(3, 7, 3\)"),
    ):
        env = ProcessVectorEnv([walk, ("faces.gym_parts:Wrong", {"what": what})], workers=2)
        env.reset(seed=1, options={"steps": 9})
        env.step(env.action_space.sample())
        with pytest.raises(kind, match=told) as caught:
            env.step(env.action_space.sample())
        assert caught.value.environment == 1
        if what == "shape":
            os.kill(env._team.members[0].worker.pid, signal.SIGKILL)
            with pytest.raises(OutcomeUnknown, match="^environment 0: "):
                for _ in range(3):
                    env.step(env.action_space.sample())
            assert env.reset(seed=2)[0] in env.observation_space
        env.close()


@pytest.mark.slow  # some processes
def test_environments_without_a_common_form_are_refused():
    with pytest.raises(
        SpecError, match="observation_space is Unknown: only Gymnasium's own spaces are known"
    ):
        ProcessVectorEnv(["faces.gym_parts:Strange"])
    with pytest.raises(SpecError, match="environment 1 has other specs than environment 0"):
        ProcessVectorEnv(["CartPole-v1", "faces.gym_parts:Pictures"])
    with pytest.raises(TypeError, match="a list of names"):
        ProcessVectorEnv("CartPole-v1")
    with pytest.raises(TypeError, match="a lambda has none"):
        ProcessVectorEnv([lambda: gymnasium.make("CartPole-v1")])  # type: ignore[list-item]


@pytest.mark.slow  # some processes
def test_a_deadline_names_the_late_one():
    env = ProcessVectorEnv(["CartPole-v1"] * 2, workers=2, deadline_s=2.0)
    env.reset(seed=1)
    os.kill(env._team.members[1].worker.pid, signal.SIGSTOP)
    with pytest.raises(DeadlineExceeded, match="^environment 1 did not answer step in time"):
        env.step(np.array([0, 1]))
    env.close()
