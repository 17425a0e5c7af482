"""Node types, predicates and objects by number: each kept once, found through bounded caches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from droidlet_memory.errors import Damaged
from droidlet_memory.store.rows import Saying
from droidlet_memory.words import clean, forms
from droidlet_schema import Triple

if TYPE_CHECKING:
    from sqlite3 import Connection

Said = tuple[str, str]  # predicate, object
KEPT = 65_536  # in each cache; a full one is emptied
WORDS_AT_ONCE = (
    512  # texts that full text search learns together: one by one it would cost more than the rest
)
NOT_LEARNT = "id > coalesce((SELECT max(id) FROM said_words_docsize), 0)"
LEARN = f"INSERT INTO said_words(rowid, object) SELECT id, plain_words(object) FROM said WHERE {NOT_LEARNT}"


class Words:
    """The numbers of words in one store; what is not known yet is written."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.execute
        self._cursor = connection.cursor()  # one for all: making them takes time
        self._write_many = self._cursor.executemany
        self._types: dict[str, int] = {}
        self._said: dict[Said, int] = {}
        self._texts: dict[int, Said] = {}
        self._all: bool | None = None  # whether the caches hold all there is; found out at the first write
        self._unlearnt = self._count()
        self._number = 0  # the newest given out; 0: not found out yet
        self._new: list[tuple[int, str, str]] = []  # still to be written
        self._new_forms: list[tuple[str, int]] = []

    def _count(self) -> int:
        count: int = self._run(f"SELECT count(*) FROM said WHERE {NOT_LEARNT}").fetchone()[0]
        return count

    def close(self) -> None:
        """Lets go of the connection, which is not closed before."""
        self._cursor.close()

    def forget(self) -> None:
        """Drops what was noted: after a rollback, numbers given out in vain."""
        self._types.clear()
        self._said.clear()
        self._texts.clear()
        self._all = None
        self._unlearnt = self._count()
        self._number = 0
        self._new.clear()
        self._new_forms.clear()

    def type_id(self, name: str) -> int | None:
        """The number of a node type, None where no node ever had it."""
        if name not in self._types:
            row = self._run("SELECT id FROM types WHERE name = ?", (name,)).fetchone()
            if row is None:
                return None
            self._types[name] = row[0]
        return self._types[name]

    def know_types(self, names: Iterable[str]) -> None:
        """Writes those node types that are new."""
        missing = [(name,) for name in sorted(names) if self.type_id(name) is None]
        if missing:
            self._run("BEGIN IMMEDIATE")
            self._write_many("INSERT INTO types(name) VALUES(?)", missing)
            self._run("COMMIT")

    def type_name(self, number: int) -> str:
        """The node type of a number."""
        for name, known in self._types.items():
            if known == number:
                return name
        row = self._run("SELECT name FROM types WHERE id = ?", (number,)).fetchone()
        if row is None:
            raise Damaged(f"there is no type {number}")
        self._types[row[0]] = number
        return str(row[0])

    def type_for(self, name: str) -> int:
        """The number of a node type, written where it is new."""
        number = self.type_id(name)
        if number is None:
            number = self._types[name] = _new(
                self._run("INSERT INTO types(name) VALUES(?)", (name,)).lastrowid
            )
        return number

    def said_id(self, said: Said) -> int | None:
        """The number of a predicate with its object, None where that was never said."""
        number = self._said.get(said)
        if number is None and not self._all:
            row = self._run("SELECT id FROM said WHERE predicate = ? AND object = ?", said).fetchone()
            if row is not None:
                number = int(row[0])
                self._note(number, said)
        return number

    def said_for(self, said: Said) -> int:
        """The number of a predicate with its object; where it is new, `write` writes it, with what it may
        mean.
        """
        number = self._said.get(said)
        if number is None:
            if self._all is None:
                self._load()
            number = self.said_id(said)
        if number is None:
            if not self._number:
                self._number = int(self._run("SELECT coalesce(max(id), 0) FROM said").fetchone()[0])
            number = self._number = self._number + 1
            self._note(number, said)
            self._new.append((number, *said))
            self._new_forms += [(form, number) for form in forms(clean(said[1]))]
        return number

    def saying(self, triples: Iterable[Triple], revision: int) -> dict[int, Saying]:
        """What is said from a revision on, by its numbers."""
        known, made = self._said, {}
        for triple in triples:
            said = triple.predicate, triple.object
            made[known.get(said) or self.said_for(said)] = revision, triple.confidence
        return made

    def write(self) -> None:
        """Writes what is new, all at once; full text search learns it some time."""
        if self._new:
            self._write_many("INSERT INTO said VALUES(?, ?, ?)", self._new)
            self._write_many("INSERT INTO forms VALUES(?, ?)", self._new_forms)
            self._unlearnt += len(self._new)
            self._new.clear()
            self._new_forms.clear()
        self.learn()

    def _load(self) -> None:
        """Notes all there is, if that is not too much: then what is not noted is new."""
        many = self._run("SELECT id, predicate, object FROM said LIMIT ?", (KEPT,)).fetchall()
        self._all = len(many) < KEPT
        for number, predicate, text in many if self._all else ():
            self._note(number, (predicate, text))

    def said_of(self, number: int) -> Said:
        """Predicate and object of a number."""
        said = self._texts.get(number)
        if said is None:
            said = self._run("SELECT predicate, object FROM said WHERE id = ?", (number,)).fetchone()
            if said is None:
                raise Damaged(f"there is nothing said {number}")
            self._note(number, said)
        return said

    def _note(self, number: int, said: Said) -> None:
        if len(self._said) >= KEPT or len(self._texts) >= KEPT:
            self.write()  # what is not noted is looked up
            self._said.clear()
            self._texts.clear()
            self._all = False
        self._said[said], self._texts[number] = number, said

    def learn(self, at_once: int = WORDS_AT_ONCE) -> None:
        """Gives full text search what it has not seen, where that is `at_once` texts or more."""
        if self._unlearnt >= at_once:
            self._run(LEARN)
            self._unlearnt = 0


def _new(rowid: int | None) -> int:
    return rowid or 0
