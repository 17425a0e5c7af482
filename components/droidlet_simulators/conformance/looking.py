"""Laws of what is sensed: the spec against the observations, the pictures against the truth."""

from __future__ import annotations

import math
from typing import Any, Dict, Iterator, List, Optional, Tuple

import numpy as np

from droidlet_geometry import quaternion_to_matrix
from droidlet_laws.laws import Offence
from droidlet_schema import Frame, Key, Observation, Pose, SceneObject
from droidlet_simulators.conformance.acting import forward
from droidlet_simulators.conformance.lab import Lab, Run, Tick
from droidlet_simulators.conformance.laws import AGENTS, EYES, SPEC, offence
from droidlet_simulators.contract import AgentSpec, CameraSpec

_SPARE_M = 0.06  # of an object's box: bevels, voxels of a mesh, a body that leans
_AGREE = 0.9  # the part of an object's pixels that must lie in its box; the rest are edges
_FEWEST = 12  # px of an object that are worth judging
_MOUNT_M, _MOUNT_RAD = 0.06, 0.06  # a body on springs or wheels stands a little lower or leans


def spec_offences(lab: Lab, run: Run) -> Iterator[Offence]:
    """What each observation of a run holds, against what the spec says."""
    for number, tick in enumerate(lab.play(run)):
        if tuple(sorted(tick.observations)) != tuple(sorted(lab.spec.agent_ids)):
            yield offence(
                SPEC,
                f"observations are of {list(tick.observations)}, the spec's agents are "
                f"{list(lab.spec.agent_ids)}",
                number,
            )
            return
        for agent in lab.spec.agents:
            for what in _of_agent(agent, tick.observations[agent.id]):
                yield offence(SPEC, f"{agent.id!r}, step {number}: {what}", number)
                return


def _of_agent(agent: AgentSpec, seen: Observation) -> Iterator[str]:
    pictures = {camera.name: camera for camera in agent.cameras if {"rgb", "depth"} & set(camera.pictures)}
    labelled = {camera.name for camera in agent.cameras if "semantic" in camera.pictures}
    if set(seen.frames) != set(pictures):
        yield f"frames of {sorted(seen.frames)}, the spec's cameras are {sorted(pictures)}"
        return
    if set(seen.semantics) != labelled:
        yield f"semantic pictures of {sorted(seen.semantics)}, the spec has them for {sorted(labelled)}"
        return
    for name, camera in pictures.items():
        yield from _of_camera(camera, seen.frames[name])
    for name in labelled:
        camera = next(c for c in agent.cameras if c.name == name)
        if seen.semantics[name].ids.shape != (camera.height, camera.width):
            yield f"semantics[{name!r}] is {seen.semantics[name].ids.shape}"
    for sense in ("poses", "joints", "contacts", "heard"):
        if sense not in agent.senses and len(getattr(seen, sense)):
            yield f"{sense} is not among the senses, but is {getattr(seen, sense)!r}"
    for sense in ("poses", "joints"):
        if sense in agent.senses and not len(getattr(seen, sense)):
            yield f"{sense} is among the senses, but there are none"


def _of_camera(camera: CameraSpec, frame: Frame) -> Iterator[str]:
    size = (camera.height, camera.width)
    optics = frame.intrinsics
    if frame.rgb.shape[:2] != size or (optics.height, optics.width) != size:
        yield f"frames[{camera.name!r}] is {frame.rgb.shape}, the spec says {size}"
    if optics.model != camera.model:
        yield f"frames[{camera.name!r}] is {optics.model}, the spec says {camera.model}"
    if camera.model == "pinhole":
        fov = 2 * math.atan(camera.width / 2 / optics.fx_px)
        if abs(fov - camera.horizontal_fov_rad) > 1e-6:
            yield f"frames[{camera.name!r}] spans {fov:.4f} rad, the spec says {camera.horizontal_fov_rad:.4f}"
    if "rgb" not in camera.pictures and frame.rgb.any():
        yield f"frames[{camera.name!r}] has colours, which the spec does not promise"
    if "depth" not in camera.pictures and frame.depth_m.any():
        yield f"frames[{camera.name!r}] has depth, which the spec does not promise"
    if not (np.isfinite(frame.depth_m).all() and (frame.depth_m >= 0).all()):
        yield f"frames[{camera.name!r}] has depth below 0 or not finite"


