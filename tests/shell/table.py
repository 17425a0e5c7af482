"""An environment as object-learning systems have them: objects by name, agents with sensors, actions by name."""

from __future__ import annotations

import numpy as np

from droidlet_schema import record


@record
class Nudge:
    """An action that only this package defines."""

    agent: str
    by_m: float = 0.1


class ActuatorMissing(Exception):
    """Made with a class, as errors of such systems are."""

    def __init__(self, agent_class: type, method: str) -> None:
        self.method = method
        super().__init__(f"{agent_class.__name__} has no {method}")


class Table:
    """Two agents over a table; everything follows from the calls."""

    def __init__(self, agents=("hand", "eye"), pixels=8):
        self._agents, self._pixels = tuple(agents), pixels
        self.reset()
        self._objects = {}

    def reset(self):
        self._at = {name: np.zeros(3) for name in self._agents}
        return self._look()

    def step(self, actions):
        for action in actions:
            if isinstance(action, Nudge):
                self._at[action.agent][2] += action.by_m
            elif action["action"] == "move":
                self._at[action["agent"]][:2] += action["by_m"]
            elif action["action"] == "turn":
                self._at[action["agent"]] *= np.float64(action.get("factor", 0.5))
            else:
                raise ActuatorMissing(Table, f"actuate_{action['action']}")
        return self._look()

    def add_object(self, name, position=(0, 0, 0), scale=(1.0, 1.0, 1.0), semantic_id=None, primary=None):
        if scale != (1.0, 1.0, 1.0):  # a list would not do
            raise NotImplementedError(f"scale {scale!r}")
        if primary is not None and primary not in self._objects:
            raise KeyError(primary)
        ident = len(self._objects) - 1
        self._objects[ident] = (name, np.asarray(position, float), semantic_id)
        return {"object_id": ident, "semantic_id": semantic_id}

    def remove_all_objects(self):
        self._objects = {}

    def _look(self):
        here = np.array([where for _, where, _ in getattr(self, "_objects", {}).values()]).reshape(-1, 3)
        seen = {}
        for name, at in self._at.items():
            far = np.linalg.norm(here - at, axis=1) if len(here) else np.zeros(0)
            picture = np.outer(np.arange(self._pixels), [at.sum()] * self._pixels)
            seen[name] = {
                "patch": {"depth": picture.astype(np.float32), "semantic": (picture * 10).astype(np.int64)},
                "touch": {"raw": far, "hit": bool(len(far) and far.min() < 0.3)},
            }
        return seen, {name: {"position": tuple(at), "sensors": {}} for name, at in self._at.items()}
