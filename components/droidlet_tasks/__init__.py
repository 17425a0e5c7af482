"""A task stack whose tick returns commands: walking, turning, exploring, searching, following."""

from droidlet_tasks.body import BodyLimits
from droidlet_tasks.contract import Commands, StackState, TaskInputs, TaskState
from droidlet_tasks.stack import TaskStack

__all__ = ("BodyLimits", "Commands", "StackState", "TaskInputs", "TaskStack", "TaskState")
