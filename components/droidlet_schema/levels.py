"""Which kinds lead back to themselves, and how deep their smallest values are."""

from __future__ import annotations

from typing import Dict, Iterable, List

from droidlet_schema import kinds
from droidlet_schema.scalars import Kind

INFINITE = float("inf")


def parts(kind: Kind) -> List[Kind]:
    """The kinds directly inside a kind."""
    if isinstance(kind, kinds.RecordKind):
        return list(kind.spec.kinds.values())
    if isinstance(kind, kinds.UnionKind):
        return list(kind.members)
    if isinstance(kind, kinds.TupleKind):
        return list(kind.items)
    if isinstance(kind, kinds.SequenceKind):
        return [kind.item]
    return [kind.key, kind.value] if isinstance(kind, kinds.MapKind) else []


def records_in(kind: Kind) -> Dict[type, kinds.RecordKind]:
    """Every record class that a value of this kind can hold, itself included, in the order met."""
    found: Dict[type, kinds.RecordKind] = {}
    waiting = [kind]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, kinds.RecordKind):
            if one.cls in found:
                continue
            found[one.cls] = one
        waiting.extend(parts(one))
    return found


class Levels:
    """Answers for one round of questions: a level is one record that can hold itself."""

    def __init__(self) -> None:
        self._leads_back: Dict[type, bool] = {}
        self._smallest: Dict[type, float] = {}

    def unbounded(self, kind: Kind) -> bool:
        """Whether the type does not bound the depth: somewhere inside is a record that can hold itself."""
        return any(self.leads_back(one) for one in records_in(kind).values())

    def leads_back(self, kind: Kind) -> bool:
        """Whether this is a record that can hold itself."""
        if not isinstance(kind, kinds.RecordKind):
            return False
        if kind.cls not in self._leads_back:
            self._leads_back[kind.cls] = any(kind.cls in records_in(part) for part in parts(kind))
        return self._leads_back[kind.cls]

    def smallest(self, kind: Kind) -> float:
        """The least number of levels of a value of this kind; infinite if there is no finite value."""
        records = records_in(kind)
        if not set(records) <= set(self._smallest):
            self._settle(records.values())
        return self._of(kind)

    def _settle(self, records: Iterable[kinds.RecordKind]) -> None:
        changed = True
        while changed:
            changed = False
            for one in records:
                levels = max((self._of(k) for k in parts(one)), default=0) + self.leads_back(one)
                if levels < self._smallest.get(one.cls, INFINITE):
                    self._smallest[one.cls], changed = levels, True
        for one in records:
            self._smallest.setdefault(one.cls, INFINITE)

    def _of(self, kind: Kind) -> float:
        if isinstance(kind, kinds.RecordKind):
            return self._smallest.get(kind.cls, INFINITE)
        if isinstance(kind, kinds.UnionKind):
            return min(self._of(k) for k in kind.members)
        return max((self._of(k) for k in kind.items), default=0) if isinstance(kind, kinds.TupleKind) else 0
