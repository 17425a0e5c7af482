"""Threads that answer requests for a server, so that a slow call delays nobody else's."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Callable, Deque, List, Optional, Sequence, Tuple

from droidlet_transport.errors import TransportError
from droidlet_transport.serving import LATER

Answer = Optional[Sequence[Any]]
Tell = Callable[[Sequence[Any]], None]
Task = Tuple[Any, List[Any]]  # the peer, and the frames of its request


class Crew:
    """Answers in its threads, or tells of an answer later where another of them is making it; `answered` tells in the
    server's own, which is woken for it. Takes no more work than `most` requests at a time: the others wait where they
    are, so that a flood slows its senders down. Raises TransportError where so many threads may not be started.
    """

    def __init__(
        self, threads: int, answer: Callable[[List[Any], Tell], Answer], wake: Callable[[], None], most: int
    ) -> None:
        self._pool = _all_started(threads)
        self._answer, self._wake, self._most = answer, wake, most
        self._done: Deque[Tuple[Any, Future[Answer]]] = deque()
        self._told: Deque[Tuple[Any, Answer]] = deque()
        self._taken = 0

    @property
    def full(self) -> bool:
        """Whether it takes no more for now."""
        return self._taken >= self._most

    def take(self, peer: Any, frames: List[Any]) -> None:
        """Has a request answered."""
        self._taken += 1

        def tell(answer: Answer) -> None:
            self._told.append((peer, answer))
            self._wake()

        self._pool.submit(self._answer, frames, tell).add_done_callback(lambda done: self._finish(peer, done))

    def _finish(self, peer: Any, done: Future[Answer]) -> None:
        self._done.append((peer, done))
        self._wake()

    def answered(self) -> List[Tuple[Any, Answer]]:
        """Peers with their answers, each told once; for the server's thread.

        Raises what ended a thread's call, such as SystemExit: it ends the server, as it would without a crew.
        """
        found: List[Tuple[Any, Answer]] = []
        while self._done:
            peer, done = self._done.popleft()
            self._taken -= 1
            answer = done.result()
            if answer != LATER:
                found.append((peer, answer))
        while self._told:
            found.append(self._told.popleft())
        return found

    def close(self) -> None:
        """Waits for the calls in progress; those that wait are given up."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _all_started(threads: int) -> ThreadPoolExecutor:
    """Threads that are there: one that could not be started later would end the server."""
    pool = ThreadPoolExecutor(threads, thread_name_prefix="droidlet-server")
    together = threading.Barrier(threads)
    try:
        for _ in range(threads):
            pool.submit(together.wait)
    except RuntimeError:
        together.abort()
        pool.shutdown()
        raise TransportError(
            f"a server of {threads} threads cannot be made: no more may be started (ulimit -u)"
        ) from None
    return pool
