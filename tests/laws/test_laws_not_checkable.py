"""What cannot be checked is said in one clear text, whatever a person hands over."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, List, Tuple

import hypothesis.strategies as st
import pytest

from droidlet_laws import NotCheckable, check_component, laws
from droidlet_laws.shapes import factory_of
from droidlet_schema import Chat, Key, record

FILE = str(Path(__file__).with_name("awkward.py"))

AWKWARD = {
    "no_such_name": "has no 'no_such_name'",
    "NUMBER": "cannot be called",
    "raises_when_made": "raises_when_made() raised ValueError: the weights are missing",
    "makes_a_number": "returned 7, which cannot be called",
    "NeedsWeights": "needs a factory",
    "WithoutInitial": "has no initial(key)",
    "InitialWithoutKey": "initial takes one key",
    "OneArgumentButInitial": "its call takes 1 value",
    "ReturnsOnlyOutputs": "returns (outputs, state)",
    "RaisesInInitial": "initial(Key(words=(0, 0), counter=0)) raised RuntimeError: no weights at awkward.py:",
    "by_name_only": "must be given level by name",
    "says_nothing": "its argument anything has no annotation",
    "says_any": "its argument anything has no annotation",
    "unknown_hint": "annotations cannot be read",
    "no_values_for_it": "ValueError: nobody makes one of these",
    "refuses_everything": "refused every one of",
    "exits": "a call raised SystemExit: 3, which ends the program",
    "waits": "returned a coroutine",
    "yields": "returned a generator",
    "hangs": "a call did not return within 0.3 s",
    "hangs_in_a_child": "hung: loading the component did not end",
    "dies_in_a_child": "died running trajectory 1: SIGABRT",
}


@pytest.mark.parametrize("name", AWKWARD)
def test_what_is_awkward_is_said_in_one_text(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    timeout_s = {"hangs": 0.3, "hangs_in_a_child": 3.0}.get(name, 20.0)
    with pytest.raises(NotCheckable) as caught:
        check_component(f"{FILE}:{name}", examples=5, timeout_s=timeout_s)
    text = str(caught.value)
    assert AWKWARD[name] in text and len(text) < 600
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (7, "expected a factory, a component or 'module:name', got 7"),
        ("nonsense", "there is no module nonsense"),
        ("a b:c", "is no name"),
        ("/nothing/here.py:x", "no such file"),
        (f"{Path(__file__).with_name('broken_file.txt')}:x", "is no name"),
        (
            "droidlet_dialog",
            "no make(): name what makes the component, droidlet_dialog:NAME; it has DialogModel,",
        ),
    ],
)
def test_names_that_lead_nowhere(given: Any, expected: str) -> None:
    with pytest.raises(NotCheckable, match=".") as caught:
        check_component(given)
    assert expected in str(caught.value)


def level(level: float) -> float:
    return level


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ([], "empty sequence"),
        (7, "a Hypothesis strategy or a sequence, got 7"),
        ({}, "a Hypothesis strategy or a sequence"),
        ("nonsense:x", "inputs: nonsense:x: there is no module nonsense"),
        (f"{FILE}:raises_when_made", "the weights are missing"),
        (f"{FILE}:makes_a_text", "expected a strategy or a sequence"),
        (st.nothing(), "gives nothing to try"),
        (st.floats().map(lambda x: 1 / 0), "strategy raised ZeroDivisionError"),
        (st.floats().filter(lambda x: False), "gives nothing to try"),
    ],
)
def test_inputs_that_are_none(inputs: Any, expected: str) -> None:
    with pytest.raises(NotCheckable) as caught:
        check_component(level, inputs)
    assert expected in str(caught.value)


def test_argument_tuples_of_another_length() -> None:
    with pytest.raises(NotCheckable, match="takes 3 values; each of the inputs must be a tuple of them"):
        check_component(lambda a, b, c: a, [(1.0, 2.0)])


def test_a_lambda_is_checked_in_this_process_only() -> None:
    report = check_component(lambda level: level, [1.0, 2.0])
    skipped = dict(report.not_exercised)
    assert "lambda, which no child process can load" in skipped[laws.NO_HASH_ORDER]
    limits = dict(report.limits)
    assert "in this process only" in limits[laws.SAME_RESULT]
    assert "shifted clock" in limits[laws.NO_OUTSIDE]


@record
class _Inside:
    level: float


def test_inputs_that_cannot_travel_are_said() -> None:
    @record
    class Local:
        level: float

    def component(local: Any) -> float:
        return float(local.level)

    report = check_component(functools.partial(component), [Local(1.0), Local(2.0)])
    assert "partial objects have no name" in dict(report.not_exercised)[laws.NO_HASH_ORDER]
    report = check_component(takes_anything, [Local(1.0), Local(2.0)])
    assert "defined inside a function" in dict(report.not_exercised)[laws.NO_HASH_ORDER]


def takes_anything(local: Any) -> float:
    return float(local.level)


def test_one_input_does_not_make_a_history() -> None:
    report = check_component(lambda nothing: 1.0, [None], processes=False)
    assert ("no history", "A, B, A not tried: no example had two different inputs") in report.limits
    assert "other processes were not asked for" in dict(report.not_exercised)[laws.NO_HASH_ORDER]


def test_what_it_prints_is_dropped_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    def talks(level: float) -> float:
        print("hello")  # noqa: T201
        return level

    report = check_component(talks, [1.0, 2.0])
    assert any("it prints" in text for _, text in report.limits)
    assert capsys.readouterr().out == ""


def test_opaque_parts_are_named() -> None:
    report = check_component(f"{FILE}:HoldsConnection", examples=5, processes=False)
    limits = dict(report.limits)
    assert limits["self unchanged"] == "cannot look into self.store (OutOfSight)"


@pytest.mark.parametrize(
    ("given", "kind"),
    [("makes_a_function", "function"), ("Static", "static-functional"), ("STEPPED", "stepped")],
)
def test_what_is_a_factory_and_what_a_component(given: str, kind: str) -> None:
    assert check_component(f"{FILE}:{given}", examples=5, processes=False).kind == kind


def test_a_function_that_must_be_given_something_is_itself_the_component() -> None:
    assert factory_of(level).make() is level
    assert factory_of(lambda: level).make() is level

    def with_default(level: float = 1.0) -> float:
        return level

    assert factory_of(with_default).make() is with_default


@pytest.mark.parametrize("name", [FILE, f"{FILE}:make"])
def test_the_make_of_an_agent_makes_it_with_its_plain_config(name: str) -> None:
    report = check_component(name, examples=5, processes=False)
    assert report.kind == "stepped"
    assert factory_of(name).make().config.gain == 2.0


def test_single_values_and_argument_tuples() -> None:
    def length(texts: Tuple[str, ...]) -> int:
        if not isinstance(texts, tuple):
            raise TypeError(f"texts is a tuple, got {texts!r}")
        return len(texts)

    def of_list(values: List[int]) -> int:
        return len(values)

    assert check_component(length, [("a",), ("a", "b"), ()]).refused == 0
    assert check_component(of_list, [[1], [1, 2]]).calls == 2
    assert check_component(level, [(1.0,), 2.0]).calls == 2
    assert check_component(lambda a, b=1: a, [(1, 2), (1,), 3]).calls == 3


def test_the_same_key_gives_the_same_check() -> None:
    def sums(values: List[int], more: int) -> int:
        return sum(values) + more

    assert check_component(sums, key=Key(3)) == check_component(sums, key=Key(3))


def test_records_of_the_ground_are_fine_inputs() -> None:
    def shout(chat: Chat) -> str:
        return chat.text.upper()

    assert check_component(shout, examples=10).refused == 0
