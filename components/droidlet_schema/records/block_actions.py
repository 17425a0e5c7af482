"""What a body in a block world can be told to do, in that world's own axes (see records/blocks.py)."""

from __future__ import annotations

from typing import Literal

from droidlet_schema.record import record


@record
class StepBlock:
    """Go one block along a native axis, or as seen from the body; takes the whole step.

    Walking climbs one block where it must. "+y" lifts a creative player off the ground, "-y" lowers it again.
    """

    direction: Literal["+x", "-x", "+y", "-y", "+z", "-z", "forward", "back", "left", "right"] = "forward"


@record
class Jump:
    """Jump, from the ground or in a liquid."""


@record
class SetLook:
    """Turn body and head: yaw 0 looks along native +Z and grows to the left, pitch is positive upwards."""

    yaw_rad: float
    pitch_rad: float


@record
class LookAtBlock:
    """Turn body and head so that they look at the middle of a block."""

    x: int
    y: int
    z: int


@record
class Dig:
    """Take a block out of the world; takes the whole step. It drops as an item, unless the hand is creative."""

    x: int
    y: int
    z: int


@record
class PlaceBlock:
    """Put one block of the held kind there; takes the whole step."""

    x: int
    y: int
    z: int


@record
class HoldItem:
    """Take a kind of item from the inventory into the hand; creative hands take anything. Id 0: nothing."""

    id: int
    meta: int = 0


@record
class DropItem:
    """Drop some of a stack that the player has, by the stack's id."""

    item: int
    count: int = 1


@record
class PickUpItem:
    """Take a stack that lies within reach into the inventory, by the stack's id."""

    item: int


@record
class UseItem:
    """Use the held item on a block; takes the whole step. A spawn egg lets its creature out there."""

    x: int
    y: int
    z: int


@record
class SpawnMob:
    """Let a creature appear at a block; takes the whole step, and creative hands."""

    kind: str
    x: int
    y: int
    z: int


@record
class Craft:
    """Make items of this kind from what is in the inventory, once by the recipe; takes the whole step."""

    id: int
    meta: int = 0
