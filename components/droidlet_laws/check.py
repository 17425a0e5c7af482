"""check_component: all laws, for one component."""

from __future__ import annotations

import warnings
from contextlib import redirect_stdout
from typing import Any, Callable, Dict, List, Sequence, Tuple, Union

from droidlet_laws import calls, children
from droidlet_laws.bad_input import Findings, try_all
from droidlet_laws.brief import brief
from droidlet_laws.constants import dictionary_of
from droidlet_laws.inputs import plan
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
    LawBroken,
    NotCheckable,
    Offence,
    Report,
)
from droidlet_laws.more import More, try_more
from droidlet_laws.outside import installed
from droidlet_laws.processes import Verdict, judge
from droidlet_laws.search import Search, size_of
from droidlet_laws.shapes import factory_of, named_only
from droidlet_laws.trial import Trial, outside_named
from droidlet_laws.unsorted import unsorted_sets
from droidlet_schema import Key

TIMEOUT_S = 60.0  # for one call
BUDGET_S = 120.0  # for all examples
KEY = Key((0, 0))


def check_component(
    factory: Union[str, Callable[..., Any]],
    inputs: Union[str, Sequence[Any], Any, None] = None,
    *,
    key: Key = KEY,
    examples: int = 50,
    timeout_s: float = TIMEOUT_S,
    budget_s: float = BUDGET_S,
    processes: bool = True,
) -> Report:
    """Tries a component against every law; returns what held and what could not be exercised.

    `factory` is "module:name", "file.py:name", a function or class that makes the component when called
    without arguments, or the component itself (a function that must be given arguments, an object with
    `initial`). `inputs` is a Hypothesis strategy or a sequence: of the inputs record for a stepped component
    (a sequence is one trajectory from initial(key)), of argument tuples or single values otherwise; None
    makes them from the annotations. `timeout_s` is for one call, `budget_s` for all examples; without
    `processes`, what only child processes can tell is not exercised. Raises LawBroken with the smallest
    example found, NotCheckable where a check cannot be made. The same key and examples give the same check.
    """
    refused = children.refuse_inside_child()
    if refused is not None:
        raise refused
    with warnings.catch_warnings(), redirect_stdout(calls.printed), installed():
        warnings.simplefilter("ignore")
        lab = Lab(factory_of(factory), key, timeout_s)
        search = Search(lab, budget_s)
        search.run(plan(lab.component, lab.shape, lab.factory.name, inputs), examples, key.words[0])
        known = dictionary_of(lab.reach)
        more = More() if search.failure or search.left_out else try_more(search, known, key.words[0])
        if search.failure is not None:
            offence, items, also = search.failure
            raise _broken(lab, offence, tuple(items), also)
        if not lab.calls + more.answered:
            raise NotCheckable(
                f"{lab.factory.name} refused every one of {lab.refused} inputs, such as with {lab.refusal}; "
                "pass inputs that it takes"
            )
        kept = [*search.kept, *more.kept]
        _after_trials(lab, kept)
        bad = try_all(lab, [*search.kept, *more.kept[:2]], known, more.asked)
        if bad.offences:
            raise _broken(lab, bad.offences[0], bad.example, ())
        left_out = Verdict(reason="other processes were not asked for")
        verdict = judge(lab, search.kept, more.kept) if processes else left_out
    if verdict.offence is not None:
        raise _broken(lab, verdict.offence, verdict.example, ())
    return _report(lab, search, more, bad, verdict)


def _after_trials(lab: Lab, kept: List[List[Any]]) -> None:
    """What is looked at once, after all trials: large arrays and tables as a whole, and what the code
    names.
    """
    for offence in lab.look(whole=True):
        for items in sorted(kept, key=size_of)[:20]:
            again = [] if Trial(lab, items).offences else lab.look(whole=True)
            if again:
                raise _broken(lab, again[0], tuple(items), ())
        raise _broken(lab, offence, (), ())
    if lab.reach.touches:
        raise _broken(lab, outside_named(lab, 0), (), ())


def _broken(lab: Lab, offence: Offence, items: Tuple[Any, ...], also: Tuple[str, ...]) -> LawBroken:
    return LawBroken(lab.factory.name, offence, items, _shown(lab, items, offence.step), also)


def _shown(lab: Lab, items: Tuple[Any, ...], step: int) -> str:
    if not items:
        return ""
    if lab.stepped:
        lines = [
            f"inputs from initial({lab.key!r}), call {step} of {len(items)}:"
            if len(items) > 1
            else f"first inputs from initial({lab.key!r}):"
        ]
        return "\n".join([*lines, *(f"          {brief(item)}" for item in items[:8])])
    shown = [_call_text(lab, item) for item in items[:8]]
    return "\n          ".join(shown)


def _call_text(lab: Lab, item: Any) -> str:
    values = lab.arguments(item, None)
    return f"({', '.join(brief(v) for v in values)})"


def _report(lab: Lab, search: Search, more: More, bad: Findings, verdict: Verdict) -> Report:
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


def _not_exercised(lab: Lab, search: Search, bad: Findings, verdict: Verdict) -> Dict[str, str]:
    skipped: Dict[str, str] = {}
    if verdict.reason:
        skipped[NO_HASH_ORDER] = verdict.reason
    if not lab.stepped:
        skipped[OLD_STATE] = f"a {lab.shape.kind} component has no state"
    elif not search.two_answered:
        skipped[OLD_STATE] = "no trajectory had two calls that were answered"
    if not search.coded:
        skipped[CODEC] = "no result holds a record"
    if not bad.tried:
        skipped[BAD_INPUT] = "the inputs hold nothing that could be replaced by what does not belong there"
    return skipped


def _defaults_kept(lab: Lab, kept: List[List[Any]]) -> List[str]:
    """The names of parameters that no kept example gave a value for."""
    placed = lab.shape.parameters
    given = (
        2 if lab.stepped else max((len(lab.arguments(i, None)) for items in kept for i in items), default=0)
    )
    return [p.name for p in placed[given:]] + named_only(lab.component)


def _limits(lab: Lab, search: Search, more: More, bad: Findings, verdict: Verdict) -> List[Tuple[str, str]]:
    found: List[Tuple[str, str]] = []
    for law in (SELF, NO_HISTORY):
        opaque = lab.opaque.get(law, {})
        if opaque:
            found.append(
                (
                    law,
                    "cannot look into "
                    + ", ".join(f"{path} ({kind})" for path, kind in list(opaque.items())[:4]),
                )
            )
    if defaults := _defaults_kept(lab, search.kept):
        few = ", ".join(defaults[:6]) + (" and more" if len(defaults) > 6 else "")
        found.append((SAME_RESULT, f"its parameters {few} were left at their defaults"))
    if not search.two_different:
        found.append((NO_HISTORY, "A, B, A not tried: no example had two different inputs"))
    if verdict.reason:
        found.append((SAME_RESULT, f"in this process only: {verdict.reason}"))
        found.append((NO_OUTSIDE, "no child with a shifted clock"))
    if search.left_out:
        found.append((SAME_RESULT, f"{search.left_out} examples left out, since the others took long"))
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
    if bad.unclear:
        found.append((BAD_INPUT, f"some refusals name no field, such as {bad.unclear[0]}"))
    return found
