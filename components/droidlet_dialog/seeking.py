"""Commands to find a thing and go there."""

from __future__ import annotations

from droidlet_dialog.clause import Clause
from droidlet_dialog.nouns import noun_phrase
from droidlet_dialog.text import Text
from droidlet_dialog.tokens import COMMA
from droidlet_schema import ReferenceObject, SearchForm


def seeking(text: Text, at: int) -> Clause | None:
    """ "Find the red ball", "look for something to sit on", "where can I find a cup"."""
    verb = text.match("seek", at)
    if verb is None:
        return None
    return _sought(text, verb[1]) or Clause(SearchForm(ReferenceObject()), verb[1])


def _sought(text: Text, at: int) -> Clause | None:
    at = text.past(at, "for", "out", "where")
    thing = noun_phrase(text, at)
    if thing is None:
        return None
    end = text.past(thing[1], "is", "are", COMMA) if text.word(thing[1]) in ("is", "are") else thing[1]
    return Clause(SearchForm(thing[0]), end, _sought)
