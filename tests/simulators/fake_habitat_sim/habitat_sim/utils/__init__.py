"""A FAKE of habitat_sim.utils."""

from habitat_sim.utils import common

__all__ = ["common"]
