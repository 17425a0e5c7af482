"""The types of a node's fields, as text: what they say, and which properties fit them.

They are written as annotations are: `float | None`, `tuple[int, ...]`, `Literal['a', 'b']`, and beyond those
`array['<f4', 'h w 3']`, `record['Command/1']`, `FrozenMap[str, float]`. What is no property as it is (records,
maps, tuples of those) is one as the bytes of its encoding; an array is an ArrayValue.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from droidlet_memory.errors import SchemasError
from droidlet_schema import ArrayValue, DecodeError, FrozenMap, SchemaError, Value, decode, encode, is_record
from droidlet_schema.arrays import ShapePattern, fits_shape, parse_dtype, parse_shape

Fits = Callable[[Any], bool]

SCALARS: Mapping[str, Fits] = MappingProxyType(
    {
        "None": lambda value: value is None,
        "bool": lambda value: type(value) is bool,
        "int": lambda value: type(value) is int,
        "float": lambda value: type(value) in (float, int),
        "str": lambda value: type(value) is str,
        "bytes": lambda value: type(value) is bytes,
        "ArrayValue": lambda value: hasattr(value, "dtype"),  # an array of whatever dtype and shape
    }
)
_SIMPLE = frozenset({type(None), bool, int, float, str})


class Form(NamedTuple):
    """One of the forms that a type allows."""

    fits: Fits
    texts: bool = False  # whether it is a text or a tuple of texts


def stored(value: Any) -> Value:
    """A field's value as a property. Raises EncodeError for one that has no place on the wire."""
    kind = type(value)
    if kind in _SIMPLE or kind in (bytes, ArrayValue):
        return value  # type: ignore[no-any-return]
    if kind is tuple and all(type(item) in _SIMPLE for item in value):
        return value  # type: ignore[no-any-return]
    if hasattr(value, "dtype"):
        return ArrayValue.of(value)
    return bytes(encode(tuple(bytes(frame) for frame in encode(value)))[0])


def read(value: Value, as_bytes: bool) -> Any:
    """The value that a property stands for; `as_bytes`: bytes are meant as they are. Raises DecodeError for
    bytes that stand for none.
    """
    if isinstance(value, ArrayValue):
        return value.array
    if isinstance(value, bytes) and not as_bytes:
        return decode(decode((value,), tuple[bytes, ...]))
    return value


def refusal(text: str, value: Value) -> str | None:
    """Why a property is not of a type; None where it is."""
    names = text.split(" | ")
    if all(name in SCALARS for name in names) and not isinstance(value, ArrayValue):
        return None if any(SCALARS[name](value) for name in names) else "this is none"
    try:
        held = read(value, "bytes" in names)
    except DecodeError as error:
        return f"these bytes are none ({error})"
    return None if any(form.fits(held) for form in forms(text)) else "this is none"


def check_type(text: str) -> None:
    """Raises SchemasError for text that is no type."""
    names = text.split(" | ")
    if "bytes" in names and not all(name in SCALARS for name in names):
        raise SchemasError(f"{text!r} is no type of a field: bytes as they are and others go not together")
    forms(text)


def is_text(text: str) -> bool:
    """Whether values of a type are texts, tuples of texts, or None."""
    return all(form.texts for form in forms(text))


def forms(text: str) -> tuple[Form, ...]:
    """The forms that a type allows. Raises SchemasError for text that is no type."""
    names = text.split(" | ")
    if all(name in SCALARS for name in names):  # most are, and need no parser
        return tuple(_scalar(name) for name in names)
    try:
        return tuple(_form(member) for member in _members(ast.parse(text, mode="eval").body))
    except (SyntaxError, ValueError, TypeError, SchemaError, RecursionError, MemoryError) as error:
        raise SchemasError(f"{text!r} is no type of a field: {error}") from None


def _scalar(name: str) -> Form:
    return Form(SCALARS[name], name in ("None", "str"))


