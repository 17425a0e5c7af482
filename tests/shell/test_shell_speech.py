"""What is said and when."""

from __future__ import annotations

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_style.cli.screen import TerminalScreen
from droidlet_style.speech import Line, Speech, clean, parse_line
from droidlet_style.typing_in import Keyboard

WORDS = st.text(max_size=20)


@given(
    text=WORDS.filter(lambda t: t.strip() and t == t.strip()),
    at=st.integers(0, 10**9),
    tenths=st.integers(0, 9),
)
def test_a_time_at_the_end_is_a_time(text: str, at: int, tenths: int) -> None:
    assert parse_line(f"{text} @ {at}.{tenths}") == Line(text, float(f"{at}.{tenths}"))
    assert parse_line(f"{text} @{at}") == Line(text, float(at))


@pytest.mark.parametrize(
    "text",
    [
        "go @ home",
        "go @ -3",
        "go @",
        "@ 3",
        " @ 3",
        "me@3",
        "go @ 3 s",
        "go @ nan",
        "go @ inf",
        "go @ 1e999",
        "go @ ٣ x",
        "",
    ],
)
def test_what_is_not_quite_a_time_is_text(text: str) -> None:
    assert parse_line(text) == Line(text)


@given(WORDS)
def test_any_text_is_a_line_and_loses_nothing(text: str) -> None:
    line = parse_line(text)
    assert line.text == text if line.at_s is None else text.startswith(line.text)


@given(st.text(st.characters(exclude_categories=())))
def test_clean_text_is_utf8_and_clean_text_stays(text: str) -> None:
    assert clean(text).encode("utf-8").decode("utf-8") == clean(text)
    assert clean(clean(text)) == clean(text)


def test_lines_wait_for_one_another_and_timed_lines_do_not() -> None:
    speech = Speech(["a", "x @ 0.5", "b", "y @ 0.2"])
    assert speech.due(0.0, True) == ("a",)
    assert speech.due(0.1, False) == ()
    assert speech.due(0.2, False) == ("y",)
    assert speech.due(0.3, False) == () and speech.unsaid == ("b", "x")
    assert speech.due(0.6, False) == ("x",) and not speech.over
    assert speech.due(0.7, True) == ("b",) and speech.over


@given(st.lists(st.floats(0, 100), max_size=6))
def test_timed_lines_come_in_their_order_and_all_of_them(times: list[float]) -> None:
    speech = Speech([f"{i} @ {t!r}" for i, t in enumerate(times)])
    heard = [word for now in range(102) for word in speech.due(float(now), False)]
    assert [times[int(word)] for word in heard] == sorted(times) and speech.over


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="say is texts, got 3"):
        Speech([3])  # type: ignore[list-item]


def keyboard(stream: object) -> Keyboard:
    return Keyboard(stream, lambda: None, lambda: False, lambda s: None)  # type: ignore[arg-type]


@given(data=st.binary(max_size=60), cut=st.integers(0, 60))
def test_bytes_of_a_pipe_become_lines_however_they_arrive(data: bytes, cut: int) -> None:
    """Line ends alone divide; what is no UTF-8 is replaced; nothing is lost at the end."""
    read, write = os.pipe()
    with os.fdopen(read) as stream:
        os.write(write, data[:cut])
        keys = keyboard(stream)
        early = keys.ready()
        os.write(write, data[cut:])
        os.close(write)
        heard = list(early)
        while (line := keys.wait()) is not None:
            heard.append(line)
        assert keys.closed
    text = data.decode("utf-8", "replace")
    expected = text.split("\n")[:-1] if text.endswith("\n") else text.split("\n") if text else []
    assert heard == [line.rstrip("\r") for line in expected]


def test_a_stream_without_a_descriptor_is_read_line_by_line() -> None:
    keys = keyboard(io.StringIO("one\ntwo"))
    assert (keys.wait(), keys.wait(), keys.wait(), keys.closed) == ("one", "two", None, True)


def test_no_standard_input_at_all_is_closed() -> None:
    assert keyboard(None).closed and keyboard(None).wait() is None


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("lines", "term", "wanted"),
    [
        (["a"], "xterm", "\x1b[1A\r\x1b[J> a\n"),
        (["a", "b\x1b"], "xterm", "\x1b[2A\r\x1b[J> a\n> b \n"),
        (["a" * 80], "xterm", ""),
        (["a"], "dumb", ""),
    ],
)
def test_what_was_typed_behind_the_progress_line_gets_its_own_line(
    monkeypatch: pytest.MonkeyPatch, lines: list[str], term: str, wanted: str
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("droidlet_style.cli.screen.REWRITE_S", 0.0)
    out, err = Terminal(), Terminal()
    screen = TerminalScreen(out=out, err=err, echoed=True)
    screen.progress(1, 0.1, "walking")
    drawn = err.getvalue()
    assert drawn.startswith("\rtick 1") and drawn.endswith("walking > ")
    screen.typed(lines)
    screen.heard(0.1, lines[0])
    screen.replied(0.1, "Yes.")
    assert err.getvalue() == drawn + wanted and out.getvalue() == "[    0.1 s] agent: Yes.\n"


def test_what_was_not_echoed_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("droidlet_style.cli.screen.REWRITE_S", 0.0)
    out, err = Terminal(), Terminal()
    screen = TerminalScreen(out=out, err=err)
    screen.progress(1, 0.1, "walking")
    screen.typed(["a"])
    screen.heard(0.1, "a")
    assert out.getvalue() == "[    0.1 s]   you: a\n" and " > " not in err.getvalue()
