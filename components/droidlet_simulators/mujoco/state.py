"""The physical state: first, held, restored, carried over into another model."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Mapping, Tuple

import numpy as np

from droidlet_schema import Pose2
from droidlet_simulators.errors import WorldError
from droidlet_simulators.mujoco.arm import JOINTS
from droidlet_simulators.mujoco.model import Compiled
from droidlet_simulators.mujoco.robot import STOWED
from droidlet_simulators.mujoco.world import MujocoPlan

_FREE, _BALL = 0, 1


def first_state(compiled: Compiled, plan: MujocoPlan, starts: Mapping[str, Pose2]) -> np.ndarray:
    """Everything where it was put, at rest; the robots at their starts with their arms folded."""
    data = compiled.data
    compiled.held = None
    compiled.mujoco.mj_resetData(compiled.model, data)
    for agent, robot in compiled.robots.items():
        start = starts[agent]
        half = start.yaw_rad / 2
        data.qpos[robot.qpos : robot.qpos + 7] = (
            start.x_m, start.y_m, 0.0, math.cos(half), 0.0, 0.0, math.sin(half),
        )  # fmt: skip
        for name, angle in zip(JOINTS, STOWED):
            if name in robot.joints:
                data.qpos[robot.joints[name].qpos] = angle
                data.act[robot.joints[name].act] = angle
    swings = {leaf.body.id: leaf.swing_rad for leaf in plan.leaves if leaf.open}
    for index in compiled.things:
        if index.hinge >= 0 and index.thing.id in swings:
            swing = swings[index.thing.id]
            data.qpos[index.hinge] = abs(swing) if index.thing.class_name == "lid" else swing
    return read_state(compiled, data)


def read_state(compiled: Compiled, data: Any) -> np.ndarray:
    """The integration state of some data, a new array that nobody can write to."""
    state = np.empty(compiled.size)
    compiled.mujoco.mj_getState(compiled.model, data, state, compiled.signature)
    state.setflags(write=False)
    return state


def all_finite(state: np.ndarray) -> bool:
    """Whether every number is finite; the sum of their squares, which is quicker, is so only if they are."""
    return math.isfinite(np.vdot(state, state)) or bool(np.isfinite(state).all())


def write_state(compiled: Compiled, data: Any, state: np.ndarray) -> None:
    """Puts a state into data. Raises WorldError for one of another model, or with numbers that are none."""
    check_state(compiled, state)
    compiled.mujoco.mj_setState(compiled.model, data, state, compiled.signature)


def check_state(compiled: Compiled, state: np.ndarray) -> None:
    """Raises WorldError for a state of another model, or one with numbers that are none."""
    if state.shape != (compiled.size,):
        raise WorldError(
            f"world.state has {state.size} numbers, its plan's model has {compiled.size} in this simulator: the world "
            "is of a simulator with other robots, or of another MuJoCo"
        )
    if not all_finite(state):
        place = int(np.argmin(np.isfinite(state)))
        raise WorldError(f"world.state[{place}] is {state[place]}: finite numbers")


def carry_over(old: Compiled, state: np.ndarray, new: Compiled) -> np.ndarray:
    """A state in another model: what both have, bit by bit, by name; what is new, as it was put.

    Unnamed parts are taken in order, which holds because what is added has names and comes last.
    """
    write_state(old, old.eyes, state)
    old.seen = None
    before, after = old.eyes, new.data
    new.held = None
    new.mujoco.mj_resetData(new.model, after)
    after.time = before.time
    _copy_joints(old, before, new, after)
    for field, kind, count in (
        ("ctrl", "actuator", "nu"),
        ("xfrc_applied", "body", "nbody"),
        ("eq_active", "equality", "neq"),
    ):
        _copy_rows(old.model, getattr(before, field), new.model, getattr(after, field), kind, count)
    _copy_activations(old.model, before, new.model, after)
    _copy_mocap(old.model, before, new.model, after)
    if len(before.userdata) == len(after.userdata):
        after.userdata[:] = before.userdata
    return read_state(new, after)


def _names(model: Any, kind: str, count: str) -> List[str]:
    """The names of all of a kind; the unnamed are numbered among themselves."""
    names: List[str] = []
    unnamed = 0
    for number in range(getattr(model, count)):
        name = getattr(model, kind)(number).name
        if not name:
            name, unnamed = f"\n{unnamed}", unnamed + 1
        names.append(name)
    return names


def _pairs(old: Any, new: Any, kind: str, count: str) -> List[Tuple[int, int]]:
    """Numbers of the same part in both models."""
    there: Dict[str, int] = {name: number for number, name in enumerate(_names(new, kind, count))}
    return [(number, there[name]) for number, name in enumerate(_names(old, kind, count)) if name in there]


def _copy_rows(old: Any, before: Any, new: Any, after: Any, kind: str, count: str) -> None:
    for here, there in _pairs(old, new, kind, count):
        after[there] = before[here]


def _copy_joints(old: Compiled, before: Any, new: Compiled, after: Any) -> None:
    for here, there in _pairs(old.model, new.model, "joint", "njnt"):
        kind = int(old.model.jnt_type[here])
        if kind != int(new.model.jnt_type[there]):
            continue
        places, dofs = {_FREE: (7, 6), _BALL: (4, 3)}.get(kind, (1, 1))
        a, b = int(old.model.jnt_qposadr[here]), int(new.model.jnt_qposadr[there])
        after.qpos[b : b + places] = before.qpos[a : a + places]
        a, b = int(old.model.jnt_dofadr[here]), int(new.model.jnt_dofadr[there])
        for field in ("qvel", "qacc_warmstart", "qfrc_applied"):
            getattr(after, field)[b : b + dofs] = getattr(before, field)[a : a + dofs]


def _copy_activations(old: Any, before: Any, new: Any, after: Any) -> None:
    for here, there in _pairs(old, new, "actuator", "nu"):
        a, b = int(old.actuator_actadr[here]), int(new.actuator_actadr[there])
        count = int(old.actuator_actnum[here])
        if a >= 0 and b >= 0 and count == int(new.actuator_actnum[there]):
            after.act[b : b + count] = before.act[a : a + count]


def _copy_mocap(old: Any, before: Any, new: Any, after: Any) -> None:
    for here, there in _pairs(old, new, "body", "nbody"):
        a, b = int(old.body_mocapid[here]), int(new.body_mocapid[there])
        if a >= 0 and b >= 0:
            after.mocap_pos[b] = before.mocap_pos[a]
            after.mocap_quat[b] = before.mocap_quat[a]
