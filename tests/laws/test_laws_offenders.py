"""Each planted offender fails by the law that it breaks, and by a small example."""

from __future__ import annotations

from pathlib import Path

import hypothesis.strategies as st
import pytest

from droidlet_laws import LAWS, LawBroken, check_component
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
