"""Questions and small talk in many wordings, against the forms that they mean."""

from __future__ import annotations

from typing import Any

import pytest

from droidlet_dialog import DialogModel
from droidlet_schema import (
    And,
    Attribute,
    Chat,
    Comparator,
    Confirm,
    Filters,
    GetCapabilities,
    GetMemory,
    LinearExtent,
    Location,
    Mention,
    Noop,
    ReferenceObject,
    Selector,
    Triple,
    evolve,
    fields_of,
    is_record,
)

MODEL = DialogModel()
AGENT = ReferenceObject(special="AGENT")
AWAY = LinearExtent("AWAY", AGENT)
NAME, COLOUR, WHERE = Attribute("NAME"), Attribute("COLOUR"), Attribute("LOCATION")


def plain(value: Any) -> Any:
    """A form without the words that it was said in."""
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if not is_record(value):
        return value
    names = fields_of(type(value))
    return evolve(value, **{n: "" if n == "text_span" else plain(getattr(value, n)) for n in names})


def which(name: str = "", *words: str, **more: Any) -> Filters:
    clauses = [Triple("has_name", name)] if name else []
    clauses += [Triple("has_" + w.split("=")[0], w.split("=")[1]) for w in words]
    return Filters(And(tuple(clauses)), **more)


def ever(filters: Filters, **more: Any) -> GetMemory:
    return GetMemory(filters, **more)


def now(filters: Filters) -> GetMemory:
    return GetMemory(filters, scope="NOW")


def near(filters: Filters, side: Any = "NEAR") -> Location:
    return Location(side, references=(ReferenceObject(filters=filters),))


def beside_me(side: Any) -> Location:
    return Location(side, references=(AGENT,))


def agent(kind: Any, tag: str, name: Any = None) -> GetMemory:
    output = Attribute(name) if name else "MEMORY"
    return GetMemory(Filters(Triple("has_tag", tag), output, memory_type=kind))


def than(name: str, comparison: Any, other: Filters) -> Comparator:
    """A property compared with that of another thing."""
    left = AWAY if name == "AWAY" else Attribute(name)  # type: ignore[arg-type]
    return Comparator(left, comparison, ReferenceObject(filters=other))


def against(name: str, comparison: Any, other: Filters) -> Filters:
    return Filters(And((than(name, comparison, other),)))


EVERYTHING, IT = Filters(output=NAME), Filters(contains_coreference=True)
TABLE = which("table")

