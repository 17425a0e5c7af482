"""Array aliases and the field names that records are read by; nothing here is public."""

from __future__ import annotations

from typing import Protocol, Sequence, Union

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Labels = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]


class PoseFields(Protocol):
    """Anything with the fields of a Pose."""

    @property
    def x_m(self) -> float: ...
    @property
    def y_m(self) -> float: ...
    @property
    def z_m(self) -> float: ...
    @property
    def qw(self) -> float: ...
    @property
    def qx(self) -> float: ...
    @property
    def qy(self) -> float: ...
    @property
    def qz(self) -> float: ...


class Pose2Fields(Protocol):
    """Anything with the fields of a Pose2."""

    @property
    def x_m(self) -> float: ...
    @property
    def y_m(self) -> float: ...
    @property
    def yaw_rad(self) -> float: ...


class IntrinsicsFields(Protocol):
    """Anything with the fields of an Intrinsics."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def fx_px(self) -> float: ...
    @property
    def fy_px(self) -> float: ...
    @property
    def cx_px(self) -> float: ...
    @property
    def cy_px(self) -> float: ...


PoseLike = Union[PoseFields, Sequence[float], Floats]
Pose2Like = Union[Pose2Fields, Sequence[float], Floats]
