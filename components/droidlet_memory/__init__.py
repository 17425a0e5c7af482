"""Memory as a value: schemas as data, a query language, time travel.

Needs beside it: droidlet_schema.
"""

from droidlet_memory.errors import CommitRefused, NoSuchRevision, SchemasError
from droidlet_memory.memory import Diff, Memory, Version
from droidlet_memory.perceived import IN_VIEW, changes_from_tracks
from droidlet_memory.schemas import NodeType, Schema
from droidlet_memory.words import means

__all__ = [
    "CommitRefused",
    "Diff",
    "IN_VIEW",
    "Memory",
    "NoSuchRevision",
    "NodeType",
    "Schema",
    "SchemasError",
    "Version",
    "changes_from_tracks",
    "means",
]
