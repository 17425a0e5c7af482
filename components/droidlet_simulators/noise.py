"""What real sensors add to a simulator's pictures and odometry: parts outside every engine.

Give them what `observe` or `step` returned; a simulator's own observations stay exact.
"""

from __future__ import annotations

import math

import attrs
import numpy as np
from numpy.typing import NDArray

from droidlet_schema import Frame, FrozenMap, Key, Observation, evolve, record
from droidlet_simulators.cameras import picture_rays
from droidlet_simulators.errors import SimulatorError

Floats = NDArray[np.float64]


@record
class NoiseInputs:
    """What is sensed, and the key that the noise is drawn from: another one for each observation."""

    observation: Observation
    key: Key


@attrs.frozen
class SensorNoise:
    """A depth camera's noise and drop-outs, and a colour camera's noise and gain; every number may be 0.

    Depth has a standard deviation of depth_m + depth_growth * (z - 0.4 m)^2, plus a part that grows as the surface
    turns away, after the Kinect of Nguyen, Izadi and Lovell 2012, "Modeling Kinect sensor noise for improved 3D
    reconstruction and tracking", equations 2 and 3 (tilt is the factor of the second). Nothing returns from outside
    of near_m to far_m, from beside a jump in depth of more than edge_part of the depth with probability
    edge_dropout, from elsewhere with probability dropout, and ever less from surfaces seen at more than grazing_rad
    from their normal. Colours get a gain per picture, then noise per pixel and channel, in steps of 1 / 255.

    Raises SimulatorError for numbers that cannot be.
    """

    depth_m: float = 0.0012
    depth_growth: float = 0.0019  # per metre
    tilt: float = 0.0001
    near_m: float = 0.1
    far_m: float = 8.0
    grazing_rad: float = math.radians(75)
    edge_part: float = 0.03
    edge_dropout: float = 0.5
    dropout: float = 0.002
    rgb_noise: float = 3.0
    gain_noise: float = 0.03

    def __attrs_post_init__(self) -> None:
        """Checks every number."""
        for field in attrs.fields(SensorNoise):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
                raise SimulatorError(f"{field.name} is {value!r}: a finite number, at least 0")
        for name, most in (("dropout", 1.0), ("edge_dropout", 1.0), ("grazing_rad", math.pi / 2)):
            if getattr(self, name) > most:
                raise SimulatorError(
                    f"{name} is {getattr(self, name)}: at most {most:.4g}; were degrees meant?"
                )

    def __call__(self, inputs: NoiseInputs) -> Observation:
        """The observation as a real robot might have it; poses and semantic pictures stay as they are.

        What a camera did not sense stays 0. Raises SimulatorError for a picture that is not of its intrinsics.
        """
        seen = inputs.observation
        keys = inputs.key.split(len(seen.frames))
        frames = {name: self._frame(name, seen.frames[name], key) for name, key in zip(seen.frames, keys)}
        return evolve(seen, frames=FrozenMap(frames))

    def _frame(self, name: str, frame: Frame, key: Key) -> Frame:
        size = frame.intrinsics.height, frame.intrinsics.width
        if frame.depth_m.shape != size:
            raise SimulatorError(
                f"frames[{name!r}].depth_m has shape {frame.depth_m.shape}, its intrinsics {size}: two cameras?"
            )
        colour_key, depth_key = key.split(2)
        with np.errstate(all="ignore"):
            depth = self._depth(frame, depth_key) if frame.depth_m.any() else frame.depth_m
            rgb = self._rgb(frame.rgb, colour_key) if frame.rgb.any() else frame.rgb
        return evolve(frame, rgb=rgb, depth_m=depth)

    def _rgb(self, rgb: NDArray[np.uint8], key: Key) -> NDArray[np.uint8]:
        rng = key.generator()
        gain = math.exp(self.gain_noise * float(rng.standard_normal()))
        noisy = rgb * np.float32(gain) + np.float32(self.rgb_noise) * rng.standard_normal(
            rgb.shape, np.float32
        )
        return np.asarray(np.clip(np.rint(noisy), 0, 255).astype(np.uint8))

    def _depth(self, frame: Frame, key: Key) -> NDArray[np.float32]:
        rng = key.generator()
        depth = frame.depth_m.astype(np.float64)
        there = np.isfinite(depth) & (depth > 0)
        away = _angles(frame, depth)
        spread = self.depth_m + self.depth_growth * (depth - 0.4) ** 2
        bent = np.minimum(away, math.radians(85))  # beyond that the fit has no pole
        spread = spread + self.tilt / np.sqrt(depth) * bent**2 / (math.pi / 2 - bent) ** 2
        noisy = depth + spread * rng.standard_normal(depth.shape)
        rest = max(math.pi / 2 - self.grazing_rad, 1e-9)
        lost = np.where(_edges(depth, self.edge_part), self.edge_dropout, self.dropout)
        lost = np.maximum(lost, np.clip((away - self.grazing_rad) / rest, 0.0, 1.0))
        gone = (rng.random(depth.shape) < lost) | ~(noisy >= self.near_m) | ~(noisy <= self.far_m)
        return np.where(there, np.where(gone, 0.0, noisy), depth).astype(np.float32)


def _edges(depth: Floats, part: float) -> NDArray[np.bool_]:
    """Whether one of the four pixels beside each has a depth that differs by more than a part of its own."""
    edge = np.zeros(depth.shape, bool)
    for a, b in ((np.s_[1:, :], np.s_[:-1, :]), (np.s_[:, 1:], np.s_[:, :-1])):
        jump = np.abs(depth[a] - depth[b])
        edge[a] |= jump > part * depth[a]
        edge[b] |= jump > part * depth[b]
    return edge


def _angles(frame: Frame, depth: Floats) -> Floats:
    """How far each pixel's ray is from the normal of its surface, from the depths on both sides; 0 .. pi / 2."""
    origins, rays = picture_rays(frame.intrinsics)
    points = origins + depth[..., None] * rays
    ahead = np.pad(points, ((1, 1), (1, 1), (0, 0)), mode="edge")
    across, down = ahead[1:-1, 2:] - ahead[1:-1, :-2], ahead[2:, 1:-1] - ahead[:-2, 1:-1]
    normal = np.cross(across, down)
    size = np.sqrt((normal**2).sum(-1) * (rays**2).sum(-1))
    facing = np.abs((normal * rays).sum(-1)) / np.where(size > 0, size, np.nan)
    return np.where(np.isfinite(facing), np.arccos(np.clip(facing, 0.0, 1.0)), 0.0)
