"""Each way in which MuJoCo or GL is missing, made to happen in a process of its own: one sentence says what to install.

Where this machine lends a private mount namespace, the libraries' files are hidden in it; else their look-up is
patched to find nothing (`ctypes.util.find_library`, by name), and tests that need the real thing say so.
"""

import functools
import glob
import os
import shutil
import subprocess

import pytest

from droidlet_simulators import SimulatorError
from droidlet_simulators.mujoco import MujocoSimulator
from simulators.mujoco_parts import NEEDS_EGL, NEEDS_OSMESA, python

HIDE = """
for f in $(find /lib /lib64 /usr/lib /usr/local/lib \\( -name 'libEGL.so*' -o -name 'libOSMesa.so*' \\) 2>/dev/null); do
  mount --bind /dev/null "$f" || exit 97
done
mount --bind /dev/null /etc/ld.so.cache || exit 97
exec "$@"
"""
PATCHED = "import ctypes.util; ctypes.util.find_library = lambda name: None\n"
MAKE = """
from droidlet_simulators import SimulatorError, make_scene
from droidlet_schema import Key
from droidlet_simulators.mujoco import MujocoSimulator
try:
    simulator = MujocoSimulator(renderer={renderer!r})
    observations, world = simulator.reset(make_scene(1, rooms=1), Key(0))
    observations, world = simulator.step({{}}, world)
    print("works", observations["robot"].frames["head"].rgb.any())
except SimulatorError as error:
    print(type(error).__name__, error)
"""


@functools.lru_cache(maxsize=1)
def namespace():
    """The command that starts a program in a mount namespace of its own; () where there is none."""
    for command in (("unshare", "-m"), ("unshare", "-r", "-m")):
        if shutil.which("unshare") is None:
            return ()
        probe = [*command, "mount", "--bind", "/dev/null", "/etc/ld.so.cache"]
        if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
            return command
    return ()


