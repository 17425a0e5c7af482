"""Where parts run: so far, how a part is found by its name.

Needs beside it: nothing.
"""

from droidlet_transport.loading import LoadError, load

__all__ = ["LoadError", "load"]
