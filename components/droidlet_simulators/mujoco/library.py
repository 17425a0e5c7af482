"""Getting hold of MuJoCo and of a GL library, and saying in one sentence what is missing.

The environment is read here, never set: which GL library draws is the choice of who makes the simulator.
"""

from __future__ import annotations

import ctypes.util
import os
import sys
from typing import Any

from droidlet_simulators.errors import NotInstalled, SimulatorError

RENDERERS = ("rays", "gl", "gl-osmesa")
"""No GL at all; EGL; OSMesa."""
_BACKENDS = {"gl": "egl", "gl-osmesa": "osmesa"}
_LIBRARIES = {"egl": "EGL", "osmesa": "OSMesa"}
_PACKAGES = {"egl": "libegl1 libgl1-mesa-dri", "osmesa": "libosmesa6"}
_OFF = ("disable", "disabled", "off", "false", "0")
_ON = ("", "enable", "enabled", "on", "true", "1", "glfw", "glx", "cgl", "wgl", "egl", "osmesa")
_OLDEST = (3, 5)


def load_mujoco() -> Any:
    """The module `mujoco`. Raises NotInstalled, in one sentence, where importing it cannot work."""
    if "mujoco" not in sys.modules:
        _check_variable()
    try:
        import mujoco
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "mujoco":
            raise NotInstalled(f"MuJoCo cannot be imported, since {error.name} is missing: {_PIP}") from error
        raise NotInstalled(f"MuJoCo is not installed: {_PIP}") from error
    except (ImportError, AttributeError, OSError, RuntimeError) as error:
        raise NotInstalled(f"MuJoCo cannot be imported ({error}): install it anew, {_PIP}") from error
    version = tuple(int(part) for part in mujoco.__version__.split(".")[:2])
    if version < _OLDEST:
        raise NotInstalled(f"MuJoCo {mujoco.__version__} is installed, 3.5 or newer is needed: {_PIP}")
    return mujoco


_PIP = "pip install 'droidlet-style[mujoco]'"


def _check_variable() -> None:
    """Raises NotInstalled where MUJOCO_GL makes the import itself fail; it is read there, once."""
    said = _variable()
    if said in _OFF or said in _ON and said not in _LIBRARIES:
        return
    if said not in _LIBRARIES:
        raise NotInstalled(
            f"MUJOCO_GL is {said!r} in the environment, and MuJoCo cannot be imported then: unset it "
            "(it is read once, when MuJoCo is imported, so start Python again)"
        )
    if not has_library(said):
        raise NotInstalled(
            f"MUJOCO_GL is {said!r} in the environment, but lib{_LIBRARIES[said]} is not installed, and MuJoCo cannot "
            f"be imported then: {_apt(said)}, or unset MUJOCO_GL and start Python again (renderer='rays' needs no GL)"
        )


def _variable() -> str:
    return os.environ.get("MUJOCO_GL", "").lower().strip()


def has_library(backend: str) -> bool:
    """Whether the shared library of "egl" or "osmesa" is found."""
    return ctypes.util.find_library(_LIBRARIES[backend]) is not None


def _apt(backend: str) -> str:
    return f"apt install {_PACKAGES[backend]}"


def check_renderer(renderer: object) -> None:
    """Raises SimulatorError for a renderer that nobody knows, NotInstalled for one that cannot draw here."""
    if not isinstance(renderer, str) or renderer not in RENDERERS:
        raise SimulatorError(f"renderer is {renderer!r}: known ones are {', '.join(RENDERERS)}")
    if renderer == "rays":
        return
    if _variable() in _OFF:
        raise NotInstalled(
            f"renderer is {renderer!r}, but MUJOCO_GL is {_variable()!r} in the environment, which switches GL off: "
            "unset it and start Python again, or choose renderer='rays'"
        )
    backend = _BACKENDS[renderer]
    if not has_library(backend):
        raise NotInstalled(
            f"renderer is {renderer!r}, but lib{_LIBRARIES[backend]} is not installed: {_apt(backend)}, or choose "
            "renderer='rays', which needs no GL (on a Mac choose that)"
        )


def make_context(renderer: str, width: int, height: int) -> Any:
    """A GL context, current in this thread, of pictures up to this size. Raises NotInstalled."""
    backend = _BACKENDS[renderer]
    try:
        if backend == "egl":
            from mujoco.egl import GLContext
        else:
            from mujoco.osmesa import GLContext
        context = GLContext(width, height)
        context.make_current()
    except Exception as error:  # of many kinds: what a driver says is its own
        raise NotInstalled(
            f"renderer is {renderer!r}, and lib{_LIBRARIES[backend]} is there, but makes no picture "
            f"({_first_line(error)}): {_apt(backend)}; one process uses either EGL or OSMesa, and "
            "PYOPENGL_PLATFORM must not name another; renderer='rays' needs no GL"
        ) from error
    return context


def _first_line(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return text.strip().splitlines()[0][:200]