def without_gl(renderer, **environment):
    """What making and stepping a simulator says on a machine without EGL and OSMesa."""
    code = MAKE.format(renderer=renderer)
    if namespace():
        done = python(code, (*namespace(), "sh", "-c", HIDE, "hide"), **environment)
    else:
        done = python(PATCHED + code, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def with_gl(renderer, **environment):
    """What it says on this machine."""
    done = python(MAKE.format(renderer=renderer), **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def one_sentence(said, *parts):
    assert said.startswith("NotInstalled ")
    assert "\n" not in said
    assert len(said) < 420
    for part in parts:
        assert part in said


@pytest.mark.slow
@pytest.mark.parametrize("gl", ["", "disabled", "glfw"])
def test_rays_need_no_gl_whatever_the_variable_says(gl):
    assert without_gl("rays", **({"MUJOCO_GL": gl} if gl else {})) == "works True"


def test_gl_without_a_library_says_which():
    one_sentence(
        without_gl("gl"), "libEGL is not installed: apt install libegl1 libgl1-mesa-dri", "renderer='rays'"
    )
    one_sentence(
        without_gl("gl-osmesa"), "libOSMesa is not installed: apt install libosmesa6", "renderer='rays'"
    )


@pytest.mark.parametrize(("gl", "packages"), [("egl", "libegl1 libgl1-mesa-dri"), ("osmesa", "libosmesa6")])
@pytest.mark.parametrize("renderer", ["rays", pytest.param("gl", marks=pytest.mark.slow)])
def test_a_variable_with_which_the_import_itself_would_die(gl, packages, renderer):
    said = without_gl(renderer, MUJOCO_GL=gl)
    if renderer == "rays" or gl == "egl":
        one_sentence(said, f"apt install {packages}")
    assert said.startswith("NotInstalled")
    if renderer == "rays":
        one_sentence(said, f"MUJOCO_GL is '{gl}'", "unset MUJOCO_GL and start Python again")


@pytest.mark.slow
def test_that_import_does_die_without_us():
    """What the sentence is for; hidden files only, since nothing else makes MuJoCo's own import fail."""
    if namespace():
        done = python("import mujoco", (*namespace(), "sh", "-c", HIDE, "hide"), MUJOCO_GL="egl")
        assert "AttributeError" in done.stderr


@pytest.mark.parametrize("gl", ["disabled", pytest.param("0", marks=pytest.mark.slow)])
def test_gl_where_it_is_switched_off(gl):
    one_sentence(with_gl("gl", MUJOCO_GL=gl), f"MUJOCO_GL is '{gl}'", "unset it and start Python again")


def test_a_variable_that_mujoco_does_not_know():
    one_sentence(with_gl("rays", MUJOCO_GL="vulkan"), "MUJOCO_GL is 'vulkan'", "unset it", "read once")


@pytest.mark.parametrize(
    "renderer", [pytest.param("gl", marks=NEEDS_EGL), pytest.param("gl-osmesa", marks=NEEDS_OSMESA)]
)
@pytest.mark.parametrize("gl", ["", pytest.param("glfw", marks=pytest.mark.slow)])
def test_gl_needs_no_display_and_no_variable(renderer, gl):
    given = {"MUJOCO_GL": gl} if gl else {}
    assert with_gl(renderer, DISPLAY="", **given) == "works True"


@NEEDS_EGL
def test_a_library_without_a_driver():
    """EGL is there and has no driver to draw with: hidden by a namespace, or none is asked for by name."""
    drivers = [folder for folder in glob.glob("/usr/lib/*/dri") if os.path.isdir(folder)]
    vendors = "/usr/share/glvnd/egl_vendor.d"
    if namespace() and os.path.isdir(vendors):
        hide = "".join(f"mount -t tmpfs none {folder} || exit 97\n" for folder in [*drivers, vendors])
        done = python(MAKE.format(renderer="gl"), (*namespace(), "sh", "-c", hide + 'exec "$@"', "hide"))
    else:
        done = python(MAKE.format(renderer="gl"), __EGL_VENDOR_LIBRARY_FILENAMES="/nowhere")
    assert done.returncode == 0, done.stderr
    one_sentence(
        done.stdout.strip(), "libEGL is there, but makes no picture", "apt install libegl1 libgl1-mesa-dri"
    )


@NEEDS_EGL
@NEEDS_OSMESA
@pytest.mark.slow
def test_one_process_has_one_gl_library():
    code = MAKE.format(renderer="gl") + MAKE.format(renderer="gl-osmesa")
    first, second = python(code).stdout.strip().splitlines()
    assert first == "works True"
    one_sentence(second, "one process uses either EGL or OSMesa")


NO_MUJOCO = """
import sys
class Gone:
    def find_spec(self, name, path=None, target=None):
        if name == "mujoco" or name.startswith("mujoco."):
            raise ModuleNotFoundError(f"No module named {name!r}", name="mujoco")
sys.meta_path.insert(0, Gone())
import droidlet_simulators.mujoco
assert "mujoco" not in sys.modules
"""


def test_without_the_extra_everything_imports_and_making_one_says_what_to_install():
    done = python(NO_MUJOCO + MAKE.format(renderer="rays"))
    assert done.returncode == 0, done.stderr
    one_sentence(done.stdout.strip(), "MuJoCo is not installed: pip install 'droidlet-style[mujoco]'")


def test_importing_the_simulators_imports_no_mujoco():
    done = python(
        "import droidlet_simulators, droidlet_simulators.mujoco, sys; print('mujoco' in sys.modules)"
    )
    assert done.stdout.strip() == "False"


def test_an_old_mujoco_is_named(monkeypatch):
    import mujoco

    monkeypatch.setattr(mujoco, "__version__", "3.1.6")
    with pytest.raises(
        SimulatorError, match="MuJoCo 3.1.6 is installed, 3.5 or newer is needed: pip install"
    ):
        MujocoSimulator()


@pytest.mark.slow
def test_the_environment_is_left_alone():
    code = (
        "import os\nbefore = dict(os.environ)\n"
        + MAKE.format(renderer="rays")
        + "print(before == dict(os.environ))"
    )
    assert python(code).stdout.split() == ["works", "True", "True"]
