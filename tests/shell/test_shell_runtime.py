"""Four configurations, each of which sees its own; an agent and an environment that know each other by name only."""

from __future__ import annotations

import dataclasses
import functools
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_schema import FrozenMap, Key, Pose2, decode, encode
from droidlet_style.keys import read_keys, write_keys
from droidlet_style.placement import INLINE, THREAD, remote
from droidlet_style.runtime import Experiment, Runtime
from droidlet_style.runtime_config import ConfigError, canonical, message_of, targets
from droidlet_transport import table_of
from droidlet_transport.building import NotAllowedHere, Simulations, build
from droidlet_transport.loading import LoadError
from droidlet_transport.service import Server
from droidlet_transport.testing import Chaos, at
from shell.cave import Cave, Diver, Torch

ROOT = Path(__file__).resolve().parents[2]
CAVE, DIVER = {"_target_": "shell.cave:Cave", "depth": 3}, {"_target_": "shell.cave:Diver"}
ROOM = {
    "simulator": {
        "_target_": "droidlet_simulators:RoomSimulator",
        "agents": [
            {
                "_target_": "droidlet_simulators:AgentSpec",
                "cameras": [{"_target_": "droidlet_simulators:CameraSpec", "width": 16, "height": 16}],
            }
        ],
    },
    "scene": {"_target_": "droidlet_simulators:make_scene", "seed": 7},
    "seed": 4,
}
WALKER = {"_target_": "shell.cave:Walker"}


# -- forms of a configuration


@dataclasses.dataclass
class PlainConfig:
    depth: int = 5
    torch: Any = None
    name: str = "deep"
    _target_: str = "shell.cave.Cave"


@attrs.define
class AttrsConfig:
    name: str
    torch: Any
    depth: int
    _target_: Any = Cave


class Tree(Mapping[str, Any]):
    """As the containers of configuration libraries: mappings and sequences of their own."""

    def __init__(self, **entries: Any) -> None:
        self._entries = entries

    def __getitem__(self, key: str) -> Any:
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


class Row(Sequence[Any]):
    def __init__(self, *items: Any) -> None:
        self._items = items

    def __getitem__(self, index: Any) -> Any:
        return self._items[index]

    def __len__(self) -> int:
        return len(self._items)


def test_equal_forms_are_equal_bytes():
    torch = {"_target_": "shell.cave:Torch", "_partial_": True, "light": 2.0}
    expected = message_of({"_target_": "shell.cave:Cave", "depth": 5, "name": "deep", "torch": torch})
    for form in (
        {"name": "deep", "torch": torch, "depth": np.int64(5), "_target_": "shell.cave.Cave"},
        PlainConfig(torch=functools.partial(Torch, light=2.0)),
        AttrsConfig("deep", Tree(**torch), 5),
        Tree(_target_="shell.cave:Cave", _partial_=False, torch=Tree(**torch), depth=5, name="deep"),
    ):
        assert message_of(form) == expected
    partial = functools.partial(Cave, depth=5, name="deep", torch=functools.partial(Torch, light=2.0))
    assert message_of({**canonical(partial), "_partial_": False}) == expected
    rows = ([1, [2.0, "x"]], (1, (2.0, "x")), Row(1, Row(2.0, "x")))
    assert len({message_of({"rows": one}) for one in rows}) == 1
    assert (
        message_of({"semantic_id": None}) != message_of({"semantic_id": 0}) != message_of({"semantic_id": -1})
    )


def test_trees_of_hydra_are_read():
    torch = {"_target_": "shell.cave.Torch", "_convert_": "none"}
    hydra = {**CAVE, "_convert_": "all", "_recursive_": True, "torch": torch}
    assert canonical(hydra) == canonical({**CAVE, "torch": {"_target_": "shell.cave:Torch"}})
    with pytest.raises(ConfigError, match="config.torch._recursive_ is false"):
        canonical({**CAVE, "torch": {**torch, "_recursive_": False}})
    assert dict(canonical({"_convert_": 1})) == {"_convert_": 1}  # no target: anybody's table


