"""Solids of the FAKE: read from a mesh file, or objects; and where rays hit them."""

import json
import os
import struct

import numpy as np

GREY = (0.5, 0.5, 0.5)


class Solid:
    """A box, cylinder (along its y) or ball: middle, half extents, rotation (columns its axes), colour, id."""

    def __init__(self, shape, centre, half, turn, colour, ident):
        self.shape, self.colour, self.ident = shape, colour, ident
        self.centre, self.half, self.turn = np.array(centre), np.array(half), np.array(turn)


def stage_solids(scene_id):
    """What a scene id stands for; a bare .glb is taken for z up, like the real one takes it."""
    if scene_id == "" or scene_id.upper() == "NONE":
        return []
    if not os.path.isfile(scene_id):
        raise AssertionError(f"no scene {scene_id}")
    if scene_id.endswith(".stage_config.json"):
        with open(scene_id) as file:
            config = json.load(file)
        mesh = os.path.join(os.path.dirname(scene_id), config["render_asset"])
        return _mesh(mesh, config["up"] == [0, 0, 1])
    return _mesh(scene_id, True)


def _mesh(path, z_up):
    with open(path, "rb") as file:
        data = file.read()
    length = struct.unpack_from("<I", data, 12)[0]
    document = json.loads(data[20 : 20 + length])
    turn = np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]]) if z_up else np.eye(3)
    made = []
    for primitive in document["meshes"][0]["primitives"]:
        box = document["accessors"][primitive["attributes"]["POSITION"]]
        low, high = np.array(box["min"]), np.array(box["max"])
        material = document["materials"][primitive["material"]]
        colour = material["pbrMetallicRoughness"]["baseColorFactor"][:3]
        half = np.abs(turn @ ((high - low) / 2))
        made.append(Solid("cube", turn @ ((low + high) / 2), half, np.eye(3), colour, 0))
    return made


def matrix(w, x, y, z):
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def object_solid(body):
    turn = matrix(body.rotation.scalar, *body.rotation.vector)
    return Solid(body.shape, list(body.translation), body.scale, turn, GREY, body.semantic_id)


def cast(solids, origin, rays):
    """Along rays (N, 3): how far the nearest hit is (inf: none), and the number of what was hit."""
    best, which = np.full(len(rays), np.inf), np.full(len(rays), -1)
    for number, solid in enumerate(solids):
        start = (origin - solid.centre) @ solid.turn / solid.half
        ways = rays @ solid.turn / solid.half
        far = _hits(solid.shape, start, ways)
        nearer = far < best
        best[nearer], which[nearer] = far[nearer], number
    return best, which


def _hits(shape, start, ways):
    with np.errstate(divide="ignore", invalid="ignore"):
        if shape == "sphere":
            return _first(*_round(start, ways, (0, 1, 2)))
        enter, leave = _slab(start, ways, (1,) if shape == "cylinder" else (0, 1, 2))
        if shape == "cylinder":
            a, b = _round(start, ways, (0, 2))
            enter, leave = np.maximum(enter, a), np.minimum(leave, b)
        return _first(enter, leave)


def _slab(start, ways, axes):
    axes = list(axes)
    one, two = (-1 - start[axes]) / ways[:, axes], (1 - start[axes]) / ways[:, axes]
    return np.nanmax(np.minimum(one, two), axis=1), np.nanmin(np.maximum(one, two), axis=1)


def _round(start, ways, axes):
    axes = list(axes)
    a = (ways[:, axes] ** 2).sum(axis=1)
    b = (ways[:, axes] * start[axes]).sum(axis=1)
    root = np.sqrt(b * b - a * ((start[axes] ** 2).sum() - 1.0))
    one, two = (-b - root) / a, (-b + root) / a
    miss = ~np.isfinite(one)
    return np.where(miss, np.inf, one), np.where(miss, -np.inf, two)


def _first(enter, leave):
    hit = (enter <= leave) & (leave > 0)
    return np.where(hit, np.where(enter > 0, enter, leave), np.inf)
