"""Units of lengths, times and angles, in metres, seconds and radians."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from droidlet_schema import Unit

LENGTHS: Mapping[str, float] = MappingProxyType(
    {
        "mm": 0.001,
        "cm": 0.01,
        "m": 1.0,
        "km": 1000.0,
        "inches": 0.0254,
        "feet": 0.3048,
        "yards": 0.9144,
        "miles": 1609.344,
        "blocks": 1.0,
        "steps": 0.5,
    }
)
TIMES: Mapping[str, float] = MappingProxyType(
    {"ms": 0.001, "seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86400.0}
)
ANGLES: Mapping[str, float] = MappingProxyType({"radians": 1.0, "degrees": math.pi / 180})
UNITS: Mapping[str, float] = MappingProxyType({**LENGTHS, **TIMES, **ANGLES})


def scale_of(unit: Unit | None) -> float:
    """How many metres, seconds or radians a unit is; 1 for no unit."""
    return 1.0 if unit is None else UNITS[unit]
