"""Values on the wire: each with a header and arrays of its own, so that one nobody here knows can pass through."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any, Callable, Iterator, List, Mapping, Optional, Sequence, Tuple

import attrs
import msgspec
import numpy as np

from droidlet_schema import DecodeError, EncodeError, FrozenMap, decode, encode
from droidlet_schema import digest as digest_of
from droidlet_schema.codec import decode_ahead
from droidlet_schema.registry import knows, named
from droidlet_transport.errors import CannotTravel, ProtocolError
from droidlet_transport.unknowns import holds, read_around, write_around

Frame = Any  # bytes, or a read-only memoryview
Frames = Tuple[Frame, ...]
Settle = Callable[[], None]
Form = Optional[Callable[[Any], Any]]
_INNER = re.compile(r" of \S+ cannot travel: ")  # a function that another one's call went through
_MARK = re.compile(r"\['py:\w+'\]")  # of what stands for a list, a dict that has an order ...
_UNFIT = (EncodeError, TypeError, RecursionError)


@attrs.frozen(eq=False)
class Opaque:
    """A record whose class this process has not imported: it can be kept, compared, and sent on."""

    tag: str  # the record's name and version
    frames: Frames = attrs.field(repr=False)

    def __closed__(self) -> List[Any]:
        """What decides equality where it is in a table."""
        return [self.tag, *map(bytes, self.frames)]

    def __eq__(self, other: object) -> bool:
        """Equal bytes are equal values."""
        if not isinstance(other, Opaque):
            return NotImplemented
        return tuple(map(bytes, self.frames)) == tuple(map(bytes, other.frames))

    def __hash__(self) -> int:
        """As equality has it."""
        return hash((self.tag, tuple(map(bytes, self.frames))))

    def __getattr__(self, name: str) -> Any:
        """Raises AttributeError, which says why nothing of the record is here."""
        if name.startswith("__") or name in ("tag", "frames"):  # while it is copied
            raise AttributeError(name)
        raise AttributeError(
            f"no {name!r}: this is a {self.tag} whose class was not imported when it came; "
            f"import the package that declares it first{_others(self)}"
        )


def _others(opaque: Opaque) -> str:
    here = ", ".join(named(opaque.tag))
    fields = ", ".join(str(name) for name in msgspec.msgpack.decode(opaque.frames[0]) if name != "$")
    return f"; of its name there is {here}, with other fields than {fields}" if here else ""


def frames_of(value: Any, what: str, of: str = "") -> Frames:
    """A value as frames, the header first. Raises CannotTravel, naming what cannot by its path in `what`, `of` this."""
    if isinstance(value, Opaque):
        return value.frames
    try:
        return encode(as_arrives(value))
    except _UNFIT:
        return _around(value, what, of)


def _around(value: Any, what: str, of: str) -> Frames:
    """The frames of what may hold Opaques."""
    try:
        return write_around(value, lambda item: frames_of(item, what, of), Opaque)
    except (CannotTravel, TypeError, RecursionError):
        raise CannotTravel(_told(value, what, of)) from None


def _told(value: Any, what: str, of: str, form: Form = None) -> str:
    path, why = unfit(value, form) or ("", "it does not say why")
    return f"{what}{path}{of and ' of ' + of} cannot travel: {why}"


def unfit(value: Any, form: Form = None) -> Optional[Tuple[str, str]]:
    """Where in a value, and why, there is something that cannot travel; None: it can. `form` is how it goes."""
    if isinstance(value, Opaque):
        return None
    try:
        encode((form or as_arrives)(value))
        return None
    except RecursionError:
        return "", "it is too deep"
    except (*_UNFIT, CannotTravel) as error:
        why = str(error)
    for step, item in _items(value):
        found = unfit(item, form)
        if found is not None:
            return step + found[0], found[1]
    return None if holds(value, Opaque) else ("", why)


def _items(value: Any) -> Iterator[Tuple[str, Any]]:
    """What is in a container, with the step to it; records hold nothing that cannot travel."""
    if isinstance(value, (dict, FrozenMap)):
        for key, item in _stands_for(value) or value.items():
            yield f"[{key!r}]", item
    elif isinstance(value, (list, tuple)):
        for n, item in enumerate(value):
            yield f"[{n}]", item


def _stands_for(value: Mapping[Any, Any]) -> Sequence[Tuple[Any, Any]]:
    """The items of a list, or of a dict that has an order, where a table stands for one; () for others."""
    listed, ordered = (value.get(mark) if len(value) == 1 else None for mark in ("py:list", "py:dict"))
    if isinstance(listed, tuple):
        return list(enumerate(listed))
    if isinstance(ordered, tuple) and all(isinstance(pair, tuple) and len(pair) == 2 for pair in ordered):
        return ordered
    return ()


def retold(
    error: CannotTravel,
    function: str,
    arguments: Sequence[Any],
    keywords: Optional[Mapping[str, Any]] = None,
    form: Form = None,
) -> CannotTravel:
    """The error in the words of whoever called the function, where it went as an argument of another one."""
    named = [(f"argument {n}", one) for n, one in enumerate(arguments)]
    named += [(f"argument {name!r}", one) for name, one in (keywords or {}).items()]
    texts = (_told(one, what, function, form) for what, one in named if unfit(one, form) is not None)
    made = CannotTravel(
        next(texts, _INNER.sub(lambda _: f" of {function} cannot travel: ", _unmarked(error), 1))
    )
    vars(made).update(vars(error))
    return made


def _unmarked(error: CannotTravel) -> str:
    path, cannot, why = str(error).partition(" cannot travel: ")
    return _MARK.sub("", path) + cannot + why


def as_arrives(value: Any) -> Any:
    """Tables, lists and numbers of numpy's are fine as arguments; they arrive as FrozenMaps, tuples and numbers."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return FrozenMap({key: as_arrives(item) for key, item in value.items()})
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return tuple(as_arrives(item) for item in value)
    return value


