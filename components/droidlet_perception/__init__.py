"""Images in; detections, tracks and maps out. Everything from colour and depth, nothing from a simulator's truth.

Needs beside it: droidlet_geometry, droidlet_schema.
"""

from droidlet_schema import lifted

with lifted.Ground(__name__):
    import droidlet_geometry  # noqa: F401

from droidlet_perception.colours import colour_name
from droidlet_perception.detector import ObjectDetector, default_weights
from droidlet_perception.lifting import lift_detections
from droidlet_perception.looks import LooksLayer, LooksWeights
from droidlet_perception.mapper import MapChange, MapInputs, OccupancyMapper
from droidlet_perception.shapes import ShapeClass, default_classes
from droidlet_perception.tracker import ObjectTracker, Seen, TrackerInputs, confirmed, unconfirmed

__all__ = (
    "LooksLayer",
    "LooksWeights",
    "MapChange",
    "MapInputs",
    "ObjectDetector",
    "ObjectTracker",
    "OccupancyMapper",
    "Seen",
    "ShapeClass",
    "TrackerInputs",
    "colour_name",
    "confirmed",
    "default_classes",
    "default_weights",
    "lift_detections",
    "unconfirmed",
)
