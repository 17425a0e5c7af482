"""From a world to what one body senses."""

from __future__ import annotations

from droidlet_geometry import camera_pose
from droidlet_schema import Frame, FrozenMap, Intrinsics, Observation, Pose, Pose2, SemanticImage
from droidlet_simulators.room.camera import Lens, camera_at
from droidlet_simulators.room.pack import shell_of, thing_primitives, wall_primitives
from droidlet_simulators.room.primitives import join
from droidlet_simulators.room.render import render
from droidlet_simulators.room.world import RoomBody, RoomWorld, things_of


def sense(
    world: RoomWorld, body: RoomBody, lens: Lens, camera_height_m: float, camera_id: str, semantic: bool
) -> Observation:
    """The observation of one body: odometry and one picture."""
    prims = join([wall_primitives(world.scene), thing_primitives(things_of(world))])
    position = (body.x_m, body.y_m, camera_height_m)
    camera = camera_at(position, body.yaw_rad + body.pan_rad, -body.tilt_rad)
    picture = render(prims, lens, camera, shell_of(world.scene))
    at = Pose2(body.x_m, body.y_m, body.yaw_rad)
    pose = Pose(*camera_pose(at, camera_height_m, body.tilt_rad, body.pan_rad))
    frame = Frame(picture.rgb, picture.depth_m, intrinsics_of(lens), pose)
    semantics = {camera_id: SemanticImage(picture.semantic)} if semantic else {}
    return Observation(world.now_ns, at, body.collided, FrozenMap({camera_id: frame}), FrozenMap(semantics))


def intrinsics_of(lens: Lens) -> Intrinsics:
    """The lens as a record."""
    return Intrinsics(lens.width, lens.height, lens.fx, lens.fy, lens.cx, lens.cy)
