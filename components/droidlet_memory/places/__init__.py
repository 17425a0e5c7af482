"""Where things are on the floor plans: a sparse map from cells to nodes and obstacles, as a value."""

from droidlet_memory.places.cells import Cell, PlaceCell
from droidlet_memory.places.field import PlaceField

__all__ = ["Cell", "PlaceCell", "PlaceField"]
