"""The compiled renderer gives numpy's pictures, through every camera."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_simulators.room.camera import camera_at, lens_of_fov, make_lens
from droidlet_simulators.room.draw import Light
from droidlet_simulators.room.primitives import BOX, CYLINDER, ROD, SPHERE, make_primitives
from droidlet_simulators.room.render import Shot, render_all
from simulators.room_caster import SHELL, floats, rolled_cameras, scenes

drawing = pytest.importorskip("droidlet_simulators.room.fast.drawing", reason="numba is not installed")

LENSES = [
    lens_of_fov(31, 22, 1.4),
    make_lens(40, 17, 16.0, 9.0, 9.0, 12.5),
    lens_of_fov(19, 13, 1.4, "orthographic"),
    lens_of_fov(21, 21, math.pi, "fisheye"),
    lens_of_fov(19, 11, 6.2, "fisheye"),
    lens_of_fov(32, 16, 2 * math.pi, "equirectangular"),
]
lights = st.builds(
    Light,
    st.tuples(floats(-1, 1), floats(-1, 1), floats(0.1, 1)).map(
        lambda v: tuple(x / math.sqrt(sum(y * y for y in v)) for x in v)
    ),
    floats(0.1, 0.6),
    floats(0.0, 0.4),
)


def assert_equal(lens, shots):
    for ours, numpys in zip(drawing.render_all(lens, shots), render_all(lens, shots)):
        for one, other in zip(ours, numpys):
            assert one.dtype == other.dtype
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("lens", LENSES, ids=lambda lens: f"{lens.model}-{lens.width}x{lens.height}")
@settings(max_examples=40, deadline=None)
@given(scenes, rolled_cameras(), st.booleans(), lights)
def test_it_draws_what_numpy_draws(lens, rows, camera, walled, light):
    assert_equal(lens, [Shot(make_primitives(rows), camera, SHELL if walled else None, light)])


@pytest.mark.parametrize("lens", LENSES, ids=lambda lens: f"{lens.model}-{lens.width}x{lens.height}")
def test_a_crowd_of_all_kinds_is_the_same_from_within(lens):
    rng = np.random.default_rng(3)
    rows = []
    for number in range(120):
        kind = (BOX, SPHERE, CYLINDER, ROD)[number % 4]
        a, b, c = rng.uniform(0.05, 0.5, 3)
        half = {BOX: (a, b, c), SPHERE: (a, a, a)}.get(kind, (a, a, c))
        turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
        turn[:, 0] *= np.linalg.det(turn)
        axes = turn if kind in (BOX, ROD) else 0.0
        rows.append(
            (kind, tuple(rng.uniform((-4, -4, 0), (4, 4, 2.5))), half, axes, tuple(rng.random(3)), number)
        )
    table = make_primitives(rows)
    views = [camera_at(tuple(rng.uniform((-3, -3, 0.2), (3, 3, 2.4))), a, 0.3) for a in range(6)]
    assert_equal(lens, [Shot(table, view, SHELL) for view in views])


def test_an_empty_picture_and_a_lonely_pixel():
    camera = camera_at((0.0, 0.0, 1.0), 0.0, 0.0)
    for lens in (lens_of_fov(1, 1, 1.0), lens_of_fov(1, 1, 1.0, "orthographic")):
        assert_equal(lens, [Shot(make_primitives([]), camera), Shot(make_primitives([]), camera, SHELL)])


WITHOUT = """
import sys
sys.modules["numba"] = None
from droidlet_simulators import AgentSpec, NotInstalled, RoomSimulator
import droidlet_simulators.room.fast
RoomSimulator(renderer="numpy")
try:
    RoomSimulator(renderer="numba")
except NotInstalled as error:
    print(error)
"""


def test_without_numba_one_sentence_says_what_to_install():
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == (
        "renderer is 'numba', which is not installed: pip install 'droidlet-style[fast]', or draw with 'numpy'"
    )
