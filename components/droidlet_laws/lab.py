"""One component on the bench: made, called step by step, and looked at before and after each call."""

from __future__ import annotations

import inspect
from typing import Any, Dict, List, Optional, Tuple

import attrs

from droidlet_laws import calls
from droidlet_laws.brief import brief, raised
from droidlet_laws.calls import Outcome
from droidlet_laws.laws import NO_HISTORY, NO_OUTSIDE, SELF, NotCheckable, Offence
from droidlet_laws.outside import Watch
from droidlet_laws.reach import Reach
from droidlet_laws.shapes import Factory, Shape, arguments_of, shape_of
from droidlet_laws.snapshot import Snapshot, difference
from droidlet_schema import Key


@attrs.frozen
class Step:
    """One call of a trajectory: the item of the inputs it was made of, its arguments, and what came of it."""

    item: Any
    arguments: Tuple[Any, ...]
    outcome: Outcome

    @property
    def outputs(self) -> Any:
        """What the call returned."""
        return self.outcome.value


class Lab:
    """Makes a component and calls it; `opaque` and `calls`, `refused` grow over all calls."""

    def __init__(self, factory: Factory, key: Key, timeout_s: float) -> None:
        self.factory, self.key, self.timeout_s = factory, key, timeout_s
        self.opaque: Dict[str, Dict[str, str]] = {}
        self.calls = self.refused = 0
        self.refusal = ""
        calls.printed.characters = 0
        self.make()

    def make(self) -> None:
        """Makes the component anew. Raises NotCheckable."""
        try:
            with calls.watchdog(self.timeout_s):
                self.component = self.factory.make()
        except calls.Hung:
            raise NotCheckable(
                f"making {self.factory.name} did not end within {self.timeout_s:g} s"
            ) from None
        self.shape: Shape = shape_of(self.component, self.factory.name)
        self.reach = Reach(self.component)
        self._looks: Dict[bool, Tuple[Snapshot, Snapshot]] = {}
        self.look(whole=False)
        self.look(whole=True)
        looked = [pair for snapshot in self.internal() for pair in snapshot.arrays]
        self._writable = [(path, array) for path, array in looked if array.flags.writeable]

    @property
    def stepped(self) -> bool:
        """Whether the component has a state."""
        return self.shape.kind == "stepped"

    def look(self, whole: bool = False) -> List[Offence]:
        """Writes down the component and the globals that it names; what differs from the last look is an
        offence.
        """
        component, outside = self.reach.component_snapshot(whole), self.reach.snapshot(whole)
        self._note_opaque(SELF, component)
        self._note_opaque(NO_HISTORY, outside)
        last = self._looks.get(whole)
        self._looks[whole] = (component, outside)
        if last is None:
            return []
        found = [_changed(SELF, last[0], component), _changed(NO_HISTORY, last[1], outside)]
        return [offence for offence in found if offence is not None]

    def _note_opaque(self, law: str, snapshot: Snapshot) -> None:
        self.opaque.setdefault(law, {}).update(snapshot.opaque)

    def internal(self) -> Tuple[Snapshot, Snapshot]:
        """All of the component, and of the globals that it names, as they were after loading."""
        return self._looks[True]

    def given_away(self) -> str:
        """The path of an array of the component that became read-only, since a record that it returned took
        it over; else "".
        """
        return next((path for path, array in self._writable if not array.flags.writeable), "")

    def initial(self, watch: Optional[Watch] = None) -> Any:
        """The first state. Raises NotCheckable where there is none."""
        outcome = calls.call(self.component.initial, (self.key,), self.timeout_s, watch)
        if outcome.error is not None:
            where = f"{type(self.component).__qualname__}.initial({self.key!r})"
            raise NotCheckable(f"{where} raised {raised(outcome.error)} at {calls.line_of(outcome.error)}")
        return outcome.value

    def arguments(self, item: Any, state: Any) -> Tuple[Any, ...]:
        """Arguments of their own for one call."""
        values = tuple(calls.fresh(v) for v in arguments_of(self.shape, item, self.factory.name))
        return (*values, state) if self.stepped else values

    def call(self, arguments: Tuple[Any, ...], watch: Optional[Watch] = None) -> Outcome:
        """One call of the component, its shape checked. Raises NotCheckable."""
        outcome = calls.call(self.component, arguments, self.timeout_s, watch)
        if (
            self.stepped
            and outcome.answered
            and not (type(outcome.value) is tuple and len(outcome.value) == 2)
        ):
            got = brief(outcome.value, 120)
            raise NotCheckable(
                f"{self.factory.name}: a stepped component returns (outputs, state), a tuple of two; "
                f"this one returned {got}"
            )
        if inspect.iscoroutine(outcome.value):
            outcome.value.close()
            raise NotCheckable(
                f"{self.factory.name} returned a coroutine; a component is a plain function (the shell waits)"
            )
        if inspect.isgenerator(outcome.value):
            raise NotCheckable(
                f"{self.factory.name} returned a generator, which can be read only once; return a tuple"
            )
        return outcome

    def count(self, outcome: Outcome) -> None:
        """Adds one call to the statistics."""
        if outcome.error is None:
            self.calls += 1
            return
        self.refused += 1
        self.refusal = self.refusal or raised(outcome.error)

    def watch(self) -> Watch:
        """A watch over what a call touches outside of itself."""
        return Watch(self.reach.home)


def outside_offence(watch: Watch, step: int) -> List[Offence]:
    """What a watch saw, as an offence."""
    return [Offence.of(NO_OUTSIDE, watch.touches[0], step)] if watch.touches else []


def _changed(law: str, before: Snapshot, after: Snapshot) -> Optional[Offence]:
    found = difference(before.leaves, after.leaves)
    if found is None:
        return None
    path, old, new = found
    cached = old.startswith("cache of") or new.startswith("cache of")
    return Offence.of(NO_HISTORY if cached else law, f"{path}: {old} before the call, {new} after it")
