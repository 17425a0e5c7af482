"""Why a wish that was understood cannot be fulfilled: one sentence by what it begins with or speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "compass": (
            """
                north south east west northeast northwest southeast southwest northward northwards southward
                southwards eastward eastwards westward westwards
            """,
            "I have no compass and do not know where that is: say left, right, forward, back, or how many "
            "degrees to turn.",
        ),
        "condition": (
            "if unless until till while whenever because before when as in every so except only tell let warn notify "
            "alert",
            "I do nothing that depends on something else: tell me what to do, one thing after the other.",
        ),
        "hands": (
            """
                bring fetch grab pick lift carry hold give hand open close shut put throw kick push pull
                take drop pour serve build dig break clean tidy cook wash wave clap hug shake catch knock
                move switch fix repair make
            """,
            "I have no hands: I can only go to things and look at them.",
        ),
        "away": ("away back", "I can only turn towards things: tell me by how many degrees I should turn."),
        "guard": ("guard protect avoid", "I keep clear of everything anyway, and can do no more about it."),
        "room": (
            "leave enter exit",
            "I know things, not rooms: say “explore” and I look into every room that I can get to.",
        ),
        "compare": (
            "compare",
            "I can compare two things that I have seen: “is the sofa bigger than the bed?”",
        ),
        "circle": ("circle circles", "I cannot drive in circles: say “turn around” or “spin”."),
        "speed": ("slow slower speed faster slowly quick hurry careful", "I always drive at the same speed."),
        "camera": ("look", "I cannot look up or down: my camera keeps its tilt."),
    }
)
_FIRST_WORD_ONLY = ("condition", "guard", "hands", "room", "compare", "camera")
_PLACES = """
    room kitchen bathroom bedroom hall hallway corridor corner door doorway wall window exit outside
    floor ceiling entrance garden street office balcony toilet stairs house flat apartment middle
"""


def excuse(text: str) -> str | None:
    """The reason why words like these cannot be done; None where there is none in particular."""
    words = text.split()
    for name, (keys, reason) in _REASONS.items():
        looked_at = words[:1] if name in _FIRST_WORD_ONLY else words
        if not set(keys.split()).isdisjoint(looked_at):
            return reason
    return None


def place_excuse(names: tuple[str, ...]) -> str | None:
    """What to say when a place is asked for that is no thing: "the kitchen", "the door"."""
    place = next((name for name in names if name.split()[-1] in _PLACES.split()), None)
    if place is None:
        return None
    return (
        f"I know things, not rooms, doors or walls, so I cannot tell where the {place} is. Say “explore” and I "
        "look into every room that I can get to."
    )
