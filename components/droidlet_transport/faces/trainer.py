"""Learners and actors: `TrainerServer` where the learner is, `TrainerClient` in each actor."""

from droidlet_transport.faces.trainer_client import TrainerClient
from droidlet_transport.faces.trainer_server import TrainerServer, UnknownStore
from droidlet_transport.faces.trainer_stores import Count, Incoming, Outgoing, Updated, Weights

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
