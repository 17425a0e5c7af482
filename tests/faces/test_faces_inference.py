"""Models behind an address: several by name, in batches where requests wait, each with its own deadline."""

from __future__ import annotations

import threading
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_schema import Key
from droidlet_transport import CannotTravel, DeadlineExceeded, NotServed
from droidlet_transport.faces.batching import rows_of
from droidlet_transport.faces.inference import Batched, InferenceClient, InferenceServer
from faces import robot_shims

SOON_S = 20.0


class Models:
    def __init__(self) -> None:
        self.go, self.entered = threading.Event(), threading.Event()
        self.go.set()
        self.sizes: list[int] = []
        self.inside = 0

    def slow(self, payload):
        self.entered.set()
        assert self.go.wait(SOON_S)
        return payload

    def greet(self, payload):
        return {"text": f"hello {payload['name']}"}

    def roots(self, payloads):
        self.inside += 1
        assert self.inside == 1  # never in two threads
        self.entered.set()
        assert self.go.wait(SOON_S)
        self.sizes.append(len(payloads))
        try:
            if any(value < 0 for value in payloads):
                raise ValueError(f"{min(payloads)} has no root")
            return np.sqrt(np.array(payloads, np.float64))
        finally:
            self.inside -= 1


@pytest.fixture
def models():
    return Models()


@pytest.fixture
def server(models):
    functions = {
        "echo": lambda payload: payload,
        "greet": models.greet,
        "slow": models.slow,
        "root": Batched(models.roots, most=4, wait_s=0.0),
    }
    with InferenceServer(functions) as made:
        yield made
        models.go.set()


@pytest.fixture
def client(server):
    with InferenceClient(server.address, deadline_s=SOON_S) as made:
        yield made


def test_functions_are_listed_and_called_by_name(client):
    assert client.interfaces() == ("echo", "greet", "root", "slow")
    image = np.arange(224 * 224 * 3, dtype=np.float32).reshape(224, 224, 3)
    assert (client.call("echo", {"image": image, "tags": ["a"]})["image"] == image).all()
    assert client.call("greet", {"name": "Ada"}) == {"text": "hello Ada"}
    assert client.call("echo") is None


def test_errors_are_the_functions_own_and_names_are_checked(client):
    with pytest.raises(KeyError, match="name"):
        client.call("greet", {})
    with pytest.raises(NotServed, match="does not serve 'sing'; it serves .*greet"):
        client.call("sing", {})
    with pytest.raises(CannotTravel, match=r"argument 0\['file'\] of echo cannot travel"):
        client.call("echo", {"file": object()})
    assert client.call("greet", {"name": "Bo"}) == {"text": "hello Bo"}


def test_each_call_has_its_own_deadline_and_a_slow_model_delays_no_other_client(client, server, models):
    models.go.clear()
    with pytest.raises(DeadlineExceeded):
        client.call("slow", 1, deadline_s=0.05)
    waiting = client.start("slow", 2, deadline_s=SOON_S)
    with InferenceClient(server.address, deadline_s=SOON_S) as other:
        assert other.call("echo", 3) == 3
    assert not waiting.done()
    models.go.set()
    assert waiting.result() == 2


def test_requests_that_wait_are_answered_together(client, models):
    models.go.clear()
    first = client.start("root", 0.0)
    assert models.entered.wait(SOON_S)
    waiting = [client.start("root", float(n)) for n in range(1, 10)]
    assert client.call("echo", 1) == 1  # by now some of them wait in their threads
    models.go.set()
    assert [one.result() for one in (first, *waiting)] == [float(np.sqrt(n)) for n in range(10)]
    assert sum(models.sizes) == 10 and max(models.sizes) <= 4 and len(models.sizes) < 10


def test_a_bad_request_costs_no_other_its_answer(client, models):
    models.go.clear()
    held = client.start("root", 1.0)
    assert models.entered.wait(SOON_S)
    waiting = [client.start("root", value) for value in (4.0, -1.0, 9.0)]
    models.go.set()
    assert held.result() == 1.0 and waiting[0].result() == 2.0 and waiting[2].result() == 3.0
    with pytest.raises(ValueError, match=r"-1.0 has no root"):
        waiting[1].result()


@settings(max_examples=25)
@given(st.lists(st.floats(-5, 100), min_size=1, max_size=12), st.integers(1, 5))
def test_in_a_batch_or_alone_the_results_are_the_same(values, most):
    models = Models()
    batched = Batched(models.roots, most=most, wait_s=0.001)
    found: list[object] = [None] * len(values)

    def ask(index: int) -> None:
        try:
            found[index] = float(batched(values[index]))
        except ValueError as error:
            found[index] = str(error)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(len(values))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON_S)
    assert found == [float(np.sqrt(v)) if v >= 0 else f"{v} has no root" for v in values]
    assert max(models.sizes) <= most