def test_objects_are_told_by_class_and_fields():
    from droidlet_simulators import AgentSpec, CameraSpec

    made = canonical(AgentSpec("left", (CameraSpec(width=24),)))
    assert set(targets(made)) == {
        "droidlet_simulators.contract:AgentSpec",
        "droidlet_simulators.contract:CameraSpec",
    }
    assert build(made) == AgentSpec("left", (CameraSpec(width=24),))
    assert canonical(Pose2(1.0, 2.0, 0.5)) == Pose2(1.0, 2.0, 0.5)  # both sides have these
    assert build(canonical({"agent_type": Torch, "at": Path("~/x")})) == {
        "agent_type": Torch,
        "at": Path.home() / "x",
    }


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**60), 2**60),
        st.floats(allow_nan=False),
        st.text(max_size=5),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text("abcxyz", min_size=1, max_size=4), inner, max_size=3),
    ),
    max_leaves=12,
)


@given(VALUES)
def test_a_configuration_arrives_as_it_was_and_its_form_is_final(tree):
    made = canonical(tree)
    assert canonical(made) == made and decode(encode(made)) == made

    def plain(value):
        if isinstance(value, (list, tuple)):
            return tuple(map(plain, value))
        return {key: plain(item) for key, item in value.items()} if isinstance(value, dict) else value

    assert build(decode(encode(made))) == plain(tree)


@pytest.mark.parametrize(
    ("config", "where"),
    [
        ({"a": [1, lambda: 2]}, r"config.a\[1\] is <function"),
        ({"a": {"b": object()}}, "config.a.b is object"),
        ({3: 1}, "keys are text"),
        ({"_target_": 5}, "write module:Class"),
    ],
)
def test_what_has_no_form_is_named_by_where_it_lies(config, where):
    with pytest.raises(ConfigError, match=where):
        canonical(config)


# -- what a far end imports


@pytest.mark.parametrize(
    "target",
    [
        "os:system",
        "shell.other:x",
        "shell.cavern:Cave",
        "shell.cave:os.kill",
        "shell.cave:Path",
        "shell.cave:Path.home",
        "builtins:eval",
    ],
)
def test_only_what_is_allowed_is_imported(target):
    for tree in (
        {"_target_": target},
        {"a": ({"_name_": target},)},
        {"_target_": "shell.cave:Cave", "torch": {"_target_": target}},
    ):
        with pytest.raises(NotAllowedHere, match="not imported here|leads out"):
            build(canonical(tree), ["shell.cave"])
    assert build(canonical(CAVE), ["shell.cave"]).depth == 3


def test_names_that_lead_nowhere_are_the_loaders_error():
    with pytest.raises(LoadError, match="no 'Hole'"):
        build({"_target_": "shell.cave:Hole"})


# -- the runtime


def test_a_step_is_a_step_of_the_environment_and_then_one_of_the_agent():
    with Runtime(DIVER, CAVE, place="thread") as runtime:
        assert (runtime.actions, runtime.observations) == ((), None)
        runtime.step()
        assert runtime.observations == {"level": 0, "turns": 1} and runtime.state == {"name": "cave"}
        assert runtime.actions == (1,)
        runtime.run(5)
        assert runtime.agent.log == [(n, t, "cave") for t, n in enumerate((0, 1, 2, 3, 2, 1), 1)]
        assert runtime.steps == 6
    with pytest.raises(Exception, match="the runtime was closed"):
        runtime.step()
    runtime.close()


def test_run_goes_on_until_something_raises():
    with Runtime({**DIVER, "pace": 2}, {**CAVE, "depth": 1}, place="inline") as runtime:
        with pytest.raises(Exception, match="there is no level 2") as info:
            runtime.run()
        assert (info.value.level, runtime.steps) == (2, 1)


