"""A memory on immutable mappings: its content is the value."""
