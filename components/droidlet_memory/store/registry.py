"""The open stores of this process, by id: what a reference from elsewhere is resolved against."""

from __future__ import annotations

import atexit
import weakref
from typing import TYPE_CHECKING

from droidlet_memory.errors import StoreClosed

if TYPE_CHECKING:
    from droidlet_memory.store.store import Store

_open: dict[str, Store] = {}
_users: dict[str, set[_User]] = {}  # the values that lead to each


def add(store: Store) -> None:
    """Makes a store known; it is forgotten when it is closed."""
    _open[store.id] = store


def remove(store: Store) -> None:
    """The store is closed."""
    if _open.get(store.id) is store:
        del _open[store.id]


@atexit.register
def close_all() -> None:
    """Closes what is still open when the process ends."""
    for store in tuple(_open.values()):
        store.close()


def find(store_id: str) -> Store:
    """The open store of an id. Raises StoreClosed."""
    store = _open.get(store_id)
    if store is None:
        raise StoreClosed(
            f"the store {store_id} of this memory is not open here: open its file with Memory.open(path=...)"
        )
    return store


def find_path(path: str) -> Store | None:
    """The open store of a file."""
    return next((store for store in _open.values() if store.path == path), None)


def keep(value: object, store_id: str) -> None:
    """Keeps the store of an id open as long as this value lives, whenever it is opened."""
    _users.setdefault(store_id, set()).add(_User(value, store_id))


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
        made = super().__new__(cls, value, _gone)
        made.store_id = store_id
        return made


def _gone(user: _User) -> None:
    users = _users[user.store_id]
    users.discard(user)
    if not users:
        del _users[user.store_id]
        store = _open.get(user.store_id)
        if store is not None:
            store.close()