def experiment(place: Any, steps: int = 6, agent: Any = WALKER, environment: Any = ROOM) -> Experiment:
    runtime = {"agent": agent, "environment": environment, "place": place}
    return Experiment.of({"runtime": runtime, "steps": steps})


@pytest.fixture(scope="module")
def expected():
    return experiment("inline").run()


def test_an_experiment_drives_the_runtime_step_by_step(expected):
    seen = []
    assert (
        experiment("thread").run(lambda runtime: seen.append((runtime.steps, runtime.state["robot"])))
        == expected
    )
    assert [n for n, _ in seen] == [1, 2, 3, 4, 5, 6] and len({pose for _, pose in seen}) == 6
    assert experiment("inline", agent={**WALKER, "turn_rad": 0.3}).run() != expected


@dataclasses.dataclass
class Running:
    agent: Any
    environment: Any
    place: str = "inline"  # not what a Runtime has by default


@attrs.frozen
class Experimenting:
    runtime: Any
    steps: int = 6


def test_what_an_object_says_by_default_counts(expected):
    made = Experiment.of(Experimenting(Running(WALKER, ROOM)))
    pids = []
    with Runtime.of(Running(DIVER, CAVE)) as runtime:
        pids.append(runtime.environment.ask("where")[0])
    assert (made.steps, made.runtime["place"], pids) == (6, "inline", [os.getpid()])
    assert made.run() == expected


@pytest.mark.parametrize(
    ("config", "text"),
    [
        ({"steps": 1}, "experiment lacks runtime"),
        ({"steps": 1, "runtime": {"agent": DIVER}}, "runtime lacks environment"),
        ({"steps": 1, "runtime": {"agent": DIVER, "environment": CAVE, "speed": 2}}, "runtime has speed"),
        ({"steps": 1, "runtime": {"agent": DIVER, "environment": {"scene": 1}}}, "neither _target_"),
        ({"steps": 1, "runtime": 5}, "runtime is 5"),
        (Path("runs.toml"), "runs.toml.*tomllib.load"),
        ({"steps": 1, "runtime": {"agent": DIVER, "environment": {**ROOM, "sede": 1}}}, "sede, seed"),
        (
            {"steps": 1, "runtime": {"agent": DIVER, "environment": {**ROOM, "seed": "x"}}},
            "environment.seed is 'x'",
        ),
    ],
)
def test_a_configuration_that_lacks_something_is_told_in_words(config, text):
    with pytest.raises(ValueError, match=text):
        Experiment.of(config).run()


def test_a_simulator_that_is_only_named_is_refused_before_anything_is_started():
    for simulator in ("shell.cave:Ladder", {"_name_": "shell.cave:Ladder"}, 3):
        with pytest.raises(ConfigError, match="environment.simulator is .*_target_"):
            Runtime(DIVER, {**ROOM, "simulator": simulator}, place="process")


def test_anybodys_pure_simulator_has_one_digest_wherever_it_is():
    """Its observations are a dict, without poses; what an agent gets of them is the same at every place."""
    ladder = {"simulator": {"_target_": "shell.cave:Ladder"}, "scene": {"rungs": 5}, "seed": 2}
    told, results = [], []
    for place in ("inline", "thread", "process"):
        seen: list[Any] = []
        ran = experiment(place, 3, {"_target_": "shell.cave:Climber"}, ladder)
        results.append(ran.run(lambda runtime, seen=seen: seen.append((runtime.observations, runtime.state))))
        told.append([(type(observations), list(observations.items()), state) for observations, state in seen])
    assert told[0] == told[1] == told[2] and results[0] == results[1] == results[2]
    assert [dict(items)["robot"] for _, items, _ in told[0]] == [(0, (5, 2)), (1, (5, 2)), (2, (5, 2))]
    assert told[0][0][2] == FrozenMap({"lamp": None, "robot": None})


class Lonely:
    """No agent."""


class Ended(Diver):
    """Notes that it was closed."""

    closed: list[int] = []

    def close(self) -> None:
        self.closed.append(1)


