"""Where experience is kept: queues on their way to a learner, replay buffers, trajectories with their samplers.

Needs beside it: droidlet_schema.
"""

from droidlet_data.batch import Batch
from droidlet_data.errors import DataError, NotEnough, RowError, StaleEpoch, StoreFileError
from droidlet_data.marks import Mark
from droidlet_data.queues import Lent, QueuedDataStore
from droidlet_data.replay import ReplayBuffer
from droidlet_data.trajectories import TrajectoryBuffer

__all__ = [
    "Batch",
    "DataError",
    "Lent",
    "Mark",
    "NotEnough",
    "QueuedDataStore",
    "ReplayBuffer",
    "RowError",
    "StaleEpoch",
    "StoreFileError",
    "TrajectoryBuffer",
]
