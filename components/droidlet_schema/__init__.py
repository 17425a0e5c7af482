"""The ground: records, their codec and digest, immutable maps, keys, and the records that parts exchange.

Needs beside it: nothing.
"""

from droidlet_schema.codec import decode, encode
from droidlet_schema.digest import digest
from droidlet_schema.errors import DecodeError, EncodeError, RecordError, SchemaError
from droidlet_schema.fields import array, field
from droidlet_schema.frozen_map import FrozenMap
from droidlet_schema.json_schema import json_schema
from droidlet_schema.json_values import from_json, to_json
from droidlet_schema.key import Key
from droidlet_schema.plain_values import from_plain, to_plain
from droidlet_schema.record import evolve, fields_of, is_record, record
from droidlet_schema.records import *  # noqa: F403
from droidlet_schema.records import __all__ as _records

__all__ = [
    "DecodeError",
    "EncodeError",
    "FrozenMap",
    "Key",
    "RecordError",
    "SchemaError",
    "array",
    "decode",
    "digest",
    "encode",
    "evolve",
    "field",
    "fields_of",
    "from_json",
    "from_plain",
    "is_record",
    "json_schema",
    "record",
    "to_json",
    "to_plain",
    *_records,
]
