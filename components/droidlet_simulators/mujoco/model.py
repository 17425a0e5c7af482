"""Compiling a plan, and where in the compiled model everything is."""

from __future__ import annotations

from typing import Any, List, NamedTuple, Optional, Tuple

import numpy as np

from droidlet_schema import SceneObject
from droidlet_simulators.errors import SceneError
from droidlet_simulators.mujoco.building import CEILING_GEOM, scene_mjcf
from droidlet_simulators.mujoco.indices import ThingIndex, numbers_of, robot_index
from droidlet_simulators.mujoco.mjcf import bears_servos, name_objects, parse, remembering, said
from droidlet_simulators.mujoco.people import walking
from droidlet_simulators.mujoco.robot import robot_mjcf
from droidlet_simulators.mujoco.things import thing_body, thing_name
from droidlet_simulators.mujoco.world import MjcfScene, MujocoPlan
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.primitives import AGENT, CEILING, FLOOR, NOTHING, WALL

NO_AGENT = -1
NO_OBJECT = -1
_ADDED = "added/"  # names of ours in a user's model
_GRIPS = ("hand", "finger_left", "finger_right")


class Setup(NamedTuple):
    """What of a simulator its models depend on."""

    robots: Tuple[Tuple[str, bool, float], ...]  # agent id, whether it has an arm, height of its head in m
    limits: Limits
    timestep_s: float
    picture: Tuple[int, int]  # width and height of the largest picture


class Compiled:
    """A model, the data that is stepped, the data that is looked at, and the tables between names and numbers."""

    def __init__(
        self, mujoco: Any, model: Any, setup: Setup, things: Tuple[ThingIndex, ...], people: bool
    ) -> None:
        self.mujoco, self.model, self.things = mujoco, model, things
        self.people = people  # whether any of them walks
        self.data, self.eyes = mujoco.MjData(model), mujoco.MjData(model)
        self.of_data, self.of_eyes = numbers_of(self.data), numbers_of(self.eyes)
        self.signature = int(mujoco.mjtState.mjSTATE_INTEGRATION)
        self.size = int(mujoco.mj_stateSize(model, self.signature))
        self.held: Any = None  # the world whose state `data` has
        self.seen: Any = None  # the world whose state `eyes` has
        self.depth = 0  # how far `eyes` is worked out
        self.pairs = b""  # which geoms touched when last asked, and which robots these contacts hold up
        self.held_up: List[Tuple[int, int]] = []
        self.canvas: Any = None  # what GL keeps for this model
        self.robots = {
            agent: robot_index(model, agent, has_arm, setup.limits) for agent, has_arm, _ in setup.robots
        }
        self._tables()

    def _tables(self) -> None:
        """For each geom, and last for -1: a ray that hits nothing, and what touches without being a geom (flexes)."""
        model, count = self.model, self.model.ngeom
        owner = np.array(model.geom_bodyid)
        root = np.array(model.body_rootid)[owner]
        self.agent_of = np.full(count + 1, NO_AGENT)
        for number, robot in enumerate(self.robots.values()):
            self.agent_of[:-1][root == robot.base] = number
        self.object_of = np.full(count + 1, NO_OBJECT)  # index into things
        self.shown_id = np.full(count + 1, NOTHING, np.int32)
        self.is_floor = np.zeros(count + 1, bool)
        by_body = {index.body: number for number, index in enumerate(self.things)}
        for geom in range(count):
            self.is_floor[geom] = _is_floor(model, geom)
            body = int(owner[geom])
            if body == 0:
                ceiling = model.geom(geom).name == CEILING_GEOM
                self.shown_id[geom] = CEILING if ceiling else FLOOR if self.is_floor[geom] else WALL
            while body and body not in by_body:
                body = int(model.body_parentid[body])
            if body:
                self.object_of[geom] = by_body[body]
                thing = self.things[by_body[body]].thing
                self.shown_id[geom] = thing.id if thing.semantic_id is None else thing.semantic_id
        self.shown_id[self.agent_of != NO_AGENT] = AGENT
        self.part_of = [*(model.body(int(body)).name.rpartition("/")[2] for body in owner), ""]
        held = np.array([part in _GRIPS for part in self.part_of], bool)
        bits = np.where(self.agent_of == NO_AGENT, 0, 1 << np.maximum(self.agent_of, 0))
        self.bumps = np.where(held, 0, bits).tolist()  # of the robot whose geom is held up by what it touches
        self.blocks = np.where(self.is_floor, 0, ~bits).tolist()  # of the robots that a geom holds up
        self.colours = np.append(_colours(model), [[0, 0, 0]], axis=0).astype(np.float32) * 255


def _is_floor(model: Any, geom: int) -> bool:
    """Whether robots stand on it: the floor's plane, or in a user's model any plane or height field of the world."""
    return int(model.geom_bodyid[geom]) == 0 and int(model.geom_type[geom]) in (0, 1)


def _colours(model: Any) -> np.ndarray:
    """Each geom's colour (ngeom, 3): its own, or its material's where it has none of its own."""
    rgb = np.array(model.geom_rgba)
    plain = (rgb == (0.5, 0.5, 0.5, 1.0)).all(axis=1) & (model.geom_matid >= 0)
    if plain.any():
        rgb[plain] = np.array(model.mat_rgba)[model.geom_matid[plain]]
    return np.asarray(rgb[:, :3])


