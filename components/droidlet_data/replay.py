"""A replay buffer: single rows, each as likely as any other."""

from __future__ import annotations

from droidlet_data.batch import Batch
from droidlet_data.errors import DataError, StoreFileError
from droidlet_data.files import Location, read_store, write_store
from droidlet_data.layout import Layout
from droidlet_data.marks import Marks
from droidlet_data.sampling import draw, numbers_from
from droidlet_data.store import Store
from droidlet_schema import Key

KIND = "ReplayBuffer"


class ReplayBuffer(Store):
    """The newest `capacity` rows. A row is a table of numbers and arrays, the same columns in each.

    Rows come by `insert` in this process, or from clients by `receive`, each of these once.
    """

    def sample(self, count: int, key: Key, *, unique: bool = False) -> Batch:
        """(count, ...) of each column, rows drawn evenly; `unique`: none twice. The same for the same key.

        Raises NotEnough.
        """
        with self._lock:
            self._check_holds(count, count if unique else min(count, 1))
            return self.rows(draw(numbers_from(key), self._ring.first, self._ring.next, count, unique))

    def save(self, path: Location) -> None:
        """Rows, and how far each client's have come, in one file, whole or not at all; others wait meanwhile.

        Raises OSError.
        """
        with self._lock:
            columns, following = self._ring.used()
            about = {
                "kind": KIND,
                "capacity": self.capacity,
                "layout": self.layout(),
                "next": following,
                "marks": self._marks.rows(),
            }
            write_store(path, about, columns)

    @staticmethod
    def load(path: Location) -> ReplayBuffer:
        """The store that was saved. Raises StoreFileError, FileNotFoundError."""
        about, columns = read_store(path, KIND)
        try:
            made = ReplayBuffer(about["capacity"])
            if about["layout"] is not None:
                made._ring.expect(Layout.from_plain(about["layout"]))
                made._ring.restore(columns, about["next"])
            made._marks = Marks(about["marks"])
        except (DataError, KeyError, TypeError, ValueError, OverflowError, MemoryError) as error:
            raise StoreFileError(f"{path} is no saved {KIND}: {error}") from None
        return made
