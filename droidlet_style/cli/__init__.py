"""The command line: the top floor, where commands meet components."""