def compile_plan(mujoco: Any, plan: MujocoPlan, setup: Setup) -> Compiled:
    """The model of a plan. Raises SceneError for what MuJoCo does not take."""
    try:
        return _compile(mujoco, plan, setup)
    except SceneError:
        raise
    except (ValueError, TypeError, KeyError, mujoco.FatalError) as error:
        raise SceneError(f"scene cannot be made into a MuJoCo model: {said(error)}") from error


def _compile(mujoco: Any, plan: MujocoPlan, setup: Setup) -> Compiled:
    spec, own = _spec(mujoco, plan)
    for agent, has_arm, head_m in setup.robots:
        child = mujoco.MjSpec.from_string(robot_mjcf(has_arm, head_m, setup.limits))
        spec.attach(child, prefix=agent + "/", frame=spec.worldbody.add_frame())
    _options(mujoco, spec, setup, own_scene=not isinstance(plan.scene, MjcfScene))
    model = spec.compile()
    model.light_castshadow[:] = False
    return Compiled(mujoco, model, setup, _things(mujoco, model, plan, own), walking(plan.people))


def _spec(mujoco: Any, plan: MujocoPlan) -> Tuple[Any, List[Tuple[int, str]]]:
    """The scene's spec, and a user's own objects in it: id and body name."""
    people = tuple(walker.body for walker in plan.people)
    if not isinstance(plan.scene, MjcfScene):
        return mujoco.MjSpec.from_string(scene_mjcf(plan.scene, plan.things, people, plan.leaves)), []
    spec = parse(mujoco, plan.scene)
    own = name_objects(spec)
    for ident, name in own:
        if ident in plan.gone:
            spec.delete(spec.body(name))
    kept = [(ident, name) for ident, name in own if ident not in plan.gone]
    if plan.things or people:
        bodies = "".join(thing_body(thing) for thing in (*plan.things, *people))
        text = f'<mujoco><compiler angle="radian"/><worldbody>{bodies}</worldbody></mujoco>'
        spec.attach(mujoco.MjSpec.from_string(text), prefix=_ADDED, frame=spec.worldbody.add_frame())
    return spec, kept


def _options(mujoco: Any, spec: Any, setup: Setup, own_scene: bool) -> None:
    option = spec.option
    option.timestep = setup.timestep_s
    option.disableflags |= int(mujoco.mjtDisableBit.mjDSBL_AUTORESET)  # stepping never resets
    for flag in remembering(mujoco).values():
        option.enableflags &= ~flag
    if own_scene or setup.robots and not bears_servos(mujoco, option.integrator):
        option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    if own_scene:
        option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
        option.impratio = 10.0  # what is gripped does not creep out
        spec.stat.extent, spec.visual.map.znear, spec.visual.map.zfar = 1.0, 0.02, 100.0
        spec.visual.headlight.active = 0
    width, height = setup.picture
    spec.visual.global_.offwidth, spec.visual.global_.offheight = max(width, 1), max(height, 1)


def _things(mujoco: Any, model: Any, plan: MujocoPlan, own: List[Tuple[int, str]]) -> Tuple[ThingIndex, ...]:
    made = []
    prefix = _ADDED if isinstance(plan.scene, MjcfScene) else ""
    bodies = (*(walker.body for walker in plan.people), *(leaf.body for leaf in plan.leaves))
    for thing in (*plan.things, *bodies):
        made.append(_thing(model, thing, prefix + thing_name(thing.id), np.zeros(3), False))
    for ident, name in own:
        body = model.body(name).id
        low, high = _bounds(mujoco, model, body)
        if low is None or high is None:
            continue
        size = tuple((high - low).tolist())
        middle = (low + high) / 2
        thing = SceneObject(ident, name, "grey", 0.0, 0.0, 0.0, 0.0, (size[0], size[1], size[2]))
        made.append(_thing(model, thing, name, middle, True))
    return tuple(sorted(made, key=lambda index: index.thing.id))


def _thing(model: Any, thing: SceneObject, name: str, centre_m: np.ndarray, own: bool) -> ThingIndex:
    body = model.body(name)
    first = int(body.jntadr[0]) if int(body.jntnum[0]) == 1 else -1
    free = first >= 0 and int(model.jnt_type[first]) == 0
    hinge = int(model.jnt_qposadr[first]) if first >= 0 and not free and not own else -1
    qpos = int(model.jnt_qposadr[first]) if free else -1
    dof = int(model.jnt_dofadr[first]) if free else -1
    return ThingIndex(thing, int(body.id), hinge, qpos, dof, int(body.mocapid[0]), centre_m, own)


def _bounds(mujoco: Any, model: Any, root: int) -> Tuple[Optional[np.ndarray], Optional[np.ndarray]]:
    """The box of a body and all below it, in its own frame, joints at zero; None for one without geoms."""
    data = mujoco.MjData(model)
    mujoco.mj_kinematics(model, data)
    turn, place = data.xmat[root].reshape(3, 3), data.xpos[root]
    corners = []
    for geom in range(model.ngeom):
        body = int(model.geom_bodyid[geom])
        while body and body != root:
            body = int(model.body_parentid[body])
        if body != root:
            continue
        signs = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float64)
        box = model.geom_aabb[geom]
        own = box[:3] + signs * box[3:]
        world = own @ data.geom_xmat[geom].reshape(3, 3).T + data.geom_xpos[geom]
        corners.append((world - place) @ turn)
    if not corners:
        return None, None
    every = np.concatenate(corners)
    return every.min(axis=0), every.max(axis=0)
