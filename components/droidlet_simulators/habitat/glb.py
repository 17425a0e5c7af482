"""A building of plain boxes as the bytes of a binary glTF 2.0 file (Khronos), y up."""

from __future__ import annotations

import json
import struct
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np

from droidlet_simulators.habitat.axes import native_point

Box = Tuple[Tuple[float, float, float], Tuple[float, float, float], Tuple[float, float, float]]
"""Lowest corner and highest corner in house axes, metres, and linear colour, 0 to 1."""

_MAGIC, _VERSION, _JSON, _BIN = 0x46546C67, 2, 0x4E4F534A, 0x004E4942
_FLOAT, _UINT, _ARRAY, _ELEMENTS = 5126, 5125, 34962, 34963


def glb_of(boxes: Sequence[Box]) -> bytes:
    """One mesh with a primitive and a plain material per box."""
    blobs: List[bytes] = []
    document: Dict[str, Any] = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": "building"}],
        "meshes": [{"primitives": []}],
        "materials": [],
        "accessors": [],
        "bufferViews": [],
        "buffers": [],
    }
    for number, box in enumerate(boxes):
        points, normals, corners = _faces(box)
        first = 3 * number
        for array, target in ((points, _ARRAY), (normals, _ARRAY), (corners, _ELEMENTS)):
            _append(document, blobs, array, target)
        attributes = {"POSITION": first, "NORMAL": first + 1}
        document["meshes"][0]["primitives"].append(
            {"attributes": attributes, "indices": first + 2, "material": number}
        )
        plain = {"baseColorFactor": [*box[2], 1.0], "metallicFactor": 0.0, "roughnessFactor": 1.0}
        document["materials"].append({"pbrMetallicRoughness": plain})
    binary = b"".join(blobs)
    document["buffers"].append({"byteLength": len(binary)})
    return _file(json.dumps(document, sort_keys=True).encode(), binary)


def _append(document: Dict[str, Any], blobs: List[bytes], array: np.ndarray, target: int) -> None:
    data = array.tobytes()
    view = len(document["bufferViews"])
    start = sum(map(len, blobs))
    document["bufferViews"].append(
        {"buffer": 0, "byteOffset": start, "byteLength": len(data), "target": target}
    )
    accessor: Dict[str, Any] = {"bufferView": view, "count": len(array), "byteOffset": 0}
    if target == _ARRAY:
        accessor.update(componentType=_FLOAT, type="VEC3")
        accessor.update(min=array.min(axis=0).tolist(), max=array.max(axis=0).tolist())
    else:
        accessor.update(componentType=_UINT, type="SCALAR")
    document["accessors"].append(accessor)
    blobs.append(data)


def _faces(box: Box) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Corners (24, 3), normals (24, 3) and indices (36,) of a box: four corners and two triangles a face."""
    a, b = np.array(native_point(*box[0])), np.array(native_point(*box[1]))
    low, high = np.minimum(a, b), np.maximum(a, b)
    points: List[np.ndarray] = []
    normals: List[np.ndarray] = []
    corners: List[np.ndarray] = []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        for side in (0, 1):
            quad = np.tile(low, (4, 1))
            quad[:, axis] = (low, high)[side][axis]
            quad[[1, 2], u] = high[u]
            quad[[2, 3], v] = high[v]
            normal = np.zeros((4, 3))
            normal[:, axis] = 2 * side - 1
            order = (0, 1, 2, 0, 2, 3) if side else (0, 2, 1, 0, 3, 2)  # counter-clockwise from outside
            corners.append(np.array(order) + 4 * len(points))
            points.append(quad)
            normals.append(normal)
    return (
        np.concatenate(points).astype("<f4"),
        np.concatenate(normals).astype("<f4"),
        np.concatenate(corners).astype("<u4"),
    )


def _file(text: bytes, binary: bytes) -> bytes:
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    length = 12 + 8 + len(text) + 8 + len(binary)
    return b"".join(
        (
            struct.pack("<III", _MAGIC, _VERSION, length),
            struct.pack("<II", len(text), _JSON),
            text,
            struct.pack("<II", len(binary), _BIN),
            binary,
        )
    )
