"""Every component of the house keeps every law: with what it hears in a run, and with generated inputs."""

from __future__ import annotations

import functools

import pytest
from hypothesis import strategies as st

from droidlet_laws import LAWS, check_component
from droidlet_schema import Chat, Pose2, evolve
from droidlet_schema.strategies import of
from laws import house

STATELESS = ("detector", "lift", "dialog")
WITHOUT_STATE = {"an old state stays usable"}
MADE = tuple(name for name in house.NAMES if name != "assistant")  # made observations have no camera "head"
EASY = ("tracker", "dialog", "interpreter", "stack")  # which take whatever is made
SAYINGS = (
    "go to the red chair",
    "turn left 30 degrees and then what do you see?",
    "stop",
    "continue",
    "how many chairs have you seen, and where is the nearest one",
    "don't go to the other one",
    "follow me @ 3",
    "\u00bfd\u00f3nde est\u00e1? \u5728\u54ea\u91cc \U0001f6cb",
    "",
)


@functools.lru_cache
def heard(seed: int, ticks: int = 30, picture_px: int = 64):
    """What the parts hear in a run; the same for all tests."""
    return house.record_run(seed, ticks, picture_px)


def held(name, inputs, **options):
    """Checks a component; every law that could apply was exercised, in other processes too."""
    report = check_component(house.NAMES[name], inputs, **options)
    skipped = {law for law, _ in report.not_exercised}
    assert skipped == (WITHOUT_STATE if name in STATELESS else set())
    assert set(report.held) == set(LAWS) - skipped
    return report


@pytest.mark.parametrize("name", house.NAMES)
def test_laws_hold_for_what_a_run_brings(name):
    items = heard(3)[name]
    some = items[:: max(1, len(items) // 8)][:8]
    assert held(name, some).refused == 0


@pytest.mark.parametrize("name", EASY)
def test_laws_hold_for_inputs_made_from_annotations(name):
    held(name, None, examples=8)


@pytest.mark.slow
@pytest.mark.parametrize("name", MADE)
def test_laws_hold_for_many_inputs_made_from_annotations(name):
    held(name, None, examples=60)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [4, 11])
@pytest.mark.parametrize("name", house.NAMES)
def test_laws_hold_along_a_whole_run(name, seed):
    held(name, heard(seed, 40, 128)[name])


texts = st.sampled_from(SAYINGS) | st.text(max_size=60)


@pytest.mark.slow
def test_laws_hold_for_an_agent_that_hears_anything():
    recorded = heard(3)["assistant"]
    spoken = texts.map(lambda text: (Chat("person", text, 0),))
    moved = st.builds(
        lambda inputs, chats, pose, by_ns: evolve(
            inputs,
            now_ns=inputs.now_ns + by_ns,
            heard=chats,
            observation=evolve(inputs.observation, pose=pose or inputs.observation.pose),
        ),
        st.sampled_from(recorded),
        spoken | st.just(()),
        st.none() | of(Pose2, moderate=True),
        st.integers(0, 10**10),
    )
    held("assistant", moved, examples=40)


@pytest.mark.slow
def test_laws_hold_for_a_dialog_that_hears_anything():
    held(
        "dialog",
        st.builds(Chat, st.sampled_from(("person", "")), texts, st.integers(0, 10**12)),
        examples=200,
    )
