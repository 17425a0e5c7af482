"""One call of a function for the requests that wait together."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Set
from typing import Any, Callable, Deque, List, Mapping, Optional, Sequence


class _Waiting:
    """One payload, and what became of it."""

    def __init__(self, payload: Any) -> None:
        self.payload = payload
        self.done = False
        self.result: Any = None
        self.error: Optional[Exception] = None


class Batched:
    """A function of a list of payloads, called once for those that wait: at most `most`, after at most `wait_s`.

    Called with one payload, from any number of threads. The first that comes waits for others, also while the batch
    before is at work, and calls the function in its thread; so the function is never in two threads at a time. Where
    it raises for several, each is tried alone, so that a bad request costs no other its answer.

    It returns a list or an array of one result per payload, in order; or a mapping or a tuple of columns, which may
    hold further ones, and each payload gets one of the same form with its row of each column (see `rows_of`).

    Raises ValueError for bounds that cannot be.
    """

    def __init__(
        self, function: Callable[[List[Any]], Any], *, most: int = 16, wait_s: float = 0.002
    ) -> None:
        if most < 1 or not wait_s >= 0:
            raise ValueError(f"most is {most} and wait_s {wait_s}: at least 1, and at least 0 s")
        self._function, self.most, self.wait_s = function, most, wait_s
        self._queue: Deque[_Waiting] = deque()
        self._changed = threading.Condition()
        self._busy = False
        self.calls = 0  # of the function

    def __call__(self, payload: Any) -> Any:
        """The result for this payload. Raises what the function raises for it, ValueError for what `rows_of` does."""
        mine = _Waiting(payload)
        with self._changed:
            self._queue.append(mine)
            self._changed.notify_all()
            self._changed.wait_for(lambda: mine.done or (not self._busy and self._queue[0] is mine))
            batch = [] if mine.done else self._gather()
        if batch:
            self._work(batch)
        if mine.error is not None:
            raise mine.error
        return mine.result

    def _gather(self) -> List[_Waiting]:
        """The batch of the first in the queue."""
        self._busy = True
        self._changed.wait_for(lambda: len(self._queue) >= self.most, self.wait_s)
        return [self._queue.popleft() for _ in range(min(self.most, len(self._queue)))]

    def _work(self, batch: List[_Waiting]) -> None:
        try:
            try:
                self._call(batch)
            except Exception as error:
                batch[0].error = error
                if len(batch) > 1:
                    for one in batch:
                        self._alone(one)
        except BaseException as error:  # it ends this thread; the others are told
            for one in batch:
                one.error = RuntimeError(f"the function ended its thread: {type(error).__name__}: {error}")
            raise
        finally:
            with self._changed:
                self._busy = False
                for one in batch:
                    one.done = True
                self._changed.notify_all()

    def _alone(self, one: _Waiting) -> None:
        one.error = None
        try:
            self._call([one])
        except Exception as error:
            one.error = error

    def _call(self, batch: List[_Waiting]) -> None:
        self.calls += 1
        results = rows_of(self._function([one.payload for one in batch]), len(batch))
        for one, result in zip(batch, results):
            one.result = result


def rows_of(results: Any, count: int, path: str = "the result") -> Sequence[Any]:
    """The results of a batch, one by one.

    A mapping or a tuple is split at any depth: each leaf is a column, whose length is the batch's. Anything else is a
    sequence of that length. Raises ValueError for text, for what has no length, and for another length.
    """
    if isinstance(results, Mapping):
        split = {key: rows_of(column, count, f"{path}[{key!r}]") for key, column in results.items()}
        return [{key: column[row] for key, column in split.items()} for row in range(count)]
    if isinstance(results, tuple) and results:
        columns = [rows_of(column, count, f"{path}[{n}]") for n, column in enumerate(results)]
        made = getattr(type(results), "_make", tuple)  # a named tuple stays one
        return [made(column[row] for column in columns) for row in range(count)]
    if isinstance(results, (str, bytes, bytearray, Set)) or not hasattr(results, "__getitem__"):
        raise ValueError(
            f"{path} of a batch is {str(results)[:60]!r}: a list or array with a row per payload is needed"
        )
    try:
        length = len(results)
    except TypeError:  # an array without axes
        length = -1
    if length != count:
        counted = f"{length} rows" if length >= 0 else "no rows"
        raise ValueError(f"{path} of a batch of {count} payloads has {counted}: one for each is needed")
    rows: Sequence[Any] = results
    return rows
