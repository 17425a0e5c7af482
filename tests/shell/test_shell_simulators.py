"""droidlet simulators: every engine in its row, ready or with what to install; and the suite for anybody's engine."""

from __future__ import annotations

import textwrap

import pytest

from droidlet_simulators import SimulatorError
from droidlet_simulators.engines import ENGINES, make_engine


def test_every_engine_has_a_row_and_what_is_not_ready_says_what_to_install(droidlet):
    done = droidlet("simulators")
    rows = [line.split()[:2] for line in done.stdout.splitlines() if not line.startswith(" ")]

    assert done.returncode == 0 and done.stderr == ""
    assert rows == [[engine.name, engine.renderer] for engine in ENGINES]
    ready = [line for line in done.stdout.splitlines() if " ready " in line and " not ready " not in line]
    assert {"room", "voxel", "mujoco"} <= {line.split()[0] for line in ready}
    assert "habitat  gl         not ready" not in done.stdout or "conda install" in done.stdout


def test_engines_are_made_by_name():
    room = make_engine("room")
    assert room.spec.name == "room" and room.spec.renderer == "numpy"
    assert make_engine("mujoco").spec.renderer == "rays"
    with pytest.raises(SimulatorError, match="engine is 'unity': there are room, voxel, mujoco, habitat"):
        make_engine("unity")
    with pytest.raises(SimulatorError, match="renderer is 'vulkan': voxel has numpy"):
        make_engine("voxel", "vulkan")


@pytest.mark.slow
def test_anybodys_engine_is_held_to_the_laws(droidlet, tmp_path):
    (tmp_path / "mine.py").write_text(
        textwrap.dedent("""
        from droidlet_simulators import RoomSimulator, robot
        from droidlet_simulators.contract import SimulatorSpec

        def honest():
            return RoomSimulator((robot(16, 12, semantic=True),))

        class Hasty:
            def __init__(self):
                self.room = honest()
            def __getattr__(self, name):
                return getattr(self.room, name)
            def step(self, actions, world):
                _, world = self.room.step(actions, world)
                return self.room.step({}, world)
        """)
    )
    words = ("--examples", "2", "--bad-inputs", "5")
    held = droidlet("simulators", "--check", tmp_path / "mine.py:honest", *words)
    assert held.returncode == 0, held.stdout + held.stderr
    assert "held           a world survives the codec" in held.stdout
    assert "not exercised  each agent acts and sees for itself" in held.stdout

    broken = droidlet("simulators", "--check", tmp_path / "mine.py:Hasty", *words)
    assert broken.returncode == 1
    assert "breaks the law: a step takes one period, and observing none" in broken.stdout

    missing = droidlet("simulators", "--check", "no_such_module:x")
    assert missing.returncode == 2 and "there is no module no_such_module" in missing.stdout
