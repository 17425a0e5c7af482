"""Record classes by their name on the wire, for decoding without a declared kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict

from droidlet_schema.errors import Refused
from droidlet_schema.kinds import RecordKind

if TYPE_CHECKING:
    from droidlet_schema.spec import Spec

_classes: Dict[str, Dict[str, type]] = {}  # tag -> qualified name -> class


def add(spec: Spec) -> None:
    """Registers a class; defining it again (a reload) replaces it."""
    _classes.setdefault(spec.tag, {})[f"{spec.cls.__module__}.{spec.cls.__qualname__}"] = spec.cls


def find(tag: Any) -> RecordKind:
    """The kind of the one record class of this name and version. Raises Refused for none or several."""
    found = _classes.get(tag, {}) if isinstance(tag, str) else {}
    if len(found) != 1:
        many = "several records of this name ({}): say which kind to decode".format(", ".join(sorted(found)))
        raise Refused(tag, many if found else "expected a known record; import the module that defines it")
    kind: RecordKind = vars(next(iter(found.values())))["__record__"].kind
    return kind


def knows(tag: str) -> bool:
    """Whether any record class of this name and version is defined."""
    return bool(_classes.get(tag))
