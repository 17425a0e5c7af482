"""The order of nodes where nothing else decides."""

from __future__ import annotations

from functools import lru_cache

from droidlet_schema import MemoryNode

MOST_DIGITS = 18  # what a signed number of 64 bits holds


def by_number(node: MemoryNode) -> tuple[str, int, str]:
    """A sort key: by the text before the id's last "/", then by the number behind it: object/9 before
    object/10.
    """
    return order_of(node.id)


@lru_cache(maxsize=65_536)
def order_of(node_id: str) -> tuple[str, int, str]:
    """The sort key of an id."""
    kind, _, number = node_id.rpartition("/")
    if number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS:
        return kind, int(number), node_id
    return kind, -1, node_id
