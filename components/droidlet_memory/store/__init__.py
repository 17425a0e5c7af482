"""A memory in a SQLite file or in SQLite's own memory.

`tables` says what is kept where; `opening` finds and checks a file; `writing` turns what a commit did into
rows; `reading` turns rows back into nodes, at any revision; `forking`, `truncating` and `exporting` copy, cut
and tell.
"""
