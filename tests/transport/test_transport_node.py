"""An endpoint in another language, written from docs/protocol.md: the conformance suite holds it to every law."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

from droidlet_schema import Key, SceneObject, evolve
from droidlet_simulators import UnknownAgent, WorldError, conformance
from droidlet_transport.envelope import Request, pack_request, read_reply
from droidlet_transport.service import Client
from transport.node_parts import toy

ENDPOINT = Path(__file__).resolve().parents[2] / "docs" / "endpoint"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("no Node.js with npm on the path")
    folder = tmp_path_factory.mktemp("endpoint")
    for file in ENDPOINT.iterdir():
        if file.is_file():
            shutil.copy(file, folder)
    install = ["npm", "install", "--no-audit", "--no-fund", "--no-save"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        pytest.skip(f"npm cannot install the endpoint's packages: {done.stderr[-300:]}")
    process = subprocess.Popen(["node", "toy.mjs"], cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        where = process.stdout.readline().strip()
        os.environ["DROIDLET_TOY_ADDRESS"] = where
        yield where
    finally:
        os.environ.pop("DROIDLET_TOY_ADDRESS", None)
        process.kill()
        process.communicate()


def test_the_endpoint_keeps_the_laws_of_simulators(address: str) -> None:
    report = conformance.check_simulator(
        "transport.node_parts:toy", examples=8, steps=5, bad_inputs=150, clocks=False
    )

    assert dict(report.not_exercised).keys() == {
        "each agent acts and sees for itself",
        "pictures agree with the truth",
    }, str(report)


def test_its_errors_are_ours_and_garbage_does_not_stop_it(address: str) -> None:
    with toy() as simulator:
        scene = conformance.conformance_scenes(simulator.spec)[0]
        _, world = simulator.reset(scene, Key((0, 0)))
        with pytest.raises(UnknownAgent, match='actions name the agent "nobody"'):
            simulator.step({"nobody": ()}, world)
        context = zmq.Context()
        peer = context.socket(zmq.DEALER)
        peer.connect(address)
        for frames in ([b"\xc1"], [b"", b"x"], [b"\x93"], [os.urandom(100)]):
            peer.send_multipart(frames)
        peer.close(100)
        context.term()
        assert simulator.step({}, world)[1].now_ns == simulator.spec.period_ns
    with Client(address) as client:
        assert (client.about()["name"], client.about()["versions"]) == ("toy", (1,))
        with pytest.raises(WorldError, match="world is undefined"):
            client.call("move_object")


def test_it_keeps_worlds_by_name_and_says_what_it_does_not_know(address: str) -> None:
    things = [SceneObject(n, "box", "red", 0.3 * n, 1.0, 0.1, 0.0, (0.2, 0.2, 0.2)) for n in range(20)]
    with toy() as simulator, Client(address) as client:
        scene = evolve(conformance.conformance_scenes(simulator.spec)[0], objects=tuple(things))
        _, world = client.call("reset", scene, Key(0))
        for known in (0, 0, 1, 1):
            pending = client.start("step", {"robot": ()}, world)
            assert len(pending.request.known) == known
            observations, world = pending.result()
        assert (observations["robot"].now_ns, world.now_ns) == (4 * simulator.spec.period_ns,) * 2
        assert world.objects == scene.objects
    message = pack_request(Request(b"another", 1, "observe", ((),), known=((1, 0),)))
    with zmq.Context() as context, context.socket(zmq.DEALER) as peer:
        peer.linger = 0
        peer.connect(address)
        peer.send_multipart(message)
        assert peer.poll(20_000)
        assert read_reply(peer.recv_multipart()).kind == "unknown"
