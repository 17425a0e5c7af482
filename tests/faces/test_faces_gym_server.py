"""A Gymnasium environment behind an address: the same spaces, episodes and errors, each step once."""

from __future__ import annotations

import copy
import os
import signal
import subprocess
import sys
import textwrap
import threading
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces
from gymnasium.utils.env_checker import check_env
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_schema import decode, encode
from droidlet_transport import CannotTravel, Closed, DeadlineExceeded, OutcomeUnknown
from droidlet_transport.faces.gym.server import EpisodeLost, GymnasiumClient, GymnasiumServer
from droidlet_transport.faces.gym.spaces import SpaceError, data_of_space, space_of_data
from droidlet_transport.plain import from_value, to_value
from faces.gym_parts import OwnBox, Pictures, Strange, Unknown, Worded

simple = (
    st.builds(spaces.Discrete, st.integers(1, 9), start=st.integers(-5, 5))
    | st.builds(
        lambda n, start: spaces.MultiDiscrete([n, 3], start=[start, 0]), st.integers(1, 5), st.integers(-3, 3)
    )
    | st.builds(spaces.MultiBinary, st.integers(1, 4) | st.just((2, 3)))
    | st.builds(
        spaces.Text, st.integers(2, 5), min_length=st.integers(0, 2), charset=st.sampled_from(["ab", "xyzä"])
    )
    | st.builds(
        lambda shape, dtype, high: spaces.Box(0, high, shape, dtype),
        st.sampled_from([(), (2,), (2, 0, 3)]),
        st.sampled_from([np.uint8, np.float32, np.float64, np.int16]),
        st.sampled_from([1, 100]),
    )
    | st.just(spaces.Box(-np.inf, np.inf, (3,), np.float32))
)
any_space = st.recursive(
    simple,
    lambda inner: (
        st.dictionaries(st.sampled_from("zyxab"), inner, min_size=1, max_size=3).map(
            lambda parts: spaces.Dict(list(parts.items()))
        )
        | st.lists(inner, min_size=1, max_size=3).map(spaces.Tuple)
        | st.lists(inner, min_size=1, max_size=3).map(spaces.OneOf)
        | st.builds(spaces.Sequence, inner, stack=st.booleans())
        | st.builds(
            spaces.Graph,
            st.just(spaces.Box(0, 1, (2,))) | st.just(spaces.Discrete(3)),
            st.none() | st.just(spaces.Discrete(2)),
        )
    ),
    max_leaves=5,
)


@pytest.mark.filterwarnings("ignore:.*Casting input x to numpy array")
@settings(deadline=None)
@given(space=any_space)
def test_spaces_travel_as_data(space):
    back = space_of_data(from_value(decode(encode(to_value(data_of_space(space))))))
    assert back == space and back.dtype == space.dtype and back.shape == space.shape
    space.seed(3)
    assert space.sample() in back


def test_other_spaces_are_refused_by_name():
    inner = spaces.Dict({"map": spaces.Tuple([spaces.Sequence(Unknown())])})
    place = r"the space\['map'\]\[0\].feature_space is Unknown: only Gymnasium's own spaces travel"
    with pytest.raises(SpaceError, match=place):
        data_of_space(inner)
    told = Worded()
    told.metadata = {"render_modes": [], "of": ["a", {1, 2}]}
    with pytest.raises(CannotTravel, match=r"^metadata\['of'\]\[1\] of <Worded instance> cannot travel: "):
        GymnasiumServer(told)
    with pytest.raises(SpaceError, match="'Unknown' is no kind of space"):
        space_of_data({"kind": "Unknown"})
    assert space_of_data(data_of_space(OwnBox(0, 1, (2,)))) == spaces.Box(0, 1, (2,))


@pytest.fixture(scope="module")
def server():
    with GymnasiumServer(Pictures(render_mode="rgb_array")) as made:
        yield made


@pytest.fixture
def client(server):
    made = GymnasiumClient(server.address)
    yield made
    made.close()


