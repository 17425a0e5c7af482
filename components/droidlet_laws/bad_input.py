"""Bad input changes nothing: each field of the inputs is replaced by what does not belong there."""

from __future__ import annotations

import linecache
import math
import re
from functools import partial
from itertools import islice
from typing import Any, Callable, Iterator, List, Optional, Sequence, Tuple

import attrs
import numpy as np

from droidlet_laws import calls
from droidlet_laws.brief import brief, raised
from droidlet_laws.constants import Dictionary
from droidlet_laws.forking import forked
from droidlet_laws.lab import Lab, Step, outside_offence
from droidlet_laws.laws import BAD_INPUT, NotCheckable, Offence
from droidlet_laws.places import is_own
from droidlet_laws.search import size_of
from droidlet_schema import FrozenMap, RecordError, evolve, is_record, record

MAX_DEPTH = 4
MAX_REPLACED = 60
MAX_EXAMPLES, MAX_STEPS = 8, 2
MAX_NAMED, MAX_NAMED_CALLS = 12, 60  # replacements with what the code names: for one value, and in all


@record(name="droidlet_laws.Stranger")
class Stranger:
    """Another record than the one that belongs there."""

    note: str = "this record belongs somewhere else"


@attrs.define
class Findings:
    """What came of the bad inputs: how many were refused when made, refused by the component, taken; how many
    of them were `named` by the code; and texts about unclear refusals.
    """

    made_refused: int = 0
    refused: int = 0
    taken: int = 0
    named: int = 0
    unclear: List[str] = attrs.field(factory=list)
    offences: List[Offence] = attrs.field(factory=list)
    example: Tuple[Any, ...] = ()

    @property
    def tried(self) -> int:
        """How many bad inputs were tried."""
        return self.made_refused + self.refused + self.taken


Bad = Callable[[Any], List[Any]]  # what does not belong where a value stands
Replacement = Tuple[str, Any, Callable[[], Any]]  # the path, the bad value, and what makes the whole with it


