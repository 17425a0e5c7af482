"""Memory as a value: schemas as data, a query language, time travel.

Needs beside it: droidlet_schema.
"""

from droidlet_memory.droidlet_forms import FormRefused, filters_from_droidlet
from droidlet_memory.errors import (
    CommitConflict,
    CommitRefused,
    NoSuchRevision,
    SchemasError,
    StoreBusy,
    StoreClosed,
    StoreError,
    StoreUnreadable,
    StoreUnwritable,
)
from droidlet_memory.forgetting import (
    CHATS,
    KEEP,
    USUAL,
    Dropped,
    Forgetting,
    ForgettingReport,
    forgetting_changes,
)
from droidlet_memory.memory import Memory
from droidlet_memory.migrating import (
    MigrationPlan,
    migrate_change,
    migrate_memory,
    migrate_node,
    plan_migration,
)
from droidlet_memory.perceived import IN_VIEW, changes_from_tracks
from droidlet_memory.places import Cell, PlaceCell, PlaceField
from droidlet_memory.results import Committed, Diff, Explanation, Truncated, Version
from droidlet_memory.schemas import FieldType, NodeType, Predicate, Schema
from droidlet_memory.steps import Migration
from droidlet_memory.text_form import QueryTextError, parse_query, query_text
from droidlet_memory.words import means

__all__ = [
    "Cell",
    "CHATS",
    "CommitConflict",
    "CommitRefused",
    "Committed",
    "Diff",
    "Dropped",
    "Explanation",
    "FieldType",
    "Forgetting",
    "ForgettingReport",
    "FormRefused",
    "IN_VIEW",
    "KEEP",
    "Memory",
    "Migration",
    "NoSuchRevision",
    "NodeType",
    "PlaceCell",
    "PlaceField",
    "MigrationPlan",
    "Predicate",
    "QueryTextError",
    "Schema",
    "SchemasError",
    "StoreBusy",
    "StoreClosed",
    "StoreError",
    "StoreUnreadable",
    "StoreUnwritable",
    "Truncated",
    "USUAL",
    "Version",
    "changes_from_tracks",
    "filters_from_droidlet",
    "forgetting_changes",
    "means",
    "migrate_change",
    "migrate_memory",
    "migrate_node",
    "parse_query",
    "plan_migration",
    "query_text",
]
