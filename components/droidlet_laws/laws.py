"""The laws by name, and what a check has to say about them."""

from __future__ import annotations

import re
from typing import Any, Dict, Tuple

import attrs

SAME_RESULT = "same arguments, same result"
ARGUMENTS = "arguments unchanged"
SELF = "self unchanged"
NO_HISTORY = "no history"
NO_OUTSIDE = "no clock, environment, file, socket, global randomness"
NO_HASH_ORDER = "no hash order"
NO_ALIAS = "results are nobody's alias"
CODEC = "every state and record survives the codec"
OLD_STATE = "an old state stays usable"
BAD_INPUT = "bad input changes nothing"

LAWS = (
    SAME_RESULT,
    ARGUMENTS,
    SELF,
    NO_HISTORY,
    NO_OUTSIDE,
    NO_HASH_ORDER,
    NO_ALIAS,
    CODEC,
    OLD_STATE,
    BAD_INPUT,
)

LIKELY: Dict[str, str] = {
    SAME_RESULT: "something besides the arguments decides the result: an unseeded generator, memory that was "
    "never written to (np.empty), an object's address (id), the process id, or state hidden in native code",
    ARGUMENTS: "the component writes into what it was given; make a copy, or return a new value (evolve)",
    SELF: "the component keeps something for later in itself; put it into the state, or make it when loading",
    NO_HISTORY: "the code keeps something for later outside the state (a global, a cache, a counter); "
    "put it into the state, or make it when loading",
    NO_OUTSIDE: "take the time, the key and the data as arguments (now_ns, key); "
    "load files in the constructor",
    NO_HASH_ORDER: "the order of a set, or hash() of text, decides the result; sort before iterating",
    NO_ALIAS: "the result is a view of memory that somebody can still write to; return a copy",
    CODEC: "a state holds declared data only (@record, tuple, FrozenMap, arrays, scalars); "
    "a field's convert must leave a converted value as it is",
    OLD_STATE: "the new state shares something that changes with the old one, or the component remembers "
    "which state came last; a state must hold all that is needed",
    BAD_INPUT: "check the input before changing anything, and raise a ValueError that names the field "
    "and the value",
}


UNSEEN = (
    "no memory was found that changes: it lies in native code or in another module, or memory that was never "
    "written to (np.empty) or an object's address (id) gets into the result"
)
_LOADED_FILE = re.compile(r"droidlet_file_(\w+)_[0-9a-f]{8}\b")  # the module's name of a file that was loaded


@attrs.frozen
class Offence:
    """One law broken by one example: `what` differs and where, `likely` why, at which `step` of the
    example.
    """

    law: str
    what: str
    likely: str
    step: int = 0

    @classmethod
    def of(cls, law: str, what: str, step: int = 0, likely: str = "") -> Offence:
        """An offence against a law, with the law's own likely cause unless a better one is known."""
        return cls(law, _LOADED_FILE.sub(r"\1", what), likely or LIKELY[law], step)


@attrs.frozen
class Report:
    """What one check found: the laws held, those not exercised, and the limits of what was held.

    `not_exercised` is (law, reason) pairs, `limits` is (law, what of it was not looked at) pairs of laws that
    are held. `calls` counts the different calls that were answered, `refused` those that raised, and
    `refusal` tells one of these; `more` were answered with values in them that the component's code names.
    """

    component: str
    kind: str
    held: Tuple[str, ...]
    not_exercised: Tuple[Tuple[str, str], ...] = ()
    limits: Tuple[Tuple[str, str], ...] = ()
    calls: int = 0
    refused: int = 0
    refusal: str = ""
    more: int = 0

    def __str__(self) -> str:
        """The headline, and a row for each law."""
        rows = [("held", law, "; ".join(t for n, t in self.limits if n == law)) for law in self.held]
        rows += [("not exercised", law, reason) for law, reason in self.not_exercised]
        return "\n".join([self.headline, *table(rows)])

    @property
    def headline(self) -> str:
        """One line: what was checked, of which shape, with how many calls."""
        refused = f", {self.refused} refused (such as {self.refusal})" if self.refused else ""
        more = f" and {self.more} with values of its code" if self.more else ""
        return f"{self.component}: {self.kind}, {self.calls} calls answered{more}{refused}"


def table(rows: list[Tuple[str, str, str]]) -> list[str]:
    """Lines of (status, law, remark) in columns."""
    ordered = sorted(rows, key=lambda row: LAWS.index(row[1]))
    width = max(len(law) for law in LAWS)
    return [f"  {status:<13}  {law:<{width}}  {remark}".rstrip() for status, law, remark in ordered]


class LawBroken(Exception):
    """A component that breaks a law: `law`, the smallest `example` found, `what` differs, `likely` why, and
    what else it broke (`also`).
    """

    def __init__(
        self,
        component: str,
        offence: Offence,
        example: Tuple[Any, ...],
        shown: str,
        also: Tuple[str, ...] = (),
    ):
        self.component, self.example, self.also = component, example, also
        self.law, self.what, self.likely, self.step = offence.law, offence.what, offence.likely, offence.step
        lines = [
            f"{component} breaks the law: {offence.law}",
            f"  what    {offence.what}",
            f"  likely  {offence.likely}",
        ]
        lines += [f"  example {shown}"] if shown else []
        lines += ["  also    " + "; ".join(also)] if also else []
        super().__init__("\n".join(lines))


class NotCheckable(Exception):
    """A check that could not be made; the text says what was expected instead."""
