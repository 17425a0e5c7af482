"""Record classes by their name on the wire, for decoding without a declared kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Iterable, List, Optional, Set

from droidlet_schema.errors import Refused
from droidlet_schema.kinds import RecordKind

if TYPE_CHECKING:
    from droidlet_schema.spec import Spec

_classes: Dict[str, Dict[str, type]] = {}  # tag -> qualified name -> class


def add(spec: Spec) -> None:
    """Registers a class; defining it again (a reload) replaces it."""
    _classes.setdefault(spec.tag, {})[f"{spec.cls.__module__}.{spec.cls.__qualname__}"] = spec.cls


def find(tag: Any, given: Iterable[str] = ()) -> RecordKind:
    """The kind of the record class of this name and version; of several the one whose fields are those that are given,
    or could be, where fields with defaults are left out. Raises Refused for none, or where that leaves several.
    """
    found = _classes.get(tag, {}) if isinstance(tag, str) else {}
    cls = next(iter(found.values())) if len(found) == 1 else _of_fields(found.values(), set(given))
    if cls is None:
        many = (
            f"several records of this name ({', '.join(sorted(found))}): their fields tell them apart where they can, "
            f'else give one a name of its own, as in @record(name="mine.{str(tag).partition("/")[0]}"), or say which '
            "kind to decode"
        )
        raise Refused(tag, many if found else "expected a known record; import the module that defines it")
    kind: RecordKind = vars(cls)["__record__"].kind
    return kind


def _of_fields(classes: Iterable[type], given: Set[str]) -> Optional[type]:
    """The one class that has just these fields, else the one that can do with them; None: neither is one."""
    names = given - {"$"}
    specs = [vars(cls)["__record__"] for cls in classes]
    exact = [spec for spec in specs if names == set(spec.names)]
    able = exact or [spec for spec in specs if _can_do(spec, names)]
    return able[0].cls if len(able) == 1 else None


def _can_do(spec: Spec, names: Set[str]) -> bool:
    return set(spec.required) <= names <= set(spec.names)


def named(tag: str) -> List[str]:
    """The classes of this name and version, by module and name."""
    return sorted(_classes.get(tag, {}))


def knows(tag: Any, given: Iterable[str]) -> bool:
    """Whether a record class of this name and version is defined that can do with these fields."""
    found = _classes.get(tag, {}) if isinstance(tag, str) else {}
    return any(_can_do(vars(cls)["__record__"], set(given) - {"$"}) for cls in found.values())
