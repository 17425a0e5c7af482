"""A task stack whose tick returns commands: walking, turning, exploring, searching, following.

Needs beside it: droidlet_geometry, droidlet_schema.
"""

from droidlet_schema import lifted

with lifted.Ground(__name__):
    import droidlet_geometry  # noqa: F401

from droidlet_tasks.body import BodyLimits
from droidlet_tasks.contract import Commands, StackState, TaskInputs, TaskState
from droidlet_tasks.stack import TaskStack

__all__ = ("BodyLimits", "Commands", "StackState", "TaskInputs", "TaskStack", "TaskState")