def _members(tree: ast.expr) -> list[ast.expr]:
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.BitOr):
        return [*_members(tree.left), *_members(tree.right)]
    return [tree]


def _name(tree: ast.expr) -> str:
    if isinstance(tree, ast.Constant) and tree.value is None:
        return "None"
    return tree.id if isinstance(tree, ast.Name) else ""


def _form(tree: ast.expr) -> Form:
    if not isinstance(tree, ast.Subscript):
        if _name(tree) not in SCALARS:
            raise ValueError(f"expected {', '.join(SCALARS)} or one of those with brackets")
        return _scalar(_name(tree))
    maker = _MAKERS.get(_name(tree.value))
    if maker is None:
        raise ValueError(f"expected one of {', '.join(_MAKERS)} before the brackets")
    return maker(tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice])


def _either(tree: ast.expr) -> Fits:
    members = [_form(member).fits for member in _members(tree)]
    return members[0] if len(members) == 1 else lambda value: any(fits(value) for fits in members)


def _tuple(items: Sequence[ast.expr]) -> Form:
    texts = all(_name(member) == "str" for item in items[:1] for member in _members(item))
    if len(items) == 2 and isinstance(items[1], ast.Constant) and items[1].value is ...:
        one = _either(items[0])
        return Form(lambda value: type(value) is tuple and all(map(one, value)), texts)
    each = [_either(item) for item in items]

    def fits(value: Any) -> bool:
        return type(value) is tuple and len(value) == len(each) and all(f(v) for f, v in zip(each, value))

    return Form(fits, all(_name(item) == "str" for item in items))


def _literal(items: Sequence[ast.expr]) -> Form:
    values = [ast.literal_eval(item) for item in items]
    allowed = {(type(value), value) for value in values}
    texts = all(isinstance(value, str) for value in values)
    return Form(lambda value: type(value) in _SIMPLE and (type(value), value) in allowed, texts)


def _array(items: Sequence[ast.expr]) -> Form:
    dtype_text, shape = (ast.literal_eval(item) for item in items)
    dtype, pattern = parse_dtype(dtype_text), parse_shape(shape)
    return Form(lambda value: _is_array(value, dtype, pattern))


def _is_array(value: Any, dtype: Any, pattern: ShapePattern) -> bool:
    return getattr(value, "dtype", None) == dtype and fits_shape(value.shape, pattern, {}) is None


def _record(items: Sequence[ast.expr]) -> Form:
    tags = {ast.literal_eval(item) for item in items}
    return Form(lambda value: is_record(value) and type(value).__record__.tag in tags)


def _map(items: Sequence[ast.expr]) -> Form:
    key, item = (_either(one) for one in items)
    return Form(
        lambda value: isinstance(value, FrozenMap) and all(key(k) and item(v) for k, v in value.items())
    )


_MAKERS: Mapping[str, Callable[[Sequence[ast.expr]], Form]] = MappingProxyType(
    {"tuple": _tuple, "Literal": _literal, "array": _array, "record": _record, "FrozenMap": _map}
)


def widens(old: str, new: str) -> bool:
    """Whether every value of the old type is one of the new: each of its forms is one of the new's."""
    after = _form_texts(new)
    return all(_covered(form, after) for form in _form_texts(old))


def _covered(form: str, after: set[str]) -> bool:
    if form.startswith(("'", '"')):  # a text of a Literal
        return form in after or "str" in after
    return form in after or (form == "int" and "float" in after)


def _form_texts(text: str) -> set[str]:
    texts: set[str] = set()
    for member in _members(ast.parse(text, mode="eval").body):
        if isinstance(member, ast.Subscript) and _name(member.value) == "Literal":
            items = member.slice.elts if isinstance(member.slice, ast.Tuple) else [member.slice]
            texts.update(map(ast.unparse, items))
        else:
            texts.add(ast.unparse(member))
    return texts
