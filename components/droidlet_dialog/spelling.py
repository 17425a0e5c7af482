"""Typing errors: a word that nobody knows becomes the one known word at a small distance, where there is
exactly one.
"""

from __future__ import annotations

from collections.abc import Iterable

from droidlet_schema import FrozenMap

SHORTEST = 4  # letters; shorter words have too many neighbours
LONG = 7  # from here on two slips are forgiven


def _without_one(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


def index(words: Iterable[str]) -> FrozenMap[str, tuple[str, ...]]:
    """Known words by themselves and by each form with one letter left out (the symmetric delete index)."""
    found: dict[str, set[str]] = {}
    for word in words:
        if len(word) >= SHORTEST - 1:
            for form in {word, *_without_one(word)}:
                found.setdefault(form, set()).add(word)
    return FrozenMap({form: tuple(sorted(known)) for form, known in found.items()})


def distance(first: str, second: str) -> int:
    """Edits between two words: letters put in, left out, changed, or two neighbours swapped (optimal string
    alignment).
    """
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(second, 1):
            best = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and b == first[i - 2]:
                best = min(best, last[j - 2] + 1)
            row.append(best)
    return row[-1]


def correct(word: str, known: FrozenMap[str, tuple[str, ...]]) -> str:
    """The one known word that was meant, or the word itself. The first letter is taken to be right, or
    swapped with the second.
    """
    if not SHORTEST <= len(word) <= 16 or not word.isascii():
        return word
    allowed = 2 if len(word) >= LONG else 1
    near: dict[str, int] = {}
    for form in (word, *sorted(_without_one(word))):
        for candidate in known.get(form, ()):
            if candidate not in near and _same_start(word, candidate):
                near[candidate] = distance(word, candidate)
    ranked = sorted(
        (_rank(word, candidate, edits), candidate) for candidate, edits in near.items() if edits <= allowed
    )
    best = [candidate for rank, candidate in ranked if rank == ranked[0][0]]
    if not best or len({name.removesuffix("s") for name in best}) > 1:
        return word
    return best[0]


def correct_name(word: str, known: FrozenMap[str, tuple[str, ...]]) -> str:
    """The one name that is one letter away, or the word itself; a word of three letters can only lack one,
    or have two swapped.
    """
    if not SHORTEST - 1 <= len(word) <= 16 or not word.isascii():
        return word
    near = {name for form in (word, *_without_one(word)) for name in known.get(form, ())}
    close = [name for name in near if distance(word, name) == 1 and _same_start(word, name)]
    if len(word) < SHORTEST:
        close = [name for name in close if len(name) > len(word) or sorted(name) == sorted(word)]
    return close[0] if len(close) == 1 else word


def _rank(word: str, candidate: str, edits: int) -> tuple[int, bool]:
    """Few edits first; of equals the same letters in another order, or single where double."""
    alike = sorted(word) == sorted(candidate) or _single(word) == _single(candidate)
    return edits, not alike


def _single(word: str) -> str:
    return "".join(letter for i, letter in enumerate(word) if word[i : i + 1] != word[i + 1 : i + 2])


def _same_start(word: str, candidate: str) -> bool:
    return word[0] == candidate[0] or (len(candidate) > 1 and word[:2] == candidate[1::-1])
