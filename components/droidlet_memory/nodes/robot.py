"""Level 1: what a robot's camera adds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Optional

import numpy as np
from numpy.typing import NDArray

from droidlet_memory.nodes.base import ReferenceObject, said
from droidlet_schema import array, record


@record
class DetectedObject(ReferenceObject):
    """A thing that was seen, with what the picture showed of it."""

    SAID_AS: ClassVar[Mapping[str, str]] = said(
        label="has_name", colour="has_colour", material="has_material", traits="has_property"
    )

    label: Optional[str] = None
    colour: Optional[str] = None
    material: Optional[str] = None
    traits: tuple[str, ...] = ()  # what else it looks like: "round", "open"
    score: Optional[float] = None  # 0 to 1
    box_px: Optional[tuple[int, int, int, int]] = None  # x0 y0 x1 y1, half open
    mask: Optional[NDArray[Any]] = array("h w", np.bool_, default=None)  # within the box
    features: Optional[NDArray[Any]] = array("n", np.float32, default=None)


@record
class HumanPose(ReferenceObject):
    """A person's joints."""

    TAGS: ClassVar[tuple[str, ...]] = ("_animate", "_human_pose")

    keypoints_px: Optional[NDArray[Any]] = array("k 3", np.float32, default=None)  # x, y, score 0 to 1
    keypoints_m: Optional[NDArray[Any]] = array("k 3", np.float32, default=None)  # world frame; NaN: unseen
