"""Level 0, where things are and which way to go: relations, directions, sides, points of the compass."""

from __future__ import annotations

from droidlet_dialog.words.table import by_meaning, each

WORDS: dict[str, dict[str, str]] = {
    "relation": by_meaning(
        {
            "LEFT": """
                left of, on the left of, to the left of, left from, on the left side of, on the left hand
                side of, at the left of, the left of, the left side of, at the left side of, to the left
                side of, to the left hand side of, left hand of, left next to
            """,
            "RIGHT": """
                right of, on the right of, to the right of, right from, on the right side of, on the right hand side
                of, at the right of, the right of, the right side of, at the right side of, to the right side of
            """,
            "FRONT": """
                in front of, before, ahead of, the front of, at the front of, on front of, infront of, to
                the front of, opposite, opposite of, facing, straight ahead of, on this side of, this side
                of
            """,
            "BACK": """
                behind, in back of, at the back of, to the back of, the back of, beyond, after, past, on the
                other side of, the other side of, the far side of, on the far side of
            """,
            "NEAR": """
                next to, near, near to, beside, by, close to, alongside, adjacent to, nearby, close by, at
                the side of, by the side of, the side of, right by, right next to, right beside, just by,
                against, touching, with, in the vicinity of, within reach of, together with, somewhere near,
                nearer to, closer to, standing next to, standing by, standing near, along, around the corner
                of, at the foot of
            """,
            "BETWEEN": """
                between, in between, in the middle of, halfway between, half way between, in the middle
                between, midway between, amid, among, amongst
            """,
            "UP": """
                on, on top of, above, over, upon, atop, on the top of, lying on, standing on, sitting on
            """,
            "DOWN": "under, below, beneath, underneath, at the bottom of",
            "INSIDE": "in, inside, within, inside of, into",
            "OUTSIDE": "outside, outside of, out of",
            "AROUND": "around, round, all around",
            "AWAY": "away from, far from, far away from, farther from, further from",
        }
    ),
    "direction": by_meaning(
        {
            "FRONT": """
                forward, forwards, ahead, straight, straight ahead, straight on, straight forward, onward,
                onwards, front, straight forwards, directly ahead, dead ahead, to the front, ahead of you,
                in front of you, your front
            """,
            "BACK": """
                back, backward, backwards, in reverse, to the back, rearward, rearwards, straight back, to
                the rear, behind you
            """,
            "LEFT": """
                left, leftward, leftwards, to the left, to your left, on the left, on your left, to the left side,
                to your left side, left side, the left, your left, sideways to the left, to the left hand side, port
            """,
            "RIGHT": """
                right, rightward, rightwards, to the right, to your right, on the right, on your right, to the right
                side, to your right side, right side, the right, your right, sideways to the right, starboard
            """,
            "UP": "up, upward, upwards, upstairs",
            "DOWN": "down, downward, downwards, downstairs",
        }
    ),
    "side": by_meaning(
        {
            "LEFT": """
                left, to the left, to your left, leftward, leftwards, counterclockwise, counter clockwise,
                anticlockwise, anti clockwise, to the left side, to your left side, on the left, your left,
                to left, ccw, on your left, in the counterclockwise direction, in the anticlockwise
                direction, the left, to my left, left side
            """,
            "RIGHT": """
                right, to the right, to your right, rightward, rightwards, clockwise, to the right side, to
                your right side, on the right, your right, to right, cw, in the clockwise direction, the
                right, to my right, right side, on your right
            """,
        }
    ),
    "mine": by_meaning(
        {
            "LEFT": """
                to my left, on my left, at my left, my left, to my left side, on my left side, my left side, on my
                left hand side, to my left hand side, at my left side, by my left side
            """,
            "RIGHT": """
                to my right, on my right, at my right, my right, to my right side, on my right side, my right side,
                on my right hand side, to my right hand side, at my right side, by my right side
            """,
        }
    ),
    "compass": each(
        """
            north, south, east, west, northeast, northwest, southeast, southwest, northward, northwards,
            southward, southwards, eastward, eastwards, westward, westwards
        """
    ),
}
