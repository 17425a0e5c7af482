"""States that stand for something outside of them are forked before each trial; what they lead to is named."""

from __future__ import annotations

import attrs
import pytest

from droidlet_laws import LawBroken, check_component
from droidlet_laws.forking import forked
from droidlet_schema import FrozenMap, Key, record


class Shelf:
    """Something outside: what was put on it last stays."""

    __forks__ = True

    def __init__(self) -> None:
        self.books: dict[str, tuple[int, ...]] = {"": ()}
        self.forks = 0


SHELF = Shelf()


@record
class Books:
    """A place on the shelf; each place can be gone on from once only."""

    place: str
    books: tuple[int, ...] = ()

    def put(self, book: int) -> Books:
        """One more."""
        if SHELF.books[self.place] != self.books:
            raise RuntimeError("somebody else went on from here")
        SHELF.books[self.place] = (*self.books, book)
        return Books(self.place, (*self.books, book))

    def __digest__(self) -> str:
        return ",".join(map(str, self.books))

    def __fork__(self) -> Books:
        SHELF.forks += 1
        place = f"{self.place}/{SHELF.forks}"
        SHELF.books[place] = self.books
        return Books(place, self.books)


@record
class Reader:
    """The state."""

    shelves: tuple[Books, ...] = (Books(""),)
    by_name: FrozenMap[str, Books] = FrozenMap()


@record
class Book:
    """The inputs."""

    number: int = 0


@attrs.frozen
class Reading:
    """Puts a book where the state says; `told` are the outputs."""

    dishonest: bool = False

    def initial(self, key: Key) -> Reader:
        return Reader()

    def __call__(self, inputs: Book, state: Reader) -> tuple[Book, Reader]:
        shelf = state.shelves[0].put(inputs.number)
        return Book(SHELF.forks if self.dishonest else len(shelf.books)), Reader((shelf,))


def make() -> Reading:
    """For checks that start other processes."""
    return Reading()


def test_what_can_be_gone_on_from_once_only_keeps_the_laws():
    report = check_component(f"{__file__}:make", [Book(1), Book(2), Book(3)], examples=10)
    assert not report.not_exercised
    assert "Shelf" in str(report)


def test_what_shows_through_is_found():
    with pytest.raises(LawBroken, match="same arguments, same result"):
        check_component(lambda: Reading(dishonest=True), [Book(1), Book(2)], examples=5)


def test_only_what_can_be_forked_is():
    plain = (Book(1), FrozenMap({"a": Book(2)}))
    assert forked(plain) is plain
    state = Reader((Books("", ()),), FrozenMap({"a": Books("")}))
    new = forked((state, 3))[0]
    assert new == state and new is not state
    assert new.shelves[0].place != "" != new.by_name["a"].place
    empty = Reader(())
    assert forked(empty) is empty
