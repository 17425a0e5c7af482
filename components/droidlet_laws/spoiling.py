"""Bad inputs for as many examples as there is time for."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Sequence, Tuple

import attrs

from droidlet_laws.bad_input import MAX_NAMED_CALLS, Findings, try_all
from droidlet_laws.constants import Dictionary
from droidlet_laws.lab import Lab
from droidlet_laws.search import size_of

EXAMPLES = 8
USUAL_CALLS = 60  # that one example takes, about


@attrs.define
class BadInputs:
    """What came of the bad inputs, in how many examples they were `tried` and in how many not; `skipped` says why
    in none.
    """

    findings: Findings = attrs.field(factory=Findings)
    tried: int = 0
    left_out: int = 0
    skipped: str = ""


def spoil(
    lab: Lab, kept: Sequence[List[Any]], tell: Callable[[str], None], known: Dictionary, named: int
) -> BadInputs:
    """Tries bad inputs in some examples, small ones first, until an offence is found or the time is over; up
    to `named` of them are what the code names (`known`).
    """
    found, named = BadInputs(), min(named, MAX_NAMED_CALLS)
    by_size = sorted(kept, key=size_of)
    chosen = by_size[:: max(1, len(by_size) // EXAMPLES)]
    for number, items in enumerate(chosen):
        if number and lab.left_s < 0:
            found.left_out = len(chosen) - number
            break
        if not number and lab.call_s * USUAL_CALLS > 4 * max(lab.left_s, 0.0):
            found.skipped = "no time was left for bad inputs: give it more (budget_s, --seconds)"
            break
        tell(f"bad inputs in example {number + 1} of {len(chosen)}")
        slow = lab.call_s * USUAL_CALLS * len(items) > lab.left_s
        part = try_all(lab, [items[:1] if slow else items], known, named)
        named -= part.named
        found.findings = _joined(found.findings, part)
        found.tried += 1
        if part.offences:
            break
    return found


def _joined(first: Findings, second: Findings) -> Findings:
    """Numbers and lists of both added; the example of the one that has one."""
    made: Dict[str, Any] = {}
    for field in attrs.fields(Findings):
        both: Tuple[Any, Any] = (getattr(first, field.name), getattr(second, field.name))
        made[field.name] = (both[1] or both[0]) if isinstance(both[0], tuple) else both[0] + both[1]
    return Findings(**made)
