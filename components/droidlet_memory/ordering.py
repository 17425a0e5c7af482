"""The order of nodes where nothing else decides."""

from __future__ import annotations

from droidlet_schema import MemoryNode


def by_number(node: MemoryNode) -> tuple[str, int, str]:
    """A sort key: by the text before the id's last "/", then by the number behind it: object/9 before
    object/10.
    """
    kind, _, number = node.id.rpartition("/")
    if number.isascii() and number.isdigit() and len(number) < 20:
        return kind, int(number), node.id
    return kind, -1, node.id
