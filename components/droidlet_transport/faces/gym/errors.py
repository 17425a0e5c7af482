"""The errors of a vector environment, each of Gymnasium's class too, for code that was written for its own."""

from __future__ import annotations

import multiprocessing

from gymnasium.error import AlreadyPendingCallError, ClosedEnvironmentError, NoAsyncCallError

from droidlet_transport.errors import Closed, DeadlineExceeded, TransportError
from droidlet_transport.specs import SpecError


class Ended(Closed, ClosedEnvironmentError):
    """A call after close(), or in another process than the one that made the environments."""


class Late(DeadlineExceeded, multiprocessing.TimeoutError):
    """Environments that did not answer in time: what came of it is not known."""


class Pending(TransportError, AlreadyPendingCallError):
    """A call while a step, or a reset, is under way; `name` says which."""


class NothingPending(TransportError, NoAsyncCallError):
    """Waiting for a step, or a reset, that nobody began; `name` says for which."""


class Unlike(SpecError, RuntimeError):
    """Environments that cannot be one batch."""
