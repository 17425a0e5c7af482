"""What the tasks take for granted about the body and its walking."""

from __future__ import annotations

import math

import attrs


@attrs.frozen
class BodyLimits:
    """Sizes and speeds: metres, seconds, radians. Raises ValueError for one that no body has."""

    radius_m: float = 0.18
    speed_m_s: float = 0.5
    turn_rad_s: float = 1.5
    period_s: float = 0.1
    margin_m: float = 0.07  # kept from obstacles beside the radius
    replan_s: float = 1.5  # a route is at most this old
    patience_s: float = 6.0  # without getting nearer, a walk is stuck
    search_s: float = 400.0  # a search gives up after this

    def __attrs_post_init__(self) -> None:
        """Raises ValueError for a limit that is no finite number above 0."""
        for name, value in attrs.asdict(self).items():
            if not (math.isfinite(value) and (value > 0.0 or (value == 0.0 and name == "margin_m"))):
                raise ValueError(f"BodyLimits.{name} is {value}: a finite number above 0; was it left unset?")
