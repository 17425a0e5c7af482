"""check_component: all laws, for one component."""

from __future__ import annotations

import time
import warnings
from contextlib import redirect_stdout
from typing import Any, Callable, List, Sequence, Tuple, Union

from droidlet_laws import calls, children
from droidlet_laws.brief import brief
from droidlet_laws.constants import dictionary_of
from droidlet_laws.inputs import plan
from droidlet_laws.lab import Lab
from droidlet_laws.laws import LawBroken, NotCheckable, Offence, Report
from droidlet_laws.more import More, try_more
from droidlet_laws.outside import installed
from droidlet_laws.processes import Verdict, judge
from droidlet_laws.reporting import report
from droidlet_laws.search import Search, size_of
from droidlet_laws.shapes import Factory, factory_of
from droidlet_laws.siblings import importable
from droidlet_laws.spoiling import spoil
from droidlet_laws.trial import Trial, outside_named
from droidlet_schema import Key

TIMEOUT_S = 60.0  # for one call
BUDGET_S = 60.0  # for the whole check
_monotonic = time.monotonic  # the real one: the patched ones are for the component
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
    progress: Callable[[str], None] = lambda text: None,
) -> Report:
    """Tries a component against every law; returns what held and what could not be exercised.

    `factory` is "module:name", "file.py:name", a function or class that makes the component when called
    without arguments, or the component itself (a function that must be given arguments, an object with
    `initial`). `inputs` is a Hypothesis strategy or a sequence: of the inputs record for a stepped component
    (a sequence is one trajectory from initial(key)), of argument tuples or single values otherwise; None
    makes them from the annotations. `timeout_s` is for one call, `budget_s` for the whole check: where calls
    take long, less is tried, and the report says so. Without `processes`, what only child processes can tell
    is not exercised. `progress` is told what is going on, often. Raises LawBroken with the smallest example
    found, NotCheckable where a check cannot be made. The same key and examples give the same check.
    """
    refused = children.refuse_inside_child()
    if refused is not None:
        raise refused
    with (
        warnings.catch_warnings(),
        redirect_stdout(calls.printed),
        installed(),
        calls.listening(),
        importable(factory, inputs),
    ):
        warnings.simplefilter("ignore")
        return _check(factory, inputs, key, examples, timeout_s, _Time(budget_s, progress), processes)


class _Time:
    """One budget for all parts of a check: each may go on until its share of the whole is over."""

    def __init__(self, budget_s: float, tell: Callable[[str], None]) -> None:
        self.budget_s, self.tell, self._start = budget_s, tell, _monotonic()

    def until(self, share: float) -> float:
        return self._start + share * self.budget_s


def _check(
    factory: Any, inputs: Any, key: Key, examples: int, timeout_s: float, time_: _Time, processes: bool
) -> Report:
    time_.tell("making the component")
    lab = Lab(_factory(factory), key, timeout_s)
    lab.until = time_.until(0.5)
    search = Search(lab, time_.tell, time_.budget_s / 2)
    search.run(plan(lab.component, lab.shape, lab.factory.name, inputs), examples, key.words[0])
    known = dictionary_of(lab.reach)
    more = More() if search.failure or search.left_out else try_more(search, known, key.words[0])
    if search.failure is not None:
        offence, items, also = search.failure
        raise _broken(lab, offence, tuple(items), also)
    if not lab.calls + more.answered:
        if lab.reach.touches:
            raise _broken(lab, outside_named(lab, 0), (), ())
        raise NotCheckable(
            f"{lab.factory.name} refused every one of {lab.refused} inputs, such as with {lab.refusal}; "
            "pass inputs that it takes"
        )
    lab.until = time_.until(0.6)
    _after_trials(lab, [*search.kept, *more.kept])
    lab.until, lab.lenient = time_.until(0.8), True
    bad = spoil(lab, [*search.kept, *more.kept[:2]], time_.tell, known, more.asked)
    if bad.findings.offences:
        raise _broken(lab, bad.findings.offences[0], bad.findings.example, ())
    lab.until = time_.until(1.0)
    left_out = Verdict(reason="other processes were not asked for")
    verdict = judge(lab, search.kept, time_.tell, more.kept) if processes else left_out
    if verdict.offence is not None:
        raise _broken(lab, verdict.offence, verdict.example, ())
    return report(lab, search, more, bad, verdict)


def _factory(given: Any) -> Factory:
    try:
        return factory_of(given)
    except Exception:
        raise
    except BaseException as error:
        raise calls.ended(error, f"loading {given}") from None


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
    if lab.imported():  # what the code names of these modules can be read only now
        lab.read()
        _again(lab, kept, lambda trial: trial.offences)
    if lab.look_around():
        _again(lab, kept, lambda trial: trial.offences or lab.look_around())
    if lab.reach.touches:
        raise _broken(lab, outside_named(lab, 0), (), ())


def _again(lab: Lab, kept: List[List[Any]], found: Callable[[Trial], List[Offence]]) -> None:
    """Tries some small examples once more. Raises LawBroken for what is found then."""
    counted = lab.calls, lab.refused, lab.refusal
    for items in sorted(kept, key=size_of)[:5]:
        offences = found(Trial(lab, items))
        if offences:
            raise _broken(lab, offences[0], tuple(items), ())
    lab.calls, lab.refused, lab.refusal = counted


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