QUESTIONS = {
    "what do you see?": now(EVERYTHING),
    "What can you see right now": now(EVERYTHING),
    "tell me what you see": now(EVERYTHING),
    "could you describe what you see?": now(EVERYTHING),
    "what is around you": now(EVERYTHING),
    "what have you seen so far?": ever(EVERYTHING),
    "what objects are there": ever(EVERYTHING),
    "list all objects": ever(EVERYTHING),
    "what red things do you see": now(which("", "colour=red", output=NAME)),
    "what's in front of you?": now(Filters(output=NAME, location=beside_me("FRONT"))),
    "what is to your left": ever(Filters(output=NAME, location=beside_me("LEFT"))),
    "what's behind you": ever(Filters(output=NAME, location=beside_me("BACK"))),
    "what is on the table": ever(Filters(output=NAME, location=near(TABLE, "UP"))),
    "what is left of the table?": ever(Filters(output=NAME, location=near(TABLE, "LEFT"))),
    "what is next to the table": ever(Filters(output=NAME, location=near(TABLE))),
    "what is that": ever(Filters(output=NAME, contains_coreference=True)),
    "what is the thing closest to you": ever(which(output=NAME, selector=Selector("MIN", AWAY))),
    "which chair is closest to you": ever(which("chair", output=NAME, selector=Selector("MIN", AWAY))),
    "which chairs are red": ever(which("chair", "colour=red", output=NAME)),
    "who is there": ever(which("person", output=NAME)),
    "how many chairs have you seen?": ever(which("chair", output="COUNT")),
    "how many red cups are there": ever(which("cup", "colour=red", output="COUNT")),
    "how many chairs can you see": now(which("chair", output="COUNT")),
    "how many people do you see": now(which("person", output="COUNT")),
    "how many things are there": ever(Filters(output="COUNT")),
    "count the chairs": ever(which("chair", output="COUNT")),
    "how many chairs are near the table": ever(which("chair", output="COUNT", location=near(TABLE))),
    "where is the red chair?": ever(which("chair", "colour=red", output=WHERE)),
    "where's the couch": ever(which("sofa", output=WHERE)),
    "can you tell me where the lamp is": ever(which("lamp", output=WHERE)),
    "do you know where the bed is?": ever(which("bed", output=WHERE)),
    "where can I find a book": ever(which("book", output=WHERE)),
    "where did you see the ball": ever(which("ball", output=WHERE)),
    "where is it": ever(Filters(output=WHERE, contains_coreference=True)),
    "where is the nearest chair": ever(which("chair", output=WHERE, selector=Selector("MIN", AWAY))),
    "what colour is the chair": ever(which("chair", output=COLOUR)),
    "what color is it?": ever(Filters(output=COLOUR, contains_coreference=True)),
    "which colour does the lamp have": ever(which("lamp", output=COLOUR)),
    "what's the chair's colour?": ever(which("chair", output=COLOUR)),
    "tell me its colour": ever(Filters(output=COLOUR, contains_coreference=True)),
    "how tall is the lamp": ever(which("lamp", output=Attribute("HEIGHT"))),
    "how big is the sofa": ever(which("sofa", output=Attribute("SIZE"))),
    "how wide is the table": ever(which("table", output=Attribute("WIDTH"))),
    "how far is the chair": ever(which("chair", output=AWAY)),
    "how far away is the table from you": ever(which("table", output=AWAY)),
    "how far are you from the table": ever(which("table", output=AWAY)),
    "when did you last see the cup": ever(which("cup", output=Attribute("MODIFY_TIME"))),
    "is there a lamp?": ever(which("lamp")),
    "are there any red chairs in the room": ever(which("chair", "colour=red")),
    "have you seen my cup": ever(which("cup")),
    "do you see a red ball": now(which("ball", "colour=red")),
    "do you see anything red": now(which("", "colour=red")),
    "can you see me": now(which("person")),
    "is anyone here": ever(which("person")),
    "is there anything on the table": ever(Filters(location=near(TABLE, "UP"))),
    "is anything near the table": ever(Filters(location=near(TABLE))),
    "is the chair red?": ever(which("chair"), holds=which("", "colour=red")),
    "does the chair look red": ever(which("chair"), holds=which("", "colour=red")),
    "are there two chairs": ever(which("chair", selector=Selector("ALL", count=2))),
    "how many chairs are red": ever(which("chair", "colour=red", output="COUNT")),
    "how far is the chair from the table": ever(
        which("chair", output=LinearExtent("AWAY", ReferenceObject(filters=TABLE)))
    ),
    "where did you go": Noop("QUESTION"),
    "is it near": ever(Filters(output=AWAY, contains_coreference=True)),
    "is it red": ever(IT, holds=which("", "colour=red")),
    "tell me whether the chair is red": ever(which("chair"), holds=which("", "colour=red")),
    "is the chair near the table": ever(which("chair"), holds=Filters(location=near(TABLE))),
    "is the ball left of the table": ever(which("ball"), holds=Filters(location=near(TABLE, "LEFT"))),
    "is the lamp tall": ever(which("lamp"), holds=which("", "size=tall")),
    "is the bed bigger than the box?": ever(
        which("bed"), holds=against("SIZE", "GREATER_THAN", which("box"))
    ),
    "is the lamp closer than the sofa?": ever(
        which("lamp"), holds=against("AWAY", "LESS_THAN", which("sofa"))
    ),
    "is the table as tall as the bed": ever(
        which("table"), holds=against("HEIGHT", "GREATER_THAN_EQUAL", which("bed"))
    ),
    "which is bigger, the sofa or the lamp?": ever(
        which("sofa", output=NAME), holds=against("SIZE", "GREATER_THAN", which("lamp"))
    ),
    "which is nearest: the sofa or the bed?": ever(
        which("sofa", output=NAME), holds=against("AWAY", "LESS_THAN", which("bed"))
    ),
    "which of the sofa and the bed is smaller": ever(
        which("sofa", output=NAME), holds=against("SIZE", "LESS_THAN", which("bed"))
    ),
    "how much taller is the lamp than the bed": ever(
        which("lamp", output=NAME), holds=against("HEIGHT", "GREATER_THAN", which("bed"))
    ),
    "compare the bed and the box": ever(
        which("bed", output=NAME), holds=against("SIZE", "GREATER_THAN", which("box"))
    ),
    "is the lopsided chair comfy": ever(which("chair", "tag=lopsided"), holds=which("", "tag=comfy")),
    "is the sofa far away": ever(which("sofa", output=AWAY)),
    "how far apart are the sofa and the bed": ever(
        which("sofa", output=LinearExtent("AWAY", ReferenceObject(filters=which("bed"))))
    ),
    "tell me everything you see": now(EVERYTHING),
    "how many chairs are left of the table": ever(
        which("chair", output="COUNT", location=near(TABLE, "LEFT"))
    ),
    "how many chairs are there in total": ever(which("chair", output="COUNT")),
    "whats the coler of the bed": ever(which("bed", output=COLOUR)),
    "have not you seen a cup": ever(which("cup")),
    "are you near the table": ever(TABLE, holds=Filters(location=beside_me("NEAR"))),
    "what are you doing?": agent("TASKS", "CURRENTLY_RUNNING", "NAME"),
    "what's your task": agent("TASKS", "CURRENTLY_RUNNING", "NAME"),
    "what are you up to, robot": agent("TASKS", "CURRENTLY_RUNNING", "NAME"),
    "why?": agent("TASKS", "CURRENTLY_RUNNING", "REASON"),
    "why are you going to the table": agent("TASKS", "CURRENTLY_RUNNING", "REASON"),
    "what did you do": agent("TASKS", "FINISHED", "NAME"),
    "what will you do next": agent("TASKS", "WAITING", "NAME"),
    "where are you going": agent("TASKS", "CURRENTLY_RUNNING", "LOCATION"),
    "are you done": agent("TASKS", "CURRENTLY_RUNNING"),
    "where are you": agent("AGENT", "SELF", "LOCATION"),
    "where am I": agent("AGENT", "SPEAKER", "LOCATION"),
    "who are you": agent("AGENT", "SELF", "NAME"),
    "what did you say": agent("CHAT", "SELF", "NAME"),
    "what can you do?": GetCapabilities(),
    "help": GetCapabilities(),
    "hello": Noop("GREETING"),
    "good morning, robot": Noop("GREETING"),
    "thanks": Noop("THANKS"),
    "thank you very much": Noop("THANKS"),
    "bye": Noop("FAREWELL"),
    "well done": Noop("PRAISE"),
    "yes": Confirm(True),
    "of course": Confirm(True),
    "no": Confirm(False),
    "the red chair": Mention(ReferenceObject(filters=which("chair", "colour=red"))),
    "": Noop("EMPTY"),
    "   \n\t ": Noop("EMPTY"),
    "🙂🤖": Noop(),
    "qwerty asdf": Noop(),
    "the weather is good": Noop(),
    "i like the red chair": Noop(),
    "what time is it?": Noop("QUESTION"),
    "why is the sky blue": Noop("QUESTION"),
    "привет, робот": Noop(),
    "去红色的椅子": Noop(),
}


@pytest.mark.parametrize(("text", "form"), QUESTIONS.items(), ids=list(QUESTIONS))
def test_one_question(text: str, form: Any) -> None:
    assert plain(MODEL(Chat("person", text, 0)).form) == (form,)


def test_a_question_after_a_command() -> None:
    said = MODEL(Chat("person", "go to the chair and tell me what you see", 0))
    assert [type(form).__name__ for form in said.form] == ["Command", "GetMemory"]


def test_a_refusal_before_a_command_is_kept_and_politeness_is_not() -> None:
    assert [type(f).__name__ for f in MODEL(Chat("p", "no, go to the table", 0)).form] == [
        "Confirm",
        "Command",
    ]
    assert [type(f).__name__ for f in MODEL(Chat("p", "yes please go to the table", 0)).form] == ["Command"]
    assert [type(f).__name__ for f in MODEL(Chat("p", "hello robot! go to the table, thanks", 0)).form] == [
        "Command"
    ]