def mount_offences(lab: Lab) -> Iterator[Offence]:
    """Right after a reset, each camera is where the spec mounts it on an agent that stands at its start."""
    for number in range(len(lab.scenes)):
        observations, _ = lab.simulator.reset(lab.scenes[number], Key((0, 0)))
        for agent in lab.spec.agents:
            for camera in agent.cameras:
                frame = observations[agent.id].frames.get(camera.name)
                what = "" if frame is None else _mounted(observations[agent.id], camera, frame)
                if what:
                    yield offence(
                        EYES,
                        f"scene {number}, camera {camera.name!r} of {agent.id!r} {what}",
                        likely="the mount is in the base's axes: x forward, y left, z up",
                    )
                    return


def _mounted(seen: Observation, camera: CameraSpec, frame: Frame) -> str:
    mount, base = camera.mount, seen.pose
    turned = _rotation_z(base.yaw_rad)
    place = turned @ np.array([mount.x_m, mount.y_m, mount.z_m]) + (base.x_m, base.y_m, 0.0)
    at = np.array([frame.camera.x_m, frame.camera.y_m, frame.camera.z_m])
    if np.hypot(*(at - place)[:2]) > _MOUNT_M:
        return f"is at {at.round(3).tolist()}, its mount is at {place.round(3).tolist()}"
    wanted = turned @ _matrix(mount) @ (1.0, 0.0, 0.0)
    looks = _matrix(frame.camera) @ (0.0, 0.0, 1.0)
    angle = math.acos(float(np.clip(wanted @ looks, -1, 1)))
    if angle > _MOUNT_RAD:
        return f"looks along {looks.round(3).tolist()}, its mount points along {wanted.round(3).tolist()}"
    return ""


def _rotation_z(yaw: float) -> np.ndarray:
    return np.array(
        [[math.cos(yaw), -math.sin(yaw), 0.0], [math.sin(yaw), math.cos(yaw), 0.0], [0.0, 0.0, 1.0]]
    )


def _matrix(pose: Pose) -> np.ndarray:
    return np.asarray(quaternion_to_matrix(np.array([pose.qw, pose.qx, pose.qy, pose.qz])), np.float64)


def eye_offences(lab: Lab, run: Run, seen: Dict[str, int]) -> Iterator[Offence]:
    """Each pixel of an object lies in that object's box; `seen` counts what was judged."""
    ticks = lab.play(run)
    for number, tick in enumerate(ticks):
        things = {semantic_id_of(thing): thing for thing in lab.simulator.objects(tick.world)}
        for agent in lab.spec.agents:
            for camera in agent.cameras:
                what = _picture(camera, tick.observations[agent.id], things, seen)
                if what:
                    yield offence(
                        EYES, f"step {number}, camera {camera.name!r} of {agent.id!r}: {what}", number
                    )
                    return


def semantic_id_of(thing: SceneObject) -> int:
    """What semantic pictures show of an object."""
    return thing.id if thing.semantic_id is None else thing.semantic_id


