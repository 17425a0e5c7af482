"""One component on the bench: made, called step by step, and looked at before and after each call."""

from __future__ import annotations

import inspect
import math
import sys
import time
from typing import Any, Dict, List, Optional, Tuple

import attrs

from droidlet_laws import calls
from droidlet_laws.brief import brief, raised
from droidlet_laws.calls import Outcome
from droidlet_laws.forking import forked
from droidlet_laws.kinds import cached_names
from droidlet_laws.laws import NO_HISTORY, NO_OUTSIDE, SELF, NotCheckable, Offence
from droidlet_laws.outside import Watch
from droidlet_laws.places import is_own
from droidlet_laws.reach import Reach
from droidlet_laws.shapes import Factory, Shape, arguments_of, shape_of
from droidlet_laws.snapshot import Snapshot, difference
from droidlet_schema import Key

_monotonic = time.monotonic  # the real one: the patched ones are for the component


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
        self.until = math.inf  # when the part of the check that is going on should end, of time.monotonic()
        self._timed, self._seconds = 0, 0.0
        self.lenient = False  # whether a seed may be None, as bad inputs are
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
        except BaseException as error:
            if isinstance(error, Exception):
                raise
            raise calls.ended(error, f"making {self.factory.name}") from None
        self.shape: Shape = shape_of(self.component, self.factory.name)
        self.read()
        looked = [pair for snapshot in self.internal() for pair in snapshot.arrays]
        self._writable = [(path, array) for path, array in looked if array.flags.writeable]

    def read(self) -> None:
        """Reads the code of the component, and writes down all that it reaches."""
        self.reach = Reach(self.component)
        self._looks: Dict[bool, Tuple[Snapshot, Snapshot]] = {}
        self.look(whole=False)
        self.look(whole=True)
        self._around = self.reach.around()
        self._modules = set(sys.modules)

    @property
    def lazy(self) -> List[str]:
        """The cached properties of the component."""
        return sorted(cached_names(type(self.component)))

    def imported(self) -> List[str]:
        """Own modules that were imported since the code was read."""
        return [name for name in set(sys.modules) - self._modules if is_own(name, self.reach.home)]

    def look_around(self) -> List[Offence]:
        """What else of its modules differs from the last such look, named by its code or not."""
        last, self._around = self._around, self.reach.around()
        offence = _changed(NO_HISTORY, last, self._around)
        return [] if offence is None else [offence]

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
        return (*values, forked(state)) if self.stepped else values

    def call(self, arguments: Tuple[Any, ...], watch: Optional[Watch] = None) -> Outcome:
        """One call of the component, its shape checked. Raises NotCheckable."""
        started = _monotonic()
        outcome = calls.call(self.component, arguments, self.timeout_s, watch)
        self._timed += 1
        self._seconds += _monotonic() - started
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

    @property
    def call_s(self) -> float:
        """The mean time of a call in seconds."""
        return self._seconds / max(1, self._timed)

    @property
    def left_s(self) -> float:
        """The seconds that this part of the check may still take."""
        return self.until - _monotonic()

    def suspected(self) -> str:
        """What in the code may make results differ although nothing is remembered; "" if nothing."""
        few = list(dict.fromkeys(self.reach.suspects))[:3]
        return f"no memory was found that changes, but the code uses {', '.join(few)}" if few else ""

    def watch(self) -> Watch:
        """A watch over what a call touches outside of itself."""
        return Watch(self.reach.home, self.lenient)


def outside_offence(watch: Watch, step: int) -> List[Offence]:
    """What a watch saw, as an offence."""
    return [Offence.of(NO_OUTSIDE, watch.touches[0], step)] if watch.touches else []


def _changed(law: str, before: Snapshot, after: Snapshot) -> Optional[Offence]:
    found = difference(before.leaves, after.leaves)
    if found is None:
        return None
    path, old, new = found
    return Offence.of(law, f"{path}: {old} before the call, {new} after it")
