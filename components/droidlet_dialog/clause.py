"""What one clause says, and how the next may leave its verb out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional, Union

import attrs

from droidlet_dialog.text import Text
from droidlet_schema import (
    Confirm,
    ExploreForm,
    FollowForm,
    ForbidForm,
    GetCapabilities,
    GetMemory,
    Mention,
    MoveForm,
    Noop,
    OtherForm,
    RepeatForm,
    ResumeForm,
    SayForm,
    SearchForm,
    StopForm,
    TimedForm,
    TurnForm,
)

FORBIDDEN = (
    MoveForm,
    TurnForm,
    SearchForm,
    ExploreForm,
    FollowForm,
    SayForm,
    OtherForm,
)  # what "do not" may deny
ACTIONS = (*FORBIDDEN, StopForm, ResumeForm, ForbidForm, TimedForm, RepeatForm)
Forbidden = Union[MoveForm, TurnForm, SearchForm, ExploreForm, FollowForm, SayForm, OtherForm]
Action = Union[Forbidden, StopForm, ResumeForm, ForbidForm, TimedForm, RepeatForm]
Form = Union[Action, GetMemory, GetCapabilities, Mention, Confirm, Noop]


@attrs.frozen
class Clause:
    """A form, where it ends, and the rule that reads on when the same verb is meant again ("... and the
    table").
    """

    form: Form
    end: int
    again: Optional[Callable[[Text, int], Optional[Clause]]] = attrs.field(default=None, eq=False, repr=False)


def furthest(*clauses: Clause | None) -> Clause | None:
    """The clause that reads furthest; of equals the first."""
    best: Clause | None = None
    for clause in clauses:
        if clause is not None and (best is None or clause.end > best.end):
            best = clause
    return best
