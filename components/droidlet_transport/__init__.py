"""Where parts run: so far, how a part is found by its name."""

from droidlet_transport.loading import LoadError, load

__all__ = ["LoadError", "load"]
