"""The folder that Habitat is started in: what it reads from there decides how long that takes and what stands where."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import tempfile
from typing import Iterator, Union

import attrs

from droidlet_simulators.habitat.glb import glb_of
from droidlet_simulators.habitat.parts import building
from droidlet_simulators.habitat.values import HabitatScene
from droidlet_simulators.scene import Scene

# without this file Habitat prefilters a light map on the CPU, for 14 to 28 s
_NO_LIGHT_MAP = {"enable_ibl": False, "ibl_blut_filename": "none", "ibl_envmap_filename": "none"}
_PREFIX = "droidlet-habitat-"
_FRAMES = {
    "y": {"up": [0, 1, 0], "front": [0, 0, -1]},
    "z": {"up": [0, 0, 1], "front": [0, 1, 0]},
}


@attrs.define
class Held:
    """A temporary folder and the lock on it, which the system takes off when this process has ended."""

    made: tempfile.TemporaryDirectory[str]
    lock: int

    @classmethod
    def new(cls) -> Held:
        """One that is there, and locked: somebody may sweep between the two."""
        sweep()
        while True:
            held = cls(tempfile.TemporaryDirectory(prefix=_PREFIX), -1)
            with contextlib.suppress(FileNotFoundError, BlockingIOError):
                held.lock = os.open(held.made.name, os.O_RDONLY)
                _lock(held.lock)
                if os.path.isdir(held.made.name):
                    return held
            held.close()

    def close(self) -> None:
        """Removes it, and gives the lock back."""
        self.made.cleanup()
        lock, self.lock = self.lock, -1
        if lock >= 0:
            os.close(lock)


def _lock(descriptor: int) -> bool:
    """Locks a folder; False where its disk knows no locks. Raises BlockingIOError where another process holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:
        return False
    return True


def sweep() -> None:
    """Removes the folders that processes left behind which were killed: nobody holds their locks."""
    above = tempfile.gettempdir()
    for path in [os.path.join(above, name) for name in os.listdir(above) if name.startswith(_PREFIX)]:
        with contextlib.suppress(OSError):  # it is another user's, in use, or gone
            descriptor = os.open(path, os.O_RDONLY)
            try:
                if _lock(descriptor):
                    _remove(path)
            finally:
                os.close(descriptor)


def _remove(path: str) -> None:
    for folder, folders, files in os.walk(path, topdown=False):
        for name in (*files, *folders):
            inner = os.path.join(folder, name)
            (os.rmdir if os.path.isdir(inner) and not os.path.islink(inner) else os.unlink)(inner)
    os.rmdir(path)


@attrs.define
class Folder:
    """A temporary folder, gone when it is closed, or when the next one is made after this process was killed."""

    _held: Held = attrs.field(factory=Held.new)

    @property
    def path(self) -> str:
        """Where it is."""
        return self._held.made.name

    def close(self) -> None:
        """Removes it."""
        self._held.close()

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """The working folder within: Habitat looks for its settings there and nowhere else."""
        self._write("data/default.pbr_config.json", json.dumps(_NO_LIGHT_MAP).encode())
        before = os.getcwd()
        os.chdir(self.path)
        try:
            yield
        finally:
            os.chdir(before)

    def _write(self, name: str, content: bytes) -> str:
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def stage(self, mesh: str, up: str) -> str:
        """A stage of a mesh file that says which of its axes is up: Habitat takes bare ones for z up."""
        config = {"render_asset": mesh, "collision_asset": mesh, **_FRAMES[up]}
        return self._write("building.stage_config.json", json.dumps(config).encode())

    def flat(self, scene: Scene) -> str:
        """The stage of a flat's building."""
        self._write("building.glb", glb_of(building(scene)))
        return self.stage("building.glb", "y")

    def scene_id(self, scene: Union[Scene, HabitatScene]) -> str:
        """What Habitat is told to load."""
        if isinstance(scene, Scene):
            return self.flat(scene)
        if scene.dataset != "default" or scene.scene_id.upper() == "NONE":
            return scene.scene_id
        path = os.path.abspath(scene.scene_id)
        if path.lower().endswith(".glb"):
            os.symlink(path, os.path.join(self.path, "stage.glb"))
            return self.stage("stage.glb", scene.up)
        return path


def absolute(path: str) -> str:
    """A path that stays true in another working folder."""
    return os.path.abspath(path)
