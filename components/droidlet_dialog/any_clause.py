"""The clause that begins at a word: a question, a command, politeness, a correction, or a thing alone."""

from __future__ import annotations

import attrs

from droidlet_dialog.clause import Clause, furthest
from droidlet_dialog.commands import clause_end, command, starts_command
from droidlet_dialog.joining import NO
from droidlet_dialog.lasting import lasting
from droidlet_dialog.mentions import mention, past_tail
from droidlet_dialog.nouns import noun_phrase
from droidlet_dialog.questions import question
from droidlet_dialog.text import Text
from droidlet_dialog.tokens import COMMA
from droidlet_schema import (
    Confirm,
    ExploreForm,
    FollowForm,
    GetMemory,
    Mention,
    MoveForm,
    Noop,
    OtherForm,
    TimedForm,
    TurnForm,
)

MOST_LEADS = 8  # "could you please try to ...": in front of one clause


def any_clause(text: Text, at: int, fresh: bool, last: Clause | None, depth: int = 0) -> Clause | None:
    """The clause that begins here. A bare thing counts only where a clause may begin, and after a command
    it is its next goal.
    """
    if at >= len(text.words):
        return None  # "for five seconds", and nothing behind it
    if not fresh or last is not None:
        return _read_clause(text, at, fresh, last, depth)
    key = ("clause", at, depth)  # greetings and politeness in a row come here by many ways
    if key not in text.memo:
        text.memo[key] = _read_clause(text, at, True, None, depth)
    found: Clause | None = text.memo[key]
    return found


def _outright(text: Text, at: int) -> Clause | None:
    """The question or command that begins at a word itself."""
    key = ("outright", at, 0)
    if key not in text.memo:
        text.memo[key] = furthest(question(text, at), command(text, at))
    found: Clause | None = text.memo[key]
    return found


def _read_clause(text: Text, at: int, fresh: bool, last: Clause | None, depth: int) -> Clause | None:
    best = furthest(_outright(text, at), _social(text, at, depth) if fresh else None)
    denied = _denied(text, at) if fresh else None
    if denied is not None:
        return denied
    correction = text.match("correct", at)
    if correction is not None and (best is None or best.end <= correction[1]):
        return Clause(NO, correction[1]) if _goes_on(text, correction[1]) else best
    if not fresh:
        return best
    time = lasting(text, at) if depth < MOST_LEADS else None
    if time is not None:
        timed = any_clause(text, text.past(time[1], COMMA), True, None, depth + 1)
        if timed is not None and isinstance(timed.form, (MoveForm, TurnForm, ExploreForm, FollowForm)):
            return Clause(TimedForm(time[0], timed.form), timed.end)
    again = last.again(text, at) if last is not None and last.again is not None else None
    if again is not None and (best is None or _is_bare(text, at, best, again)):
        return again
    lead = text.match("lead", at) if depth < MOST_LEADS else None
    if lead is not None and lead[1] < len(text.words):
        inner = any_clause(text, lead[1], True, None, depth + 1)
        if (
            inner is not None
            and (best is None or inner.end > best.end)
            and not isinstance(inner.form, Mention)
        ):
            return inner
        if best is None and inner is None and _is_wish(text, at):
            end = clause_end(text, lead[1])
            return Clause(OtherForm(text.span(lead[1], end)), end)
    return best or mention(text, at)


def _goes_on(text: Text, at: int) -> bool:
    """Whether something can be meant from here on: a thing or a command."""
    start = text.past(at, COMMA, "to")
    return noun_phrase(text, start) is not None or command(text, start) is not None


def _denied(text: Text, at: int) -> Clause | None:
    """ "Not the ball, the cup": what comes behind is meant instead."""
    if text.word(at) != "not":
        return None
    thing, side = noun_phrase(text, at + 1), text.match("side", at + 1)
    end = thing[1] if thing is not None else side[1] if side is not None else 0
    return Clause(NO, end) if text.word(end) in (COMMA, "but") and _goes_on(text, end + 1) else None


def _is_bare(text: Text, at: int, clause: Clause, again: Clause) -> bool:
    """Whether a clause has no verb of its own, so that the one before counts: "go left and right"."""
    if isinstance(clause.form, GetMemory) or starts_command(text, at):
        return False
    return again.end >= clause.end


_WISH = (
    "can you",
    "could you",
    "would you",
    "will you",
    "i want you to",
    "i would like you to",
    "i need you to",
)


def _is_wish(text: Text, at: int) -> bool:
    lead = text.match("lead", at)
    end = text.after(at, *_WISH)
    return (
        end is not None
        and lead is not None
        and not text.at_end(lead[1])
        and text.word(lead[1]) not in ("see", "hear", "be", "not")
    )


def _social(text: Text, at: int, depth: int) -> Clause | None:
    """Greetings, thanks, yes and no: only as whole clauses."""
    talk, confirm = text.match("social", at), text.match("confirm", at)
    found = None
    if talk is not None:
        found = Clause(Noop(talk[0]), talk[1])  # type: ignore[arg-type]
    if confirm is not None and (found is None or confirm[1] > found.end):
        found = Clause(Confirm(confirm[0] == "yes"), confirm[1])
    if found is None:
        return None
    end = past_tail(text, found.end)
    the_other = found.form == NO and text.match("determiner", end) is not None
    corrected = found.form == NO and text.match("correct", end) is not None
    answered = isinstance(found.form, Confirm) and starts_command(text, end) or the_other or corrected
    polite = found.form in (Noop("GREETING"), Noop("THANKS")) and not text.at_end(end)
    goes_on = polite and depth < MOST_LEADS
    more = goes_on and any_clause(text, end, True, None, depth + 1) is not None  # "hello robot how are you"
    return attrs.evolve(found, end=end) if answered or more or text.at_end(end) else None
