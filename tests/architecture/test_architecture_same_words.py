"""Components know nothing of one another, so what they must agree on stands in several: here it is compared."""

from __future__ import annotations

from droidlet_dialog import DialogModel
from droidlet_interpreter import Interpreter
from droidlet_interpreter.names import COLOURS as SPOKEN_COLOURS
from droidlet_perception import OccupancyMapper, colour_name, default_classes, default_weights
from droidlet_schema import Chat, Command, MoveForm, Triple
from droidlet_simulators import CLASSES, COLOURS, Limits
from droidlet_style.pictures.map_picture import ROBOT_M
from droidlet_style.session import ENDLESS_S
from droidlet_tasks import BodyLimits
from droidlet_tasks.stack import ENDLESS_IS_DONE_NS


def meant(text: str) -> set[tuple[str, str]]:
    """Predicate and object of every triple in what a sentence asks for."""
    [form] = DialogModel()(Chat("person", text, 0)).form
    assert isinstance(form, Command) and isinstance(form.event_sequence[0], MoveForm), text
    waiting, found = [form], set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, Triple):
            found.add((part.predicate, part.object))
        elif isinstance(part, tuple):
            waiting.extend(part)
        elif hasattr(type(part), "__attrs_attrs__"):
            waiting.extend(getattr(part, field.name) for field in type(part).__attrs_attrs__)
    return found


def test_everybody_knows_the_same_things() -> None:
    named = set(CLASSES)
    assert {shape.name for shape in default_classes()} == named
    assert set(default_weights().labels) - {""} == named
    assert Interpreter().names == DialogModel().names == tuple(sorted(named))
    assert all(("has_name", name) in meant(f"go to the {name}") for name in named)


def test_everybody_knows_the_same_colours() -> None:
    assert set(SPOKEN_COLOURS) == set(COLOURS)
    assert all(("has_colour", colour) in meant(f"go to the {colour} chair") for colour in COLOURS)
    assert {colour_name([255.0 * part for part in rgb]) for rgb in COLOURS.values()} == set(COLOURS)


def test_everybody_thinks_of_the_same_body() -> None:
    body, thought = Limits(), BodyLimits()
    assert (thought.radius_m, thought.speed_m_s, thought.turn_rad_s) == (
        body.radius_m,
        body.forward_m_s,
        body.turn_rad_s,
    )
    assert body.radius_m == OccupancyMapper().body_radius_m == ROBOT_M


def test_endless_work_is_done_after_one_time() -> None:
    assert round(ENDLESS_S * 1e9) == ENDLESS_IS_DONE_NS