@pytest.mark.parametrize(
    ("agent", "text"),
    [
        ({"_target_": f"{__name__}:Lonely"}, r"agent is Lonely, without step\(observations, state\)"),
        ({"pace": 2}, "agent is dict, without step.*_target_ missing"),
        (Diver, "agent is the class shell.cave:Diver: write a table with _target_"),
        (functools.partial(dict, watts=5), "agent is dict, without step"),
    ],
)
def test_a_wrong_agent_is_refused_before_its_environment_is_started(agent, text, tmp_path):
    started = {"_target_": "pathlib:Path.touch", "_args_": [tmp_path / "started"]}
    with pytest.raises(ConfigError, match=text):
        Runtime(agent, started, place="inline")
    assert not (tmp_path / "started").exists()


def test_an_agent_whose_environment_cannot_be_made_is_closed():
    with pytest.raises(TypeError, match="deep"):
        Runtime({"_target_": f"{__name__}:Ended"}, {**CAVE, "deep": 1}, place="inline")
    assert Ended.closed == [1]


@pytest.mark.parametrize("steps", [-3, "3", 3.0, True, None])
def test_steps_that_cannot_be_are_refused_with_what_they_are(steps):
    with pytest.raises(ValueError, match=f"steps is {steps!r}: expected a whole number"):
        Experiment.of({"steps": steps, "runtime": {"agent": DIVER, "environment": CAVE}})


@pytest.mark.parametrize("deadline_s", [-1, "x", 0.0, float("nan"), False])
def test_a_deadline_that_cannot_be_is_refused(deadline_s):
    with pytest.raises(ValueError, match="deadline_s is .*more than 0"):
        Runtime(DIVER, CAVE, place="inline", deadline_s=deadline_s)


@pytest.mark.parametrize(
    "place", [INLINE, THREAD, {"_target_": "droidlet_style.placement:Place", "kind": "inline"}]
)
def test_a_place_may_be_an_object_or_a_table(place, expected):
    assert experiment(place).run() == expected
    config = attrs.make_class("Config", ["agent", "environment", "place"])
    with Runtime.of(config(WALKER, ROOM, place)) as made:
        made.step()


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ({"adress": "tcp://127.0.0.1:1"}, "place is .*adress.*a table of address, keys and trust"),
        ({"address": "tcp://127.0.0.1:1", "keys": "a"}, "place is .*table of address, keys and trust"),
        (7, "place is 7: write inline"),
        ("proces", "place is 'proces'"),
    ],
)
def test_a_place_that_is_none_is_told_in_words(place, text):
    with pytest.raises(ValueError, match=text):
        experiment(place).run()


def test_an_environment_beyond_this_machine_is_reached_with_keys_of_the_configuration(expected, tmp_path):
    """Bound to all of this machine's addresses, as for others."""
    for name in ("here", "there"):
        write_keys(tmp_path / name)
    table = table_of(Simulations(allow=["droidlet_simulators"]))
    keys = read_keys(tmp_path / "there", [tmp_path / "here.pub"])
    with Server(table, "tcp://0.0.0.0:0", keys=keys) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        try:
            port = server.address.rpartition(":")[2]
            far = {
                "address": f"tcp://127.0.0.1:{port}",
                "keys": tmp_path / "here",
                "trust": tmp_path / "there.pub",
            }
            assert experiment(far).run() == expected
            objects = remote(far["address"], read_keys(far["keys"], [far["trust"]]))
            made = experiment(objects)
            assert made.run() == expected and objects.keys.secret not in repr(made)
        finally:
            server.stop()
            thread.join(20)


PROGRAM = """
    import sys

    class Absent:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name.partition(".")[0] in {absent!r}:
                raise ModuleNotFoundError(name + " is not installed here", name=name)

    sys.meta_path.insert(0, Absent)
    from droidlet_style.runtime import Experiment
    runtime = {{"agent": {agent!r}, "environment": {environment!r}, "place": {place!r}}}
    print(Experiment.of({{"runtime": runtime, "steps": 6}}).run().digest)
    print(*sorted({absent!r} & {{name.partition(".")[0] for name in sys.modules}}))
"""


