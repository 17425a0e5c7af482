"""The same runs in other processes: other hash seeds, threads, clocks and memory."""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional, Sequence, Tuple

import attrs

from droidlet_laws.children import USUAL, ChildFailed, children, leaves
from droidlet_laws.laws import NotCheckable, Offence
from droidlet_laws.snapshot import Snapshot
from droidlet_schema import Key
from droidlet_simulators.conformance.elsewhere import run_digests, written
from droidlet_simulators.conformance.lab import Lab, Run
from droidlet_simulators.conformance.laws import PROCESS, offence
from droidlet_transport.loading import LoadError, load

_COMPONENT = "droidlet_simulators.conformance.elsewhere:run_digests"
_KEY = Key((0, 0))


def name_of(factory: Any) -> Tuple[str, str]:
    """The name by which another process finds a factory, or "" and why it has none."""
    if isinstance(factory, str):
        return factory, ""
    name = f"{getattr(factory, '__module__', '')}:{getattr(factory, '__qualname__', '')}"
    if "<" in name:
        return "", "the factory has no name that another process could load; pass module:function"
    try:
        found = load(name)
    except LoadError as error:
        return "", f"the factory cannot be loaded by name: {error}"
    return (name, "") if found is factory else ("", f"{name} is another object than the factory")


def process_offence(
    lab: Lab, name: str, runs: Sequence[Run], timeout_s: float, tell: Callable[[str], None], clocks: bool
) -> Optional[Tuple[Offence, Run]]:
    """The first run that goes another way in another process. Raises NotCheckable for a child that dies."""
    asked = [written(name, lab.scenes[run.scene], run) for run in runs]
    lab.close()  # an engine of which a process has one: from here on run_digests makes it
    here = [Snapshot(run_digests(one), "result").leaves for one in asked]
    try:
        settings = [setting if clocks else attrs.evolve(setting, shift=False) for setting in USUAL]
        with children(settings, [_COMPONENT], timeout_s) as started:
            for child in started:
                for number, (run, one, ours) in enumerate(zip(runs, asked, here)):
                    tell(f"run {number + 1} of {len(runs)} in a process with {child.setting}")
                    theirs = leaves(child, [one], _KEY, 0, timeout_s)
                    if theirs != ours:
                        return offence(PROCESS, f"with {child.setting}, {_where(ours, theirs)}"), run
    except ChildFailed as error:
        raise NotCheckable(str(error)) from None
    return None


def _where(ours: Dict[str, str], theirs: Dict[str, str]) -> str:
    """The first step that differs, or what the other process raised."""
    if any(path.startswith("raised") for path in theirs):
        return f"the run raises: {'; '.join(theirs.values())[:300]}"
    steps = [number for number, path in enumerate(ours) if ours[path] != theirs.get(path)]
    return f"step {max(0, min(steps, default=0))} of the run is another"
