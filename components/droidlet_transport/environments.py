"""What an environment has to be: what its reset and step give, and what it says of them."""

from __future__ import annotations

from typing import Any, List, Mapping, Sequence, Tuple, Union

from droidlet_schema import FrozenMap
from droidlet_transport.errors import CannotTravel
from droidlet_transport.plain import to_value
from droidlet_transport.specs import SpecError, spec_of_other, spec_of_space
from droidlet_transport.values import unfit

Factory = Union[str, Tuple[str, Mapping[str, Any]]]


def spec_of(env: Any, what: str) -> Any:
    """The spec of an environment's "observation" or "action". Raises SpecError where it has none."""
    spec = getattr(env, f"{what}_spec", None)
    if spec is None and hasattr(env, f"{what}_space"):
        return spec_of_space(getattr(env, f"{what}_space"), f"{what}_space")
    if spec is None:
        raise SpecError(f"{type(env).__name__} has neither {what}_spec nor {what}_space")
    return spec_of_other(spec() if callable(spec) else spec)


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
    info = result[4]
    if type(info) is not dict and info is not None and not isinstance(info, Mapping):
        raise SpecError(f"step gave {_told(info)} as info: expected a dict")
    return result


def _told(result: Any) -> str:
    return f"a tuple of {len(result)}" if type(result) is tuple else type(result).__name__


def factories_of(factories: Sequence[Factory]) -> List[Tuple[str, Any]]:
    """All of a batch. Raises TypeError for what is no list of names, ValueError for an empty one."""
    if isinstance(factories, str):
        raise TypeError(f"factories are {factories!r}: a list of names, such as [{factories!r}] * 8")
    if not factories:
        raise ValueError("factories is empty: a batch has at least one environment")
    return [factory_of(one) for one in factories]


def factory_of(one: Factory) -> Tuple[str, Any]:
    """A factory's name and its options as they travel. Raises TypeError for what is no name, CannotTravel."""
    name, options = one if isinstance(one, (tuple, list)) else (one, {})
    if not isinstance(name, str):
        raise TypeError(
            f"factory is {name!r}: a worker finds it by name, so write module:name (a lambda has none)"
        )
    if not options:
        return name, FrozenMap()
    found = unfit(dict(options), to_value)
    if found is not None:
        raise CannotTravel(f"options{found[0]} of {name} cannot travel: {found[1]}")
    return name, to_value(dict(options), "options")
