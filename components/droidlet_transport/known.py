"""What a service holds for its clients, so that they can name it: bounded for each of them and for all together.

Where it has let go of a value it says so and is sent the bytes, so whatever is dropped here costs time alone.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, List, Optional, Sequence, Tuple

import attrs

from droidlet_transport.envelope import Name
from droidlet_transport.values import Frames, Opaque

MOST_KNOWN = 256  # values that are held for one client, all of them within:
MOST_BYTES = 1 << 27
MOST_CLIENTS = 1024  # all of them within:
MOST_TOGETHER = 1 << 28  # bytes


@attrs.define(eq=False)
class _Held:
    """The values of one client, with their bytes; the one that was longest not asked for is first."""

    values: OrderedDict[Name, Tuple[Any, int]] = attrs.field(factory=OrderedDict)
    size: int = 0

    def drop(self) -> int:
        """Lets go of the first; its bytes."""
        size = self.values.popitem(last=False)[1][1]
        self.size -= size
        return size


class Known:
    """Values by the client that named them and the name; for one thread at a time.

    A client that holds too much loses what it asked for longest ago. Where all of them hold too much, the one that
    holds most does; where there are too many, the one that was longest not heard of goes.
    """

    def __init__(self) -> None:
        self._clients: OrderedDict[bytes, _Held] = OrderedDict()
        self._size = 0

    def find(self, client: bytes, names: Sequence[Name]) -> Optional[List[Any]]:
        """The values of these names; None where one of them is not known."""
        if not names:
            return []
        held = self._clients.get(client)
        if held is None or not all(name in held.values for name in names):
            return None
        self._clients.move_to_end(client)
        for name in names:
            held.values.move_to_end(name)
        return [held.values[name][0] for name in names]

    def keep(self, client: bytes, name: Name, value: Any, frames: Frames) -> None:
        """Holds a value, if it may have a name; a name that is known keeps its value."""
        size = size_of(value, frames)
        if not size:
            return
        held = self._clients.get(client)
        if held is None:
            held = self._clients[client] = _Held()
        self._clients.move_to_end(client)
        if name in held.values:
            held.values.move_to_end(name)
            return
        held.values[name] = (value, size)
        held.size += size
        self._size += size
        while len(held.values) > MOST_KNOWN or held.size > MOST_BYTES:
            self._size -= held.drop()
        while self._size > MOST_TOGETHER:
            self._size -= max(self._clients.values(), key=lambda one: one.size).drop()
        while len(self._clients) > MOST_CLIENTS:
            self._size -= self._clients.popitem(last=False)[1].size


def size_of(value: Any, frames: Frames) -> int:
    """The bytes of a value that may have a name: one that never changes and can be referred to weakly; else 0."""
    if not hasattr(type(value), "__record__") and type(value) is not Opaque:
        return 0
    return sum([len(frame) for frame in frames])
