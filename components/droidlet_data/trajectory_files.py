"""A trajectory buffer as a file, and back."""

from __future__ import annotations

from typing import Any, Dict, List

import numpy as np
from numpy.typing import NDArray

from droidlet_data.episodes import Episode, Episodes
from droidlet_data.errors import DataError, RowError, StoreFileError
from droidlet_data.files import Location, read_store, write_store
from droidlet_data.layout import Layout
from droidlet_data.marks import Marks
from droidlet_data.priorities import Priorities
from droidlet_data.trajectories import TrajectoryBuffer

KIND = "TrajectoryBuffer"


def save_trajectories(store: TrajectoryBuffer, path: Location) -> None:
    """Writes all of it, whole or not at all. Raises OSError."""
    columns, following = store._ring.used()
    held = list(store._episodes.held())
    sources = {slot: source for source, slot in store._episodes.open.items()}
    priorities = store._priorities
    about = {
        "kind": KIND,
        "capacity": store.capacity,
        "ends": store.ends,
        "min_length": store.min_length,
        "priority": None if priorities is None else priorities.exponent,
        "greatest": None if priorities is None else priorities.greatest,
        "layout": store.layout(),
        "next": following,
        "marks": store._marks.rows(),
        "open": [(index, sources[slot]) for index, (slot, _) in enumerate(held) if slot in sources],
    }
    numbers = [e.at(e.start, e.stop) for _, e in held]
    write_store(
        path,
        about,
        [
            np.array([(e.start, e.stop) for _, e in held], np.int64).reshape(-1, 2),
            np.concatenate([np.empty(0, np.int64), *numbers]),
            np.empty(0) if priorities is None else priorities.values,
            *columns,
        ],
    )


def load_trajectories(path: Location) -> TrajectoryBuffer:
    """The store that was saved. Raises StoreFileError, FileNotFoundError."""
    about, columns = read_store(path, KIND)
    try:
        return _made(about, columns)
    except (DataError, LookupError, TypeError, ValueError, OverflowError, MemoryError) as error:
        raise StoreFileError(f"{path} is no saved {KIND}: {error}") from None


def _made(about: Dict[str, Any], columns: List[NDArray[Any]]) -> TrajectoryBuffer:
    store = TrajectoryBuffer(
        about["capacity"], ends=about["ends"], min_length=about["min_length"], priority=about["priority"]
    )
    store._marks = Marks(about["marks"])
    if about["layout"] is None:
        return store
    spans, numbers, values, *rows = columns
    store._ring.expect(Layout.from_plain(about["layout"]))
    store._ring.restore(rows, about["next"])
    if len(numbers) != len(store) or sorted(numbers) != list(range(store._ring.first, store._ring.next)):
        raise RowError(f"{len(numbers)} rows are in episodes, {len(store)} are held")
    if store._priorities is not None:
        _put_priorities(store._priorities, values, float(about["greatest"]))
    _put_episodes(store, about, spans, numbers)
    return store


def _put_priorities(priorities: Priorities, values: Any, greatest: float) -> None:
    """Those of places where no row has come yet are 0."""
    priorities.values[:] = values
    held = priorities.values[priorities.values != 0]
    if not priorities.can_be(np.append(held, greatest)).all():
        raise RowError(f"priorities up to {greatest}: expected finite numbers above 0")
    priorities.greatest = greatest


def _put_episodes(store: TrajectoryBuffer, about: Dict[str, Any], spans: Any, numbers: Any) -> None:
    episodes: Episodes = store._episodes
    sources = {int(index): (str(client), int(epoch)) for index, (client, epoch) in about["open"]}
    done = 0
    for index, (start, stop) in enumerate(spans.tolist()):
        episode = Episode(start)
        slot = episodes.add(episode)
        episodes.append(slot, numbers[done : done + stop - start])
        done += stop - start
        store._grown(slot, numbers[done - stop + start : done], 0)
        if index in sources:
            episodes.open[sources[index]] = slot
        else:
            episode.ended = True
