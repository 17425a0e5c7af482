"""Pure functions on rotations, poses, cameras, grids and paths; numpy only.

World frame: x forward, y left, z up. Camera frame: x right, y down, z forward. Quaternions: w x y z. Metres,
radians. Cells of a grid are (row, column), columns along x, rows along y.

Needs beside it: nothing.
"""

from __future__ import annotations

from droidlet_geometry.components import component_boxes, connected_components, graph_roots
from droidlet_geometry.frontiers import Frontier, find_frontiers, frontier_cells
from droidlet_geometry.grids import (
    cell_to_world,
    cells_inside,
    dilate,
    distance_to_mask,
    rasterise_segments,
    segment_cells,
    world_to_cell,
)
from droidlet_geometry.line_of_sight import line_maximum, line_of_sight
from droidlet_geometry.planning import (
    clearance_penalty,
    descend,
    distance_field,
    nearest_free_cell,
    nearest_reachable_cell,
    path_length,
    plan_path,
)
from droidlet_geometry.poses import (
    Pose2Tuple,
    PoseTuple,
    camera_pose,
    compose_pose2,
    compose_poses,
    distance_and_bearing,
    inverse_pose,
    inverse_pose2,
    inverse_transform_points,
    pose_from_matrix,
    pose_matrix,
    transform_points,
)
from droidlet_geometry.projection import (
    pixel_rays,
    project_camera_points,
    project_points,
    unproject_depth,
    unproject_to_world,
)
from droidlet_geometry.rotations import (
    angle_difference,
    quaternion_conjugate,
    quaternion_from_axis_angle,
    quaternion_from_matrix,
    quaternion_from_yaw,
    quaternion_multiply,
    quaternion_normalize,
    quaternion_rotate,
    quaternion_to_matrix,
    slerp,
    wrap_angle,
    yaw_of_quaternion,
)
from droidlet_geometry.simplify import simplify_path

__all__ = (
    "Frontier",
    "Pose2Tuple",
    "PoseTuple",
    "angle_difference",
    "camera_pose",
    "cell_to_world",
    "cells_inside",
    "clearance_penalty",
    "component_boxes",
    "compose_pose2",
    "compose_poses",
    "connected_components",
    "descend",
    "dilate",
    "distance_and_bearing",
    "distance_field",
    "distance_to_mask",
    "find_frontiers",
    "frontier_cells",
    "graph_roots",
    "inverse_pose",
    "inverse_pose2",
    "inverse_transform_points",
    "line_maximum",
    "line_of_sight",
    "nearest_free_cell",
    "nearest_reachable_cell",
    "path_length",
    "pixel_rays",
    "plan_path",
    "pose_from_matrix",
    "pose_matrix",
    "project_camera_points",
    "project_points",
    "quaternion_conjugate",
    "quaternion_from_axis_angle",
    "quaternion_from_matrix",
    "quaternion_from_yaw",
    "quaternion_multiply",
    "quaternion_normalize",
    "quaternion_rotate",
    "quaternion_to_matrix",
    "rasterise_segments",
    "segment_cells",
    "simplify_path",
    "slerp",
    "transform_points",
    "unproject_depth",
    "unproject_to_world",
    "world_to_cell",
    "wrap_angle",
    "yaw_of_quaternion",
)
