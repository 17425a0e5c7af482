"""The cameras of agents, ready to be drawn with: by numpy, or by the same compiled."""

from __future__ import annotations

from typing import Callable, Collection, List, Mapping, NamedTuple, Sequence, Tuple

import numpy as np

from droidlet_schema import Frame, Intrinsics, Pose2
from droidlet_simulators.cameras import camera_on, check_view, intrinsics_of, mounted
from droidlet_simulators.contract import AgentSpec, CameraSpec
from droidlet_simulators.errors import NotInstalled, SimulatorError
from droidlet_simulators.room import render
from droidlet_simulators.room.camera import Camera, Lens, lens_of
from droidlet_simulators.room.render import Picture, Shot
from droidlet_simulators.room.world import RoomBody

RENDERERS = ("numpy", "numba")
Draw = Callable[[Lens, Sequence[Shot], Collection[str]], List[Picture]]


class Eye(NamedTuple):
    """One camera of one agent."""

    spec: CameraSpec
    lens: Lens
    intrinsics: Intrinsics
    draw: Draw


def make_eyes(agents: Sequence[AgentSpec], renderer: str) -> Mapping[str, Tuple[Eye, ...]]:
    """The cameras of each agent, by its id. Raises SimulatorError for what no renderer can draw, NotInstalled."""
    draw = drawn_by(renderer)
    eyes = {}
    for agent in agents:
        for camera in agent.cameras:
            check_view(camera)
        eyes[agent.id] = tuple(Eye(c, lens_of(c), intrinsics_of(c), draw) for c in agent.cameras)
    return eyes


def drawn_by(renderer: str) -> Draw:
    """What draws. Raises SimulatorError for a renderer that nobody knows, NotInstalled for one that is not here."""
    if renderer == "numpy":
        return render.render_all
    if renderer != "numba":
        raise SimulatorError(f"renderer is {renderer!r}: known ones are {', '.join(RENDERERS)}")
    try:
        from droidlet_simulators.room.fast.drawing import render_all
    except ImportError as error:
        missing = isinstance(error, ModuleNotFoundError) and (error.name or "").split(".")[0] == "numba"
        why = "is not installed" if missing else f"does not load here ({error})"
        raise NotInstalled(
            f"renderer is 'numba', which {why}: pip install 'droidlet-style[fast]', or draw with 'numpy'"
        ) from error
    return render_all


def camera_of(body: RoomBody, spec: CameraSpec) -> Camera:
    """Where a camera of a robot is, for the renderer."""
    at = Pose2(body.x_m, body.y_m, body.yaw_rad)
    return Camera(*mounted(spec, at, body.pan_rad, body.tilt_rad))


def frame_of(body: RoomBody, eye: Eye, picture: Picture) -> Frame:
    """What a camera says of what it sees; zeros for what it does not sense."""
    asked, shape = eye.spec.pictures, (eye.spec.height, eye.spec.width)
    rgb = picture.rgb if "rgb" in asked else np.zeros((*shape, 3), np.uint8)
    depth = picture.depth_m if "depth" in asked else np.zeros(shape, np.float32)
    at = Pose2(body.x_m, body.y_m, body.yaw_rad)
    return Frame(rgb, depth, eye.intrinsics, camera_on(eye.spec, at, body.pan_rad, body.tilt_rad))
