"""From an utterance to its forms: sentence by sentence, then merged into commands."""

from __future__ import annotations

from droidlet_dialog.clause import ACTIONS
from droidlet_dialog.joining import NO, WISHES, joined
from droidlet_dialog.lexicon import Lexicon
from droidlet_dialog.sentences import Heard, read_sentence, without_noise
from droidlet_dialog.text import Text
from droidlet_dialog.tokens import MAX_CHARACTERS, sentences, tokenize
from droidlet_schema import Command, Confirm, LogicalForm, Mention, Noop

MAX_WORDS = 1000  # read; the rest is told as unread
MAX_UNREAD = 64
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


def read(said: str, lexicon: Lexicon) -> tuple[tuple[LogicalForm, ...], tuple[str, ...]]:
    """The forms of an utterance, at least one, and the words that no form covers."""
    raw = tokenize(said, lexicon.expand)
    heard, last = Heard(), None
    for sentence in sentences(raw[:MAX_WORDS]):
        words = lexicon.spelled(sentence)
        heard, last = read_sentence(without_noise(Text(words, lexicon)), heard, last)
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
