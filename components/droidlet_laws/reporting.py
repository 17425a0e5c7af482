"""What a check has to say of a component that broke no law."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from droidlet_laws import calls
from droidlet_laws.lab import Lab
from droidlet_laws.laws import (
    BAD_INPUT,
    CODEC,
    LAWS,
    NO_HASH_ORDER,
    NO_HISTORY,
    NO_OUTSIDE,
    OLD_STATE,
    SAME_RESULT,
    SELF,
    Report,
)
from droidlet_laws.more import More
from droidlet_laws.processes import Verdict
from droidlet_laws.search import Search
from droidlet_laws.shapes import named_only
from droidlet_laws.spoiling import BadInputs
from droidlet_laws.unsorted import unsorted_sets


def report(lab: Lab, search: Search, more: More, bad: BadInputs, verdict: Verdict) -> Report:
    """What held, what was not exercised, and how far what held reaches."""
    skipped = _not_exercised(lab, search, bad, verdict)
    limits = [(law, text) for law, text in _limits(lab, search, more, bad, verdict) if law not in skipped]
    held = tuple(law for law in LAWS if law not in skipped)
    return Report(
        lab.factory.name,
        lab.shape.kind,
        held,
        tuple((law, skipped[law]) for law in LAWS if law in skipped),
        tuple(limits),
        lab.calls,
        lab.refused,
        lab.refusal,
        more.answered,
    )


def _not_exercised(lab: Lab, search: Search, bad: BadInputs, verdict: Verdict) -> Dict[str, str]:
    skipped: Dict[str, str] = {}
    if verdict.reason:
        skipped[NO_HASH_ORDER] = verdict.reason
    if not lab.stepped:
        skipped[OLD_STATE] = f"a {lab.shape.kind} component has no state"
    elif not search.two_answered:
        skipped[OLD_STATE] = "no trajectory had two calls that were answered"
    if not search.coded:
        skipped[CODEC] = "no result holds a record"
    if bad.skipped:
        skipped[BAD_INPUT] = bad.skipped
    elif not bad.findings.tried:
        skipped[BAD_INPUT] = "the inputs hold nothing that could be replaced by what does not belong there"
    return skipped


def _defaults_kept(lab: Lab, kept: List[List[Any]]) -> List[str]:
    """The names of parameters that no kept example gave a value for."""
    placed = lab.shape.parameters
    given = (
        2 if lab.stepped else max((len(lab.arguments(i, None)) for items in kept for i in items), default=0)
    )
    return [p.name for p in placed[given:]] + named_only(lab.component)


def _limits(lab: Lab, search: Search, more: More, bad: BadInputs, verdict: Verdict) -> List[Tuple[str, str]]:
    found = [*_opaque(lab), *_short_of_time(lab, search, bad, verdict)]
    if defaults := _defaults_kept(lab, search.kept):
        few = ", ".join(defaults[:6]) + (" and more" if len(defaults) > 6 else "")
        found.append((SAME_RESULT, f"its parameters {few} were left at their defaults"))
    if not search.two_different:
        found.append((NO_HISTORY, "A, B, A not tried: no example had two different inputs"))
    if lab.reach.caches or lab.lazy:
        names = ", ".join([*lab.reach.caches, *lab.lazy][:4])
        found.append((NO_HISTORY, f"it keeps results in a cache of functools ({names}), which may grow"))
    if verdict.reason:
        found.append((SAME_RESULT, f"in this process only: {verdict.reason}"))
        found.append((NO_OUTSIDE, "no child with a shifted clock"))
    if unsorted := unsorted_sets(lab.reach):
        few = ", ".join(unsorted[:3]) + (" and more" if len(unsorted) > 3 else "")
        found.append((NO_HASH_ORDER, f"a set of text is gone through without sorted at {few}"))
    if more.left_out:
        found.append((SAME_RESULT, f"with a value that its code names, {more.left_out}: left out"))
    if lab.reach.unread:
        found.append((NO_OUTSIDE, f"no source to read of {', '.join(lab.reach.unread[:4])}"))
    if calls.printed.characters:
        found.append(
            (NO_OUTSIDE, f"it prints ({calls.printed.characters} characters, dropped), which no law forbids")
        )
    if bad.findings.unclear:
        found.append((BAD_INPUT, f"some refusals name no field, such as {bad.findings.unclear[0]}"))
    return found


def _opaque(lab: Lab) -> List[Tuple[str, str]]:
    found = []
    for law in (SELF, NO_HISTORY):
        opaque = lab.opaque.get(law, {})
        if opaque:
            few = ", ".join(f"{path} ({kind})" for path, kind in list(opaque.items())[:4])
            found.append((law, f"cannot look into {few}"))
    return found


def _short_of_time(lab: Lab, search: Search, bad: BadInputs, verdict: Verdict) -> List[Tuple[str, str]]:
    """What was left out since there was no time for it."""
    why = f"no time for the others: a call takes {lab.call_s:.2g} s"
    found = []
    if search.left_out:
        found.append((SAME_RESULT, f"{search.tried} of {search.tried + search.left_out} examples, {why}"))
    if search.cut:
        found.append((SAME_RESULT, f"{search.cut} calls of long examples left out, {why}"))
    if bad.left_out:
        found.append((BAD_INPUT, f"in {bad.tried} of {bad.tried + bad.left_out} examples, {why}"))
    if 0 < verdict.runs < verdict.of:
        found.append((NO_HASH_ORDER, f"{verdict.runs} of {verdict.of} examples, {why}"))
    return found
