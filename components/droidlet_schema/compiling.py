"""Code made for each record class: what reads it off the wire, and packs it, without a loop over its fields.

A record whose plain data is as it always is (every field there, every number of its type) is read by this code alone;
anything else goes to the careful way, which says what is wrong. So both take the same, and give the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, List

from droidlet_schema import kinds
from droidlet_schema.errors import Refused
from droidlet_schema.frames import Frames
from droidlet_schema.scalars import Kind, NoneKind

if TYPE_CHECKING:
    from droidlet_schema.spec import Spec

_NO_MAP = "{'map': []}"
Read = Callable[[Any, Any], Any]


def reader_of(spec: Spec) -> Read:
    """What makes a record of plain data and frames. Raises Refused."""
    known: Dict[str, Any] = {"careful": spec.kind.read_carefully, "finish": spec.kind.finish}
    known.update(tag=spec.tag, cls=spec.cls, new=object.__new__, Refused=Refused)
    fields = list(spec.kinds.items())
    wanted: List[str] = ["tag"]
    nested: List[str] = []
    puts: List[str] = []
    for n, (name, kind) in enumerate(fields):
        known[f"put{n}"] = vars(spec.cls)[name].__set__
        puts.append(f"put{n}(made, v{n})")
        if kind.wire_type is None:
            inside = _compiled(kind)
            known[f"read{n}"] = inside.reader if inside else kind.read
            if isinstance(kind, kinds.MapKind):
                known[f"empty{n}"] = kind.read({"map": []}, Frames(()))
            nested += _nested(n, name, kind)
        else:
            known[f"type{n}"] = kind.wire_type
            nan = f" or v{n} != v{n}" if kind.wire_type is float else ""
            wanted.append(f"type(v{n}) is not type{n}{nan}")
    lines = [
        f"if type(plain) is not dict or len(plain) != {len(fields) + 1}: return careful(plain, frames)",
        "try:",
        *(f"    v{n} = plain[{name!r}]" for n, (name, _) in enumerate(fields)),
        "    strange = plain['$'] != " + " or ".join(wanted),
        "except KeyError: return careful(plain, frames)",
        "if strange: return careful(plain, frames)",
        *nested,
        "made = new(cls)",
        *puts,
        *_finishing(spec),
        "return made",
    ]
    return _function("read", "plain, frames", lines, known)


def _compiled(kind: Kind) -> Any:
    """The spec of a record inside, its code made; None for other kinds, and where it leads back to itself."""
    if isinstance(kind, kinds.RecordKind) and not kind.spec.recursive:
        return kind.spec if kind.spec.reader else kind.spec.compile()
    return None


def _nested(n: int, name: str, kind: Kind) -> Iterator[str]:
    """Reads a field; what is None or empty needs no reader."""
    indent = "    "
    if _may_be_none(kind):
        yield f"if v{n} is not None:"
    elif isinstance(kind, kinds.MapKind):
        yield f"if v{n} == {_NO_MAP}: v{n} = empty{n}"
        yield "else:"
    elif isinstance(kind, kinds.SequenceKind):
        yield f"if v{n} == []: v{n} = ()"
        yield "else:"
    else:
        indent = ""
    yield f"{indent}try: v{n} = read{n}(v{n}, frames)"
    yield f"{indent}except Refused as refused: raise refused.inside({name!r}) from None"


def _packed(n: int, name: str, kind: Kind) -> str:
    """Packs a field; what is None or empty needs no packer."""
    value = f"value.{name}"
    packed = f"pack{n}({value}, packer)"
    if kind.plain:
        return value
    if _may_be_none(kind):
        return f"None if {value} is None else {packed}"
    if isinstance(kind, kinds.MapKind):
        return f"{packed} if {value}._data else {_NO_MAP}"
    return f"{packed} if {value} else []" if isinstance(kind, kinds.SequenceKind) else packed


def _may_be_none(kind: Kind) -> bool:
    return isinstance(kind, kinds.UnionKind) and any(isinstance(one, NoneKind) for one in kind.members)


def _finishing(spec: Spec) -> List[str]:
    """The check of axis names that several arrays share, and the record's own."""
    if spec.after is None:
        return []
    if spec.own_check or spec.maybe:
        return ["finish(made, plain, frames)"]
    places = {name: f"v{n}" for n, name in enumerate(spec.names)}
    axes: Dict[str, List[str]] = {}
    for name, kind in spec.arrays.items():
        for place, axis in enumerate(kind.pattern):
            if isinstance(axis, str) and axis not in ("_", "..."):
                axes.setdefault(axis, []).append(f"{places[name]}.shape[{place - len(kind.pattern)}]")
    same = [" == ".join(lengths) for lengths in axes.values() if len(lengths) > 1]
    return [f"if not ({' and '.join(same)}): finish(made, plain, frames)"] if same else []


def packer_of(spec: Spec) -> Callable[[Any, Any], Any]:
    """What makes plain data of a record: {"$": tag, field: ...}, fields in order; or of its own digest, where digests
    are asked for.
    """
    known: Dict[str, Any] = {"tag": spec.tag}
    items = ["'$': tag"]
    for n, (name, kind) in enumerate(spec.kinds.items()):
        inside = _compiled(kind)
        known[f"pack{n}"] = inside.packer if inside else kind.pack
        items.append(f"{name!r}: {_packed(n, name, kind)}")
    own = ["if packer.by_digest: return {'$': tag, 'digest': value.__digest__()}"] * spec.own_digest
    return _function("pack", "value, packer", [*own, f"return {{{', '.join(items)}}}"], known)


def _function(
    name: str, parameters: str, lines: List[str], known: Dict[str, Any]
) -> Callable[[Any, Any], Any]:
    """A function of these lines; all that they name are fields, which were identifiers in a class body."""
    source = "\n    ".join([f"def {name}({parameters}):", *lines])
    exec(compile(source, f"<{name} {known['tag']}>", "exec"), known)  # noqa: S102
    made: Callable[[Any, Any], Any] = known[name]
    return made
