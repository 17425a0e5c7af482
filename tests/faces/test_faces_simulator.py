"""A simulator elsewhere is the simulator: the same laws, results and errors, in a worker or at an address."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from droidlet_schema import Drive, FrozenMap, Key, Move, Pose, SceneObject, Turn, digest, evolve, record
from droidlet_simulators import (
    AgentSpec,
    CameraSpec,
    PlacementError,
    RoomSimulator,
    UnknownAction,
    UnknownAgent,
    UnknownObject,
    make_scene,
)
from droidlet_simulators.conformance import check_simulator
from droidlet_transport import TransportError, Worker, table_of
from droidlet_transport.faces.simulator import RemoteSimulator
from droidlet_transport.service import Client, Server
from droidlet_transport.testing import Chaos, at

ROOM = "droidlet_simulators:RoomSimulator"
AGENTS = (
    AgentSpec("left", (CameraSpec(width=24, height=24, pictures=("rgb", "depth", "semantic")),)),
    AgentSpec("right", (CameraSpec("eye", width=16, height=20), CameraSpec("low", width=8, height=8))),
)
FLAT = make_scene(3, rooms=2)
SCENE = evolve(FLAT, starts=FrozenMap({"right": evolve(FLAT.start, x_m=FLAT.start.x_m + 0.7)}))


@record
class Hover:
    """An action that no simulator has."""

    height_m: float = 1.0


@pytest.fixture(scope="module")
def worker():
    with Worker(ROOM, {"agents": AGENTS}) as made:
        yield made


@pytest.fixture(scope="module")
def server():
    with Server(table_of(RoomSimulator(agents=AGENTS))) as made:
        thread = threading.Thread(target=made.serve)
        thread.start()
        yield made
        made.stop()
        thread.join(20)


@pytest.fixture(params=["worker", "address"])
def remote(request, worker, server):
    if request.param == "worker":
        yield RemoteSimulator(worker)
    else:
        with RemoteSimulator(server.address) as made:
            yield made


def mixed_steps(simulator, key: Key, count: int) -> list[str]:
    """Digests of all that comes of `count` calls of all kinds, drawn from the key."""
    numbers = key.generator()
    observations, world = simulator.reset(SCENE, Key(5))
    made = [digest((observations, world))]
    for step in range(count):
        things = simulator.objects(world)
        kind = int(numbers.integers(0, 10))
        if kind == 0:
            observations, world = simulator.reset(SCENE, Key(int(numbers.integers(100))))
        elif kind == 1:
            place = numbers.uniform(0.3, 8, 2).tolist()
            thing = SceneObject(1000 + step, "ball", "red", *place, 0.1, 0.0, (0.2, 0.2, 0.2))
            with suppress(PlacementError):
                world = simulator.add_object(world, thing)
        elif kind == 2:
            pose = Pose(*numbers.uniform(0.3, 8, 2).tolist(), 0.5)
            with suppress(PlacementError):
                world = simulator.move_object(world, things[-1].id, pose)
        elif kind == 3:
            world = simulator.remove_object(world, things[int(numbers.integers(len(things)))].id)
        elif kind == 4:
            observations = simulator.observe(world)
        else:
            turn, drive = float(numbers.uniform(-1, 1)), float(numbers.uniform(-0.5, 0.5))
            actions = {"left": (Turn(turn), Move(drive)), "right": (Drive(drive, turn),) * (kind % 3)}
            observations, world = simulator.step(actions, world)
        made.append(digest((observations, world, things, simulator.invariant(world))))
    return made


@pytest.fixture(scope="module")
def expected():
    return mixed_steps(RoomSimulator(agents=AGENTS), Key(8), 120)


def test_a_hundred_and_twenty_mixed_calls_with_two_agents_are_as_here(remote, expected):
    assert mixed_steps(remote, Key(8), 120) == expected


def test_the_spec_is_the_simulators(remote):
    assert remote.spec == RoomSimulator(agents=AGENTS).spec and remote.left_out(SCENE) == ()


def test_no_action_is_a_step_and_looking_takes_no_time(remote):
    """Without actions time passes, for nobody does anything; `observe` leaves the world as it is."""
    here = RoomSimulator(agents=AGENTS)
    observations, world = remote.reset(SCENE, Key(1))
    assert remote.observe(world) == observations
    assert remote.step({}, world) == here.step({}, world)


def test_actions_are_one_round_trip(server):
    with Client(server.address) as client:
        calls: list[str] = []
        call = client.call
        client.call = lambda name, *rest, **more: (calls.append(name), call(name, *rest, **more))[1]
        simulator = RemoteSimulator(client)
        _, world = simulator.reset(SCENE, Key(1))
        simulator.step({"left": (Turn(0.1),) * 50, "right": (Move(0.1),) * 50}, world)
    assert calls == ["reset", "step"]


def test_errors_are_the_simulators_and_hurt_nothing(remote):
    """Refused and good calls in turn: each answer belongs to its own call."""
    here = RoomSimulator(agents=AGENTS)
    _, world = remote.reset(SCENE, Key(1))
    for n in range(10):
        with pytest.raises(UnknownAgent, match="nobody"):
            remote.step({"left": (Turn(0.1),), "nobody": ()}, world)
        moved = {"left": (Turn(0.01 * n),)}
        assert remote.step(moved, world) == here.step(moved, world)
    with pytest.raises(UnknownObject) as info:
        remote.remove_object(world, 12345)
    assert "12345" in str(info.value) and "Traceback" in info.value.remote_traceback
    with pytest.raises(UnknownAction):
        remote.step({"left": (here.objects(world)[0],)}, world)
    with pytest.raises(UnknownAction, match="Hover"):
        remote.step({"left": (Hover(),)}, world)
    with pytest.raises(TransportError, match="cannot travel"):
        remote.step({"left": (object(),)}, world)
    assert remote.observe(world) == here.observe(world)


def test_what_comes_is_read_only_and_never_changed_by_what_comes_next(remote):
    observations, world = remote.reset(SCENE, Key(1))
    kept = [observations]
    copies = [digest(observations)]
    for _ in range(5):
        observations, world = remote.step({"left": (Turn(0.5),)}, world)
        kept.append(observations)
        copies.append(digest(observations))
    assert [digest(one) for one in kept] == copies
    with pytest.raises(ValueError, match="read-only"):
        kept[0]["left"].frames["head"].rgb[0, 0, 0] = 1


@pytest.mark.slow
def test_a_simulator_that_dies_between_and_within_calls_is_made_again(worker, expected):
    with Chaos(worker) as chaos:
        chaos.kill(at(3, 50, 51, 120, 121))
        assert mixed_steps(RemoteSimulator(worker), Key(8), 120) == expected
    assert chaos.done == 5


def test_a_simulator_in_a_worker_of_its_own_ends_with_it():
    with RemoteSimulator(ROOM, {"agents": AGENTS[:1]}) as simulator:
        assert simulator.spec.agent_ids == ("left",)
        pid = simulator._caller.pid
    assert not Path(f"/proc/{pid}").exists()
    simulator.close()
    with pytest.raises(TransportError, match="closed"):
        simulator.observe(0)
    with pytest.raises(ValueError, match="made already"):
        RemoteSimulator("tcp://127.0.0.1:5555", {"agents": AGENTS})


@pytest.mark.slow
@pytest.mark.parametrize("where", ["worker", "address"])
def test_the_suite_of_all_simulators_laws_holds_over_it(where):
    with Server(table_of(RoomSimulator())) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        at_ = ROOM if where == "worker" else server.address
        report = check_simulator(lambda: RemoteSimulator(at_), examples=4, processes=False, clocks=False)
        server.stop()
        thread.join(20)
    here = check_simulator(RoomSimulator, examples=4, processes=False, clocks=False)
    assert report.held == here.held and np.size(report.held) > 10
