"""The adapter meets the traps of habitat-sim; below it is a FAKE that has them. ProcessDeath is no Exception."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import threading

import attr
import numpy as np
import pytest

from droidlet_schema import Drive, FrozenMap, Key, Move, Turn, evolve
from droidlet_simulators import (
    AgentSpec,
    NotInstalled,
    SimulatorError,
    UnknownAction,
    WorldError,
)
from droidlet_simulators.habitat import (
    HabitatSimulator,
    NavmeshSettings,
)
from droidlet_simulators.habitat.loading import load, release_of
from droidlet_simulators.habitat.slot import SLOT
from droidlet_simulators.room.limits import Limits
from simulators.habitat_parts import FAKE, HALL, camera, faked, one_agent, pose_at, two_agents


@pytest.fixture
def fake():
    with faked() as module:
        yield module


@pytest.mark.parametrize("release", ["0.3.3", "0.3.4"])
def test_agents_with_cameras_of_one_name_see_for_themselves(release):
    with faked(release):
        assert release_of(load()) == release
        seen, _ = two_agents().reset(HALL, Key(1))

    a, b = (seen[agent].frames["head"] for agent in "ab")
    assert not np.array_equal(a.depth_m, b.depth_m) and a.camera != b.camera


BAD = [
    ({"gpu_device_id": -2}, "gpu_device_id"),
    ({"gpu_device_id": 0.5}, "gpu_device_id"),
    ({"near_m": 0.0}, "near_m"),
    ({"near_m": math.nan}, "near_m"),
    ({"near_m": 2.0, "far_m": 1.0}, "near_m is 2.0"),
    ({"far_m": math.inf}, "far_m"),
    ({"period_ns": 0}, "period_ns"),
    ({"period_ns": 1e8}, "period_ns"),
    ({"limits": Limits(radius_m=math.nan)}, "limits.radius_m"),
    ({"navmesh": NavmeshSettings(cell_m=0.0)}, "navmesh.cell_m"),
    ({"agents": ()}, "at least one"),
    ({"agents": (AgentSpec("", ()),)}, "name of its own"),
    ({"agents": (AgentSpec("a"), AgentSpec("a"))}, "name of its own"),
    ({"agents": (AgentSpec("a", (camera(), camera())),)}, "name of its own"),
    ({"agents": (AgentSpec("a", (), ("contacts",)),)}, "contacts"),
    ({"agents": (AgentSpec("a", (camera(width=0),)),)}, "width"),
    ({"agents": (AgentSpec("a", (camera(height=16385),)),)}, "height"),
    ({"agents": (AgentSpec("a", (camera(horizontal_fov_rad=90.0),)),)}, "degrees"),
    ({"agents": (AgentSpec("a", (camera(model="orthographic"),)),)}, "orthographic"),
    ({"agents": (AgentSpec("a", (camera(model="lens"),)),)}, "lens"),
    ({"agents": (AgentSpec("a", (camera(pictures=("heat",)),)),)}, "heat"),
    ({"agents": (AgentSpec("a", (camera(mount=pose_at(math.nan, 0, 1)),)),)}, "mount"),
    ({"agents": (AgentSpec("a", (camera(mount=evolve(pose_at(0, 0, 1), qw=2.0)),)),)}, "quaternion"),
    ({"dynamics": True, "period_ns": 100_000_000}, "96000000 is the nearest"),
]


@pytest.mark.parametrize(("wrong", "says"), BAD, ids=[says for _, says in BAD])
def test_a_configuration_that_cannot_be_is_refused_at_once(fake, wrong, says):
    with pytest.raises(SimulatorError, match=says):
        HabitatSimulator(**wrong)
    assert SLOT.engine is None


def test_a_device_is_tried_in_another_process(fake, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", FAKE)
    with pytest.raises(SimulatorError, match="gpu_device_id is 0"):
        one_agent(gpu_device_id=0).reset(HALL, Key(1))
    assert SLOT.engine is None


def test_the_second_agent_s_bad_action_leaves_the_first_where_it_was(fake):
    simulator = two_agents()
    seen, world = simulator.reset(HALL, Key(1))
    for bad in (Drive(math.nan, 0.0), Move(math.inf), "forward", None, Turn(math.nan)):
        with pytest.raises(UnknownAction):
            simulator.step({"a": (Move(0.1),), "b": (bad,)}, world)
        assert simulator.observe(world) == seen


def test_another_thread_is_told_so(fake):
    simulator = one_agent()
    _, world = simulator.reset(HALL, Key(1))
    raised = []

    def elsewhere():
        for call in (lambda: simulator.observe(world), lambda: simulator.step({}, world), simulator.close):
            try:
                call()
            except SimulatorError as error:
                raised.append(str(error))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert len(raised) == 3 and all("thread" in line for line in raised)
    assert simulator.step({}, world)[1].step == 1


def test_any_one_thread_will_do_and_closing_lets_another_begin(fake):
    found = []

    def elsewhere():
        simulator = one_agent()
        found.append(simulator.reset(HALL, Key(1))[0])
        simulator.close()

    for _ in range(2):
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert found[0] == found[1] == one_agent().reset(HALL, Key(1))[0]


def test_a_fork_is_refused_before_it_hangs(fake):
    simulator = one_agent()
    _, world = simulator.reset(HALL, Key(1))
    SLOT._process += 1  # as if this were the child
    try:
        with pytest.raises(SimulatorError, match="fork"):
            simulator.observe(world)
    finally:
        SLOT._process -= 1


def test_there_is_one_engine_at_a_time_and_closing_twice_is_nothing(fake):
    first, second = one_agent(), two_agents()
    seen, world = first.reset(HALL, Key(1))
    second.reset(HALL, Key(1))
    assert first.observe(world) == seen
    first.close()
    first.close()
    second.close()
    assert SLOT.engine is None and first.observe(world) == seen


def test_an_engine_that_fails_is_replaced(fake, monkeypatch):
    simulator = one_agent()
    seen, world = simulator.reset(HALL, Key(1))
    SLOT.engine.sim.get_sensor_observations = lambda ids: 1 // 0
    with pytest.raises(SimulatorError, match="ZeroDivisionError"):
        simulator.observe(world)
    assert SLOT.engine is None and simulator.observe(world) == seen


def test_an_interrupted_call_leaves_no_engine_behind(fake):
    simulator = one_agent()
    seen, world = simulator.reset(HALL, Key(1))

    def interrupted(ids):
        raise KeyboardInterrupt

    SLOT.engine.sim.get_sensor_observations = interrupted
    with pytest.raises(KeyboardInterrupt):
        simulator.observe(world)
    assert SLOT.engine is None and simulator.observe(world) == seen


def test_the_checks_of_attrs_classes_stay_on(fake):
    one_agent().reset(HALL, Key(1))
    assert attr.get_run_validators()


def test_habitat_starts_in_a_folder_that_spares_it_the_light_map(fake):
    before = os.getcwd()
    one_agent().reset(HALL, Key(1))
    assert '"enable_ibl": false' in SLOT.engine.sim._settings
    assert SLOT.engine.sim._settings.count('"none"') == 2
    folder = SLOT.engine.folder.path
    assert os.getcwd() == before and os.path.isdir(folder)
    SLOT.close()
    assert not os.path.exists(folder)


def test_logs_are_quiet_unless_somebody_wants_them():
    code = (
        "from droidlet_simulators.habitat.loading import load; load(); "
        "import os; print(os.environ['HABITAT_SIM_LOG'])"
    )
    root = os.path.dirname(
        os.path.dirname(os.path.dirname(sys.modules["droidlet_simulators.habitat"].__file__))
    )
    said = []
    for given in ({}, {"HABITAT_SIM_LOG": "debug"}):
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join([FAKE, root]), **given}
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True, timeout=60
        )
        said.append(done.stdout.strip())
    assert said == ["quiet", "debug"]


def test_a_world_of_nothing_but_nan_is_refused(fake):
    simulator = one_agent()
    _, world = simulator.reset(HALL, Key(1))
    body = world.agents["a"]
    for bad in (
        evolve(world, agents=FrozenMap({"a": evolve(body, x_m=math.nan)})),
        evolve(world, agents=FrozenMap({"z": body})),
        evolve(world, rigids=(evolve(world.rigids[0], velocity_m_s=(math.inf, 0.0, 0.0)),)),
        evolve(world, radius_m=0.3),
        "world",
    ):
        for call in (simulator.observe, simulator.objects, lambda w: simulator.step({}, w)):
            with pytest.raises(WorldError):
                call(bad)


def test_the_configuration_handed_to_habitat_is_its_own(fake):
    simulator = one_agent()
    simulator.reset(HALL, Key(1))
    assert simulator == one_agent() and simulator.spec.agents[0].cameras[0].pictures == camera().pictures


def test_libraries_that_are_missing_are_named(monkeypatch, tmp_path):
    broken = tmp_path / "habitat_sim"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('libEGL.so.1: cannot open shared object file')")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "habitat_sim", raising=False)
    with pytest.raises(NotInstalled, match="libegl1"):
        load()
