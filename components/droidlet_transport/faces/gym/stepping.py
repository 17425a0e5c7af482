"""The worker's half of a batch of Gymnasium environments."""

from __future__ import annotations

import resource
import statistics
import time
from typing import Any, Dict, List, Tuple

import gymnasium
import numpy as np

from droidlet_transport.environments import spec_of
from droidlet_transport.errors import CannotTravel
from droidlet_transport.faces.gym.spaces import data_of_space, sent_of
from droidlet_transport.forms import Form
from droidlet_transport.loading import load
from droidlet_transport.plain import from_value, to_value
from droidlet_transport.stepping import Stepper
from droidlet_transport.values import unfit

MOST_TRIES, TRY_S = 20, 0.05


def about(env: Any) -> Dict[str, Any]:
    """What the other side has to know of an environment. Raises SpaceError, CannotTravel."""
    unable = unfit(env.metadata, to_value)
    if unable is not None:
        raise CannotTravel(f"metadata{unable[0]} of {env} cannot travel: {unable[1]}")
    return {
        "observation": data_of_space(env.observation_space, "observation_space"),
        "action": data_of_space(env.action_space, "action_space"),
        "metadata": dict(env.metadata),
        "render_mode": env.render_mode,
    }


def make(env_id: str, **options: Any) -> Any:
    """`gymnasium.make`, as a factory that is found by name. Raises as that, saying what may help."""
    try:
        return gymnasium.make(env_id, **options)
    except (gymnasium.error.NamespaceNotFound, gymnasium.error.NameNotFound) as error:
        if ":" in env_id:
            raise
        raise type(error)(
            f"{error} This process has imported nothing that would register it: write 'module:{env_id}' for an "
            "environment that importing a module registers."
        ) from None


class GymStepper(Stepper):
    """The worker's half of a batch of Gymnasium environments."""

    def about(self) -> Any:
        """What the other side has to know of each."""
        return to_value([about(one.env) for one in self._ones])

    def rehearse(self, factory: str, options: Any) -> Tuple[float, float]:
        """Seconds that a step takes, the copy of what is seen included, and those of them in which it computes: of a
        twin that is closed again. Infinity where that cannot be said.
        """
        try:
            twin = load(factory)(**from_value(options))
            try:
                return _typical_step(twin)
            finally:
                twin.close()
        except Exception:  # it will be told when the environments themselves are made
            return float("inf"), float("inf")

    def ask(self, name: str, arguments: Any, options: Any) -> Any:
        """Each environment's attribute of that name, or what it returns when it is a method."""
        return tuple([self._ask(one, name, from_value(arguments), from_value(options)) for one in self._ones])

    def _ask(self, one: Any, name: str, arguments: Tuple[Any, ...], options: Dict[str, Any]) -> Any:
        try:
            found = one.env.get_wrapper_attr(name)
            told = sent_of(found(*arguments, **options) if callable(found) else found, name)
            unable = unfit(told, to_value)
            if unable is not None:
                raise CannotTravel(f"{name}{unable[0]} of environment {one.index} cannot travel: {unable[1]}")
            return to_value(told)
        except Exception as error:
            error.environment = one.index  # type: ignore[attr-defined]
            raise

    def assign(self, name: str, values: Any) -> None:
        """Sets an attribute of each."""
        for one, value in zip(self._ones, from_value(values)):
            one.env.set_wrapper_attr(name, value)


def _typical_step(env: Any) -> Tuple[float, float]:
    env.action_space.seed(0)
    env.reset(seed=0)
    form = Form(spec_of(env, "observation"))
    places = [np.zeros(leaf.shape, leaf.dtype) for leaf in form.arrays]
    quiet: List[Tuple[float, float]] = []
    crowded: List[Tuple[float, float]] = []
    end = time.perf_counter() + TRY_S
    while len(quiet) + len(crowded) < MOST_TRIES and (not (quiet or crowded) or time.perf_counter() < end):
        action = env.action_space.sample()
        start, computing, pushed = time.perf_counter(), time.process_time(), _pushed()
        seen, _, terminated, truncated, _ = env.step(action)
        form.put(places, seen, "the observation", strict=False)
        spent_s, computed_s = time.perf_counter() - start, time.process_time() - computing
        if pushed == _pushed():
            quiet.append((spent_s, computed_s))
        else:
            crowded.append((spent_s, spent_s))
        if terminated or truncated:
            env.reset()
    spent, computed = zip(*(quiet or crowded))
    return statistics.median(spent), statistics.median(computed)


def _pushed() -> int:
    """How often this process lost its core to another: then it did not wait, though it stood still."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw
