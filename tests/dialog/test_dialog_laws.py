"""What holds for every text: nothing raises, nothing depends on case, politeness or the call before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from droidlet_dialog import DialogModel, Vocabulary, VocabularyError
from droidlet_laws import check_component
from droidlet_schema import And, Chat, Command, MoveForm, Noop, Triple, decode, digest, encode

MODEL = DialogModel()
SENTENCES = (
    "go to the red chair",
    "find the nearest plant",
    "turn left 45 degrees",
    "move forward two metres",
    "stop",
    "continue",
    "look around",
    "follow me",
    "come here",
    "what do you see",
    "how many chairs have you seen",
    "where is the lamp",
    "what colour is the chair",
    "is the chair red",
    "go to the chair and the table",
    "what can you do",
    "go to 1, 2",
    "what are you doing",
)
WORDS = sorted({word for phrases in MODEL.lexicon.phrases.values() for word in phrases})


def form(text: str) -> object:
    return MODEL(Chat("person", text, 7)).form


def held(text: str) -> None:
    said = MODEL(Chat("person", text, 7))
    assert said.form
    assert len(said.form) <= 16
    assert len(said.unread) <= 64
    assert decode(encode(said)) == said
    assert MODEL(Chat("person", text, 7)) == said


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_has_a_form(text: str) -> None:
    held(text)


@given(st.lists(st.sampled_from([*WORDS, ",", ".", "?", "1.5", "-2", "and", "the", "to"]), max_size=25))
@settings(max_examples=300, deadline=None)
def test_any_row_of_known_words_has_a_form(words: list[str]) -> None:
    held(" ".join(words))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "go to the chair and " * 500,
        "the chair left of " * 600,
        "left " * 2000,
        "1 " * 5000,
        "9" * 5000,
        "go 1e400 metres",
        "turn 999999999999999999999 degrees",
        "tell me " * 1200,
        "not " * 2500,
        "\x00\x01\x07 go \x1b[31m to the chair",
        "ﷺ" * 10_000,
        "²³½Ⅷ①",
        "(" * 10_000,
        "-" * 10_000,
        "\u202e go to the chair",
        "don't " * 1500,
        "go to the " + "very " * 2000 + "red chair",
        "is " * 3000,
        "you " * 2500,
        "hey " * 2500,
        "go " * 3000,
        "hello " * 1600,
        "right " * 1600,
        "to " * 3000,
        "for 5 seconds",
        "turn left. For two minutes,",
        "a or for ten seconds",
        "for 5 seconds " * 700,
        "one billion " * 800,
        "the chair bigger than " * 450,
        "not the chair, " * 600,
        "i mean " * 1400,
        "compare the chair and " * 450,
    ],
    ids=lambda text: text[:12].encode("unicode_escape").decode(),
)
def test_long_and_strange_texts_have_forms(text: str) -> None:
    held(text)


LEADS = ("please ", "Could you ", "would you please ", "robot, ", "hey robot, can you ", "I want you to ", "")
TAILS = (" please", ", robot", " for me", " please, robot", " now", "")


@given(
    st.sampled_from(SENTENCES[:9]),
    st.sampled_from(LEADS),
    st.sampled_from(TAILS),
    st.sampled_from(["", ".", "!", " ...", "?!"]),
)
@settings(max_examples=150, deadline=None)
def test_politeness_changes_no_command(sentence: str, lead: str, tail: str, end: str) -> None:
    assume((sentence, tail) != ("look around", " for me"))  # that asks to be looked for
    assert form(lead + sentence + tail + end) == form(sentence)


@given(st.sampled_from(SENTENCES), st.data())
@settings(max_examples=100, deadline=None)
def test_case_spaces_and_last_marks_change_nothing(sentence: str, data: st.DataObject) -> None:
    upper = data.draw(st.lists(st.booleans(), min_size=len(sentence), max_size=len(sentence)))
    text = "".join(c.upper() if up else c for c, up in zip(sentence, upper, strict=True))
    text = text.replace(" ", data.draw(st.sampled_from([" ", "  ", "\t"])))
    assert form("  " + text + data.draw(st.sampled_from(["", "?", "!", "...", " "]))) == form(sentence)


@given(st.sampled_from(SENTENCES), st.data())
@settings(max_examples=100, deadline=None)
def test_a_slip_in_a_long_word_is_forgiven(sentence: str, data: st.DataObject) -> None:
    words = sentence.split()
    longer = [i for i, word in enumerate(words) if len(word) >= 6]
    if longer:
        i = data.draw(st.sampled_from(longer))
        at = data.draw(st.integers(1, len(words[i]) - 3))
        words[i] = words[i][:at] + words[i][at + 1] + words[i][at] + words[i][at + 2 :]
    assert form(" ".join(words)) == form(sentence)


def test_a_vocabulary_of_ones_own() -> None:
    garden = Vocabulary("garden", {"thing": {"gnome": "gnome", "garden gnome": "gnome"}})
    said = DialogModel(("droidlet", "robot", garden))(Chat("p", "go to the garden gnomes", 0))
    (command,) = said.form
    assert isinstance(command, Command)
    assert isinstance(command.event_sequence[0], MoveForm)
    filters = command.event_sequence[0].location.references[0].filters
    assert filters is not None
    assert filters.where == And((Triple("has_name", "gnome"),))


def test_level_0_alone_reads_commands_too() -> None:
    said = DialogModel("droidlet")(Chat("p", "turn left", 0))
    assert isinstance(said.form[0], Command)


@pytest.mark.parametrize(
    ("vocab", "message"),
    [
        (("droidlet", "submarine"), "no vocabulary 'submarine'"),
        (("droidlet", "robot", "robot"), "'robot' twice"),
        (("robot", "droidlet"), "'robot' needs droidlet before it"),
        (
            ("droidlet", Vocabulary("mine", {"colour": {"red": "blue"}})),
            "colour 'red' means 'blue' here but 'red' in",
        ),
    ],
)
def test_vocabularies_that_do_not_fit(vocab: tuple[str | Vocabulary, ...], message: str) -> None:
    with pytest.raises(VocabularyError, match=message):
        DialogModel(vocab)


def test_a_category_that_the_grammar_does_not_know() -> None:
    with pytest.raises(VocabularyError, match="no category nouns"):
        Vocabulary("mine", {"nouns": {"gnome": "gnome"}})


def test_the_model_is_a_value() -> None:
    assert DialogModel() == DialogModel(("droidlet", "robot"))
    assert digest(MODEL(Chat("p", "go to the chair", 0))) == digest(
        DialogModel()(Chat("p", "go to the chair", 0))
    )


COMMANDS = Path(__file__).resolve().parents[3] / "shared" / "data" / "droidlet" / "commands.json"
ROBOT = ("MOVE_COMMANDS", "GET_MEMORY_COMMANDS", "STOP_CONDITION_COMMANDS")


@pytest.mark.skipif(not COMMANDS.exists(), reason="droidlet's own commands are not at hand")
def test_droidlet_s_own_commands_are_understood() -> None:
    items = json.loads(COMMANDS.read_text())["items"]
    texts = [i["utterance"] for i in items if i.get("kind") == "command" and i["group"] in ROBOT]
    not_ours = ("build", "dig", "blocks")  # the block world's
    texts = [text for text in texts if not any(word in text for word in not_ours)]
    assert len(texts) > 20
    lost = [text for text in texts if any(isinstance(f, Noop) for f in MODEL(Chat("p", text, 0)).form)]
    assert lost == []


def test_the_laws_of_components_hold() -> None:
    chats = [Chat("person", text, 0) for text in (*SENTENCES[:4], "", "🙂", "go to the the the")]
    report = check_component("droidlet_dialog:DialogModel", chats, examples=8)
    assert "self unchanged" in str(report)
