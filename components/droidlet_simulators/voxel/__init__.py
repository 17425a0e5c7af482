"""A world of blocks: chunks, creatures, items, players."""