def try_all(lab: Lab, kept: Sequence[List[Any]], known: Dictionary, named: int) -> Findings:
    """Tries bad inputs in some calls of some examples, small ones first; stops at the first offence. Up to
    `named` of them are what the code names (`known`).
    """
    findings = Findings()
    named = min(named, MAX_NAMED_CALLS)
    by_size = sorted(kept, key=size_of)
    for items in by_size[:: max(1, len(by_size) // MAX_EXAMPLES)]:
        steps = _steps(lab, items)
        for index in range(0, len(steps), max(1, len(steps) // MAX_STEPS)):
            if not steps[index].outcome.answered:
                continue  # refused already: another refusal would say nothing new
            tried = _replaced_arguments(lab, steps[index], _bad_for)
            room = min(MAX_NAMED, named - findings.named)
            more = _replaced_arguments(lab, steps[index], partial(_bad_named, known)) if room > 0 else []
            findings.named += len(more[:room])
            for path, bad, arguments in (*tried, *more[: max(0, room)]):
                _try_one(lab, steps[index], index, path, bad, arguments, findings)
                if findings.offences:
                    findings.example = tuple(items[: index + 1]) if lab.stepped else (items[index],)
                    return findings
    return findings


def _steps(lab: Lab, items: Sequence[Any]) -> List[Step]:
    state = lab.initial() if lab.stepped else None
    steps: List[Step] = []
    for item in items:
        arguments = lab.arguments(item, state)
        outcome = lab.call(arguments)
        steps.append(Step(item, arguments, outcome))
        state = outcome.value[1] if lab.stepped and outcome.answered else state
    return steps


def _replaced_arguments(
    lab: Lab, step: Step, bad_for: Bad
) -> List[Tuple[str, Any, Callable[[], Tuple[Any, ...]]]]:
    made: List[Tuple[str, Any, Callable[[], Tuple[Any, ...]]]] = []
    values = step.arguments[:1] if lab.stepped else step.arguments
    for number, value in enumerate(values):
        known = lab.shape.parameters
        name = known[number].name if number < len(known) else f"argument {number + 1}"
        for path, bad, make in islice(replacements(value, name, top=True, bad_for=bad_for), MAX_REPLACED):
            made.append((path, bad, _putting(step.arguments, number, make)))
    return made


def _putting(
    arguments: Tuple[Any, ...], number: int, make: Callable[[], Any]
) -> Callable[[], Tuple[Any, ...]]:
    def made() -> Tuple[Any, ...]:
        return tuple(make() if i == number else calls.fresh(value) for i, value in enumerate(arguments))

    return made


def replacements(
    value: Any, path: str, depth: int = 0, top: bool = False, bad_for: Optional[Bad] = None
) -> Iterator[Replacement]:
    """Each way in which one field of a value can be made bad. A record as a whole is left alone at the top:
    its fields are the input.
    """
    bad_for = bad_for or _bad_for
    if not (top and is_record(value)):
        for bad in bad_for(value):
            yield path, bad, partial(_just, bad)
    if depth >= MAX_DEPTH:
        return
    for name, item, put in _parts(value, path):
        for inner, bad, make in replacements(item, name, depth + 1, bad_for=bad_for):
            yield inner, bad, partial(_put, put, make)


def _just(bad: Any) -> Any:
    return bad


def _put(put: Callable[[Any], Any], make: Callable[[], Any]) -> Any:
    return put(make())


def _evolve(value: Any, name: str, new: Any) -> Any:
    return evolve(value, **{name: new})


def _parts(value: Any, path: str) -> Iterator[Tuple[str, Any, Callable[[Any], Any]]]:
    """The fields of a record, the first item of a tuple, list or map; each with what puts another value in
    its place.
    """
    if is_record(value):
        for name in type(value).__record__.names:
            yield f"{path}.{name}", getattr(value, name), partial(_evolve, value, name)
    elif type(value) in (tuple, list) and value:
        yield f"{path}[0]", value[0], lambda new: type(value)([new, *value[1:]])
    elif isinstance(value, FrozenMap) and value:
        key = next(iter(value))
        yield f"{path}[{key!r}]", value[key], lambda new: value.set(key, new)
    elif type(value) is dict and value:
        key = next(iter(value))
        yield f"{path}[{key!r}]", value[key], lambda new: {**value, key: new}


def _bad_for(value: Any) -> List[Any]:
    """None, another record, NaN, another dtype, another shape, text for a number and a number for text."""
    found: List[Any] = [] if value is None else [None]
    found.append(Stranger())
    if isinstance(value, float):
        found += [math.nan, "not a number"]
    elif isinstance(value, (int, np.integer)):
        found += ["not a number"]
    elif isinstance(value, str):
        found += [7]
    elif isinstance(value, np.ndarray) and not value.dtype.hasobject:
        found += _bad_arrays(value)
    return found


def _bad_named(known: Dictionary, value: Any) -> List[Any]:
    """A word for a number, a number for a word, another dtype: those that the code names."""
    if isinstance(value, (float, int, np.integer)) and not isinstance(value, bool):
        return list(known.texts[:8])
    if isinstance(value, str):
        return [*known.numbers[:4], *known.blobs[:2]]
    if isinstance(value, np.ndarray) and not value.dtype.hasobject:
        dtypes = [np.dtype(name.rstrip("_")) for name in dict.fromkeys((*known.dtypes, *_DTYPES))]
        with np.errstate(all="ignore"):
            return [value.astype(dtype) for dtype in dtypes if dtype != value.dtype]
    return []


_DTYPES = ("float32", "int64", "uint8", "bool", "float16", "complex128", "object")


def _bad_arrays(value: Any) -> List[Any]:
    other = np.int16 if value.dtype.kind == "f" else np.float64
    with np.errstate(all="ignore"):
        found = [value.astype(other), value[np.newaxis].copy()]
    if value.dtype.kind in "fc" and value.size:
        spoiled = value.copy()
        spoiled.reshape(-1)[0] = math.nan
        found.append(spoiled)
    return found


def _try_one(
    lab: Lab,
    step: Step,
    index: int,
    path: str,
    bad: Any,
    make: Callable[[], Tuple[Any, ...]],
    findings: Findings,
) -> None:
    try:
        arguments = forked(make())
    except Exception as error:
        findings.made_refused += 1
        if not isinstance(error, RecordError):
            _judge(error, lab.reach.home, path, bad, index, findings)
        return
    watch = lab.watch()
    try:
        outcome = calls.call(lab.component, arguments, lab.timeout_s, watch)
    except NotCheckable as stopped:
        findings.offences = [Offence.of(BAD_INPUT, f"{path} = {brief(bad, 80)}: {stopped}", index)]
        return
    _look_after(lab, step, index, f"{path} = {brief(bad, 80)}", findings)
    findings.offences += outside_offence(watch, index)
    if outcome.error is None:
        findings.taken += 1
        return
    findings.refused += 1
    if not findings.offences:
        _judge(outcome.error, lab.reach.home, path, bad, index, findings)


def _look_after(lab: Lab, step: Step, index: int, told: str, findings: Findings) -> None:
    for offence in lab.look():
        findings.offences.append(Offence.of(BAD_INPUT, f"{told}: {offence.what}", index))
    if findings.offences:
        return
    state = step.arguments[-1] if lab.stepped else None
    what = calls.differs(step.outcome, lab.call(lab.arguments(step.item, state)))
    if what:
        findings.offences.append(
            Offence.of(BAD_INPUT, f"after a call with {told}, the good call again: {what}", index)
        )


def _judge(error: Exception, home: str, path: str, bad: Any, index: int, findings: Findings) -> None:
    """A refusal names the field and the value. One that the component raises itself and that names neither is
    an offence.
    """
    text = str(error)
    named = (_names_field(text, path), _names_value(text, bad))
    if isinstance(error, RecordError) or all(named):
        return
    told = f"{path} = {brief(bad, 80)} raised {raised(error)}"
    written = _raised_by_own_code(error, home)
    if written and (isinstance(error, AssertionError) or not any(named) and not _SPECIFIC.search(text)):
        why = (
            "an assert is no refusal (python -O drops it)"
            if isinstance(error, AssertionError)
            else "it names neither the field nor the value"
        )
        findings.offences.append(Offence.of(BAD_INPUT, f"{told}; {why}", index))
    elif len(findings.unclear) < 20:
        findings.unclear.append(told)


def _names_field(text: str, path: str) -> bool:
    words = {
        w
        for part in re.split(r"[.\[\]' 0-9]+", path)
        for w in part.lower().split("_")
        if len(w) > 2 or w == part
    }
    found = set(re.split(r"[^a-z0-9]+", text.lower()))
    return any(word in found or len(word) > 3 and word in text.lower() for word in words if word)


def _names_value(text: str, bad: Any) -> bool:
    lower = text.lower()
    if bad is None:
        return "none" in lower
    if isinstance(bad, float) and math.isnan(bad):
        return "nan" in lower or "finite" in lower or "not a number" in lower
    if isinstance(bad, np.ndarray):
        return any(
            word in lower
            for word in (str(bad.dtype), str(bad.shape), f"{bad.ndim}", "nan", "finite", "shape", "dtype")
        )
    return str(bad).lower()[:40] in lower or type(bad).__name__.lower() in lower


_SPECIFIC = re.compile(r"[0-9_()\[\]]")  # it names something, if by another name than ours
_RAISING = re.compile(r"\b(raise|assert)\b")


def _raised_by_own_code(error: Exception, home: str) -> bool:
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None:
        return False
    frame = last.tb_frame
    line = linecache.getline(frame.f_code.co_filename, last.tb_lineno)
    return is_own(str(frame.f_globals.get("__name__", "")), home) and bool(_RAISING.search(line))
