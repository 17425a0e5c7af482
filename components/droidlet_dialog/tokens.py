"""Text to words: one spelling for case, quotes, dashes, contractions and units; sentences stay apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

MAX_CHARACTERS = 10_000  # read; what comes after is told as unread
STOP = "."  # ends a sentence
COMMA = ","

_SAME = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "ʼ": "'",
        "`": "'",
        "´": "'",
        "“": '"',
        "”": '"',
        "−": "-",
        "–": "-",
        "—": ",",
        "×": "x",
        "°": " degrees ",
    }
)
_TOKEN = re.compile(
    r"(?P<number>(?:(?<![\w.])[-+])?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+))(?P<suffix>st|nd|rd|th)?(?![0-9])"
    r"|(?P<word>[^\W\d_]+(?:['-][^\W\d_]+)*)"
    r"|(?P<stop>[.!?;\n]+)"
    r"|(?P<comma>[,()\[\]]|:(?=\s))"
)

_FRACTION = re.compile(r"(?<![\d/])(\d{1,3})[/⁄](\d{1,3})(?![\d/])(?=\s*[a-z])")  # "1/2 pi", "3/4 of a turn"


def _fraction(match: re.Match[str]) -> str:
    top, bottom = int(match[1]), int(match[2])
    return f"{top / bottom:.4f}" if bottom else match[0]


def tokenize(text: str, expand: Mapping[str, str]) -> tuple[str, ...]:
    """The words of a text in one spelling; "." stands between sentences and "," where a comma or a bracket
    stood.

    Everything that is neither a word nor a number (emoji, control characters) is left out.
    """
    plain = (
        unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])
        .translate(_SAME)
        .lower()
        .replace("u turn", "u-turn")[: 2 * MAX_CHARACTERS]
    )
    plain = _FRACTION.sub(_fraction, plain)
    found: list[str] = []
    for match in _TOKEN.finditer(plain):
        _add(found, match, expand)
    while found and found[-1] in (STOP, COMMA):
        found.pop()
    return tuple(found)


def _add(found: list[str], match: re.Match[str], expand: Mapping[str, str]) -> None:
    word = match["word"]
    if word and "-" in word and word not in expand:
        for part in word.split("-"):
            found.extend(_spelled(part, expand))
    elif word:
        found.extend(_spelled(word, expand))
    elif match["number"]:
        found.append(match["number"].lstrip("+") + (match["suffix"] or ""))
    else:
        mark = STOP if match["stop"] else COMMA
        if found and found[-1] not in (STOP, COMMA):
            found.append(mark)
        elif found and mark == STOP:
            found[-1] = STOP


def _spelled(word: str, expand: Mapping[str, str]) -> list[str]:
    return expand[word].split() if word in expand else [word.replace("'s", "").replace("'", "") or word]


def sentences(words: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The words of each sentence."""
    found: list[list[str]] = [[]]
    for word in words:
        if word == STOP:
            found.append([])
        else:
            found[-1].append(word)
    return tuple(tuple(sentence) for sentence in found if sentence)
