"""The records that two packages exchange."""

from droidlet_schema.records.actions import Action, Drive, Look, Move, Speak, Stop, Turn
from droidlet_schema.records.geometry import Intrinsics, Pose, Pose2
from droidlet_schema.records.language import (
    ActionForm,
    And,
    Attribute,
    AttributeName,
    Chat,
    Command,
    Comparator,
    Comparison,
    Confirm,
    Direction,
    ExploreForm,
    Facing,
    Filters,
    FollowForm,
    GetCapabilities,
    GetMemory,
    LinearExtent,
    Location,
    LogicalForm,
    MemoryType,
    Mention,
    MoveForm,
    Noop,
    Not,
    Or,
    OtherForm,
    ReferenceObject,
    Reply,
    ResumeForm,
    SayForm,
    SearchForm,
    Selector,
    StopForm,
    Triple,
    TurnForm,
    Utterance,
    Where,
)
from droidlet_schema.records.memory import (
    Answer,
    Attend,
    Change,
    DropTriple,
    Forget,
    MemoryNode,
    PutNode,
    PutTriple,
    Query,
    Value,
)
from droidlet_schema.records.perceived import Detection, Detections, OccupancyMap, Track, Tracks
from droidlet_schema.records.scene import SceneObject
from droidlet_schema.records.sensing import Frame, Observation, SemanticImage
from droidlet_schema.records.tasks import (
    Approach,
    Drop,
    Explore,
    Face,
    Follow,
    GoTo,
    LookAround,
    MoveBy,
    Pause,
    Push,
    Resume,
    Say,
    TaskChange,
    TaskEvent,
    TaskSpec,
    TurnBy,
)

__all__ = sorted(name for name in globals() if name[0].isupper())  # noqa: PLE0605
