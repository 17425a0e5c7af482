"""What was committed to a memory, as data."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Union

from droidlet_memory.results import Committed
from droidlet_memory.store.body import Stored
from droidlet_memory.working.body import Working

Body = Union[Working, Stored]


def committed(body: Body, since: int) -> Iterator[Committed]:
    """The commits after a revision, the oldest first."""
    since = max(since, body.oldest)
    found = body.commits(since) if isinstance(body, Stored) else body.commits()
    skipped = 0 if isinstance(body, Stored) else since - body.oldest
    return (Committed(*one) for one in islice(found, skipped, None))
