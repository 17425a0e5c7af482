"""The other commands: look around, follow, stop, go on, say, do not, and what cannot be done."""

from __future__ import annotations

from droidlet_dialog.clause import FORBIDDEN, Clause, furthest
from droidlet_dialog.described import SPEAKER
from droidlet_dialog.going import going
from droidlet_dialog.here import place_skipped
from droidlet_dialog.lasting import for_so_long
from droidlet_dialog.nouns import noun_phrase
from droidlet_dialog.numbers import duration, number
from droidlet_dialog.seeking import seeking
from droidlet_dialog.text import Text
from droidlet_dialog.turning import turning
from droidlet_schema import (
    ExploreForm,
    FollowForm,
    ForbidForm,
    Location,
    MoveForm,
    OtherForm,
    ReferenceObject,
    RepeatForm,
    ResumeForm,
    SayForm,
    StopForm,
    TimedForm,
    TurnForm,
)


def command(text: Text, at: int) -> Clause | None:
    """The command that begins at a word and reads furthest."""
    own = _by_compass(text, at, furthest(*(rule(text, at) for rule in _RULES)))
    own = for_so_long(text, own) if own is not None else None
    beyond = other(text, at)
    return own if beyond is None or (own is not None and own.end > beyond[1]) else beyond[0]


def _by_compass(text: Text, at: int, own: Clause | None) -> Clause | None:
    """A move or turn by a point of the compass cannot be done: there is no north indoors."""
    if own is None:
        verb = text.any_of(("face", "go", "turn", "reach"), at)
        start = text.past(verb[1], "to", "towards", "toward", "the", "due") if verb is not None else at
        beyond = text.match("compass", start) if verb is not None else None
        return Clause(OtherForm(text.span(at, beyond[1])), beyond[1]) if beyond is not None else None
    if not isinstance(own.form, (MoveForm, TurnForm)):
        return own
    end = text.past(own.end, "to", "towards", "toward", "the", "due", "facing")
    beyond = text.match("compass", end)
    end = beyond[1] if beyond else own.end
    if not any(text.match("compass", word) for word in range(at, end)):
        return own
    end = clause_end(text, end)
    return Clause(OtherForm(text.span(at, end)), end)


def stopping(text: Text, at: int) -> Clause | None:
    """ "Stop", "wait a minute", "never mind", "stop looking for the chair"."""
    read = text.match("stop", at)
    if read is None:
        return None
    meaning, end = read
    start = text.past(end, "here", "there")
    awhile = duration(text, start, text.word(start) == "for") if meaning == "pause" else None
    bare = number(text, start) if text.word(at) in ("wait", "waiting") else None
    if awhile is not None:
        return Clause(TimedForm(awhile[0]), awhile[1])
    if bare is not None and text.at_end(bare[1]):
        return Clause(TimedForm(bare[0]), bare[1])
    form = StopForm(drop=meaning == "drop")
    for start in (end, at + 1):
        what = _wish(text, start) if text.word(start).endswith("ing") or text.word(start) == "to" else None
        if what is not None and what.end >= end:
            return Clause(form, what.end)
    stopped = text.match("stopped", text.past(end, "the", "your", "my", "with"))
    if stopped is not None:
        return Clause(form, stopped[1])
    place = noun_phrase(text, end) if meaning == "drop" and text.word(end) in ("the", "my", "that") else None
    return Clause(form, place[1] if place else end)


def resuming(text: Text, at: int) -> Clause | None:
    """ "Continue", "go on with what you were doing", "keep looking for the chair"."""
    read = text.match("resume", at)
    if read is None:
        return None
    end = text.past(
        read[1],
        "with",
        "it",
        "your",
        "task",
        "work",
        "the",
        "search",
        "mission",
        "walk",
        "previous",
        "last",
        "old",
        "way",
        "on",
    )
    return Clause(ResumeForm(), end)


def repeating(text: Text, at: int) -> Clause | None:
    """ "Again", "do that once more": only as a whole clause."""
    read = text.match("repeat", at)
    return Clause(RepeatForm(), read[1]) if read is not None and text.at_end(read[1]) else None


def scanning(text: Text, at: int) -> Clause | None:
    """ "Look around", "explore the house"."""
    read = text.match("scan", at)
    if read is None:
        return None
    meaning, end = read
    inside = place_skipped(text, end)
    place = text.match("place", text.past(end, "the", "this", "your", "whole", "entire"))
    end = inside if inside is not None else place[1] if place is not None else end
    if inside is None and text.word(end - 1) in ("around", "round") and noun_phrase(text, end):
        return None  # around a thing, not around here
    return Clause(ExploreForm("HERE" if meaning == "HERE" else "EVERYWHERE"), end)


def following(text: Text, at: int) -> Clause | None:
    """ "Follow me", "stay with the person"."""
    read = text.match("follow", at)
    if read is None:
        return None
    thing = noun_phrase(text, text.past(read[1], "behind", "after", "along", "with"))
    if thing is not None:
        return Clause(FollowForm(thing[0]), thing[1])
    return Clause(FollowForm(SPEAKER if text.word(read[1]) == "along" else ReferenceObject()), read[1])


def saying(text: Text, at: int) -> Clause | None:
    """ "Say hello": the words to the end of the sentence."""
    read = text.match("say", at)
    if read is None or read[1] >= len(text.words):
        return None
    return Clause(SayForm(text.span(read[1], len(text.words))), len(text.words))


def forbidding(text: Text, at: int) -> Clause | None:
    """ "Do not go to the chair": what is forbidden, or a stop where that is everything."""
    read = text.match("forbid", at)
    if read is None:
        return None
    stop = text.match("stop", read[1])
    if stop is not None:
        return Clause(ResumeForm(), stop[1])
    wish = _wish(text, read[1])
    if wish is None:
        return Clause(StopForm(), read[1]) if text.at_end(read[1]) else None
    if not isinstance(wish.form, FORBIDDEN):
        return None
    if wish.form == MoveForm(Location()):
        return Clause(StopForm(), wish.end)
    return Clause(ForbidForm(wish.form, text.span(at, wish.end)), wish.end)


def _wish(text: Text, at: int) -> Clause | None:
    at = text.past(at, "to", "your", "the", "ever")
    own = furthest(
        scanning(text, at), turning(text, at), going(text, at), seeking(text, at), following(text, at)
    )
    beyond = other(text, at)
    return own or (beyond[0] if beyond else None)


def other(text: Text, at: int) -> tuple[Clause, int] | None:
    """A wish for something that cannot be done, to the end of the clause, and where its verb ends."""
    read = text.match("other", at)
    if read is None:
        return None
    return Clause(OtherForm(text.span(at, clause_end(text, read[1]))), clause_end(text, read[1])), read[1]


def clause_end(text: Text, at: int) -> int:
    """Where the words of a clause end: at the next word that joins a command to it."""
    while at < len(text.words):
        join = text.match("join", at)
        if text.words[at] == "," or join is not None:
            after = text.past(join[1] if join else at + 1, ",", "then", "and")
            if after >= len(text.words) or starts_command(text, after):
                return at
        at += 1
    return at


def starts_command(text: Text, at: int) -> bool:
    """Whether a command's verb stands here."""
    verbs = (
        "go",
        "reach",
        "step",
        "seek",
        "turn",
        "face",
        "scan",
        "follow",
        "come",
        "stop",
        "resume",
        "say",
        "forbid",
        "other",
    )
    return text.any_of(verbs, at) is not None


_RULES = (
    stopping,
    resuming,
    repeating,
    scanning,
    seeking,
    following,
    turning,
    going,
    saying,
    forbidding,
)  # of equals the first counts
