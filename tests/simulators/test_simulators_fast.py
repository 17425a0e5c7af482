"""The compiled renderer gives numpy's pictures, through every camera."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_schema import FrozenMap, Key, evolve
from droidlet_schema.strategies import of
from droidlet_simulators import (
    PICTURES,
    AgentSpec,
    CameraSpec,
    RoomSimulator,
    SceneError,
    SimulatorError,
    make_scene,
    robot,
)
from droidlet_simulators.conformance import check_simulator
from droidlet_simulators.room.camera import Camera, camera_at, lens_of_fov, make_lens
from droidlet_simulators.room.draw import Light
from droidlet_simulators.room.looks import light_of, paint_of
from droidlet_simulators.room.primitives import BOX, CYLINDER, ROD, SPHERE, make_primitives
from droidlet_simulators.room.render import Shot, render_all
from droidlet_simulators.scene import PATTERNS, Lamp, Lighting, Looks, Surface
from simulators.often import often
from simulators.room_caster import SHELL, floats, rolled_cameras, scenes

drawing = pytest.importorskip("droidlet_simulators.room.fast.drawing", reason="numba is not installed")

entry = drawing.pinhole.entry
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


EXAMPLES = pytest.mark.parametrize("examples", [12, pytest.param(300, marks=pytest.mark.slow)])


@EXAMPLES
@pytest.mark.parametrize("lens", LENSES, ids=lambda lens: f"{lens.model}-{lens.width}x{lens.height}")
def test_it_draws_what_numpy_draws(lens, examples):
    @settings(max_examples=examples, deadline=None)
    @given(scenes, rolled_cameras(), st.booleans(), lights)
    def drawn(rows, camera, walled, light):
        assert_equal(lens, [Shot(make_primitives(rows), camera, SHELL if walled else None, light)])

    drawn()


colours = st.tuples(floats(0, 1), floats(0, 1), floats(0, 1))
surfaces = st.builds(
    Surface,
    st.sampled_from(PATTERNS),
    st.lists(colours, max_size=4).map(tuple),
    floats(0.02, 0.7),
    st.integers(-(2**63), 2**63 - 1),
)
lamps = st.builds(Lamp, floats(-4, 4), floats(-4, 4), floats(0, 2.6), floats(0, 3), colours)
looks = st.builds(
    Looks,
    st.builds(
        lambda light, lamps: Lighting(light.ambient, light.diffuse, light.direction, lamps),
        lights,
        st.lists(lamps, max_size=2).map(tuple),
    ),
    surfaces,
    surfaces,
    surfaces,
    st.dictionaries(st.integers(0, 2), surfaces).map(FrozenMap),
)


@EXAMPLES
@pytest.mark.parametrize("lens", LENSES, ids=lambda lens: f"{lens.model}-{lens.width}x{lens.height}")
def test_it_paints_what_numpy_paints(lens, examples):
    @settings(max_examples=examples, deadline=None)
    @given(scenes, rolled_cameras(), st.booleans(), looks)
    def painted(rows, camera, walled, looks):
        paint, shell, things = paint_of(looks, [number % 3 for number in range(len(rows))])
        prims = make_primitives(rows)._replace(paint=things)
        room = SHELL._replace(paints=shell) if walled else None
        assert_equal(lens, [Shot(prims, camera, room, light_of(looks.lighting), paint)])

    painted()


@often(20, 300, of(Looks))
def test_any_looks_are_drawn_alike_or_refused_by_name(looks):
    scene = evolve(make_scene(3, rooms=1, people=0), looks=looks)
    try:
        seen, _ = RoomSimulator((robot(16, 12),)).reset(scene, Key(0))
    except SceneError as error:
        assert str(error).startswith("looks.")
    else:
        assert seen == RoomSimulator((robot(16, 12),), renderer="numba").reset(scene, Key(0))[0]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"floor": Surface("zebra")}, "floor.pattern is 'zebra'"),
        ({"wall": Surface("checks", scale_m=0.0)}, "wall.scale_m is 0.0"),
        ({"ceiling": Surface("noise", ((0.0, 255.0, 0.0),))}, "ceiling.colours.*255 meant"),
        ({"things": FrozenMap({70: Surface("noise", scale_m=math.nan)})}, r"things\[70\].scale_m is nan"),
        ({"lighting": Lighting(ambient=math.nan)}, "lighting.ambient"),
        ({"lighting": Lighting(direction=(0.0, 0.0, 0.0))}, "lighting.direction"),
        ({"lighting": Lighting(lamps=(Lamp(math.inf, 0.0, 0.0),))}, r"lamps\[0\].x_m is inf"),
        ({"lighting": Lighting(lamps=(Lamp(0.0, 0.0, 0.0, -1.0),))}, r"lamps\[0\].strength"),
    ],
)
def test_looks_that_cannot_be_are_named(wrong, field):
    simulator = RoomSimulator()
    scene = make_scene(3, rooms=1)
    with pytest.raises(SceneError, match=field):
        simulator.reset(evolve(scene, looks=Looks(**wrong)), Key(0))
    world = simulator.reset(scene, Key(0))[1]
    elsewhere = evolve(world, scene=evolve(scene, looks=Looks(**wrong)))
    with pytest.raises(SimulatorError, match=field):
        simulator.observe(elsewhere)


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


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("lens", (LENSES[0], LENSES[3]), ids=lambda lens: lens.model)
def test_one_picture_alone_is_what_it_is_among_all(lens, name):
    paint, shell, things = paint_of(Looks(floor=Surface("checks")), [0])
    table = make_primitives([(BOX, (2, 0, 1), (0.3, 0.3, 0.3), 0.2, (1, 0, 0), 10)])
    camera, room = camera_at((0.0, 0.0, 1.0), 0.0, 0.2), SHELL._replace(paints=shell)
    shots = Shot(table, camera, SHELL), Shot(table._replace(paint=things), camera, room, Light(), paint)
    number = PICTURES.index(name)
    for one, whole in zip(drawing.render_all(lens, shots, (name,)), render_all(lens, shots)):
        np.testing.assert_array_equal(one[number], whole[number])


def test_an_empty_picture_and_a_lonely_pixel():
    camera = camera_at((0.0, 0.0, 1.0), 0.0, 0.0)
    for lens in (lens_of_fov(1, 1, 1.0), lens_of_fov(1, 1, 1.0, "orthographic")):
        assert_equal(lens, [Shot(make_primitives([]), camera), Shot(make_primitives([]), camera, SHELL)])


def test_nothing_is_compiled_twice():
    cameras = CameraSpec("front", 16, 16), CameraSpec("round", 16, 16, model="fisheye")
    simulator = RoomSimulator((AgentSpec("robot", cameras),), renderer="numba")
    for seed in (1, 2):
        simulator.reset(make_scene(seed, people=seed), Key(0))
    table = make_primitives([(BOX, (2, 0, 1), (1, 1, 1), 0, (1, 0, 0), 10)])
    light = Light((0, 0, 1), 1, 0)  # whole numbers are no other kind of picture
    for camera in (camera_at((0.0, 0.0, 1.0), 0.0, 0.0), Camera(np.array([0.0, 0.0, 1.0]), np.eye(3))):
        drawing.render_all(LENSES[0], [Shot(table, camera, SHELL, light), Shot(table, camera)])
        drawing.render_all(LENSES[3], [Shot(table, camera, SHELL, light), Shot(table, camera)])
    assert len(drawing.pinhole.picture.signatures) == len(drawing.rays.cast.signatures) == 1


def make_round_eyed():
    """A robot with a camera of each model, drawn by numba."""
    views = {"pinhole": 1.4, "orthographic": 1.4, "fisheye": math.pi, "equirectangular": 2 * math.pi}
    cameras = (CameraSpec(model, 24, 12, fov, model=model, pictures=PICTURES) for model, fov in views.items())
    return RoomSimulator((AgentSpec("robot", tuple(cameras)),), renderer="numba")


def test_the_laws_of_simulators_hold_with_every_camera():
    report = check_simulator(make_round_eyed, examples=3, processes=False, clocks=False)
    left_out = {"each agent acts and sees for itself", "another process gives the same run"}
    left_out |= {"pictures agree with the truth"}  # by chance; here test_simulators_eyes holds to it
    assert {law for law, _ in report.not_exercised} <= left_out and report.steps > 50


WITHOUT = """
import sys
import numpy
{how}
from droidlet_simulators import NotInstalled, RoomSimulator
import droidlet_simulators.room.fast
RoomSimulator(renderer="numpy")
try:
    RoomSimulator(renderer="numba")
except NotInstalled as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("sys.modules['numba'] = None", "is not installed"),
        ("numpy.__version__ = '99.0.0'", "does not load here (Numba needs NumPy"),
    ],
)
def test_without_numba_one_sentence_says_what_to_install(how, why):
    code = WITHOUT.format(how=how)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    told = done.stdout.strip()
    assert told.startswith(f"renderer is 'numba', which {why}")
    assert told.endswith(": pip install 'droidlet-style[fast]', or draw with 'numpy'") and "\n" not in told


def test_a_renderer_that_nobody_knows_is_named():
    with pytest.raises(SimulatorError, match="'opengl': known ones are numpy, numba"):
        RoomSimulator(renderer="opengl")


def test_what_cannot_be_kept_on_disk_is_compiled_anyway():
    names = {}
    exec(compile("def twice(x):\n    return x + x\n", "<nowhere>", "exec"), names)
    assert entry(names["twice"])(4) == 8
