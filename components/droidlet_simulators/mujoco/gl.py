"""Pictures by GL: textures and meshes of a user's model, too; one canvas per model, shadows off."""

from __future__ import annotations

from typing import Any, Sequence, Tuple

import numpy as np

from droidlet_schema import Intrinsics
from droidlet_simulators.mujoco.indices import RobotIndex
from droidlet_simulators.mujoco.model import Compiled
from droidlet_simulators.mujoco.rays import Picture, Place, blank

_UNSEEN_GROUP = 5
_SPARE_GEOMS = 100


class Canvas:
    """What GL keeps for one model; needs a current context."""

    def __init__(self, compiled: Compiled) -> None:
        mujoco = compiled.mujoco
        self.mujoco, self.model = mujoco, compiled.model
        self.scene = mujoco.MjvScene(compiled.model, maxgeom=compiled.model.ngeom + _SPARE_GEOMS)
        self.options, self.camera = mujoco.MjvOption(), mujoco.MjvCamera()
        self.context = mujoco.MjrContext(compiled.model, mujoco.mjtFontScale.mjFONTSCALE_100.value)
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN.value, self.context)
        self.context.readDepthMap = mujoco.mjtDepthMap.mjDEPTH_ZEROFAR
        for flag in ("mjRND_SHADOW", "mjRND_REFLECTION", "mjRND_FOG", "mjRND_HAZE"):
            self.scene.flags[getattr(mujoco.mjtRndFlag, flag)] = False

    def free(self) -> None:
        """Gives the model's part of the GL memory back."""
        self.context.free()

    def draw(
        self,
        compiled: Compiled,
        robot: RobotIndex,
        intrinsics: Intrinsics,
        place: Place,
        pictures: Sequence[str],
    ) -> Picture:
        """What is asked for of a pinhole's picture of what `eyes` holds; the rest is 0."""
        groups = np.array(self.model.geom_group[robot.own_geoms])
        self.model.geom_group[robot.own_geoms] = _UNSEEN_GROUP
        try:
            self.mujoco.mjv_updateScene(
                self.model, compiled.eyes, self.options, None, self.camera,
                self.mujoco.mjtCatBit.mjCAT_ALL.value, self.scene,
            )  # fmt: skip
        finally:
            self.model.geom_group[robot.own_geoms] = groups
        near, far = self._aim(intrinsics, *place)
        rect = self.mujoco.MjrRect(0, 0, intrinsics.width, intrinsics.height)
        picture = blank(intrinsics)
        if "rgb" in pictures:
            picture = picture._replace(rgb=self._pass(rect, False)[0])
        if "depth" in pictures or "semantic" in pictures:
            segments, depth = self._pass(rect, True)
            geoms = self._geoms(segments)
            picture = picture._replace(semantic=np.asarray(compiled.shown_id[geoms], np.int32))
            if "depth" in pictures:
                metres = np.where(geoms < 0, np.float32(0), _metres(depth, near, far))
                picture = picture._replace(depth_m=metres)
        return picture

    def _aim(self, intrinsics: Intrinsics, position: np.ndarray, rotation: np.ndarray) -> Tuple[float, float]:
        """Puts GL's camera there; returns the nearest and furthest depth that it draws, in m."""
        near = float(self.model.vis.map.znear * self.model.stat.extent)
        far = float(self.model.vis.map.zfar * self.model.stat.extent)
        top = near * intrinsics.height / 2 / intrinsics.fy_px
        side = near * intrinsics.width / 2 / intrinsics.fx_px
        for camera in self.scene.camera:
            camera.pos[:] = position
            camera.forward[:], camera.up[:] = rotation[:, 2], -rotation[:, 1]
            camera.frustum_center, camera.frustum_width = 0.0, side
            camera.frustum_bottom, camera.frustum_top = -top, top
            camera.frustum_near, camera.frustum_far = near, far
            camera.orthographic = 0
        return near, far

    def _pass(self, rect: Any, segments: bool) -> Tuple[np.ndarray, np.ndarray]:
        """Colours, or numbers of segments and depth: to read depth takes as long as to draw."""
        flags = self.mujoco.mjtRndFlag
        self.scene.flags[flags.mjRND_SEGMENT] = self.scene.flags[flags.mjRND_IDCOLOR] = segments
        self.mujoco.mjr_render(rect, self.scene, self.context)
        rgb = np.empty((rect.height, rect.width, 3), np.uint8)
        depth = np.empty((rect.height, rect.width) if segments else (0, 0), np.float32)
        self.mujoco.mjr_readPixels(rgb, depth if segments else None, rect, self.context)
        return np.ascontiguousarray(rgb[::-1]), np.ascontiguousarray(depth[::-1])

    def _geoms(self, segments: np.ndarray) -> np.ndarray:
        """Which geom each pixel shows (H, W), -1 for none: GL drew each one's number as a colour."""
        wide = segments.astype(np.int64)
        numbers = wide[..., 0] + (wide[..., 1] << 8) + (wide[..., 2] << 16)
        table = np.full(int(self.scene.ngeom) + 1, -1)
        for geom in self.scene.geoms[: self.scene.ngeom]:
            if geom.segid >= 0 and geom.objtype == self.mujoco.mjtObj.mjOBJ_GEOM:
                table[geom.segid + 1] = geom.objid
        return np.asarray(table[np.minimum(numbers, len(table) - 1)])


def _metres(depth: np.ndarray, near: float, far: float) -> np.ndarray:
    """Depth along the axis from what the buffer holds: 1 at `near`, 0 at `far`, hyperbolic in between."""
    value = depth.astype(np.float64)
    return np.asarray(near * far / (near + value * (far - near)), np.float32)
