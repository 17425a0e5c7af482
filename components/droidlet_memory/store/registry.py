"""The open stores of this process, by id: what a reference from elsewhere is resolved against."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from droidlet_memory.errors import StoreClosed

if TYPE_CHECKING:
    from droidlet_memory.store.store import Store

_open: dict[str, Store] = {}
_users: dict[str, int] = {}  # how many values lead to a store


def add(store: Store) -> None:
    """Makes a store known; it is forgotten when it is closed."""
    _open[store.id] = store


def remove(store: Store) -> None:
    """The store is closed."""
    if _open.get(store.id) is store:
        del _open[store.id]


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
    _users[store_id] = _users.get(store_id, 0) + 1
    weakref.finalize(value, _release, store_id)


def _release(store_id: str) -> None:
    _users[store_id] -= 1
    if not _users[store_id]:
        del _users[store_id]
        store = _open.get(store_id)
        if store is not None:
            store.close()
