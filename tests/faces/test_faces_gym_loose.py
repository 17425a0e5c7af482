"""Texts, graphs, sequences and alternatives travel beside the arrays: a batch of them is as SyncVectorEnv's."""

from __future__ import annotations

import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv

from droidlet_transport.faces.gym.vector import ProcessVectorEnv
from droidlet_transport.faces.parallel_environment import ParallelEnvironment
from droidlet_transport.specs import AnySpec, SpecError
from faces.gym_equality import same
from faces.gym_parts import Loose

LOOSE, LENGTHY = "faces.gym_parts:Loose", "faces.gym_parts:Lengthy"


@pytest.mark.parametrize(
    "mode", [AutoresetMode.SAME_STEP, pytest.param(AutoresetMode.NEXT_STEP, marks=pytest.mark.slow)]
)
def test_values_of_no_fixed_shape_are_as_in_one_process(mode):
    here = SyncVectorEnv([Loose, lambda: Loose(2)], autoreset_mode=mode)
    there = ProcessVectorEnv([LOOSE, (LOOSE, {"length": 2})], autoreset_mode=mode, workers=1)
    for name in ("observation_space", "single_observation_space", "action_space", "single_action_space"):
        assert getattr(there, name) == getattr(here, name), name
    here.action_space.seed(4)
    same(here.reset(seed=4), there.reset(seed=4))
    for _ in range(20):
        actions = here.action_space.sample()
        same(here.step(actions), there.step(actions))
    mask = {"reset_mask": np.array([False, True])}
    same(here.reset(options=dict(mask)), there.reset(options=dict(mask)))
    with pytest.raises(SpecError, match=r"actions\['word'\] is tuple: a tuple or list of 2"):
        there.step({**actions, "word": ("one",)})
    same(here.step(actions), there.step(actions))
    there.close()


@pytest.mark.slow  # some processes
def test_long_ones_are_given_all_the_same_and_spare_environments_take_their_own():
    with ParallelEnvironment([LENGTHY] * 2, spares=1) as environment:
        assert environment.action_spec == AnySpec("Text")
        assert environment.reset().observation == ("begin", "begin")
        for first, second in ((1, 2), (1 << 20, 3 << 20), (5, 6)):
            seen = environment.step(["x" * first, "y" * second]).observation
            assert seen == (str(first), str(second))
        environment.reset()
        assert environment.step(("ab", "c")).observation == ("2", "1")
