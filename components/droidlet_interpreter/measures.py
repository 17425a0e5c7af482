"""Distances, angles, times and points as people say them."""

from __future__ import annotations

import math


def metres(value: float) -> str:
    """A distance: "40 cm", "2.3 m"."""
    if not abs(value) < 1e5:
        return "more than 100 km"
    return f"{max(0, round(value * 100))} cm" if value < 0.995 else f"{value:.1f}".removesuffix(".0") + " m"


def degrees(angle_rad: float) -> str:
    """An angle without its sign: "45 degrees"."""
    if not abs(angle_rad) < 1e5:
        return "endlessly"
    turned = round(abs(math.degrees(angle_rad)))
    return f"{turned} degree" if turned == 1 else f"{turned} degrees"


def seconds(value: float) -> str:
    """A time: "1 second", "2.5 seconds", "2 minutes"."""
    if value >= 120 and value % 60 == 0:
        return f"{round(value / 60)} minutes"
    text = f"{value:.1f}".removesuffix(".0")
    return "1 second" if text == "1" else f"{text} seconds"


def point(x_m: float, y_m: float) -> str:
    """ "(1.2, 3.4)", never "-0.0"."""
    if not (math.isfinite(x_m) and math.isfinite(y_m)):
        return "that point"
    return f"({round(x_m, 1) + 0.0:.1f}, {round(y_m, 1) + 0.0:.1f})"
