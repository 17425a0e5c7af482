"""The laws that other processes must judge: the same result under other hash seeds, threads and clocks."""

from __future__ import annotations

import os
import sys
from typing import Any, Dict, List, Optional, Sequence, Tuple

import attrs

from droidlet_laws import wire
from droidlet_laws.calls import Outcome
from droidlet_laws.children import (
    PLAIN,
    USUAL,
    Child,
    ChildFailed,
    Setting,
    children,
    leaves,
    request,
    run_all,
)
from droidlet_laws.lab import Lab
from droidlet_laws.laws import NO_HASH_ORDER, NO_OUTSIDE, SAME_RESULT, NotCheckable, Offence
from droidlet_laws.snapshot import difference
from droidlet_laws.unsorted import unsorted_sets

MAX_TRAJECTORIES = 60
MAX_BYTES = 16 << 20
MORE_SEEDS = tuple(Setting(seed, 1, False) for seed in ("2", "3", "4"))  # two words are often in one order
_SUSPECTS = (
    PLAIN,
    Setting("0", 1, True),
    Setting("0", 2, False),
    *(Setting(seed, 1, False) for seed in ("1", "2", "3", "4", "5")),
)


@attrs.define
class Verdict:
    """What the children said: an offence and its example, or why (part of) it was not exercised; `runs`
    trajectories were compared.
    """

    offence: Optional[Offence] = None
    example: Tuple[Any, ...] = ()
    reason: str = ""
    runs: int = 0


def judge(lab: Lab, kept: Sequence[List[Any]], more: Sequence[List[Any]] = ()) -> Verdict:
    """Runs kept trajectories, and all of `more`, in children. Raises NotCheckable for a child that dies or hangs."""
    if not lab.factory.names:
        return Verdict(reason=lab.factory.homeless)
    try:
        chosen, requests = _requests(lab, kept, more)
    except wire.CannotTravel as error:
        return Verdict(reason=str(error))
    if not requests:
        return Verdict(reason="no call was answered")
    try:
        settings = (*USUAL, *MORE_SEEDS) if unsorted_sets(lab.reach) else USUAL
        with children(settings, lab.factory.names, lab.timeout_s) as started:
            try:
                for child in started:
                    child.wait_loaded()
            except ChildFailed as error:
                if " hung" in str(error):
                    raise
                return Verdict(reason=str(error))
            return _compare(lab, chosen, requests, started)
    except ChildFailed as error:
        raise NotCheckable(str(error)) from None


def _requests(
    lab: Lab, kept: Sequence[List[Any]], more: Sequence[List[Any]]
) -> Tuple[List[List[Any]], List[bytes]]:
    """The trajectories to send, from the longest history of trials evenly chosen, within a limit of bytes."""
    every = max(1, -(-len(kept) // MAX_TRAJECTORIES))
    chosen: List[List[Any]] = []
    requests: List[bytes] = []
    for items in (*kept[::every], *more):
        data = request(items, lab.key, lab.timeout_s)
        if requests and sum(map(len, requests)) + len(data) > MAX_BYTES:
            break
        chosen.append(items)
        requests.append(data)
    return chosen, requests


def _compare(lab: Lab, chosen: List[List[Any]], requests: List[bytes], started: List[Child]) -> Verdict:
    here = [tuple(outcome.seen.digest for outcome in _outcomes(lab, items)) for items in chosen]
    found = run_all(started, requests)
    differing = [n for n in range(len(chosen)) if any(digests[n] != here[n] for digests in found)]
    if not differing:
        return Verdict(runs=len(chosen))
    number = min(differing, key=lambda n: len(requests[n]))
    offence, example = _attribute(lab, chosen[number], found, number)
    return Verdict(offence, tuple(example), runs=len(chosen))


def _outcomes(lab: Lab, items: Sequence[Any]) -> List[Outcome]:
    state = lab.initial() if lab.stepped else None
    made: List[Outcome] = []
    for item in items:
        made.append(lab.call(lab.arguments(item, state)))
        if lab.stepped and made[-1].answered:
            state = made[-1].value[1]
    return made


def _attribute(
    lab: Lab, items: List[Any], found: List[List[Tuple[str, ...]]], number: int
) -> Tuple[Offence, List[Any]]:
    """Which law it is: one thing at a time is changed, in children of their own."""
    with children((PLAIN, *_SUSPECTS), lab.factory.names, lab.timeout_s) as started:
        items = _smaller(lab, items, started)
        digests = [d[0] for d in run_all(started, [request(items, lab.key, lab.timeout_s)])]
        first, plain, shifted, threads, *seeds = digests
        law, other, why, likely = SAME_RESULT, -1, "another process", ""
        if first != plain:
            other, why = 1, "another process under the same settings"
        elif shifted != first:
            law, other, why = NO_OUTSIDE, 2, "a process whose clock is shifted"
        elif threads != first:
            other, why, likely = 3, "a process with 2 BLAS threads rather than 1", _THREADS
        elif any(d != first for d in seeds):
            other = 4 + next(n for n, d in enumerate(seeds) if d != first)
            seed = started[other].setting.hash_seed
            law, why = NO_HASH_ORDER, f"a process with PYTHONHASHSEED={seed} rather than 0"
        elif _seed_is_random() and found[0][number] == found[1][number]:
            law, why = NO_HASH_ORDER, "a process with PYTHONHASHSEED=0 rather than a random one"
        return _offence(lab, law, items, started, other, why, likely), items


def _seed_is_random() -> bool:
    """Whether hash() of text is another in each run of this process."""
    return bool(sys.flags.hash_randomization) and not os.environ.get("PYTHONHASHSEED", "").isdigit()


def _smaller(lab: Lab, items: List[Any], started: List[Child]) -> List[Any]:
    """Leaves out calls of the trajectory, as long as some children still disagree."""
    index = 0
    while index < len(items) and len(items) > 1:
        shorter = items[:index] + items[index + 1 :]
        if len({d[0] for d in run_all(started, [request(shorter, lab.key, lab.timeout_s)])}) > 1:
            items = shorter
        else:
            index += 1
    return items


def _offence(
    lab: Lab, law: str, items: List[Any], started: List[Child], other: int, why: str, likely: str
) -> Offence:
    here = [outcome.seen.leaves for outcome in _outcomes(lab, items)]
    for index in range(len(items)):
        first = leaves(started[0], items, lab.key, index, lab.timeout_s)
        second = here[index] if other < 0 else leaves(started[other], items, lab.key, index, lab.timeout_s)
        what = _text(first, second)
        if what:
            return Offence.of(law, f"call {index} in {why}: {what}", index, likely)
    return Offence.of(law, f"another result in {why}", 0, likely)


_THREADS = (
    "a sum of floats whose order depends on the number of threads; use a fixed order, or pin the threads"
)


def _text(first: Dict[str, str], second: Dict[str, str]) -> str:
    found = difference(first, second)
    return f"{found[0]}: {found[1]}, there {found[2]}" if found else ""
