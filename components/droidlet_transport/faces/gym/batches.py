"""What a batch of Gymnasium environments is made of, and what its resets are given."""

from __future__ import annotations

import re
from typing import Any, Dict, Sequence, Tuple, Union

import numpy as np
from gymnasium.spaces.utils import is_space_dtype_shape_equiv
from gymnasium.vector.utils import batch_differing_spaces, batch_space

from droidlet_transport.boards import NO_SEED
from droidlet_transport.faces.gym.spaces import space_of_data
from droidlet_transport.teams import Factory

Infos = Dict[str, Any]
Env = Union[Factory, str]
_ID = re.compile(r"-v\d+$")
_MAKE = "droidlet_transport.faces.gym.stepping:make"


def spaces_of(told: Sequence[Dict[str, Any]], mode: Any) -> Tuple[Any, Any, Any, Any]:
    """The batch's and one environment's observation space, and the same for actions; `mode` as SyncVectorEnv has it.

    Raises RuntimeError where the environments differ more than the mode allows, ValueError for another mode.
    """
    seen = [space_of_data(one["observation"]) for one in told]
    acts = [space_of_data(one["action"]) for one in told]
    single = seen[0]
    if isinstance(mode, tuple):
        batch, single = mode
    elif mode == "same":
        batch = batch_space(single, len(told))
    elif mode == "different":
        batch = batch_differing_spaces(seen)
    else:
        raise ValueError(f"observation_mode is {mode!r}: 'same', 'different', or a batch's and one's space")
    for index, (observation, action) in enumerate(zip(seen, acts)):
        alike = observation == single if mode == "same" else is_space_dtype_shape_equiv(observation, single)
        if not alike:
            raise RuntimeError(
                f"environment {index} has another observation space than environment 0: {observation} and {single}"
            )
        if action != acts[0]:
            raise RuntimeError(
                f"environment {index} has another action space than environment 0: {action} and {acts[0]}"
            )
    return batch, single, batch_space(acts[0], len(told)), acts[0]


def infos_of(env: Any, told: Sequence[Any]) -> Infos:
    """The infos of a batch, as VectorEnv puts them together, in the order of the environments."""
    infos: Infos = {}
    for index, final, info in told:
        if final is not None:
            infos = env._add_info(infos, {"final_obs": final[0], "final_info": final[1]}, index)
        infos = env._add_info(infos, info, index)
    return infos


def factory_of(env: Env) -> Factory:
    """An id of Gymnasium's, or a factory by name."""
    name, options = env if isinstance(env, (tuple, list)) else (env, {})
    if isinstance(name, str) and (_ID.search(name) or ":" not in name):
        return _MAKE, {"env_id": name, **options}
    return name, options


def seeds_of(seed: Any, count: int) -> np.ndarray:
    """One per environment, NO_SEED for none. Raises ValueError for another number of them, or negative ones."""
    if seed is None:
        return np.full(count, NO_SEED)
    listed = [seed + n for n in range(count)] if isinstance(seed, (int, np.integer)) else list(seed)
    if len(listed) != count:
        raise ValueError(f"seed is a list of {len(listed)}: there are {count} environments")
    if not all(one is None or 0 <= one < 1 << 63 for one in listed):
        raise ValueError(f"seed is {seed!r}: seeds are from 0 to 2**63 - 1")
    return np.array([NO_SEED if one is None else one for one in listed], np.int64)


def mask_of(mask: Any, count: int) -> np.ndarray:
    """Which environments a reset is for. Raises TypeError, ValueError for what is no mask."""
    if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_:
        raise TypeError(f"options['reset_mask'] is {type(mask).__name__}: a NumPy array of bool")
    if mask.shape != (count,) or not mask.any():
        raise ValueError(f"options['reset_mask'] is {mask}: {count} entries, at least one of them True")
    return mask