def test_a_batch_is_waited_for_no_longer_than_said():
    batched = Batched(lambda payloads: payloads, most=100, wait_s=0.05)
    assert batched(1) == 1 and batched.calls == 1


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="most is 0"):
        Batched(list, most=0)
    with pytest.raises(ValueError, match="at least one"):
        InferenceServer({})
    with pytest.raises(TypeError, match=r"functions\['act'\] is 3: a function of one payload"):
        InferenceServer({"act": 3})
    with pytest.raises(ValueError, match="a batch of 1 payloads has 0 rows"):
        Batched(lambda payloads: [])(1)


class Scores(NamedTuple):
    best: object
    score: object


def columns(payloads):
    """What a policy returns for several: columns, in tables and tuples."""
    stacked = np.stack(payloads)
    best, score = stacked.argmax(1), stacked.max(1)
    return {
        "action": best,
        "texts": [str(n) for n in best],
        "more": {"pair": (score, {"all": stacked}), "none": {}},
        "named": Scores(best, score),
    }


@given(st.integers(1, 4), st.integers(0, 99))
def test_columns_are_split_as_single_calls_would_have_them(count, seed):
    payloads = list(Key(seed).generator().normal(size=(count, 3)))
    for payload, row in zip(payloads, rows_of(columns(payloads), count)):
        best = int(payload.argmax())
        assert list(row) == ["action", "texts", "more", "named"] and row["texts"] == str(best)
        assert row["action"] == best and row["named"] == Scores(best, payload.max())
        score, rest = row["more"]["pair"]
        assert score == payload.max() and (rest["all"] == payload).all() and row["more"]["none"] == {}


def test_clients_of_a_batched_policy_have_rows_and_no_keys():
    policy = Batched(lambda xs: {"action": np.stack(xs).argmax(1), "value": np.stack(xs).max(1)}, wait_s=0.2)
    with InferenceServer({"policy": policy}) as server, InferenceClient(server.address) as client:
        waiting = [client.start("policy", np.arange(3.0) + n) for n in range(2)]
        found = [*(one.result() for one in waiting), client.call("policy", np.arange(3.0)[::-1])]
    assert found == [{"action": 2, "value": 2.0}, {"action": 2, "value": 3.0}, {"action": 0, "value": 2.0}]
    assert type(found[0]["value"]) is np.float64


@pytest.mark.parametrize(
    ("made", "text"),
    [
        ("ab", "the result of a batch is 'ab': a list or array"),
        ({"said": "ab"}, r"the result\['said'\] of a batch is 'ab': a list or array"),
        ((n for n in range(2)), "is '<generator .* a list or array"),
        ({1, 2}, "is '{1, 2}': a list or array"),
        (None, "is 'None': a list or array"),
        (np.array(1.0), "a batch of 2 payloads has no rows: one for each"),
        ([1, 2, 3], "a batch of 2 payloads has 3 rows: one for each"),
        ({"a": [1, 2], "b": ([1, 2], np.zeros((3, 2)))}, r"the result\['b'\]\[1\] of a batch of 2 payloads has 3 rows"),
        ((), "has 0 rows"),
    ],
)  # fmt: skip
def test_what_cannot_be_split_is_refused_in_a_sentence(made, text):
    with pytest.raises(ValueError, match=text):
        rows_of(made, 2)


def test_a_function_that_ends_its_thread_leaves_nobody_waiting():
    def leave(payloads):
        raise SystemExit(3)

    batched, told = Batched(leave, most=2, wait_s=SOON_S), []

    def ask() -> None:
        try:
            batched(1)
        except (RuntimeError, SystemExit) as error:
            told.append(type(error))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON_S)
    assert sorted(kind.__name__ for kind in told) == ["RuntimeError", "SystemExit"]


def test_two_interfaces_as_users_of_a_well_known_library_use_them():
    server = robot_shims.InferenceServer(port_num=0)
    server.register_interface("echo", lambda payload: payload)
    server.register_interface("greet", lambda payload: {"message": f"Hello, {payload['name']}!"})
    server.start(threaded=True)
    client = robot_shims.InferenceClient("127.0.0.1", server.port)
    try:
        assert sorted(client.interfaces()) == ["echo", "greet"]
        assert client.call("echo", {"a": [1, 2]}) == {"a": [1, 2]}
        assert client.call("greet", {"name": "World"}) == {"message": "Hello, World!"}
        with pytest.raises(KeyError):  # there: nothing but None
            client.call("greet", {})
        with pytest.raises(NotServed):
            client.call("unknown", {})
    finally:
        client.close()
        server.stop()
