"""Each column of droidlet's tables has a home here: in every node, in a field of a class, or in what is said."""

from __future__ import annotations

import pytest

from droidlet_memory import Memory, nodes
from droidlet_schema import fields_of

PLACE = {"x": "position_m", "y": "position_m", "z": "position_m"}
PLACED = {"player_placed": "player_placed", "agent_placed": "agent_placed"}
CELLS = {"x": "voxels", "y": "voxels", "z": "voxels", "bid": "blocks", "meta": "blocks"}
THING = {
    **PLACE,
    "eid": "entity_id",
    "yaw": "yaw_rad",
    "pitch": "pitch_rad",
    "name": "has_name",
    "type_name": "has_name",  # of what it is, also the class itself
    "ref_type": "REF_TYPE",
}
HOMES = {
    ("Memories", "Memory"): {
        "uuid": "id",
        "node_type": "REF_TYPE",
        "create_time": "created_ns",
        "updated_time": "updated_ns",
        "attended_time": "attended_ns",
    },
    ("Memories", "Archived"): {"is_snapshot": "archived_ns"},
    ("Chats", "Chat"): {"speaker": "speaker", "chat": "text", "time": "created_ns"},
    ("ReferenceObjects", "ReferenceObject"): THING,
    ("ArchivedReferenceObjects", "Archived"): {
        **PLACE,
        "name": "has_name",
        "ref_type": "was",
        "uuid": "archive_of",
    },
    ("Times", "Time"): {"time": "time_ns"},
    ("Programs", "Program"): {"logical_form": "logical_form"},
    ("Tasks", "Task"): {
        "action_name": "action",
        "pickled": "spec",
        "prio": "priority",
        "running": "running",
        "run_count": "run_count",
        "paused": "paused",
        "created": "created_ns",
        "finished": "finished_ns",
    },
    ("Dances", "Dance"): {"uuid": "id"},
    ("NamedAbstractions", "NamedAbstraction"): {"name": "name"},
    ("InterpreterMems", "Interpreter"): {
        "interpreter_type": "interpreter_type",
        "finished": "finished",
        "awaiting_response": "awaiting_response",
    },
    ("SetMems", "Set"): {"uuid": "id"},
    ("ReferenceObjects of minecraft", "VoxelObject"): {
        **PLACED,
        "created": "created_ns",
        "updated": "updated_ns",
        "voxel_count": "voxels",
    },
    ("BlockTypes", "BlockType"): {"type_name": "name", "bid": "block_id", "meta": "block_meta"},
    ("MobTypes", "MobType"): {"type_name": "name", "bid": "mob_id", "meta": "mob_meta"},
    ("VoxelObjects", "VoxelObject"): {**CELLS, **PLACED, "updated": "updated_ns", "ref_type": "REF_TYPE"},
    ("Schematics", "Schematic"): CELLS,
    ("Mobs", "Mob"): {**PLACE, **PLACED, "eid": "entity_id", "mobtype": "mob_type", "spawn": "spawned_ns"},
    ("Rewards", "Reward"): {"value": "value", "time": "created_ns"},
    ("DetectedObjectFeatures", "DetectedObject"): {
        "featureBlob": "features",
        **{f"{end}{axis}": "size_m" for end in ("min", "max") for axis in "xyz"},
        "bbox": "box_px",
        "mask": "mask",
    },
    ("HumanPoseFeatures", "HumanPose"): {"keypointsBlob": "keypoints_px"},
}
PREDICATES = {
    "has_tag": "has_tag",
    "has_name": "has_name",
    "has_colour": "has_colour",
    "has_size": "has_size",
    "has_shape": "has_shape",
    "has_block_type": "has_block_type",
    "has_description": "has_description",
    "has_logical_form": "has_logical_form",
    "logical_form_memid": "has_logical_form",
    "attended_while_interpreting": "attended_while_interpreting",
    "chat_effect_": "chat_effect",
    "task_effect_": "task_effect",
    "task_reference_object": "task_reference_object",
    "_has_parent_task": "has_parent_task",
    "_has_child_task": "has_child_task",
    "dlf_clarification": "clarification_of",
    "dialogue_task_response": "task_response",
    "dialogue_clarification_output": "clarification_output",
    "member_of": "member_of",
    "has_schematic": "has_schematic",
    "has_fill_type": "has_fill_type",
    "_archive_of": "archive_of",
}
TAGS = {  # of every node of a type
    "Player": "_player _physical_object _animate _not_location",
    "Self": "_player _physical_object _animate _not_location AGENT SELF",
    "Location": "_location",
    "Attention": "_location _attention",
    "BlockObject": "_block_object _VOXEL_OBJECT _physical_object _destructible _not_location",
    "Mob": "mob _physical_object _animate _not_location",
    "ItemStack": "_item_stack _physical_object _not_location",
    "DetectedObject": "_physical_object _not_location",
    "HumanPose": "_human_pose",
}
CLASSES = {"Memory": nodes.Node, **{n: k for n, k in vars(nodes).items() if isinstance(k, type)}}


@pytest.mark.parametrize(("table", "kind"), HOMES, ids=" ".join)
def test_each_column_has_a_home(table: str, kind: str) -> None:
    schema = Memory.empty(("base", "robot", "minecraft")).schema
    assert kind in schema.types
    known = {*fields_of(CLASSES[kind]), *schema.predicates, "REF_TYPE"}
    assert set(HOMES[table, kind].values()) <= known


def test_each_predicate_and_each_tag_has_a_home() -> None:
    schema = Memory.empty(("base", "robot", "minecraft")).schema
    assert set(PREDICATES.values()) <= schema.predicates.keys()
    for kind, tags in TAGS.items():
        assert set(tags.split()) <= set(schema.types[kind].tags), kind
