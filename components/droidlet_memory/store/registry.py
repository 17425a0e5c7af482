"""The open stores of this process, by id: what a reference from elsewhere is resolved against."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from droidlet_memory.errors import StoreClosed

if TYPE_CHECKING:
    from droidlet_memory.store.store import Store

_open: dict[str, Store] = {}


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
    """Keeps a store open at least as long as this value lives."""
    store = _open.get(store_id)
    if store is not None:
        store.users += 1
        weakref.finalize(value, _release, store)


def _release(store: Store) -> None:
    store.users -= 1
    if store.users == 0:
        store.close()
