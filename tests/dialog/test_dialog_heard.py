"""Sentences that somebody said to the robot and that it once took for something else."""

import pytest

from droidlet_dialog import DialogModel, Vocabulary
from droidlet_schema import (
    And,
    Attribute,
    Chat,
    Command,
    Confirm,
    Filters,
    GetMemory,
    LinearExtent,
    MoveForm,
    SearchForm,
    Triple,
)

MODEL = DialogModel(("droidlet", "robot"))


def forms(text):
    return MODEL(Chat("person", text, 0)).form


@pytest.mark.parametrize("text", ["what is red", "Whats red?", "what's red here"])
def test_a_colour_alone_asks_for_the_things_of_it(text):
    [form] = forms(text)
    assert isinstance(form, GetMemory) and form.filters.output == Attribute("NAME")
    assert form.filters.where == And((Triple("has_colour", "red"),))


@pytest.mark.parametrize("text", ["what colours have you seen", "which colors do you see?"])
def test_colours_seen_are_told_with_their_things(text):
    [form] = forms(text)
    assert isinstance(form, GetMemory) and form.filters == Filters(output=Attribute("NAME"))


def test_the_way_between_the_two_who_talk_is_asked_of_memory():
    [form] = forms("how far are you from me?")
    assert isinstance(form, GetMemory) and isinstance(form.filters.output, LinearExtent)
    assert form.filters.memory_type == "REFERENCE_OBJECT"


@pytest.mark.parametrize("text", ["take me to the bed", "Could you lead me to the nearest lamp, please?"])
def test_whoever_is_to_show_the_way_goes_there(text):
    [form] = forms(text)
    assert isinstance(form, Command) and isinstance(form.event_sequence[0], SearchForm)


@pytest.mark.parametrize("text", ["go to the bed instead", "instead, turn left", "No, turn left."])
def test_instead_says_no_to_what_is_being_done(text):
    first, second = forms(text)
    assert first == Confirm(False) and isinstance(second, Command)


@pytest.mark.parametrize("text", ["I need you at the red chair now", "you should be at the red chair"])
def test_where_somebody_is_wanted_is_where_to_go(text):
    [form] = forms(text)
    assert isinstance(form, Command) and form == forms("go to the red chair")[0]
    assert isinstance(form.event_sequence[0], MoveForm)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("no, the red one", ["Confirm", "Mention"]),
        ("no the red one", ["Confirm", "Mention"]),
        ("I meant the red one", ["Confirm", "Mention"]),
        ("the red one instead", ["Confirm", "Mention"]),
        ("sorry, the red one", ["Confirm", "Mention"]),
        ("wrong one, the red one", ["Confirm", "Mention"]),
        ("not the blue one, the red one", ["Confirm", "Mention"]),
        ("hello robot how are you", ["Noop"]),
        ("thanks go to the bed", ["Command"]),
    ],
)
def test_a_correction_is_a_no_and_what_is_meant(text, kinds):
    assert [type(form).__name__ for form in forms(text)] == kinds


def test_the_names_are_those_of_all_vocabularies():
    garden = Vocabulary("garden", {"thing": {"gnome": "gnome", "seat": "chair"}})
    assert DialogModel(("droidlet", "robot", garden)).names == tuple(sorted((*MODEL.names, "gnome")))
    assert DialogModel("droidlet").names == ()


def test_a_text_alone_is_told_to_be_no_chat():
    """It was: 'str' object has no attribute 'text'."""
    with pytest.raises(TypeError, match="chat is 'go to the chair': a Chat is needed"):
        DialogModel()("go to the chair")
