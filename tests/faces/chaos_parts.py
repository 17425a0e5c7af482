"""An agent and an environment that do next to nothing."""

from __future__ import annotations

from typing import Any


class Still:
    def step(self, observations: Any, state: Any) -> Any:
        return ()


class Plain:
    def step(self, actions: Any) -> Any:
        return {"seen": 1}, None
