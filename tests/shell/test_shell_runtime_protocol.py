"""The calls that object-learning systems make of an environment, here and elsewhere: same values, types and errors."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from droidlet_schema import Key, record
from droidlet_style.runtime import Runtime
from droidlet_style.runtime_config import ConfigError
from droidlet_transport import CannotTravel, TransportError, table_of
from droidlet_transport.building import Environments, Parts, Simulations
from droidlet_transport.service import Server
from shell.table import ActuatorMissing, Nudge

TABLE = {"_target_": "shell.table:Table", "pixels": 6}
ROOM = {"simulator": {"_target_": "shell.table:Table"}, "scene": 1}
DIVER = {"_target_": "shell.cave:Diver"}


@record
class Wink:
    """An action that the far end has never heard of."""

    agent: str


@pytest.fixture(scope="module")
def address():
    with Server(table_of(Environments(allow=["shell.table"]), effects=True)) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        yield server.address
        server.stop()
        thread.join(20)


@pytest.fixture(scope="module", params=["process", "address"])
def one(request, address):
    with Runtime(DIVER, TABLE, place=address if request.param == "address" else "process") as runtime:
        yield runtime.environment


@pytest.fixture
def far(one):
    one.ask("remove_all_objects")
    one.ask("reset")
    return one


@pytest.fixture
def here():
    with Runtime(DIVER, TABLE, place="inline") as runtime:
        yield runtime.environment


def same(left: Any, right: Any) -> bool:
    """Equal values of equal types, at any depth."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, (np.ndarray, np.generic)):
        return left.dtype == right.dtype and left.shape == right.shape and left.tobytes() == right.tobytes()
    return bool(left == right)


def mixed(numbers: np.random.Generator, step: int) -> tuple[str, tuple[Any, ...]]:
    """One call of any kind."""
    kind = int(numbers.integers(0, 8))
    if kind == 0:
        return "reset", ()
    if kind == 1:
        ident = (None, 0, -1, 5)[step % 4]
        return "add_object", (f"cup {step}", numbers.uniform(-1, 1, 3), (1.0, 1.0, 1.0), ident)
    if kind == 2 and step % 5 == 0:
        return "remove_all_objects", ()
    agent = ("hand", "eye")[step % 2]
    moves = [
        {"action": "move", "agent": agent, "by_m": np.float64(numbers.uniform(-1, 1))},
        {"action": "turn", "agent": "eye", "factor": np.float32(0.5)},
        Nudge(agent, float(numbers.uniform())),
    ]
    return "step", (moves[: int(numbers.integers(0, 4))],)


def test_a_hundred_and_fifty_mixed_calls_with_two_agents_give_the_same(far, here):
    numbers, again = Key(3).generator(), Key(3).generator()
    for step in range(150):
        assert same(far.ask(*flat(mixed(numbers, step))), here.ask(*flat(mixed(again, step)))), step


def flat(call: tuple[str, tuple[Any, ...]]) -> tuple[Any, ...]:
    return (call[0], *call[1])


def test_none_nought_and_minus_one_are_different_names(far):
    ids = [far.ask("add_object", "cup", (0, 0, 0), (1.0, 1.0, 1.0), ident) for ident in (None, 0, -1)]
    assert [one["semantic_id"] for one in ids] == [None, 0, -1]
    assert [one["object_id"] for one in ids] == [-1, 0, 1]
    with pytest.raises(KeyError, match="7"):
        far.ask("add_object", "cup", (0, 0, 0), (1.0, 1.0, 1.0), None, 7)


def test_arguments_may_be_named(far, here):
    for one in (far, here):
        made = one.ask("add_object", name="cup", position=[1, 2.5, 3], semantic_id=0)
        assert (made["semantic_id"], made["object_id"]) == (0, one.ask("add_object", "mug")["object_id"] - 1)
        with pytest.raises(TypeError, match="colour"):
            one.ask("add_object", "cup", colour="red")
    with pytest.raises(CannotTravel, match="argument 'position' of add_object"):
        far.ask("add_object", "cup", position={1, 2})


def test_tuples_arrive_as_tuples_and_lists_as_lists(far):
    with pytest.raises(NotImplementedError, match=r"scale \[1.0, 1.0, 1.0\]"):
        far.ask("add_object", "cup", (0, 0, 0), [1.0, 1.0, 1.0])


def test_no_action_is_a_look(far):
    moved = far.step([{"action": "move", "agent": "hand", "by_m": 0.25}])
    assert same(far.step([]), moved) and same(far.step(()), moved)


def test_an_error_made_with_a_class_arrives_with_its_attributes_and_the_next_answer_is_its_own(far):
    for n in range(20):
        with pytest.raises(ActuatorMissing, match="Table has no actuate_fly") as info:
            far.step([{"action": "turn", "agent": "eye"}, {"action": "fly", "agent": "eye"}])
        assert info.value.method == "actuate_fly" and "Traceback" in info.value.remote_traceback
        place = far.step([{"action": "move", "agent": "hand", "by_m": 1.0}])[1]["hand"]["position"]
        assert place == (n + 1.0, n + 1.0, 0.0)


def test_actions_of_ones_own_work_where_both_know_them_and_are_named_where_not(far):
    assert far.step([Nudge("hand", 0.5)])[1]["hand"]["position"] == (0.0, 0.0, 0.5)
    if far._far._caller.__class__.__name__ == "Worker":  # the server's process is this one, and knows it
        with pytest.raises(TransportError, match="Wink/1"):
            far.step([Wink("hand")])
    with pytest.raises(CannotTravel, match=r"^argument 0\[0\] of step cannot travel"):
        far.step([object()])
    assert far.step([])[1]["hand"]["position"] == (0.0, 0.0, 0.5)


@pytest.mark.parametrize(
    ("environment", "served", "effects", "wrong"),
    [
        (
            TABLE,
            Parts,
            True,
            "this environment needs `droidlet serve droidlet_transport.building:Environments`",
        ),
        (TABLE, Simulations, True, "needs `droidlet serve droidlet_transport.building:Environments`"),
        (ROOM, Environments, False, "needs `droidlet serve droidlet_transport.building:Simulations`"),
        (TABLE, Environments, False, "serve it with --effects"),
    ],
)
def test_an_address_that_serves_something_else_is_told(environment, served, effects, wrong):
    with Server(table_of(served(allow=["shell.table"]), effects=effects)) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        try:
            with pytest.raises(ConfigError, match=wrong):
                Runtime(DIVER, environment, place=server.address)
        finally:
            server.stop()
            thread.join(20)
