"""Gymnasium's environments as bodies of ours."""

from __future__ import annotations

import copy
import pickle

import gymnasium
import numpy as np
import pytest

from droidlet_schema import Drive, FrozenMap, JointState, JointVelocities, Observation, Pose2, Stop
from droidlet_simulators import SimulatorError, UnknownAction
from droidlet_simulators.gym import DriveControls, GymnasiumBody
from simulators.gym_parts import small_env


def joints_of(native, now_ns: int) -> Observation:
    """The cart's and the pole's positions and velocities."""
    x, dx, angle, turning = (float(v) for v in native)
    joints = {"cart": JointState(x, dx), "pole": JointState(angle, turning)}
    return Observation(now_ns, Pose2(x, 0.0, 0.0), False, FrozenMap(), joints=FrozenMap(joints))


def push(actions) -> int:
    """Left or right, by the sign of the cart's velocity; right when nothing is said."""
    for action in actions:
        if not isinstance(action, JointVelocities):
            raise UnknownAction(f"an action is {action!r}: a cart takes JointVelocities")
        return int(action.velocities["cart"] > 0)
    return 1


def cart(seed: int = 3, **options) -> GymnasiumBody:
    return GymnasiumBody(gymnasium.make("CartPole-v1"), joints_of, push, seed=seed, **options)


def test_an_environment_is_driven_like_any_body():
    body = cart()
    first = body.observe()
    assert first.now_ns == 0 and abs(first.joints["pole"].position) < 0.05
    body.act((JointVelocities(FrozenMap({"cart": 1.0})),))
    after = body.observe()
    assert after.now_ns == 100_000_000 and after.joints["cart"].velocity > first.joints["cart"].velocity
    assert body.reward == 1.0 and not body.terminated


def test_the_same_seed_is_the_same_episode():
    one, two, other = cart(3), cart(3), cart(4)
    assert one.observe() == two.observe() != other.observe()
    for body in (one, two):
        body.act()
    assert one.observe() == two.observe()


def test_after_the_end_nothing_is_done_until_reset():
    body = cart()
    for _ in range(200):
        body.act()
        if body.terminated:
            break
    seen = body.observe()
    with pytest.raises(SimulatorError, match="the episode is over"):
        body.act()
    assert body.observe() == seen
    body.reset(3)
    assert body.observe() == cart().observe() and body.reward is None


def test_it_cannot_be_forked_and_says_so():
    body = cart()
    attempts = (body.fork, lambda: copy.copy(body), lambda: copy.deepcopy(body), lambda: pickle.dumps(body))
    for attempt in (*attempts, lambda: body.world):
        with pytest.raises(SimulatorError, match="cannot be forked"):
            attempt()


def test_what_it_cannot_do_is_refused_and_no_time_passes():
    body = cart()
    seen = body.observe()
    with pytest.raises(UnknownAction, match="JointVelocities"):
        body.act((Stop(),))
    odd = GymnasiumBody(gymnasium.make("CartPole-v1"), joints_of, lambda actions: 7, seed=3)
    with pytest.raises(UnknownAction, match="not in Discrete"):
        odd.act()
    assert body.observe() == seen == odd.observe()
    for wrong in (0, -1, 0.5, True):
        with pytest.raises(SimulatorError, match="period_ns"):
            cart(period_ns=wrong)


def test_our_own_environment_comes_back_as_a_body():
    env = small_env()
    body = GymnasiumBody(env, lambda native, now_ns: env.state.seen, DriveControls().value, seed=2)
    before = body.observe()
    body.act((Drive(0.5, 0.0),))
    gone = np.hypot(body.observe().pose.x_m - before.pose.x_m, body.observe().pose.y_m - before.pose.y_m)
    assert gone == pytest.approx(0.05) and body.observe().now_ns == 100_000_000
    body.close()