def _picture(
    camera: CameraSpec, seen: Observation, things: Dict[int, SceneObject], judged: Dict[str, int]
) -> str:
    if camera.model != "pinhole" or not {"depth", "semantic"} <= set(camera.pictures):
        return ""
    frame, ids = seen.frames[camera.name], seen.semantics[camera.name].ids
    points = _points(frame)
    for ident in np.unique(ids).tolist():
        thing = things.get(ident)
        if thing is None or ident == 0:
            continue
        mask = (ids == ident) & (frame.depth_m > 0)
        if mask.sum() < _FEWEST:
            continue
        judged[camera.name] = judged.get(camera.name, 0) + 1
        inside = _inside(points[mask], thing, 1.5 * float(frame.depth_m[mask].max()) / frame.intrinsics.fx_px)
        if inside.mean() < _AGREE:
            off = points[mask][~inside].mean(axis=0).round(2).tolist()
            return (
                f"{100 * (1 - inside.mean()):.0f} % of the pixels that show object {thing.id} ({thing.class_name}) "
                f"are not at it: they lie around {off}, it is at {(thing.x_m, thing.y_m, thing.z_m)}"
            )
    return ""


def _points(frame: Frame) -> np.ndarray:
    """Where each pixel of a pinhole picture is in the world, (H, W, 3) metres."""
    optics = frame.intrinsics
    x = (np.arange(optics.width) + 0.5 - optics.cx_px) / optics.fx_px
    y = (np.arange(optics.height) + 0.5 - optics.cy_px) / optics.fy_px
    rays = np.stack([*np.meshgrid(x, y), np.ones((optics.height, optics.width))], axis=-1)
    at = np.array([frame.camera.x_m, frame.camera.y_m, frame.camera.z_m])
    points: np.ndarray = (rays * frame.depth_m[..., None]) @ _matrix(frame.camera).T + at
    return points


def _inside(points: np.ndarray, thing: SceneObject, pixel_m: float) -> np.ndarray:
    own = (points - (thing.x_m, thing.y_m, thing.z_m)) @ _rotation_z(thing.yaw_rad)
    half = np.array(thing.size_m) / 2 + _SPARE_M + pixel_m
    inside: np.ndarray = (np.abs(own) <= half).all(axis=-1)
    return inside


def agent_offences(lab: Lab) -> Iterator[Offence]:
    """One agent goes ahead: it gets somewhere, the others do not; and no two have the same pictures."""
    for number in range(len(lab.scenes)):
        observations, world = lab.simulator.reset(lab.scenes[number], Key((0, 0)))
        yield from _own_eyes(lab, observations)
        start = Tick({}, observations, world)
        for agent in lab.spec.agent_ids:
            tick, moves = start, forward(lab, agent)
            for _ in range(6 if moves else 0):
                tick = lab.step(moves or {}, tick)
            for other in lab.spec.agent_ids:
                gone = _gone(start, tick, other)
                if moves and other == agent and gone < 0.01:
                    yield offence(
                        AGENTS,
                        f"scene {number}: {agent!r} went ahead and is where it was",
                        likely="actions reach another agent, or none",
                    )
                if other != agent and gone > 0.2:
                    yield offence(
                        AGENTS,
                        f"scene {number}: {agent!r} went ahead and {other!r} moved {gone:.2f} m",
                        likely="actions of one agent reach another",
                    )


def _gone(start: Tick, tick: Tick, agent: str) -> float:
    old, new = start.observations[agent].pose, tick.observations[agent].pose
    return math.hypot(new.x_m - old.x_m, new.y_m - old.y_m)


def _own_eyes(lab: Lab, observations: Any) -> Iterator[Offence]:
    known: List[Tuple[str, str, Frame]] = []
    for agent in lab.spec.agents:
        for camera in agent.cameras:
            frame: Optional[Frame] = observations[agent.id].frames.get(camera.name)
            if frame is None or not {"rgb", "depth"} & set(camera.pictures):
                continue
            for other, name, theirs in known:
                same = (
                    other != agent.id
                    and theirs.camera != frame.camera
                    and np.array_equal(theirs.rgb, frame.rgb)
                    and np.array_equal(theirs.depth_m, frame.depth_m)
                )
                if same:
                    yield offence(
                        AGENTS,
                        f"camera {camera.name!r} of {agent.id!r} shows what {name!r} of "
                        f"{other!r} shows, from another place",
                    )
            known.append((agent.id, camera.name, frame))
