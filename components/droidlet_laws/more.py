"""Further examples: those that were tried already, with values in them that the code names."""

from __future__ import annotations

import random
from typing import Any, Iterator, List, Optional, Sequence, Tuple

import attrs

from droidlet_laws.calls import NoReturn
from droidlet_laws.constants import Dictionary
from droidlet_laws.hits import Hits
from droidlet_laws.inputs import Plan, declared_kinds
from droidlet_laws.lab import Lab
from droidlet_laws.leaves import Leaf, leaves_of, put_all
from droidlet_laws.search import Search, size_of
from droidlet_laws.shapes import Arguments, arguments_of
from droidlet_laws.work import work_of

LENGTH, LONGEST = 6, 40  # calls of one example, and of the one long one
MOST_CALLS, LEAST_CALLS = 360, 8  # of a cheap component, and of any
WORK = 0.2  # seconds, about, that further calls may take where they are cheap
MAX_BASES, MAX_HANGS, TIMEOUT_S = 8, 2, 5.0
_VALUES = ("text", "bytes", "int", "float", "array")  # the others change what an item is made of


@attrs.frozen
class More:
    """What came of them: how many of the calls `asked` were answered, examples that broke no law, and what was
    left out.
    """

    answered: int = 0
    asked: int = 0
    kept: Tuple[List[Any], ...] = ()
    left_out: str = ""


def try_more(search: Search, known: Dictionary, seed: int) -> More:
    """Tries examples with values of the code's own; what breaks a law is `search.failure` afterwards.

    A call that the component refuses, or that does not return, is no offence: nobody said that it takes such
    a value. Raises NotCheckable for what ends the program.
    """
    lab = search.lab
    before, kept_before = (lab.calls, lab.refused, lab.refusal), len(search.kept)
    flat = _flat(lab, search)
    count = _calls(lab, before[0] + before[1], flat)
    left_out = _run(search, _examples(lab, flat, count, _Changes(lab, known, seed))) if count else ""
    answered, kept = lab.calls - before[0], tuple(search.kept[kept_before:])
    del search.kept[kept_before:]
    lab.calls, lab.refused, lab.refusal = before
    return More(answered, count, kept, left_out)


def _run(search: Search, examples: Iterator[List[Any]]) -> str:
    lab, usual_s, left_out = search.lab, search.lab.timeout_s, []
    lab.timeout_s = min(usual_s, TIMEOUT_S)
    try:
        for items in examples:
            try:
                search.run(Plan(fixed=(items,)), 0, 0)
            except NoReturn as stopped:
                left_out.append(str(stopped))
                search.stopped = None
                lab.make()  # it was stopped in the middle of something
            if search.failure is not None or search.left_out or len(left_out) == MAX_HANGS:
                break
    finally:
        lab.timeout_s = usual_s
    return left_out[0] if left_out else ""


def _flat(lab: Lab, search: Search) -> List[Any]:
    """Items to start from: a given trajectory as it is, else some of each size, the smallest first."""
    known = search.kept or search.refusing
    if lab.stepped and len(known) == 1:
        return list(known[0])
    by_size = sorted((item for items in known for item in items), key=lambda item: size_of([item]))
    some = by_size[:: max(1, len(by_size) // MAX_BASES)]
    if lab.stepped:
        return some
    return [Arguments(arguments_of(lab.shape, item, lab.factory.name)) for item in some]


def _calls(lab: Lab, tried: int, flat: Sequence[Any]) -> int:
    """How many further calls: a share of the usual ones, and more where they are cheap. It is told from what
    a call does rather than from a clock, so that each check tries the same.
    """
    if not flat or not any(leaves_of(item) for item in flat):
        return 0
    affordable = WORK / work_of(lab, flat[:: max(1, len(flat) // 3)])
    count = MOST_CALLS
    while count > affordable:  # by halves, so that what changes the work a little changes nothing here
        count //= 2
    return max(LEAST_CALLS, count, tried // 6)


def _examples(lab: Lab, flat: List[Any], count: int, changes: _Changes) -> Iterator[List[Any]]:
    if lab.stepped:
        asked = [n for n in changes.hits.lengths if n <= LONGEST]
        length = min(max(2 * LENGTH, *asked), max(LENGTH, count // 2))
        yield [_around(flat, n) if n % 4 else changes.of(_around(flat, n)) for n in range(length)]
        count -= length
    for start in range(0, max(count, LENGTH), LENGTH):
        place = 0 if lab.stepped else start
        yield [changes.of(_around(flat, place + n)) for n in range(min(LENGTH, max(count - start, 2)))]


def _around(flat: List[Any], number: int) -> Any:
    return flat[number % len(flat)]


class _Changes:
    """Changes items: one value in all places where it fits, a value in one place, or several in several."""

    def __init__(self, lab: Lab, known: Dictionary, seed: int) -> None:
        self.hits = Hits(known)
        self.kinds: Sequence[Any] = () if lab.stepped else declared_kinds(lab.component, lab.shape)
        self.random = random.Random(seed)
        self.made = 0
        self.same = self.single = 0

    def of(self, item: Any) -> Any:
        """The next change of an item; the item itself where nothing that was tried fits."""
        leaves = [self._declared(leaf) for leaf in leaves_of(item)]
        if not leaves:
            return item
        self.made += 1
        if len(leaves) == 1 or self.made % 4 == 1:
            chosen = self._everywhere(leaves)
        elif self.made % 4 == 3:
            chosen = self._somewhere(leaves)
        else:
            chosen = self._mixed(leaves)
        return put_all(item, chosen, self.kinds)

    def _declared(self, leaf: Leaf) -> Leaf:
        kind: Optional[Any] = None
        if len(leaf.path) == 1 and leaf.path[0] in range(len(self.kinds)):
            kind = self.kinds[leaf.path[0]]
        values = tuple(v for v in getattr(kind, "values", ()) if v != leaf.value)
        return attrs.evolve(leaf, sort="choice", choices=values) if values else leaf

    def _everywhere(self, leaves: List[Leaf]) -> List[Tuple[Leaf, Any]]:
        plain = [leaf for leaf in leaves if leaf.sort in _VALUES] or leaves
        self.same += 1
        return [(leaf, self.hits.of(leaf, self.same - 1)) for leaf in plain]

    def _somewhere(self, leaves: List[Leaf]) -> List[Tuple[Leaf, Any]]:
        number, place = divmod(self.single, len(leaves))
        self.single += 1
        return [(leaves[place], self.hits.of(leaves[place], number))]

    def _mixed(self, leaves: List[Leaf]) -> List[Tuple[Leaf, Any]]:
        chosen = []
        for leaf in leaves:
            share = self.random.random()
            number = int(self.hits.many(leaf) * self.random.random() ** 2)
            if share < (0.6 if leaf.sort in (*_VALUES, "choice") else 0.2):
                chosen.append((leaf, self.hits.of(leaf, number)))
        return chosen
