"""Selectors: how many, which one, and where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, cast

from droidlet_memory.droidlet_forms.measures import measured
from droidlet_memory.droidlet_forms.plain import Form
from droidlet_memory.droidlet_forms.references import location
from droidlet_memory.numerals import ORDINALS, number_in
from droidlet_schema import LinearExtent, Location, Measured, ReferenceObject, Selector

KEYS = ("return_quantity", "ordinal", "same", "location")
Same = Literal["ALLOWED", "DISALLOWED", "REQUIRED"]


class Chosen(NamedTuple):
    """What a selector says: whom to choose, where, and whether the speaker is no choice."""

    selector: Selector | None
    location: Location | None
    not_the_speaker: bool


def chosen(form: Form) -> Chosen:
    """A selector. Numbers ("2") say how many, ordinal words ("SECOND") which one.

    Without a quantity the nearest to the location is meant, and of several as many as are wanted, however far
    they are ("these two"); a location as the quantity's companion only says where.
    """
    form.mapping(KEYS)
    place, kind = form.get("location"), form.get("return_quantity")
    where = None if place is None else location(place)
    ordinal, count = _ordinal(form.get("ordinal"))
    same_form = form.get("same")
    same = cast(
        Same,
        "DISALLOWED" if same_form is None else same_form.word(("ALLOWED", "DISALLOWED", "REQUIRED")),
    )
    if kind is None and where is None:
        if ordinal != 1:
            form.refuse("an ordinal needs an argval: the second of what order?")
        return Chosen(None if count is None else Selector("ALL", None, 1, count, same), None, False)
    quantity: Literal["ALL", "RANDOM", "MIN", "MAX"]
    attribute: Measured | None
    if kind is None:
        quantity, attribute = "MIN", LinearExtent("AWAY", _nearest_to(where))
        if where is not None and where.relative_direction is None and count is not None and count > 1:
            return Chosen(Selector(quantity, attribute, ordinal, count, same), None, _speaker_in(where))
    else:
        quantity, attribute, count = _quantity(kind, count)
    selector = Selector(quantity, attribute, ordinal, count, same)
    return Chosen(selector, where, _is_speaker(attribute) or _speaker_in(where))


def _nearest_to(where: Location | None) -> ReferenceObject:
    references = () if where is None else where.references
    return references[0] if references else ReferenceObject(special="AGENT")


def _quantity(
    form: Form, count: int | None
) -> tuple[Literal["ALL", "RANDOM", "MIN", "MAX"], Measured | None, int | None]:
    if not isinstance(form.fixed().value, Mapping):
        word = form.word(("ALL", "RANDOM"))
        return ("ALL", None, count) if word == "ALL" else ("RANDOM", None, count)
    form.mapping(("argval", "random"))
    argval, random = form.get("argval"), form.get("random")
    if random is not None:
        return "RANDOM", None, _whole(random)
    if argval is None:
        form.refuse("expected ALL, RANDOM, argval or random")
    argval.mapping(("polarity", "quantity"), ("polarity", "quantity"))
    polarity = argval.at("polarity").word(("MAX", "MIN"))
    return "MAX" if polarity == "MAX" else "MIN", measured(argval.at("quantity")), count


def _ordinal(form: Form | None) -> tuple[int, int | None]:
    """Which one, and how many."""
    if form is None:
        return 1, None
    word = form.text().casefold()
    if word in ORDINALS:
        return ORDINALS[word], None
    return 1, _whole(form)


def _whole(form: Form) -> int:
    number = number_in(form.text())
    if number is None or not number.is_integer() or not 0 < number < 1e9:
        form.refuse("expected a number such as 2, or a word such as SECOND")
    return int(number)


def _is_speaker(attribute: Measured | None) -> bool:
    """The thing nearest to me is not me."""
    return isinstance(attribute, LinearExtent) and attribute.source.special == "SPEAKER"


def _speaker_in(where: Location | None) -> bool:
    return where is not None and any(reference.special == "SPEAKER" for reference in where.references)
