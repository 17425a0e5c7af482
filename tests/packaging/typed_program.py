"""What a program of somebody's own may write, for type checkers to read: it is not run."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple, assert_type

import numpy as np
from numpy.typing import NDArray

from droidlet_data import QueuedDataStore, ReplayBuffer, TrajectoryBuffer
from droidlet_laws import law_test
from droidlet_schema import FrozenMap, Key, array, decode, digest, encode, evolve, record
from droidlet_simulators import RoomSimulator, make_scene
from droidlet_style.placement import PROCESS, place
from droidlet_style.runtime import Experiment, Result
from droidlet_transport import Worker, effect, pure, table_of
from droidlet_transport.faces.action import ActionClient, ActionServer
from droidlet_transport.faces.gym.vector import ProcessVectorEnv
from droidlet_transport.faces.inference import Batched, InferenceClient, InferenceServer
from droidlet_transport.faces.parallel_environment import ParallelEnvironment
from droidlet_transport.faces.process_environment import ProcessEnvironment
from droidlet_transport.faces.simulator import RemoteSimulator
from droidlet_transport.faces.trainer import TrainerClient, TrainerServer
from droidlet_transport.service import AsyncClient, Client, Server
from droidlet_transport.testing import Chaos, Proxy, at, every, flipped


@record
class Apple:
    ripeness: float
    skin: NDArray[np.uint8] = array("H W 3", np.uint8)
    bruises: Optional[NDArray[np.bool_]] = array("H W", np.bool_, default=None)
    near: FrozenMap[int, Tuple[float, float]] = FrozenMap()


def values(apple: Apple) -> str:
    assert_type(evolve(apple, ripeness=1.0), Apple)
    assert_type(decode(encode(apple), Apple), Apple)
    assert_type(apple.near.get(3), Optional[Tuple[float, float]])
    assert_type(apple.near.set(3, (1.0, 2.0)), FrozenMap[int, Tuple[float, float]])
    return digest(apple)


def placed() -> None:
    far: RoomSimulator = place("droidlet_simulators:RoomSimulator", PROCESS, {"period_ns": 1}, deadline_s=5.0)
    _, world = far.reset(make_scene(1), Key(0))
    with Worker("droidlet_simulators:RoomSimulator") as worker, Chaos(worker) as chaos:
        chaos.kill(at(3))
        chaos.garble(every(2), flipped(), Key(0))
        worker.start("step", {}, world).result()
    with RemoteSimulator("droidlet_simulators:RoomSimulator") as simulator:
        simulator.step({}, world)


def served() -> None:
    with Server({"a": pure(lambda x: x), "b": effect(print)}) as server, Client(server.address) as client:
        client.call("a", 1, deadline_s=2.0)
    with Server(table_of(RoomSimulator())) as server, Proxy(server.address) as proxy:
        proxy.cut(every(5), towards="client")
    models = InferenceServer({"f": Batched(lambda payloads: payloads, most=3), "g": len})
    with models, InferenceClient(models.address) as asking:
        asking.start("f", 1).result()

    def act(key: str, payload: Any) -> Any:
        return payload

    robot = ActionServer(lambda keys: {"pose": 1}, act, observations=["pose"], actions=["turn"])
    with robot, ActionClient(robot.address) as hand:
        assert_type(hand.obs(["pose"]), Dict[str, Any])
        assert_type(hand.subscribe().next(deadline_s=1.0).dropped, int)


def learned() -> None:
    server = TrainerServer({"a": ReplayBuffer(10), "b": TrajectoryBuffer(10, ends=("done",))})
    with server, TrainerClient(server.address, {"a": QueuedDataStore(10)}) as client:
        assert_type(client.update().lost, int)
        newest = client.latest_weights()
        assert_type(None if newest is None else newest.version, Optional[int])
    assert_type(TrajectoryBuffer.load("store.npz"), TrajectoryBuffer)


def elsewhere() -> None:
    with ProcessEnvironment("my:Env", {"seed": 1}) as one, ParallelEnvironment(["my:Env"] * 2) as several:
        one.reset()
        several.step(np.array([1, 2]), blocking=False)
    vector = ProcessVectorEnv(["CartPole-v1"] * 4)
    vector.step(vector.action_space.sample())


def experiment() -> Result:
    config = {
        "steps": 3,
        "runtime": {"agent": {"_target_": "my:Agent"}, "environment": {"_target_": "my:Env"}},
    }
    return Experiment.of(config).run(lambda runtime: runtime.state)


async def asynchronously(address: str) -> Any:
    async with AsyncClient(address) as client:
        return await client.call("square", 3)


test_laws = law_test("my_parts:RangeFilter")
