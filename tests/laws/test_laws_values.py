"""The values that a component's code names: how they are found, and how they get into its inputs."""

from __future__ import annotations

import enum
import re
from typing import Any, Literal, Tuple

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_laws import check_component
from droidlet_laws.brief import brief
from droidlet_laws.constants import Dictionary, dictionary_of
from droidlet_laws.hits import Hits
from droidlet_laws.leaves import leaves_of, put, put_all
from droidlet_laws.matching import matching
from droidlet_laws.reach import Reach
from droidlet_schema import Chat, FrozenMap, Observation, Pose2, Query, TaskEvent, array, record
from droidlet_schema.fields import kind_of
from droidlet_schema.strategies import of

ROOMS = {"kitchen": 0.25, "bath": 7.5}
WORDS = re.compile(r"(turn|go) (left|right) \d+")
LIMITS = np.array([3.25, 11.0])


class Gait(enum.Enum):
    WALK = "walk"
    HOP = "hop it"


@attrs.frozen
class Part:
    """A docstring that no input needs."""

    gain: float = 0.375
    names: Tuple[str, ...] = ("ada", "grace hopper")

    def __call__(self, chat: Chat, level: float = 61.5) -> Any:
        if chat.text.startswith("go to") or chat.text in ("halt", "stop") or -12 < level < 4711:
            return self._help(chat.text)
        if level > 5_000_000:
            raise ValueError(f"level is small, got {level}: a message that no input needs")
        return Gait.HOP if WORDS.match(chat.text) else LIMITS

    def _help(self, text: str) -> Any:
        return {"blob": b"PNG", "shape": (480, 640), "small": (4, 6), "kind": np.float16}.get(text, ROOMS)


def test_what_the_code_names() -> None:
    known = dictionary_of(Reach(Part()))
    expected = {
        "go to",
        "halt",
        "stop",
        "kitchen",
        "bath",
        "ada",
        "grace hopper",
        "hopper",
        "walk",
        "hop it",
        "to",
    }
    assert expected <= set(known.texts)
    assert {-12, 4711, 61.5, 0.375, 0.25, 7.5, 3.25, 11.0} <= set(known.numbers)
    assert not any("no input needs" in text for text in known.texts)
    assert known.texts.index("go to") < known.texts.index("ada") < known.texts.index("hopper")
    assert WORDS.pattern in known.patterns and b"PNG" in known.blobs and "float16" in known.dtypes
    assert (4, 6) in known.shapes and (480, 640) not in known.shapes
    assert {4710, 4711, 4712} <= known.large and 5_000_000 not in known.large
    assert ("halt", "stop") in known.groups


def test_the_order_is_the_same_under_each_hash_seed() -> None:
    report = check_component(the_dictionary, [(0,)], examples=1)
    assert "no hash order" in report.held


def the_dictionary(n: int) -> str:
    return brief(Hits(dictionary_of(Reach(Part()))).texts, 10_000)


def test_hits() -> None:
    hits = Hits(dictionary_of(Reach(Part())))
    assert {"go to", "go to b", "a go to c", "go to go to", "halt stop", "turn left 7", "GO TO"} <= set(
        hits.texts
    )
    assert {4710, 4711, 4712, -12, -13, 0, 5, 61, 62} <= set(hits.ints)
    assert {4711.0, 0.5, 62.5, 60.5, -61.5} <= set(hits.floats)
    assert not [n for n in hits.ints if abs(n) > 4712]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(hello|hi) (there|robot)[!.]?", "hi robot."),
        (r"go to (\w+)", "go to a"),
        (r"^\s*(\d{2,4})-\1$", "77-77"),
        (r"[^a]+b{3}", "bbbb"),
        (r"x(?=y)y", "xy"),
        (r"(?i)stop|halt", "halt"),
    ],
)
def test_texts_that_match(pattern: str, text: str) -> None:
    assert text in matching(pattern)


@given(st.text(max_size=12))
def test_texts_that_match_do_and_what_is_no_pattern_has_none(pattern: str) -> None:
    for text in matching(pattern):
        assert re.search(pattern, text)


@record
class Held:
    pixels: Any = array("N", np.float32)
    mode: Literal["a", "b"] = "a"
    names: FrozenMap[str, int] = FrozenMap()


KNOWN = Hits(Dictionary(("go", "stop"), (), (("go", "stop"),), (b"x",), (7, 0.5), (3.75,)))


@given(of(TaskEvent) | of(Query) | of(Held) | of(Observation) | of(Chat) | st.lists(st.floats()), st.data())
def test_what_is_put_in_fits_and_the_item_stays(item: Any, data: st.DataObject) -> None:
    before = brief(item, 20_000)
    leaves = leaves_of(item)
    numbers = data.draw(st.lists(st.integers(0, 200), min_size=len(leaves), max_size=len(leaves)))
    made = put_all(item, [(leaf, KNOWN.of(leaf, n)) for leaf, n in zip(leaves, numbers, strict=True)])
    assert type(made) is type(item) and brief(item, 20_000) == before
    for leaf in leaves:
        assert brief(put(item, leaf.path, leaf.value), 20_000) == before


def test_only_what_is_declared_is_put_in() -> None:
    (leaf,) = leaves_of(("a",))[1:]
    assert put_all(("a",), [(leaf, "go")], [kind_of(Literal["a", "b"])]) == ("a",)
    assert put_all(("a",), [(leaf, "b")], [kind_of(Literal["a", "b"])]) == ("b",)
    held = Held(np.zeros(2, np.float32))
    (mode,) = [leaf for leaf in leaves_of(held) if leaf.path == ("mode",)]
    assert mode.choices == ("b",) and put_all(held, [(mode, "c")]) is held


def hangs_for_a_number(n: int) -> int:
    while n == 4711:
        pass
    return n


def test_a_call_that_does_not_return_is_left_out_and_told() -> None:
    report = check_component(hangs_for_a_number, [1, 2], timeout_s=0.2, processes=False)
    assert any("did not return within 0.2 s, given (4711,)" in text for _, text in report.limits)


def refuses(pose: Pose2) -> float:
    if pose.x_m != 1.0:
        raise ValueError(f"Pose2.x_m is 1, got {pose.x_m}")
    return pose.x_m


def test_what_is_given_counts_and_what_is_put_in_is_not_counted_as_refused() -> None:
    report = check_component(refuses, [Pose2(1.0, 0.0, 0.0)], processes=False)
    assert (report.calls, report.refused) == (1, 0) and report.more > 0


def test_a_value_of_the_code_opens_what_was_refused() -> None:
    report = check_component(only_in_a_mode, examples=10, processes=False)
    assert report.more > 0 and "self unchanged" in report.held


def only_in_a_mode(chat: Chat) -> int:
    if chat.speaker != "operator 7":
        raise ValueError(f"Chat.speaker is the operator, got {chat.speaker!r}")
    return len(chat.text)
