"""A sentence as a row of clauses: what joins them, what says nothing, and what nobody understands."""

from __future__ import annotations

import attrs

from droidlet_dialog.any_clause import any_clause
from droidlet_dialog.clause import Clause
from droidlet_dialog.joining import NO
from droidlet_dialog.mentions import past_tail
from droidlet_dialog.text import Text
from droidlet_dialog.tokens import COMMA
from droidlet_schema import (
    Facing,
    FollowForm,
    GetMemory,
    Location,
    MoveForm,
    OtherForm,
    ReferenceObject,
    SearchForm,
    TurnForm,
)

MAX_FORMS = 16  # of one utterance
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


@attrs.frozen
class Heard:
    """What has been understood so far of an utterance."""

    forms: tuple[object, ...] = ()
    unread: tuple[str, ...] = ()


def without_noise(text: Text) -> Text:
    """The same sentence less the words that say nothing, wherever they stand."""
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


def read_sentence(text: Text, heard: Heard, last: Clause | None) -> tuple[Heard, Clause | None]:
    """What was heard with the clauses of one more sentence, and the last of these."""
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
        clause = None if blocked else any_clause(text, at, fresh, last)
        if clause is not None and clause.end > at and (fresh or not _is_empty(clause)):
            forms.append(clause.form)
            fresh = clause.form == NO  # "no the red one", "i mean the bed"
            at, last, skipped = clause.end if fresh else past_tail(text, clause.end), clause, 0
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
