"""Each planted offender fails by the law that it breaks, and by a small example."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest

from droidlet_laws import LAWS, LawBroken, check_component, laws
from droidlet_schema import Key
from droidlet_transport import load

FILE = str(Path(__file__).with_name("offenders.py"))
OFFENDERS = load(f"{FILE}:OFFENDERS")
SPECIAL = {
    "SpoiledByNan": st.builds(load(f"{FILE}:Reading"), level=st.floats(-5, 5)),
    "vague": st.floats(-5, 5),
    "asserts": st.floats(-5, 5),
    "ends_the_program": st.floats(-5, 5),
}


@pytest.mark.parametrize("name", OFFENDERS)
def test_an_offender_fails_by_the_right_law(name: str) -> None:
    with pytest.raises(LawBroken) as caught:
        check_component(f"{FILE}:{name}", SPECIAL.get(name), examples=20)
    broken = caught.value
    assert broken.law == OFFENDERS[name]
    assert len(broken.example) <= 3
    assert broken.what in str(broken) and broken.law in str(broken) and broken.likely in str(broken)


def test_every_law_has_an_offender() -> None:
    assert set(OFFENDERS.values()) == set(LAWS)


class BreaksThree:
    """A state with no place on the wire, written to in place, and a buffer that is given away."""

    def __init__(self) -> None:
        self.buffer = np.zeros(2)

    def initial(self, key: Key) -> Any:
        return {"n": 0}

    def __call__(self, level: float, state: Any) -> Any:
        state["n"] += 1
        self.buffer[0] = state["n"]
        return self.buffer, state


def test_what_else_is_broken_is_told() -> None:
    with pytest.raises(LawBroken) as caught:
        check_component(BreaksThree, [1.0, 2.0])
    broken = caught.value
    assert broken.law == laws.CODEC
    assert set(broken.also) == {laws.ARGUMENTS, laws.OLD_STATE, laws.SELF, laws.NO_ALIAS}