def test_the_agents_process_has_nothing_of_the_simulators_package(expected):
    """Neither imports it nor needs it to be installed; the environment has it, in a process of its own."""
    absent = {"droidlet_simulators", "droidlet_geometry", "numba", "mujoco"}
    text = textwrap.dedent(PROGRAM).format(absent=absent, agent=WALKER, environment=ROOM, place="process")
    path = [str(ROOT / "tests"), *(entry for entry in sys.path if entry)]
    done = subprocess.run(
        [sys.executable, "-c", text],
        env={"PYTHONPATH": ":".join(path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [expected.digest, ""]


class Watched(Simulations):
    """Notes the bytes of every tree that comes."""

    trees: list[bytes] = []

    def start(self, tree: Any) -> Any:
        self.trees.append(b"".join(map(bytes, encode(tree))))
        return super().start(tree)


def test_only_the_environments_part_of_the_configuration_is_sent(expected):
    with Server(table_of(Watched(allow=["droidlet_simulators"]))) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        try:
            assert experiment(server.address).run() == expected
            with pytest.raises(NotAllowedHere, match="only what is in droidlet_simulators"):
                experiment(server.address, environment={**ROOM, "scene": {"_target_": "os:getcwd"}}).run()
        finally:
            server.stop()
            thread.join(20)
    assert Watched.trees[0] == b"".join(message_of(ROOM))
    assert b"Walker" not in b"".join(Watched.trees) and b"steps" not in b"".join(Watched.trees)


@pytest.mark.slow
def test_a_simulator_that_is_killed_goes_on_from_the_same_world(expected):
    with Runtime(WALKER, ROOM, place="process") as runtime, Chaos(runtime.environment._far) as chaos:
        chaos.kill(at(2, 3, 5))
        poses = []
        for _ in range(6):
            runtime.step()
            poses.append(runtime.state["robot"])
        restarts = chaos.worker.restarts
    seen = []
    assert experiment("inline").run(lambda runtime: seen.append(runtime.state["robot"])) == expected
    assert (poses, restarts) == (seen, 3)


def test_a_world_is_a_value_that_can_be_put_back_and_edited():
    with Runtime(WALKER, ROOM, place="inline") as runtime:
        runtime.run(2)
        kept = runtime.environment.world
        runtime.step()
        first = runtime.state
        runtime.environment.world = kept
        runtime.actions = runtime.agent.step(None, None)
        runtime.step()
        assert runtime.state == first
        first, second, *_ = [one.id for one in runtime.environment.ask("objects")]
        runtime.environment.edit("remove_object", first)
        runtime.environment.edit("remove_object", ident=second)
        assert not {first, second} & {one.id for one in runtime.environment.ask("objects")}


def run_many(count: int, parallel: bool) -> list[str]:
    found = [""] * count

    def one(index: int) -> None:
        agent = {**WALKER, "turn_rad": 0.1 * (index + 1)}
        found[index] = experiment("process", 12, agent, {**ROOM, "seed": index}).run().digest

    threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
        if not parallel:
            thread.join(60)
    for thread in threads:
        thread.join(60)
    return found


@pytest.mark.slow
def test_runtimes_beside_each_other_do_not_meet():
    serial = run_many(4, parallel=False)
    assert run_many(4, parallel=True) == serial and len(set(serial)) == 4


def test_keys_of_scenes_may_be_given_as_records():
    scene = {**ROOM["scene"], "seed": Key(7)}
    assert experiment("inline", environment={**ROOM, "scene": scene}).run().steps == 6


def test_the_agent_and_the_diver_are_what_their_configurations_say():
    assert isinstance(build(canonical(functools.partial(Diver, pace=2)))(), Diver)
