"""Learners and actors: `TrainerServer` where the learner is, `TrainerClient` in each actor."""

from droidlet_transport.faces.trainer_client import TrainerClient
from droidlet_transport.faces.trainer_server import TrainerServer
from droidlet_transport.faces.trainer_weights import Weights
from droidlet_transport.rows.receiving import UnknownStore
from droidlet_transport.rows.stores import Count, Incoming, Outgoing, Updated

__all__ = [
    "Count",
    "Incoming",
    "Outgoing",
    "TrainerClient",
    "TrainerServer",
    "UnknownStore",
    "Updated",
    "Weights",
]
