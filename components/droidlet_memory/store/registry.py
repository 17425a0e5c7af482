"""The open stores of this process, by id: what a reference from elsewhere is resolved against."""

from __future__ import annotations

import atexit
import weakref
from typing import TYPE_CHECKING

from droidlet_memory.errors import StoreClosed

if TYPE_CHECKING:
    from droidlet_memory.store.store import Store


class Registry:
    """The stores that are open, and the values that lead to each: it stays open as long as one of them lives."""

    __forks__ = True  # what values that fork lead to: the laws look at those values instead

    def __init__(self) -> None:
        self.open: dict[str, Store] = {}
        self.users: dict[str, set[_User]] = {}
        self.parents: list[Store] = []

    def add(self, store: Store) -> None:
        """Makes a store known; it is forgotten when it is closed."""
        self.open[store.id] = store

    def remove(self, store: Store) -> None:
        """The store is closed."""
        if self.open.get(store.id) is store:
            del self.open[store.id]

    def find(self, store_id: str) -> Store:
        """The open store of an id. Raises StoreClosed."""
        store = self.open.get(store_id)
        if store is None:
            raise StoreClosed(
                f"the store {store_id} of this memory is not open here: open its file with Memory.open(path=...)"
            )
        return store

    def find_path(self, path: str) -> Store | None:
        """The open store of a file."""
        return next((store for store in self.open.values() if store.path == path), None)

    def keep(self, value: object, store_id: str) -> None:
        """Keeps the store of an id open as long as this value lives, whenever it is opened."""
        self.users.setdefault(store_id, set()).add(_User(value, store_id))

    def gone(self, user: _User) -> None:
        """One of the values is no more."""
        users = self.users[user.store_id]
        users.discard(user)
        if not users:
            del self.users[user.store_id]
            if user.store_id in self.open:
                self.open[user.store_id].close()

    def leave(self, store: Store) -> None:
        """Closes a store that no value leads to."""
        if store.id not in self.users:
            store.close()

    def leave_to_parent(self) -> None:
        """In a process that was forked off: the stores stay the parent's. They are not even closed here, for
        SQLite must not be told of a connection that another process has.
        """
        self.parents += self.open.values()
        for store in self.parents:
            store.open = False
        self.open.clear()

    def close(self) -> None:
        """Closes what is open: when the process ends."""
        for store in tuple(self.open.values()):
            store.close()


class _User(weakref.ref[object]):
    """A value that leads to a store; one of these is quicker made than weakref.finalize, and commits make
    many.
    """

    __slots__ = ("store_id",)
    store_id: str
    __hash__ = object.__hash__
    __eq__ = object.__eq__

    def __new__(cls, value: object, store_id: str) -> _User:
        """Notes a value and where it leads."""
        made = super().__new__(cls, value, STORES.gone)
        made.store_id = store_id
        return made


STORES = Registry()
atexit.register(STORES.close)
