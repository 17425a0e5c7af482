"""Words and logical forms: one closed grammar for everything that a person can ask of an agent.

The grammar follows droidlet's last one (dialogue types, event sequences, FILTERS with where clauses and
selectors); angles are radians, positive to the left, distances metres.
"""

from __future__ import annotations

from typing import Literal, Optional, Tuple, Union

from droidlet_schema.record import record
from droidlet_schema.records.filters import Filters, Location, ReferenceObject


@record
class Chat:
    """Something said by somebody."""

    speaker: str
    text: str
    now_ns: int


@record
class Reply:
    """Something the agent says back."""

    text: str


@record
class Facing:
    """A way to turn: by an angle, or towards a place."""

    relative_yaw_rad: Optional[float] = None  # positive = left
    location: Optional[Location] = None


@record
class MoveForm:
    """Go to a place."""

    location: Location


@record
class TurnForm:
    """Turn the body."""

    facing: Facing


@record
class SearchForm:
    """Find a thing: look for it until it is seen, then go there."""

    reference: ReferenceObject


@record
class ExploreForm:
    """Look around (here, by turning once) or explore (everywhere)."""

    extent: Literal["HERE", "EVERYWHERE"] = "EVERYWHERE"


@record
class FollowForm:
    """Follow something until told otherwise."""

    reference: ReferenceObject


@record
class SayForm:
    """Say these words."""

    text: str


@record
class OtherForm:
    """Something that was understood as a wish but that this agent cannot do."""

    text: str


@record
class ForbidForm:
    """Do not do this; what else is being done goes on. `action` in words."""

    action: Union[MoveForm, TurnForm, SearchForm, ExploreForm, FollowForm, SayForm, OtherForm]
    text_span: str = ""


@record
class TimedForm:
    """Do this for so long, then the next; without an action: wait."""

    duration_s: float
    action: Optional[Union[MoveForm, TurnForm, ExploreForm, FollowForm]] = None


@record
class RepeatForm:
    """Do once more what was done last."""


@record
class StopForm:
    """Stop (pause) what is being done; `drop` forgets it for good."""

    drop: bool = False


@record
class ResumeForm:
    """Go on with what was stopped."""


ActionForm = Union[
    MoveForm,
    TurnForm,
    SearchForm,
    ExploreForm,
    FollowForm,
    SayForm,
    StopForm,
    ResumeForm,
    ForbidForm,
    OtherForm,
    TimedForm,
    RepeatForm,
]


@record
class Command:
    """Do these, one after the other."""

    event_sequence: Tuple[ActionForm, ...]


@record
class GetMemory:
    """A question that memory answers."""

    filters: Filters
    text_span: str = ""
    scope: Literal["EVER", "NOW"] = "EVER"  # NOW: what is in view
    holds: Optional[Filters] = None  # "is the chair red?": whether what the filters find fits these, too


@record
class GetCapabilities:
    """What can you do?"""


@record
class Mention:
    """Only a thing was named: the answer to a question of the agent's, or half a sentence."""

    reference: ReferenceObject


@record
class Confirm:
    """Yes or no."""

    yes: bool


@record
class Noop:
    """Nothing to do."""

    kind: Literal[
        "EMPTY",
        "GREETING",
        "FAREWELL",
        "THANKS",
        "PRAISE",
        "COMPLAINT",
        "WELL",
        "NOTED",
        "QUESTION",
        "UNKNOWN",
    ] = "UNKNOWN"


LogicalForm = Union[Command, GetMemory, GetCapabilities, Mention, Confirm, Noop]


@record
class Utterance:
    """What was heard and how it was understood.

    Several sentences give several forms; `unread` are the words that no form covers.
    """

    chat: Chat
    form: Tuple[LogicalForm, ...]
    unread: Tuple[str, ...] = ()
