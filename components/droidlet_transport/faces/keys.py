"""The keys of a robot: several texts, of which only those that there are can be asked for."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Sequence, Tuple

from droidlet_transport.errors import TransportError


class UnknownKey(TransportError):
    """An observation or an action that the server does not have; names those that it has."""


def names_of(field: str, names: Sequence[str]) -> Tuple[str, ...]:
    """Raises TypeError for one text, which would be read as letters, and for what is no text."""
    made = () if isinstance(names, (str, bytes)) else tuple(names)  # once: it may be a generator
    if isinstance(names, (str, bytes)) or not all(isinstance(name, str) for name in made):
        raise TypeError(f"{field} is {names!r}: several keys are meant, such as ['pose']")
    return made


def check_known(what: str, key: str, known: Tuple[str, ...]) -> None:
    """Raises UnknownKey."""
    if key not in known:
        raise UnknownKey(f"{key!r} is not {what} here; there are {', '.join(known) or 'none'}")


def asked_for(wanted: Tuple[str, ...], seen: Mapping[str, Any]) -> Dict[str, Any]:
    """Of what is seen, what was asked for, and nothing else. Raises UnknownKey where some of it is missing."""
    given = dict(seen)
    missing = ", ".join(key for key in wanted if key not in given)
    if missing:
        raise UnknownKey(f"observe gave no {missing}: it returns a value for each key that it is asked for")
    return {key: given[key] for key in wanted}
