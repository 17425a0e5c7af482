"""An utterance as a row of clauses: what joins them, what says nothing, and what nobody understands."""

from __future__ import annotations

import attrs

from droidlet_dialog.clause import ACTIONS, Clause, furthest
from droidlet_dialog.commands import clause_end, command, starts_command
from droidlet_dialog.joining import NO, WISHES, joined
from droidlet_dialog.lasting import lasting
from droidlet_dialog.lexicon import Lexicon
from droidlet_dialog.moving import destination
from droidlet_dialog.nouns import noun_phrase, relation
from droidlet_dialog.numbers import coordinates
from droidlet_dialog.questions import question
from droidlet_dialog.text import Text
from droidlet_dialog.tokens import COMMA, MAX_CHARACTERS, sentences, tokenize
from droidlet_schema import (
    Command,
    Confirm,
    ExploreForm,
    Facing,
    FollowForm,
    GetMemory,
    Location,
    LogicalForm,
    Mention,
    MoveForm,
    Noop,
    OtherForm,
    ReferenceObject,
    SearchForm,
    TimedForm,
    TurnForm,
)

MAX_WORDS = 1000  # read; the rest is told as unread
MAX_FORMS = 16  # of one utterance
MOST_LEADS = 8  # "could you please try to ...": in front of one clause
MAX_UNREAD = 64
_OTHERS = frozenset(
    [
        "i",
        "he",
        "she",
        "we",
        "they",
        "it",
        "this",
        "that",
        "there",
        "nobody",
        "everybody",
        "people",
        "my",
        "his",
        "her",
        "our",
        "their",
        "who",
        "what",
        "where",
        "why",
        "how",
        "which",
        "when",
    ]
)
_ASKING = frozenset(
    [
        "what",
        "where",
        "who",
        "when",
        "why",
        "how",
        "which",
        "whose",
        "whom",
        "is",
        "are",
        "was",
        "were",
        "do",
        "does",
        "did",
        "can",
        "could",
        "will",
        "would",
        "have",
        "has",
    ]
)


@attrs.frozen
class Heard:
    """What has been understood so far of an utterance."""

    forms: tuple[object, ...] = ()
    unread: tuple[str, ...] = ()


def read(said: str, lexicon: Lexicon) -> tuple[tuple[LogicalForm, ...], tuple[str, ...]]:
    """The forms of an utterance, at least one, and the words that no form covers."""
    raw = tokenize(said, lexicon.expand)
    heard, last = Heard(), None
    for sentence in sentences(raw[:MAX_WORDS]):
        words = lexicon.spelled(sentence)
        heard, last = _sentence(_without_noise(Text(words, lexicon)), heard, last)
    unread = heard.unread + tuple(word for word in raw[MAX_WORDS:] if word.isalnum())
    if len(said) > MAX_CHARACTERS:
        unread += ("...",)
    forms = _merged(joined(heard.forms))
    other = forms and isinstance(forms[0], (Command, Mention)) and _can_replace(forms[0])
    if other and (_INSTEAD & {raw[0], raw[-1]} or raw[-2:] in _MEANT):
        forms = (NO, *forms)  # not what is being done, but this
    if raw[-2:] in _MEANT:
        unread = unread[:-2] if unread[-2:] in _MEANT else unread
    if not forms:
        forms = (_nothing(said, raw),)
    return forms, unread[:MAX_UNREAD]


_MEANT = (("i", "mean"), ("i", "meant"))
_INSTEAD = {"instead", "actually", "sorry", "oops"}  # first or last, before or behind what is meant instead


def _can_replace(form: LogicalForm) -> bool:
    return isinstance(form, Mention) or (
        isinstance(form, Command) and isinstance(form.event_sequence[0], WISHES)
    )


def _without_noise(text: Text) -> Text:
    kept: list[str] = []
    at = 0
    while at < len(text.words):
        noise = text.match("noise", at)
        if noise is None or text.match("scan", at) or (text.match("ordinal", at) and not noise):
            kept.append(text.words[at])
            at += 1
        else:
            at = noise[1]
    while kept and kept[0] == COMMA:
        kept.pop(0)
    return attrs.evolve(text, words=tuple(kept))


def _sentence(text: Text, heard: Heard, last: Clause | None) -> tuple[Heard, Clause | None]:
    at, fresh, blocked, skipped = 0, True, False, 0
    forms, unread = list(heard.forms), list(heard.unread)
    while at < len(text.words) and len(forms) < MAX_FORMS:
        join = text.match("join", at)
        unless = text.match("unless", at)
        if unless is not None and unless[0] == "after" and at == 0:
            at = unless[1]  # what comes first is said first
            continue
        if unless is not None and join is None and text.match("recall", at) is None:
            at = _condition(text, at, forms, unread)
            continue
        beside = text.match("relation", at) if join is not None else None
        rather = text.match("correct", at) is not None  # "or rather"
        if join is not None and not rather and (beside is None or beside[1] <= join[1]):
            asked = bool(forms) and isinstance(forms[-1], GetMemory)
            blocked = asked and text.word(at) == "or"  # "... or right of the table?"
            at, fresh, skipped = join[1], True, 0
            continue
        clause = None if blocked else _clause(text, at, fresh, last)
        if clause is not None and clause.end > at and (fresh or not _is_empty(clause)):
            forms.append(clause.form)
            fresh = clause.form == NO  # "no the red one", "i mean the bed"
            at, last, skipped = clause.end if fresh else _past_tail(text, clause.end), clause, 0
            blocked = isinstance(clause.form, GetMemory)
        elif text.words[at] == COMMA:
            at, fresh, blocked, skipped = at + 1, True, False, 0
        elif fresh and (lead := text.match("lead", at)) is not None:
            at = lead[1]
        else:
            if skipped < 2 and text.words[at] in _OTHERS:
                blocked = True
            unread.append(text.words[at])
            at, fresh, skipped = at + 1, False, skipped + 1
    unread += [word for word in text.words[at:] if word != COMMA]
    return Heard(tuple(forms), tuple(unread)), last


