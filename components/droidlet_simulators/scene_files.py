"""Scenes as files: JSON, and TOML where Python reads it (3.11 and later)."""

from __future__ import annotations

import json
from typing import Any, Dict, Tuple, Type

from droidlet_schema import DecodeError, from_plain, is_record, to_plain
from droidlet_schema.plain_values import named_in
from droidlet_simulators.errors import SceneError
from droidlet_simulators.scene import Scene

_MOST_SHOWN = 300


def scene_to_text(scene: Any) -> str:
    """A scene as JSON that people can read and change: fields by name, defaults left out.

    A scene of another kind than Scene says which one it is ("$"). Raises SceneError for what is no scene.
    """
    if not is_record(scene):
        raise SceneError(f"scene is {scene!r}"[:_MOST_SHOWN] + ": a Scene, or an engine's own kind of scene")
    tag: Dict[str, Any] = {} if type(scene) is Scene else {"$": f"{type(scene).__name__}"}
    return json.dumps({**tag, **to_plain(scene)}, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def scene_from_text(text: str, *, form: str = "json", kind: Type[Any] = Scene) -> Any:
    """The scene that JSON or TOML text (`form`) stands for; `kind` is what it is where it does not say.

    Raises SceneError that names the field and the value.
    """
    try:
        data = _parse(text, form)
        return from_plain(data, named_in(data, kind))
    except DecodeError as error:
        raise SceneError(f"a scene's text, {error}") from error


def load_scene(path: str, *, kind: Type[Any] = Scene) -> Any:
    """The scene in a file, TOML if its name ends in .toml, else JSON. Raises SceneError, OSError."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except UnicodeDecodeError as error:
        raise SceneError(f"{path}: a scene's file holds UTF-8 text ({error})") from None
    try:
        return scene_from_text(text, form="toml" if str(path).endswith(".toml") else "json", kind=kind)
    except SceneError as error:
        raise SceneError(f"{path}: {error}") from error


def save_scene(path: str, scene: Any) -> None:
    """Writes a scene as JSON. Raises SceneError for what is no scene or a name in .toml, OSError."""
    if str(path).endswith(".toml"):
        raise SceneError(f"{path}: scenes are written as JSON; take a name that ends in .json")
    text = scene_to_text(scene)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def _parse(text: str, form: str) -> Any:
    if form not in ("json", "toml"):
        raise SceneError(f'form is {form!r}: "json" or "toml"')
    read, errors = (_json, (ValueError, RecursionError)) if form == "json" else _toml()
    try:
        return read(text)
    except errors as error:
        raise SceneError(f"this is no {form.upper()}: {error}") from None


def _json(text: str) -> Any:
    return json.loads(text)


def _toml() -> Tuple[Any, Tuple[Type[Exception], ...]]:
    try:
        import tomllib
    except ImportError:
        raise SceneError("scenes in TOML need Python 3.11 or later; write the scene as JSON") from None
    return tomllib.loads, (tomllib.TOMLDecodeError, RecursionError)
