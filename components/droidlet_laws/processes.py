"""The laws that other processes must judge: the same result under other hash seeds, threads and clocks."""

from __future__ import annotations

import os
import sys
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

import attrs

from droidlet_laws import wire
from droidlet_laws.calls import Outcome
from droidlet_laws.children import (
    FILLED,
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
    Setting("0", 1, False, FILLED),
    *(Setting(seed, 1, False) for seed in ("1", "2", "3", "4", "5")),
)


@attrs.define
class Verdict:
    """What the children said: an offence and its example, or why (part of) it was not exercised; `runs`
    trajectories were compared, out of `of`.
    """

    offence: Optional[Offence] = None
    example: Tuple[Any, ...] = ()
    reason: str = ""
    runs: int = 0
    of: int = 0


def judge(
    lab: Lab,
    kept: Sequence[List[Any]],
    tell: Callable[[str], None] = lambda text: None,
    more: Sequence[List[Any]] = (),
) -> Verdict:
    """Runs kept trajectories, and `more`, in children. Raises NotCheckable for a child that dies or hangs."""
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
            return _compare(
                lab, chosen, requests, started, tell, min(MAX_TRAJECTORIES, len(kept)) + len(more)
            )
    except ChildFailed as error:
        raise NotCheckable(str(error)) from None


def _requests(
    lab: Lab, kept: Sequence[List[Any]], more: Sequence[List[Any]]
) -> Tuple[List[List[Any]], List[bytes]]:
    """The trajectories to send, from the longest history of trials evenly chosen, within a limit of bytes."""
    most = _most(lab, kept)
    every = max(1, -(-len(kept) // most))
    chosen: List[List[Any]] = []
    requests: List[bytes] = []
    for items in (*kept[::every], *more[:most]):
        data = request(items, lab.key, lab.timeout_s)
        if requests and sum(map(len, requests)) + len(data) > MAX_BYTES:
            break
        chosen.append(items)
        requests.append(data)
    return chosen, requests


def _most(lab: Lab, kept: Sequence[List[Any]]) -> int:
    """How many trajectories there is time for: they run once here, and in three children at a time."""
    calls = sum(map(len, kept)) / max(1, len(kept))
    each_s = lab.call_s * calls * (1 + len(USUAL))
    return int(min(MAX_TRAJECTORIES, max(1.0, lab.left_s / max(each_s, 1e-6))))


def _compare(
    lab: Lab,
    chosen: List[List[Any]],
    requests: List[bytes],
    started: List[Child],
    tell: Callable[[str], None],
    of: int,
) -> Verdict:
    here = [tuple(outcome.seen.digest for outcome in _outcomes(lab, items)) for items in chosen]
    found = run_all(started, requests, tell)
    differing = [n for n in range(len(chosen)) if any(digests[n] != here[n] for digests in found)]
    if not differing:
        return Verdict(runs=len(chosen), of=of)
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
        first, plain, shifted, threads, memory, *seeds = digests
        law, other, why, likely = SAME_RESULT, -1, "another process", ""
        if first != plain:
            other, why = 1, "another process under the same settings"
        elif shifted != first:
            law, other, why = NO_OUTSIDE, 2, "a process whose clock is shifted"
        elif threads != first:
            other, why, likely = 3, "a process with 2 BLAS threads rather than 1", _THREADS
        elif memory != first:
            other, why, likely = 4, "a process whose new memory holds other bytes", _MEMORY
        elif any(d != first for d in seeds):
            other = 5 + next(n for n, d in enumerate(seeds) if d != first)
            seed = started[other].setting.hash_seed
            law, why = NO_HASH_ORDER, f"a process with PYTHONHASHSEED={seed} rather than 0"
        elif _seed_is_random() and found[0][number] == found[1][number]:
            law, why = NO_HASH_ORDER, "a process with PYTHONHASHSEED=0 rather than a random one"
        likely = likely or (lab.suspected() if law == SAME_RESULT else "")
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


_MEMORY = (
    "memory that was never written to gets into the result (np.empty, np.empty_like, a buffer of a C library)"
)
_THREADS = (
    "a sum of floats whose order depends on the number of threads; use a fixed order, or pin the threads"
)


def _text(first: Dict[str, str], second: Dict[str, str]) -> str:
    found = difference(first, second)
    return f"{found[0]}: {found[1]}, there {found[2]}" if found else ""
