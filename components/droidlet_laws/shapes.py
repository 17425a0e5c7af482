"""From what a person hands over to a component of one of the three shapes."""

from __future__ import annotations

import functools
import inspect
import sys
import typing
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any, Callable, List, Literal, Optional, Tuple, Union

import attrs
import numpy as np

from droidlet_laws.brief import brief, raised
from droidlet_laws.laws import NotCheckable
from droidlet_schema import Key
from droidlet_transport.loading import LoadError, load, offered

Kind = Literal["function", "static-functional", "stepped"]
_USE_NAMES = "use 'module:function'"
_FUNCTIONS = (FunctionType, BuiltinFunctionType, MethodType, functools.partial, np.ufunc)


@attrs.frozen
class Factory:
    """A way to make one component: `make` here, `names` (any of them) in another process, or `homeless`, why
    not.
    """

    name: str
    make: Callable[[], Any]
    names: Tuple[str, ...]
    homeless: str = ""


class Arguments(Tuple[Any, ...]):
    """An item of the inputs that surely is the tuple of all arguments of one call, not one value."""


@attrs.frozen
class Shape:
    """How a component is called: `least` to `most` values by position (a stepped one: inputs and state)."""

    kind: Kind
    parameters: Tuple[inspect.Parameter, ...] = ()
    least: int = 1
    most: int = 1


def factory_of(given: Union[str, Callable[..., Any]]) -> Factory:
    """A factory from a name ("module:name", "file.py:name"), a factory, or a component itself.

    What takes no arguments is called, and must return a component. A function that must be given arguments is
    itself the component, and so is an object that has `initial` or whose call must be given arguments. The
    `make(config, key)` of an agent makes it with the config that has nothing changed; a module stands for its
    `make`. Raises NotCheckable.
    """
    if isinstance(given, str):
        try:
            found = load(given)
        except SystemExit as error:
            raise NotCheckable(f"loading {given} raised {raised(error)}, which ends the program") from error
        except LoadError as error:
            cause = error.__cause__
            raise NotCheckable(
                f"{error}" + (f" ({raised(cause)})" if cause and str(cause) not in str(error) else "")
            ) from error
        if isinstance(found, ModuleType):
            if not hasattr(found, "make"):
                raise NotCheckable(
                    f"{given} is a module that has no make(): name what makes the component, "
                    f"{given.rstrip(':')}:NAME; {offered(found)}"
                )
            found = found.make
        return Factory(given, _maker(found, given), (given,))
    if not callable(given):
        raise NotCheckable(f"expected a factory, a component or 'module:name', got {brief(given, 120)}")
    names, homeless = _names_of(given)
    name = getattr(given, "__qualname__", None) or type(given).__qualname__
    return Factory(name, _maker(given, name), names, homeless)


def _maker(found: Any, name: str) -> Callable[[], Any]:
    if not callable(found):
        raise NotCheckable(
            f"{name} is {brief(found, 120)}: neither a component nor a factory of one, "
            "since it cannot be called"
        )
    config = _config_of(found)
    if _is_component(found) and config is None:
        return lambda: found

    def make() -> Any:
        try:
            made = found() if config is None else found(config(), Key((0, 0)))[0]
        except SystemExit as error:
            text = f"making the component, {name}() raised {raised(error)}, which ends the program"
            raise NotCheckable(text) from error
        except Exception as error:
            if isinstance(found, type) and isinstance(error, TypeError):
                hint = (
                    "; a class that must be given something needs a factory: def make(): return Part(weights)"
                )
                raise NotCheckable(f"{name}() raised {raised(error)}{hint}") from error
            raise NotCheckable(f"making the component, {name}() raised {raised(error)}") from error
        if not callable(made):
            if isinstance(found, FunctionType) and inspect.signature(found).parameters:
                return found  # a function component whose values all have defaults
            raise NotCheckable(
                f"{name}() returned {brief(made, 120)}, which cannot be called: "
                "a factory returns the component"
            )
        return made

    return make


def _config_of(found: Any) -> Any:
    """The class of an agent's configs, where this is its `make(config, key) -> (agent, state)`; else None."""
    if not isinstance(found, FunctionType) or [p.name for p in _placed(found)] != ["config", "key"]:
        return None
    try:
        kind = typing.get_type_hints(found).get("config")
    except Exception:  # whatever is wrong with its annotations: then it is a function like any other
        return None
    return kind if isinstance(kind, type) else None


def _signature(function: Any) -> inspect.Signature:
    """As inspect tells it; for an object that cannot be compared, that of its __call__."""
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):
        raise
    except Exception as error:
        call = getattr(type(function), "__call__", None)  # noqa: B004
        if not isinstance(call, FunctionType):
            raise ValueError("no signature") from error
        return inspect.signature(MethodType(call, function))


def _placed(function: Any) -> List[inspect.Parameter]:
    parameters = _signature(function).parameters.values()
    return [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]


def _is_component(found: Any) -> bool:
    if isinstance(found, type):
        return False
    if not isinstance(found, _FUNCTIONS) and hasattr(type(found), "initial"):
        return True
    counted = _count(found)
    return counted is not None and (counted.least > 0 or bool(_only_named(found)))