def _condition(text: Text, at: int, forms: list[object], unread: list[str]) -> int:
    """What depends on something ("if ...", "until ..."): nothing that can be done when it begins a
    sentence, else unread.
    """
    if at == 0:
        forms.append(OtherForm(text.span(0, len(text.words))))
    else:
        unread += [word for word in text.words[at:] if word != COMMA]
    return len(text.words)


def _is_empty(clause: Clause) -> bool:
    """Whether a clause is a bare verb: amid words that nobody understands it is no command."""
    form = clause.form
    nobody = (SearchForm(ReferenceObject()), FollowForm(ReferenceObject()))
    return form == MoveForm(Location()) or form == TurnForm(Facing()) or form in nobody


def _past_tail(text: Text, at: int) -> int:
    while (tail := text.match("tail", at)) is not None and text.at_end(tail[1]) | (
        text.match("tail", tail[1]) is not None
    ):
        if (
            text.match("join", at) is not None
            and not text.at_end(at + 1)
            and text.word(at) in ("then", "next", "afterwards", "later")
        ):
            break
        at = tail[1]
    return at


def _clause(text: Text, at: int, fresh: bool, last: Clause | None, depth: int = 0) -> Clause | None:
    """The clause that begins here. A bare thing counts only where a clause may begin, and after a command
    it is its next goal.
    """
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
        timed = _clause(text, text.past(time[1], COMMA), True, None, depth + 1)
        if timed is not None and isinstance(timed.form, (MoveForm, TurnForm, ExploreForm, FollowForm)):
            return Clause(TimedForm(time[0], timed.form), timed.end)
    again = last.again(text, at) if last is not None and last.again is not None else None
    if again is not None and (best is None or _is_bare(text, at, best, again)):
        return again
    lead = text.match("lead", at) if depth < MOST_LEADS else None
    if lead is not None and lead[1] < len(text.words):
        inner = _clause(text, lead[1], True, None, depth + 1)
        if (
            inner is not None
            and (best is None or inner.end > best.end)
            and not isinstance(inner.form, Mention)
        ):
            return inner
        if best is None and inner is None and _is_wish(text, at):
            end = clause_end(text, lead[1])
            return Clause(OtherForm(text.span(lead[1], end)), end)
    return best or _mention(text, at)


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
    end = _past_tail(text, found.end)
    the_other = found.form == NO and text.match("determiner", end) is not None
    corrected = found.form == NO and text.match("correct", end) is not None
    answered = isinstance(found.form, Confirm) and starts_command(text, end) or the_other or corrected
    polite = found.form in (Noop("GREETING"), Noop("THANKS")) and not text.at_end(end)
    goes_on = polite and depth < MOST_LEADS
    more = goes_on and _clause(text, end, True, None, depth + 1) is not None  # "hello robot how are you"
    return attrs.evolve(found, end=end) if answered or more or text.at_end(end) else None


_TOWARDS = ("to", "too", "towards", "toward", "over", "back", "on", "onto", "into", "up")


def _mention(text: Text, at: int) -> Clause | None:
    """A thing or a point alone, as a whole clause."""
    strange = text.words[at] not in text.lexicon.known  # "mosey over to the lamp": a way of going
    start = at + 1 if strange else at
    goal = destination(text, start)
    if goal is not None and text.word(start) in _TOWARDS and text.at_end(_past_tail(text, goal[1])):
        return Clause(MoveForm(goal[0]), goal[1])
    thing = noun_phrase(text, at)
    known = thing is not None and (
        text.match("determiner", at)
        or thing[0].special
        or text.any_of(("thing", "things", "colour", "pronoun", "superlative", "size"), at)
    )
    if thing is not None and known and text.at_end(_past_tail(text, thing[1])):
        return Clause(Mention(thing[0]), thing[1])
    beside = relation(text, text.past(at, "to"))
    if beside is not None and text.at_end(_past_tail(text, beside[1])):
        return Clause(MoveForm(beside[0]), beside[1])
    point = coordinates(text, at)
    if point is not None and text.at_end(point[1]):
        return Clause(Mention(ReferenceObject(text.span(at, point[1]), coordinates_m=point[0])), point[1])
    return None


def _merged(forms: tuple[object, ...]) -> tuple[LogicalForm, ...]:
    """Actions in a row are one command; politeness beside anything else says nothing."""
    serious = tuple(form for form in forms if not isinstance(form, Noop))
    if any(not isinstance(form, Confirm) for form in serious):
        serious = tuple(form for form in serious if form != Confirm(True))
    found: list[LogicalForm] = []
    for form in serious or forms[:1]:
        if not isinstance(form, ACTIONS):
            found.append(form)  # type: ignore[arg-type]
        elif found and isinstance(found[-1], Command):
            found[-1] = Command((*found[-1].event_sequence, form))
        else:
            found.append(Command((form,)))
    return tuple(found)


def _nothing(said: str, raw: tuple[str, ...]) -> Noop:
    if not said.strip():
        return Noop("EMPTY")
    return Noop("QUESTION") if raw and (raw[0] in _ASKING or said.rstrip().endswith("?")) else Noop("UNKNOWN")
