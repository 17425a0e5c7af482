"""What breaks a law for particular values only is found, and the same is found each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from droidlet_laws import LawBroken, check_component
from droidlet_laws.laws import NO_HASH_ORDER
from droidlet_transport import load

FILE = str(Path(__file__).with_name("offenders_by_value.py"))
OFFENDERS = load(f"{FILE}:OFFENDERS")


def broken(name: str) -> LawBroken:
    with pytest.raises(LawBroken) as caught:
        check_component(f"{FILE}:{name}", processes=OFFENDERS[name] == NO_HASH_ORDER)
    return caught.value


@pytest.mark.parametrize(
    "name",
    # every fourth in the quick suite: together they take minutes
    [name if not i % 4 else pytest.param(name, marks=pytest.mark.slow) for i, name in enumerate(OFFENDERS)],
)
def test_an_offender_fails_by_the_right_law(name: str) -> None:
    found = broken(name)
    assert OFFENDERS[name] in (found.law, *found.also)
    assert len(found.example) <= 8