def same(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return set(one) == set(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (tuple, list)):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(np.all(one == other))


def test_it_is_the_environment(client):
    here = Pictures()
    assert client.observation_space == here.observation_space and client.action_space == here.action_space
    assert client.metadata == here.metadata and client.render_mode == "rgb_array"
    here.action_space.seed(2)
    assert same(client.reset(seed=5), here.reset(seed=5))
    for _ in range(40):
        action = here.action_space.sample()
        expected, got = here.step(action), client.step(action)
        assert same(got, expected)
        if got[2] or got[3]:
            assert same(client.reset(options={"steps": 3}), here.reset(options={"steps": 3}))
    assert client.render().tolist() == np.full((2, 2, 3), here.left).tolist()


def test_texts_travel_too():
    with GymnasiumServer(Worded()) as server:
        client = GymnasiumClient(server.address)
        assert client.reset() == ("begin", {}) and client.step(1)[0] == "did1"
        assert client.observation_space == Worded.observation_space
        client.close()
        with pytest.raises(Closed):
            client.step(1)


def test_an_episode_belongs_to_the_client_that_reset_last(server, client):
    other = GymnasiumClient(server.address)
    client.reset(seed=1)
    other.reset(seed=2)
    with pytest.raises(EpisodeLost, match="another one has reset the environment since"):
        client.step(client.action_space.sample())
    other.step(other.action_space.sample())
    other.close()


def test_what_the_environment_raises_is_raised_here(client):
    client.reset(seed=1)
    with pytest.raises(AssertionError) as caught:
        client.step({"go": np.zeros(2, np.float32), "do": 7})
    assert "in step" in caught.value.remote_traceback
    with pytest.raises(CannotTravel, match=r"^argument 0\['go'\] of step cannot travel: <object"):
        client.step({"go": object(), "do": 1})
    with pytest.raises(CannotTravel, match=r"^argument 'options'\['a'\] of reset cannot travel: <object"):
        client.reset(options={"a": object()})
    assert len(client.step(client.action_space.sample())) == 5
    assert same(client.reset(seed=1 << 80), Pictures().reset(seed=1 << 80))  # as Gymnasium draws them
    with pytest.raises(TypeError, match="GymnasiumClient holds a process or a connection"):
        copy.deepcopy(client)


@pytest.mark.slow  # some processes
def test_one_step_is_one_step_however_slow_and_a_dead_server_is_told(tmp_path):
    program = textwrap.dedent("""
        import sys, time
        import gymnasium
        from droidlet_transport.faces.gym.server import GymnasiumServer

        class Slow(gymnasium.Wrapper):
            steps = 0
            def step(self, action):
                self.steps += 1
                time.sleep(0.4 if action else 0.0)
                seen, reward, *others, info = self.env.step(action)
                return (seen, reward, *others, {"steps": self.steps})

        with GymnasiumServer(Slow(gymnasium.make("CartPole-v1"))) as server:
            print(server.address, flush=True)
            sys.stdin.read()
    """)
    path = os.pathsep.join(entry for entry in sys.path if entry)
    running = subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None and running.stdin is not None
    client = GymnasiumClient(running.stdout.readline().strip(), deadline_s=20.0)
    client.reset(seed=1)
    client._client.deadline_s = 0.2  # shorter than the step takes
    with pytest.raises(DeadlineExceeded, match="whether it happened is not known"):
        client.step(1)
    client._client.deadline_s = 20.0
    assert client.step(0)[4] == {"steps": 2}  # the slow one happened once
    running.send_signal(signal.SIGKILL)
    running.wait()
    with pytest.raises((OutcomeUnknown, DeadlineExceeded)):
        client._client.deadline_s = 2.0
        client.step(0)
    client.close()
    running.stdin.close()
    running.stdout.close()


@pytest.mark.filterwarnings("ignore:.*Box observation space")
def test_an_id_is_made_there_and_gymnasiums_own_check_is_passed():
    with GymnasiumServer("CartPole-v1", max_episode_steps=3) as server:
        client = GymnasiumClient(server.address)
        check_env(client, skip_render_check=True)
        client.reset(seed=1)
        assert [client.step(0)[3] for _ in range(3)] == [False, False, True]
        assert client.action_space == gymnasium.make("CartPole-v1").action_space
        assert client.spec == gymnasium.make("CartPole-v1", max_episode_steps=3).spec
        aware = gymnasium.wrappers.TimeAwareObservation(client)  # which reads it
        assert aware.reset()[0] in aware.observation_space
        client.close()


@pytest.mark.parametrize("spec", [gymnasium.envs.registration.EnvSpec("Any-v0", Worded), "none", None])
def test_what_is_no_spec_that_travels_is_none(spec):
    env = Worded()
    env.spec = spec
    with GymnasiumServer(env) as server:
        client = GymnasiumClient(server.address)
        assert client.spec is None and client.reset()[0] == "begin"
        client.close()


def test_an_environment_that_is_made_here_lives_in_one_thread():
    told: list = []

    class Bound(gymnasium.Env):
        """As one with a picture of OpenGL, which only works in the thread that made it."""

        observation_space = action_space = spaces.Discrete(2)
        render_mode = "rgb_array"

        def __init__(self) -> None:
            self.note("make")

        def note(self, what: str) -> None:
            told.append((what, threading.current_thread().name))

        def reset(self, *, seed: Any = None, options: Any = None) -> Any:
            super().reset(seed=seed)
            self.note("reset")
            return 0, {}

        def step(self, action: Any) -> Any:
            self.note("step")
            return 0, 0.0, False, False, {}

        def render(self) -> Any:
            self.note("render")
            return np.zeros((2, 2, 3), np.uint8)

        def close(self) -> None:
            self.note("close")
            raise OSError("no display any more")

    made = GymnasiumServer(Bound)
    assert told == []
    with made.start():  # starting again does nothing
        client = GymnasiumClient(made.address)
        client.reset()
        client.step(0)
        client.render()
        client.close()
        with pytest.raises(OSError, match="no display any more"):  # no trouble of the thread is lost
            made.close()
        made.close()
    assert [what for what, _ in told] == ["make", "reset", "step", "render", "close"]
    assert {name for _, name in told} == {"GymnasiumServer"}

    told.clear()
    given = GymnasiumServer(Bound()).start()
    with pytest.raises(OSError):
        given.close()
    given.close()
    assert [what for what, _ in told] == ["make", "close"]  # once


def test_what_making_it_raises_is_raised_by_whoever_starts_it():
    with pytest.raises(gymnasium.error.NamespaceNotFound, match="write 'module:nowhere/Own-v0'"):
        GymnasiumServer("nowhere/Own-v0").start()
    with pytest.raises(SpaceError, match="observation_space is Unknown"):
        GymnasiumServer(Strange).serve()
    with pytest.raises(SpaceError, match="observation_space is Unknown"):
        GymnasiumServer(Strange())
    with pytest.raises(TypeError, match=r"options \['max_steps'\] are for an environment that is made here"):
        GymnasiumServer(Worded(), max_steps=3)
