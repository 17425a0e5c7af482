"""What a batch of environments tells of one step."""

from __future__ import annotations

from typing import Any, Dict, Tuple

import attrs
import numpy as np

from droidlet_transport.specs import Tree

FIRST, MID, LAST = range(3)


@attrs.frozen(eq=False)
class TimeStep:
    """What a batch did: arrays of one entry, or row, per environment."""

    observation: Tree  # leaves [num_envs, ...]
    reward: np.ndarray  # float64
    terminated: np.ndarray  # bool: the task ended the episode
    truncated: np.ndarray  # bool: something else did
    first: np.ndarray  # bool: an episode begins, and the action was not used
    infos: Tuple[Dict[str, Any], ...]

    @property
    def last(self) -> np.ndarray:
        """Where an episode has ended."""
        found: np.ndarray = self.terminated | self.truncated
        return found

    @property
    def discount(self) -> np.ndarray:
        """0 where the task ended the episode, else 1; float32."""
        found: np.ndarray = (~self.terminated).astype(np.float32)
        return found

    @property
    def step_type(self) -> np.ndarray:
        """FIRST, MID or LAST; int32."""
        found: np.ndarray = np.where(self.first, FIRST, np.where(self.last, LAST, MID)).astype(np.int32)
        return found
