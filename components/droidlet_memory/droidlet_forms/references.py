"""Reference objects, locations and coordinates."""

from __future__ import annotations

from typing import Literal, cast, get_args

from droidlet_memory.droidlet_forms.plain import Form, FormRefused
from droidlet_memory.numerals import number_in
from droidlet_memory.units import UNITS
from droidlet_schema import Direction, Filters, Location, ReferenceFrame, ReferenceObject, Triple

REFERENCE = ("text_span", "special_reference", "filters", "contains_coreference")
PLACES = ("reference_object", "reference_object_1", "reference_object_2")
LOCATION = (
    "text_span",
    "steps",
    "has_measure",
    "contains_coreference",
    "relative_direction",
    "location_type",
)
SPECIAL = {"SPEAKER": "SPEAKER", "AGENT": "AGENT", "SELF": "AGENT", "SPEAKER_LOOK": "SPEAKER_LOOK"}


def reference(form: Form) -> ReferenceObject:
    """Something spoken of."""
    form.mapping(REFERENCE)
    span, special, filters = form.get("text_span"), form.get("special_reference"), form.get("filters")
    text = "" if span is None else span.text()
    if special is not None:
        return _special(special, text)
    if filters is not None:
        return ReferenceObject(text, filters=form.filters(filters._replace(tasks=False)))
    if form.get("contains_coreference") is not None:
        return ReferenceObject(text, filters=Filters(contains_coreference=True))
    return ReferenceObject(text) if text else form.refuse("refers to nothing")


def _special(form: Form, span: str) -> ReferenceObject:
    coordinates = form.get("coordinates_span")
    if coordinates is not None:
        form.mapping(("coordinates_span",))
        return ReferenceObject(span, coordinates_m=point(coordinates))
    word = SPECIAL[form.word(SPECIAL)]
    return ReferenceObject(span, cast(Literal["SPEAKER", "AGENT", "SPEAKER_LOOK"], word))


def point(form: Form) -> tuple[float, ...]:
    """Coordinates "x y z" (or "x z", on the floor) of droidlet's axes as this memory's."""
    numbers = [number_in(word) for word in form.text().replace(",", " ").split()]
    known = [number for number in numbers if number is not None]
    if len(known) < len(numbers) or len(known) not in (2, 3):
        raise FormRefused(form.place, form.value, "expected two or three coordinates")
    x, z = known[0], known[-1]
    return (z, -x, known[1]) if len(known) == 3 else (z, -x)


def location(form: Form) -> Location:
    """A place."""
    form.mapping((*LOCATION, *PLACES))
    places = [place for name in PLACES if (place := form.get(name)) is not None]
    references = tuple(reference(place) for place in places)
    kind, direction = form.get("location_type"), form.get("relative_direction")
    if kind is not None:
        references = (_special(kind, ""), *references)
    found = None if direction is None else direction.word(get_args(Direction))
    span = form.get("text_span")
    text = "" if span is None else span.text()
    return Location(cast("Direction | None", found), _distance(form), references, text)


def _distance(form: Form) -> float | None:
    steps, measure = form.get("steps"), form.get("has_measure")
    if steps is None:
        return None
    return steps.number() * (1.0 if measure is None else UNITS[measure.unit()])


def frame(form: Form) -> ReferenceFrame:
    """Whose left and front are meant."""
    player = form.get("player_span")
    if player is None:
        return cast(ReferenceFrame, form.word(("SPEAKER", "AGENT", "ABSOLUTE")))
    form.mapping(("player_span",))
    return ReferenceObject(filters=Filters(Triple("has_name", player.text()), memory_type="Player"))


def source(form: Form) -> ReferenceObject:
    """An end of a linear extent: a reference object, in a mapping of its own or not."""
    inner = form.get("reference_object")
    if inner is None:
        return reference(form)
    form.mapping(("reference_object",))
    return reference(inner)
