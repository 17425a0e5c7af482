"""Level 0, how much: lengths, angles, parts of a turn."""

from __future__ import annotations

from droidlet_dialog.words.table import by_meaning

WORDS: dict[str, dict[str, str]] = {
    "length": by_meaning(
        {
            "1.0": """
                m, metre, metres, meter, meters, mtr, mtrs, block, blocks, unit, units, tile, tiles, square,
                squares
            """,
            "0.01": "cm, centimetre, centimetres, centimeter, centimeters, cms",
            "0.001": "mm, millimetre, millimetres, millimeter, millimeters",
            "1000.0": "km, kilometre, kilometres, kilometer, kilometers",
            "0.3048": "ft, foot, feet",
            "0.0254": "inch, inches",
            "0.9144": "yard, yards, yd, yds",
            "0.5": "step, steps, pace, paces, stride, strides",
        }
    ),
    "angle": by_meaning(
        {
            "0.017453292519943295": "degree, degrees, deg, degs",
            "1.0": "radian, radians, rad, rads",
        }
    ),
    "fraction": by_meaning(
        {
            "1.5707963267948966": """
                quarter, quarter turn, quarter of a turn, quarter circle, quarter rotation, one quarter
                turn, quarter of a circle, quarter of the way, quarter of the way around, right angle
            """,
            "3.141592653589793": """
                half turn, half of a turn, half circle, half a turn, half a circle, half rotation, u turn, uturn,
                about turn, half, half way around, halfway, halfway around, half a rotation, half way, semicircle,
                180, about face, one eighty, a one eighty, one hundred eighty, one hundred and eighty
            """,
            "4.71238898038469": """
                three quarter turn, three quarters, three quarter, three quarters of a turn, three quarter
                circle
            """,
            "6.283185307179586": """
                full turn, full circle, complete turn, whole turn, one turn, full rotation, complete circle, 360,
                circle, complete rotation, full spin, all the way around, all the way round, once around, pirouette,
                in a circle, in circles, on the spot, in place, full 360, one full turn, one full circle, one full
                rotation, one complete turn, one complete circle, one rotation, one revolution, revolution, three
                sixty, a three sixty, three hundred sixty, three hundred and sixty
            """,
        }
    ),
}