def value_of(frames: Sequence[Frame], settle: Optional[Settle] = None, around: bool = True) -> Any:
    """The value that frames stand for; Opaque where it is a record whose class is not imported here (maybe another one
    of its name is, with other fields), or, with `around`, where one is in a tuple or a table.

    With `settle`, the frames that are no bytes need not be there until that has returned; it may be called or not.
    Raises ProtocolError for frames that are no value.
    """
    if settle is not None and type(frames[0]) is not bytes:
        settle()
    try:
        whole = frames if type(frames) is tuple else tuple(frames)
        return decode(whole) if settle is None else decode_ahead(whole, settle)
    except DecodeError as error:
        tag = _foreign_tag(frames)
        if tag:
            return Opaque(tag, tuple(frames))
        if around:
            with suppress(ProtocolError):
                return read_around(frames, value_of, _is_foreign)
        raise ProtocolError(f"a value that cannot be read: {error}") from None


def _foreign_tag(frames: Sequence[Frame]) -> str:
    """The tag of a record at the top that nobody here defines, "" for anything else."""
    try:
        plain = msgspec.msgpack.decode(frames[0])
    except Exception:  # whatever the bytes are
        return ""
    return str(plain["$"]) if isinstance(plain, dict) and "$" in plain and _is_foreign(plain) else ""


def _is_foreign(record: Mapping[Any, Any]) -> bool:
    """Whether no class here has its name and can do with its fields, whatever their values are."""
    return all(isinstance(name, str) for name in (record["$"], *record)) and not knows(record["$"], record)


def join(values: Sequence[Frames]) -> Tuple[List[int], List[Frame]]:
    """How many frames each value has, and all frames in a row."""
    return [len(frames) for frames in values], [frame for frames in values for frame in frames]


def split(counts: Sequence[int], frames: Sequence[Frame], least: int = 1) -> List[Frames]:
    """The frames of each value. Raises ProtocolError where the counts do not add up."""
    if sum(counts) != len(frames) or (counts and min(counts) < least):
        raise ProtocolError(f"{len(frames)} frames cannot be parted into values of {str(counts)[:80]} frames")
    found, start = [], 0
    for count in counts:
        found.append(tuple(frames[start : start + count]))
        start += count
    return found


def digest(values: Sequence[Frames]) -> str:
    """A digest of frames, to name a request by."""
    return str(digest_of(tuple(tuple(bytes(frame) for frame in frames) for frames in values)))


__all__ = [
    "Frames",
    "Opaque",
    "as_arrives",
    "digest",
    "frames_of",
    "join",
    "retold",
    "split",
    "unfit",
    "value_of",
]
