"""The end of a run: its summary, its pictures, its files."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from droidlet_schema import OccupancyMap, SceneObject, Tracks
from droidlet_style import build
from droidlet_style.files import write_whole
from droidlet_style.finding import first
from droidlet_style.keeping import NAME, keep_memory, left

if TYPE_CHECKING:
    from droidlet_style.pictures.map_picture import MapScene
    from droidlet_style.session import Session

PICTURES = ("map.png", "view.png")


def finish(session: Session, note: Callable[[str], None]) -> dict[str, Any]:
    """The summary of a run, and, where it has a folder, its files. The summary is written before the
    pictures, and again with their names.
    """
    told = summarise(session)
    if session.out is None:
        return told
    earlier = left(session.out)
    _write(session.out, told, ["summary.json"])
    files = ["summary.json"]
    if keep_memory(session.state, session.out, earlier, note):
        files.append(NAME)
    made = _pictures(session, told, note)
    for name in PICTURES:
        if name in made:
            write_whole(session.out / name, made[name])
            files.append(name)
        else:
            (session.out / name).unlink(
                missing_ok=True
            )  # of an earlier run: it would be taken for this one's
    _write(session.out, told, files)
    return told


def summarise(session: Session) -> dict[str, Any]:
    """The summary as plain data, all of it JSON."""
    story, pose = session.story, session.final_pose()
    path = [*story.path, *([pose] if pose is not None else [])]
    return {
        "agent": session.agent,
        "config": plain(session.config) if session.config is not None else {},
        "seed": session.seed,
        "build": build.describe(),
        "ticks": session.ticks_done,
        "sim_time_s": _number(session.ticks_done * session.period_s),
        "said": [{"tick": words.tick, "text": words.text} for words in story.said],
        "replies": [{"tick": words.tick, "text": words.text} for words in story.replies],
        "tasks": [
            {
                "name": task.name,
                "status": task.status,
                "started_tick": task.started_tick,
                "finished_tick": task.finished_tick,
            }
            for task in story.tasks.values()
        ],
        "path": [[_number(p.x_m), _number(p.y_m), _number(p.yaw_rad)] for p in path],
        "detections_total": story.detections_total,
        "final_pose": None
        if pose is None
        else {"x_m": _number(pose.x_m), "y_m": _number(pose.y_m), "yaw_rad": _number(pose.yaw_rad)},
        "scene": [_thing(thing) for thing in session.scene],
        "digest": session.digest,
        "wall_s": round(session.wall_s, 6),
        "files": [],
    }


def plain(value: Any) -> Any:
    """Anybody's config as JSON data: records and attrs classes by field, whatever else is no JSON as its
    text.
    """
    if isinstance(value, (bool, str, int, type(None))):
        return value
    if isinstance(value, float):
        return _number(value)
    if attrs.has(type(value)):
        return {field.name: plain(getattr(value, field.name)) for field in attrs.fields(type(value))}
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(part) for part in value]
    return str(value)


def _thing(thing: SceneObject) -> dict[str, Any]:
    """One object of the scene; its own size, turned by whole quarters to lie nearest to the world's axes: not
    the extent along them where it stands askew.
    """
    x, y, z = thing.size_m
    across = abs(math.sin(thing.yaw_rad)) > abs(math.cos(thing.yaw_rad))
    size = [_number(v) for v in ((y, x, z) if across else (x, y, z))]
    place = {"x_m": _number(thing.x_m), "y_m": _number(thing.y_m), "z_m": _number(thing.z_m)}
    return {"id": thing.id, "class": thing.class_name, "colour": thing.colour, **place, "size_m": size}


def _pictures(session: Session, told: Mapping[str, Any], note: Callable[[str], None]) -> dict[str, bytes]:
    try:
        import PIL  # noqa: F401
    except ImportError:
        note("no pictures: the extra 'pictures' draws them: pip install 'droidlet-style[pictures]'")
        return {}
    from droidlet_style.pictures.map_picture import draw_map
    from droidlet_style.pictures.view_picture import draw_view

    title, words = f"{session.agent}, seed {session.seed}", tuple(line.text for line in session.story.said)
    makers: dict[str, Callable[[], bytes | None]] = {
        "map.png": lambda: draw_map(_map_scene(session, tuple(map(tuple, told["path"])), title, words)),
        "view.png": lambda: draw_view(session.moments.chosen(12), title, words),
    }
    made: dict[str, bytes] = {}
    for name, draw in makers.items():
        try:
            picture = draw()
        except Exception as error:  # a picture is never worth a run
            note(f"{name} could not be drawn: {type(error).__name__}: {error}")
            continue
        if picture is not None:
            made[name] = picture
    return made


def _map_scene(
    session: Session, path: tuple[tuple[Any, ...], ...], title: str, words: tuple[str, ...]
) -> MapScene:
    from droidlet_style.pictures.map_picture import MapScene

    parts = (session.state, session.story.last_outputs)
    tracks = first(parts, Tracks)
    known = first(parts, OccupancyMap)
    return MapScene(known, tracks.tracks if tracks else (), session.scene, path, title, words)


def _write(folder: Path, told: dict[str, Any], files: list[str]) -> None:
    told["files"] = files
    lines = (
        f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False, allow_nan=False)}"
        for name, value in told.items()
    )
    write_whole(folder / "summary.json", ("{\n" + ",\n".join(lines) + "\n}\n").encode())


def _number(value: float) -> float | None:
    """Six decimals are a micrometre; JSON has no infinities."""
    return round(float(value), 6) if math.isfinite(value) else None
