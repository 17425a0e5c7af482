"""What a session talks to: a body that acts, and a screen that is told."""

from __future__ import annotations

from typing import Any, Protocol


class Body(Protocol):
    """The shell's side of acting. Also, where it knows one: `truth() -> tuple[SceneObject, ...]`."""

    def observe(self) -> Any:
        """What the sensors give now."""

    def act(self, actions: Any) -> None:
        """Does it, and lets one step of time pass."""


class Screen(Protocol):
    """Who is told of the run while it goes on."""

    def heard(self, now_s: float, text: str) -> None:
        """Something was said to the agent."""

    def replied(self, now_s: float, text: str) -> None:
        """The agent said something."""

    def progress(self, tick: int, now_s: float, doing: str) -> None:
        """One more tick is done."""

    def note(self, text: str) -> None:
        """Something worth a sentence."""


class Silent:
    """A screen that shows nothing."""

    def heard(self, now_s: float, text: str) -> None:
        """Nothing."""

    def replied(self, now_s: float, text: str) -> None:
        """Nothing."""

    def progress(self, tick: int, now_s: float, doing: str) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Nothing."""
