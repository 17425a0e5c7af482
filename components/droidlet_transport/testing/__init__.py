"""Trouble on cue, for tests: workers that die, stop or dawdle; connections that are cut, slow, or bring garbage.

    with Worker("my_parts:detector") as worker, Chaos(worker) as chaos:
        chaos.kill(at(3, 7))
        ...

Nothing here is random by itself: what happens by chance takes a Key, and the same key gives the same trouble.
"""

from droidlet_transport.testing.cues import Cue, at, at_random, every, with_chance
from droidlet_transport.testing.garbling import Garble, flipped, noise, shortened
from droidlet_transport.testing.processes import Chaos
from droidlet_transport.testing.proxy import Proxy

__all__ = [
    "Chaos",
    "Cue",
    "Garble",
    "Proxy",
    "at",
    "at_random",
    "every",
    "flipped",
    "noise",
    "shortened",
    "with_chance",
]