def _names_of(given: Any) -> Tuple[Tuple[str, ...], str]:
    """Names under which another process finds this object; else the reason why there is none."""
    module_name, qualname = getattr(given, "__module__", None), getattr(given, "__qualname__", "")
    if not isinstance(given, (FunctionType, type, BuiltinFunctionType)) or not module_name:
        kind = type(given).__name__
        return (), f"{kind} objects have no name by which a child process could load them; {_USE_NAMES}"
    if "<" in qualname:
        word = "a lambda" if "<lambda>" in qualname.rpartition(".")[2] else "defined inside a function"
        return (), f"{qualname} is {word}, which no child process can load; {_USE_NAMES}"
    module = sys.modules.get(module_name)
    found: Any = module
    for step in qualname.split("."):
        found = getattr(found, step, None)
    if found is not given:
        full = f"{module_name}:{qualname}"
        return (), f"{full} is another object than the one given, so a child process cannot load it"
    file = getattr(module, "__file__", None)
    by_file = (f"{file}:{qualname}",) if file and file.endswith(".py") else ()
    by_name = (f"{module_name}:{qualname}",) if module_name != "__main__" else ()
    return (
        by_name + by_file,
        "" if by_name or by_file else f"{module_name} has no file that a child process could load",
    )


def _count(function: Any) -> Optional[Shape]:
    """How many values a callable takes by position; None where Python cannot tell."""
    if isinstance(function, np.ufunc):
        return Shape("function", (), function.nin, function.nin)
    try:
        parameters = tuple(_signature(function).parameters.values())
    except (TypeError, ValueError):
        return None
    placed = _placed(function)
    least = sum(p.default is p.empty for p in placed)
    most = 99 if any(p.kind is p.VAR_POSITIONAL for p in parameters) else len(placed)
    return Shape("function", tuple(placed), least, most)


def shape_of(component: Any, name: str) -> Shape:
    """Which of the three shapes a component has. Raises NotCheckable, saying what is missing."""
    counted = _count(component) or Shape("function", (), 1, 99)
    only_named = _only_named(component)
    if only_named:
        raise NotCheckable(
            f"{name} must be given {only_named} by name; a component takes its values by position"
        )
    if isinstance(component, _FUNCTIONS) or hasattr(component, "__wrapped__"):
        return attrs.evolve(counted, kind="function")
    has_initial = callable(getattr(component, "initial", None))
    kind = type(component).__qualname__
    if has_initial and (counted.least > 2 or counted.most < 2):
        raise NotCheckable(
            f"{kind} has initial(key), so it is stepped and is called with (inputs, state); "
            f"its call takes {_text(counted)}"
        )
    if has_initial:
        _check_initial(component, kind)
        return attrs.evolve(counted, kind="stepped")
    if (
        counted.least == 2
        and counted.parameters
        and counted.parameters[1].name in ("state", "s", "world", "tracks")
    ):
        raise NotCheckable(
            f"{kind} is called with (inputs, state) like a stepped component, "
            "but has no initial(key) that makes the first state"
        )
    return attrs.evolve(counted, kind="static-functional")


def _check_initial(component: Any, kind: str) -> None:
    counted = _count(component.initial)
    if counted is not None and (counted.least > 1 or counted.most < 1):
        raise NotCheckable(f"{kind}.initial takes one key, as initial(key); this one takes {_text(counted)}")


def named_only(component: Any) -> List[str]:
    """The names of the parameters that can be given by name only and have a default."""
    try:
        parameters = _signature(component).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is not p.empty]


def _only_named(component: Any) -> str:
    try:
        parameters = _signature(component).parameters.values()
    except (TypeError, ValueError):
        return ""
    return ", ".join(p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty)


def _text(shape: Shape) -> str:
    if shape.most == 99:
        return f"{shape.least} or more values"
    values = f"{shape.least}" if shape.least == shape.most else f"{shape.least} to {shape.most}"
    return f"{values} value{'' if values == '1' else 's'}"


def arguments_of(shape: Shape, item: Any, name: str) -> Tuple[Any, ...]:
    """The values to call with, from one item of the inputs: an argument tuple, or the one value. Raises
    NotCheckable.
    """
    if shape.kind == "stepped":
        return (item,)
    if type(item) is Arguments:
        return tuple(item)
    if shape.least <= 1 <= shape.most and not (
        shape.most > 1 and type(item) is tuple and shape.least <= len(item) <= shape.most
    ):
        return item if _is_argument_tuple(shape, item) else (item,)
    if type(item) is not tuple or not shape.least <= len(item) <= shape.most:
        raise NotCheckable(
            f"{name} takes {_text(shape)}; each of the inputs must be a tuple of them, got {brief(item, 120)}"
        )
    return item


def _is_argument_tuple(shape: Shape, item: Any) -> bool:
    """Whether an item for a function of one value is a tuple around that value rather than the value."""
    if type(item) is not tuple or len(item) != 1:
        return False
    annotation = shape.parameters[0].annotation if shape.parameters else None
    return not str(annotation).lower().startswith(("tuple", "typing.tuple"))
