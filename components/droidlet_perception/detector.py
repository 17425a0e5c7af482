"""Things in a picture, from colour and depth alone."""

from __future__ import annotations

from typing import List, Optional, Tuple

import attrs
import numpy as np

from droidlet_perception import _household
from droidlet_perception._cloud import F32, Mask, make_cloud
from droidlet_perception._features import Looks, feature_matrix, measure
from droidlet_perception._household_text import unpack
from droidlet_perception._regions import Regions, make_regions, means
from droidlet_perception._segments import Tint, cut_patches, make_tint
from droidlet_perception.colours import colour_name
from droidlet_perception.looks import LooksLayer, LooksWeights, learned_scores, table_scores
from droidlet_perception.shapes import ShapeClass, default_classes
from droidlet_schema import Detection, Detections, Frame, FrozenMap

_CUT = 0.05  # share of the outline that may be hidden before a thing counts as truncated
_WALL_CHROMA, _WALL_SCORE = 0.012, 0.25  # a cut-off region coloured as the walls: how alike, and how doubtful
_RUNNERS_UP = 3
_GRID = 160  # longer sides of pictures are thinned to less than twice this


def _household_weights() -> LooksWeights:
    arrays = [unpack("".join(text), scale, shape) for shape, scale, *text in _household.LAYERS]
    layers = tuple(LooksLayer(a, b) for a, b in zip(arrays[::2], arrays[1::2]))
    return LooksWeights(_household.LABELS, layers)


_HOUSEHOLD = _household_weights()


def default_weights() -> LooksWeights:
    """What the household classes look like, as learned from rooms."""
    return _HOUSEHOLD


@attrs.frozen
class ObjectDetector:
    """Finds the things in a picture: each with a class, a colour word, a pixel box and a mask.

    Patches of one colour without a step in depth are put together to regions; what lies on the floor plane or
    belongs to something that reaches above every thing (walls, ceiling) is left out; each region is named by its
    shape, never by its colour. Without `weights`, the sizes in `classes` alone decide.
    """

    classes: Tuple[ShapeClass, ...] = attrs.field(factory=default_classes, converter=tuple)
    weights: Optional[LooksWeights] = attrs.field(factory=default_weights)
    least_score: float = 0.2

    def __attrs_post_init__(self) -> None:
        """Raises ValueError where nothing says what to find."""
        if self.weights is None and not self.classes:
            raise ValueError(
                "ObjectDetector: classes is empty and weights is None; one of them must say what to find"
            )

    def __call__(self, frame: Frame) -> Detections:
        """The things in a frame. Raises ValueError when picture and camera disagree, TypeError for what is no Frame."""
        if not isinstance(frame, Frame):
            raise TypeError(
                f"frame is a {type(frame).__name__}: a Frame is needed, Frame(rgb, depth_m, intrinsics, camera)"
            )
        stride = max(1, max(frame.depth_m.shape) // _GRID)
        cloud = make_cloud(frame, stride, stride)
        if not cloud.valid.any():
            return Detections()
        tint = make_tint(frame.rgb, stride)
        patches = cut_patches(cloud, tint)
        regions = make_regions(patches, cloud, tint)
        if len(regions.start) == 0:
            return Detections()
        looks = measure(regions, cloud)
        labels, scores = self._scores(looks)
        colours = region_colours(regions, tint)
        hidden = (looks.hidden + looks.border).sum(axis=1)
        truncated = looks.cut.any(axis=1) | (hidden > _CUT * looks.rim)
        scores = (
            scores * np.where(truncated & _like_walls(colours, patches.structure), _WALL_SCORE, 1.0)[:, None]
        )
        return Detections(self._detections(frame, regions, labels, scores, colours, truncated, looks.cut))

    def _scores(self, looks: Looks) -> Tuple[Tuple[str, ...], F32]:
        if self.weights is not None:
            return self.weights.labels, learned_scores(self.weights, feature_matrix(looks))
        return (*(c.name for c in self.classes), ""), table_scores(self.classes, looks)

    def _detections(
        self,
        frame: Frame,
        regions: Regions,
        labels: Tuple[str, ...],
        scores: F32,
        colours: F32,
        truncated: Mask,
        cut: Mask,
    ) -> Tuple[Detection, ...]:
        named = np.array([bool(label) for label in labels])
        best = np.where(named, scores, -1.0).max(axis=1)
        found: List[Detection] = []
        for number in np.flatnonzero(best >= self.least_score).tolist():
            box, mask = _outline(regions, number, frame.depth_m.shape)
            top = np.argsort(-scores[number], kind="stable")[:_RUNNERS_UP]
            ranking = [(labels[i], float(scores[number, i])) for i in top.tolist() if labels[i]]
            colour = colour_name(colours[number].tolist())
            found.append(
                Detection(
                    ranking[0][0],
                    ranking[0][1],
                    box,
                    colour,
                    mask,
                    truncated=bool(truncated[number]),
                    cut=tuple(cut[number].tolist()),
                    label_scores=FrozenMap(ranking),
                )
            )
        return tuple(found)


def _like_walls(colours: F32, structure: F32) -> Mask:
    """Which colours (K, 3) are that of a wall or ceiling in sight (S, 2), however lit."""
    shares = colours[:, :2] / np.maximum(colours.sum(axis=1), np.float32(1.0))[:, None]
    off = np.abs(shares[:, None] - structure[None]).sum(axis=2)
    return np.asarray((off < _WALL_CHROMA).any(axis=1))


def region_colours(regions: Regions, tint: Tint) -> F32:
    """Colour (K, 3) of each region, 0 to 255, where it is well lit."""
    red, green, bright = (a.ravel().take(regions.pixel) for a in (tint.red, tint.green, tint.sum))
    shares = np.stack([means(red, regions), means(green, regions)], axis=1)
    blue = np.maximum(1.0 - shares.sum(axis=1) - 1.0 / np.maximum(means(bright, regions), 1.0), 0.0)
    level = (means(bright, regions) + np.maximum.reduceat(bright, regions.start)) * 0.5
    return np.asarray(np.concatenate([shares, blue[:, None]], axis=1) * level[:, None], np.float32)


def _outline(regions: Regions, number: int, size: Tuple[int, ...]) -> Tuple[Tuple[int, int, int, int], Mask]:
    """Pixel box and mask of one region in the whole picture, of a size that the grid may thin out."""
    height, width = regions.labels.shape
    begin = int(regions.start[number])
    pixel = regions.pixel[begin : begin + int(regions.size[number])]
    top, bottom = int(pixel.min()) // width, int(pixel.max()) // width + 1
    band = regions.labels[top:bottom] == number + 1
    columns = np.flatnonzero(band.any(axis=0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    stride = -(-size[0] // height)
    mask = band[:, left:right]
    if stride > 1:
        mask = mask.repeat(stride, axis=0).repeat(stride, axis=1)
        mask = mask[: size[0] - top * stride, : size[1] - left * stride]
    x0, y0 = left * stride, top * stride
    return (x0, y0, x0 + mask.shape[1], y0 + mask.shape[0]), mask.copy()
