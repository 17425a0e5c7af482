"""What an environment has to be: what its reset and step give, and what it says of them."""

from __future__ import annotations

from typing import Any, Tuple

from droidlet_transport.specs import SpecError, spec_of_space


def spec_of(env: Any, what: str) -> Any:
    """The spec of an environment's "observation" or "action". Raises SpecError where it has none."""
    spec = getattr(env, f"{what}_spec", None)
    if spec is None and hasattr(env, f"{what}_space"):
        return spec_of_space(getattr(env, f"{what}_space"), f"{what}_space")
    if spec is None:
        raise SpecError(f"{type(env).__name__} has neither {what}_spec nor {what}_space")
    return spec() if callable(spec) else spec


def two_of(result: Any) -> Tuple[Any, Any]:
    """What a reset gave. Raises SpecError for anything but a pair."""
    if type(result) is not tuple or len(result) != 2:
        raise SpecError(f"reset gave {_told(result)}: expected (observation, info)")
    return result


def five_of(result: Any) -> Tuple[Any, Any, Any, Any, Any]:
    """What a step gave. Raises SpecError for anything but a tuple of five."""
    if type(result) is not tuple or len(result) != 5:
        raise SpecError(
            f"step gave {_told(result)}: expected (observation, reward, terminated, truncated, info)"
        )
    return result


def _told(result: Any) -> str:
    return f"a tuple of {len(result)}" if type(result) is tuple else type(result).__name__
