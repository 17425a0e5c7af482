"""Familiar names over workers, servers and streams; each is a module of its own, imported when asked for."""
