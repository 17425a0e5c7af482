"""Blocks of shared memory that are looked at when this process is forked.

The fork looks at them, too, and nobody hears when it does no more; so they are given back when it has ended.
"""

from __future__ import annotations

import os
import select
import sys
import weakref
from collections import deque
from contextlib import suppress
from threading import get_ident
from typing import Any, Deque, Dict, List, Optional, Tuple


class Returns:
    """The offsets of blocks that nobody looks at any more, told by the blocks themselves, in whatever thread."""

    def __init__(self) -> None:
        self.returned: Deque[int] = deque()
        self._pinned: List[_Pinned] = []  # for each fork
        _every.add(self)

    def given_back(self, most: int = 1 << 16) -> List[int]:
        """Those to give back, each told once; so many at a time."""
        if self._pinned:
            self._let_go()
        found: List[int] = []
        while self.returned and len(found) < most:
            found.append(self.returned.popleft())
        return found

    def looked_at(self) -> bool:
        """Whether there are blocks that somebody looks at."""
        return _looked_at(self) or any(map(_looked_at, self._pinned))

    def pin(self, fork: Optional[Fork]) -> None:
        """What is looked at now does not come back before the fork has ended; None: never."""
        self._let_go()
        for one in tuple(self._pinned):
            if _looked_at(one):
                if one.returned:  # at these nobody did any more
                    self._pinned.append(_Pinned(one.forks, _taken(one.returned)))
                one.forks = (*one.forks, fork)
        before, self.returned = self.returned, deque()
        self.returned.extend(_taken(before))
        self._pinned.append(_Pinned((fork,), before))

    def _let_go(self) -> None:
        for one in tuple(self._pinned):
            one.forks = tuple([fork for fork in one.forks if fork is None or not fork.ended()])
            more = _looked_at(one)
            if not one.forks:
                self.returned.extend(_taken(one.returned))
            if not (more or one.returned):
                self._pinned.remove(one)


def _taken(offsets: Deque[int]) -> Deque[int]:
    """All of them, each once, though others may come meanwhile."""
    found: Deque[int] = deque()
    while offsets:
        found.append(offsets.popleft())
    return found


class Fork:
    """A fork, and those it makes itself: each has one end of a pipe, which no other program that is started gets."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()

    def begun(self) -> None:
        """In the parent, when it is there, or could not be made."""
        os.close(self._write)

    def ended(self) -> bool:
        """Whether none of them is there any more."""
        poll = select.poll()
        poll.register(self._read, select.POLLIN)
        return bool(poll.poll(0))

    def __del__(self) -> None:
        """Closes the parent's end."""
        with suppress(OSError):
            os.close(self._read)


class _Pinned:
    """Where the blocks come back to that were looked at during these forks, of those that have not ended."""

    def __init__(self, forks: Tuple[Optional[Fork], ...], returned: Deque[int]) -> None:
        self.forks, self.returned = forks, returned


def _looked_at(holder: Any) -> bool:
    """Whether a block refers to what the holder has as `returned`, as each does that is looked at."""
    return _references(holder) > _ALONE


def _references(holder: Any) -> int:
    return sys.getrefcount(holder.returned)


_alone = _Pinned((), deque())
_ALONE = _references(_alone)
_every: weakref.WeakSet[Returns] = weakref.WeakSet()
_beginning: Dict[int, Fork] = {}  # by the thread that forks


def _before() -> None:
    pinned = [one for one in tuple(_every) if one.looked_at()]
    if not pinned:
        return
    fork: Optional[Fork] = None
    with suppress(OSError):  # no descriptor is left
        fork = _beginning[get_ident()] = Fork()
    for one in pinned:
        one.pin(fork)


def _in_parent() -> None:
    fork = _beginning.pop(get_ident(), None)
    if fork is not None:
        fork.begun()


def _in_child() -> None:
    _beginning.clear()
    _every.clear()


os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
