"""What is to be done for a time: "drive forward for ten seconds"."""

from __future__ import annotations

from droidlet_dialog.clause import Clause
from droidlet_dialog.numbers import duration
from droidlet_dialog.text import Text
from droidlet_schema import ExploreForm, FollowForm, Location, MoveForm, TimedForm, TurnForm


def for_so_long(text: Text, clause: Clause) -> Clause:
    """A move, a turn, a search or a walk with the time that is said behind it; else the clause as it is."""
    form = clause.form
    if not isinstance(form, (MoveForm, TurnForm, ExploreForm, FollowForm)):
        return clause
    aimless = isinstance(form, TurnForm) or (isinstance(form, MoveForm) and not form.location.references)
    read = duration(text, clause.end, aimless and text.word(clause.end) == "for")
    if read is None:
        return clause
    if form == MoveForm(Location()):
        form = MoveForm(Location("FRONT"))
    return Clause(TimedForm(read[0], form), read[1])


def lasting(text: Text, at: int) -> tuple[float, int] | None:
    """A time said first: "for ten seconds, drive forward"."""
    return duration(text, at) if text.word(at) == "for" else None
