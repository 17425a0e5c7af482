"""Every field of an agent's Config as an option of the command line."""

from __future__ import annotations

import argparse
import ast
import dataclasses
import inspect
import io
import tokenize
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import attrs

MISSING: Any = object()
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class Option(NamedTuple):
    """One field of a Config: its name, type, default and what its comment says."""

    field: str
    hint: Any
    default: Any
    help: str


class OptionError(ValueError):
    """A Config that cannot become options, or values that it refuses."""


def options_of(config: type) -> tuple[Option, ...]:
    """The fields of an attrs class, record or dataclass, in order. Raises OptionError for other classes."""
    try:
        hints = typing.get_type_hints(config)
    except Exception:  # a name that only a type checker knows: the annotations as they are written
        hints = dict(getattr(config, "__annotations__", {}))
    comments = _comments(config)
    found: list[Option] = []
    for name, default, metadata, settable in _fields(config):
        if settable:
            help_text = str(metadata.get("help", "") or comments.get(name, ""))
            found.append(Option(name, hints.get(name, str), default, help_text))
    return tuple(found)


def add_options(
    parser: argparse._ActionsContainer, options: tuple[Option, ...], taken: frozenset[str]
) -> dict[str, str]:
    """Adds an option for each field to a parser; returns where each field's value will stand in the
    namespace.
    """
    places: dict[str, str] = {}
    for option in options:
        flag = option.field.replace("_", "-")
        flag = f"config-{flag}" if flag in taken else flag
        places[option.field] = f"config_{option.field}"
        _add(parser, flag, places[option.field], option)
    return places


def make_config(config: type, values: Mapping[str, Any]) -> Any:
    """The Config with these values. Raises OptionError with the Config's own words where it refuses them."""
    try:
        return config(**values)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise OptionError(str(error)) from error


def _fields(config: type) -> list[tuple[str, Any, Mapping[str, Any], bool]]:
    if attrs.has(config):
        return [
            (f.alias or f.name, MISSING if f.default is attrs.NOTHING else f.default, f.metadata, f.init)
            for f in attrs.fields(config)
        ]
    if dataclasses.is_dataclass(config):
        return [(f.name, _dataclass_default(f), f.metadata, f.init) for f in dataclasses.fields(config)]
    raise OptionError(f"Config is an attrs class, a record or a dataclass, got {config!r}")


def _dataclass_default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return MISSING if field.default is dataclasses.MISSING else field.default


def _add(parser: argparse._ActionsContainer, flag: str, place: str, option: Option) -> None:
    required = option.default is MISSING
    shown = "required" if required else f"default: {_shown(option.default)}"
    common: dict[str, Any] = {"dest": place, "default": MISSING, "required": required}
    text = f"{option.help} ({shown})".strip().replace("%", "%%")
    if option.hint is bool:
        parser.add_argument(f"--{flag}", action=argparse.BooleanOptionalAction, help=text, **common)
        return
    reader, metavar, count = _reader(option.hint)
    if count is not None:
        common["action"] = _StoreTuple
    parser.add_argument(f"--{flag}", type=reader, metavar=metavar, nargs=count, help=text, **common)


class _StoreTuple(argparse.Action):
    """Several words are a tuple; argparse alone would make a list."""

    def __call__(
        self, parser: Any, namespace: argparse.Namespace, values: Any, option_string: Any = None
    ) -> None:
        setattr(namespace, self.dest, tuple(values))


def _shown(default: Any) -> str:
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        return "made anew"
    if isinstance(default, (tuple, list)):
        return " ".join(map(str, default)) or "none"
    return "none" if default is None else str(default)


def _reader(hint: Any) -> tuple[Callable[[str], Any], str | tuple[str, ...], int | str | None]:
    """How one field's words are read: a function of one word, what help calls the word, and how many words
    there are.
    """
    if typing.get_origin(hint) is tuple:
        parts = typing.get_args(hint)
        if len(parts) == 2 and parts[1] is Ellipsis:
            return _word(parts[0]), _metavar(parts[0]), "*"
        if parts and all(part == parts[0] for part in parts):
            return _word(parts[0]), tuple(_metavar(part) for part in parts), len(parts)
    return _word(hint), _metavar(hint), None


def _word(hint: Any) -> Callable[[str], Any]:
    """A function that reads one word as a type, with a complaint that argparse can print."""

    def read(text: str) -> Any:
        try:
            return _parse(hint, text)
        except (ValueError, SyntaxError, TypeError):
            raise argparse.ArgumentTypeError(f"expected {_metavar(hint)}, got {text!r}") from None

    return read


def _parse(hint: Any, text: str) -> Any:
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if hint in (int, float, str):
        return hint(text)
    if hint is bool:
        return _TRUTHS[text.lower()] if text.lower() in _TRUTHS else _refuse(text)
    if hint is type(None):
        return None if text.lower() == "none" else _refuse(text)
    if origin is typing.Literal:
        return (
            next((value for value in parts if str(value) == text), MISSING)
            if text in map(str, parts)
            else _refuse(text)
        )
    if origin in (typing.Union, types.UnionType):
        return _first_of(sorted(parts, key=lambda part: (part is not type(None), part is str)), text)
    return ast.literal_eval(text)  # tuples of several types, maps: as Python writes them


def _refuse(text: str) -> Any:
    raise ValueError(text)


def _first_of(parts: list[Any], text: str) -> Any:
    for part in parts:
        try:
            return _parse(part, text)
        except (ValueError, SyntaxError, TypeError):
            continue
    return _refuse(text)


def _metavar(hint: Any) -> str:
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return "{" + ",".join(map(str, parts)) + "}"
    if origin in (typing.Union, types.UnionType):
        return "|".join(_metavar(part) for part in parts)
    if hint is type(None):
        return "none"
    return str(getattr(hint, "__name__", hint)).upper() if origin is None else "VALUE"


def _comments(config: type) -> dict[str, str]:
    """The comment at the end of each field's line, or the ones alone above it."""
    try:
        source = inspect.getsource(config)
        tokens = list(tokenize.generate_tokens(io.StringIO(inspect.cleandoc("\n" + source)).readline))
    except (OSError, TypeError, SyntaxError, tokenize.TokenError):
        return {}
    found: dict[str, str] = {}
    at_line: dict[int, str] = {}
    for before, token, after in zip([tokens[0], *tokens], tokens, [*tokens[1:], tokens[-1]]):
        starts = before.type in (
            tokenize.NEWLINE,
            tokenize.NL,
            tokenize.INDENT,
            tokenize.COMMENT,
            tokenize.DEDENT,
        )
        if token.type == tokenize.NAME and after.string == ":" and starts:
            at_line[token.start[0]] = token.string
        if token.type == tokenize.COMMENT and token.start[0] in at_line:
            found[at_line[token.start[0]]] = token.string.lstrip("# ").strip()
    return found
