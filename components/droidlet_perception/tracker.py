"""Identities: which of the things seen now are those seen before."""

from __future__ import annotations

from typing import Dict, FrozenSet, List, NamedTuple, Sequence, Set, Tuple

import attrs
import numpy as np
from numpy.typing import NDArray

from droidlet_perception._association import (
    Boxes,
    Mask,
    boxes_of,
    costs,
    holding,
    match,
    overlapping,
    pieces,
    relate,
)
from droidlet_perception._tracks import begin, joined, update
from droidlet_perception._visibility import gone
from droidlet_perception._votes import quality
from droidlet_perception.shapes import ShapeClass, default_classes
from droidlet_schema import Detection, Detections, Frame, Key, Track, Tracks, evolve, record

Points = NDArray[np.float64]  # (N, 3) metres, world frame

_CONFIRMED = 0.5
_SURE = 0.5  # worth from which a sighting is a thing of its own, though it touches another of its colour
_STEP_M = 0.05  # a track's place counts as changed when it moves from one such step to another
_PART_M = 0.1  # of a thing's height in another colour makes it one that has parts
_STROLL_M, _STROLL_M_S, _STROLL_MOST_M = 0.5, 0.8, 5.0
_SOLID = 0.6  # from which nothing else can be inside
_PASSED_BY = 10
_PATIENCE_MOVING = 2
_OWN = 0.3  # cost below which a detection belongs to a track of its own, whatever that stands in
_BETTER = 0.6  # how well, against a part of it, a thing must be known to take that in


@record
class TrackerInputs:
    """What one picture showed, lifted to 3-D, and the picture."""

    now_ns: int
    detections: Detections
    frame: Frame


@record
class Seen:
    """What is in view now, and what became of the tracks."""

    detections: Detections = Detections()
    tracks: Tuple[Track, ...] = ()  # in view, in the order of their ids
    changed: Tuple[int, ...] = ()  # ids: new ones, and whose name, colour, certainty or place changed
    gone: Tuple[int, ...] = ()  # ids of tracks that no longer exist


def confirmed(tracks: Tracks) -> Tracks:
    """Only the tracks that were seen well enough to be told of: those whose score is at least 0.5."""
    return evolve(tracks, tracks=tuple(t for t in tracks.tracks if t.score >= _CONFIRMED))


def unconfirmed(tracks: Tracks) -> Tuple[Track, ...]:
    """The others: places at which a closer look may show something."""
    return tuple(t for t in tracks.tracks if t.score < _CONFIRMED)


class _Sights(NamedTuple):
    """The lifted detections of one picture (D)."""

    found: Tuple[Detection, ...]
    worth: NDArray[np.float64]  # (D,)
    boxes: Boxes
    seen_m: Points


@attrs.frozen
class ObjectTracker:
    """Keeps one track, with an id that never changes, for each thing, also while it is out of view.

    A detection belongs to the track of its colour or class that lies where it lies, cheapest pairs first. Names,
    colours and places are decided by all sightings, whole and large ones weighing most. A track whose place is in
    full view and empty `patience` times in a row is dropped. Ids count up and are never used again. `classes` says
    which things walk, and which have parts that are not of their own colour.
    """

    classes: Tuple[ShapeClass, ...] = attrs.field(factory=default_classes, converter=tuple)
    least_worth: float = 0.02  # of a sighting that begins a track
    patience: int = 4
    _moving: FrozenSet[str] = attrs.field(init=False, eq=False, repr=False)
    _solid: FrozenSet[str] = attrs.field(init=False, eq=False, repr=False)

    @_moving.default
    def _find_moving(self) -> FrozenSet[str]:
        return frozenset(shape.name for shape in self.classes if shape.moves)

    @_solid.default
    def _find_solid(self) -> FrozenSet[str]:
        """Classes whose box holds nothing but the thing itself, so that another colour in it is a part."""
        return frozenset(
            c.name
            for c in self.classes
            if c.body_low_m > _PART_M or c.size_m[2] - c.body_high_m > _PART_M or c.solidity >= _SOLID
        )

    def __attrs_post_init__(self) -> None:
        """Raises ValueError where no gap would be borne."""
        if self.patience < 1:
            raise ValueError(f"ObjectTracker.patience is {self.patience}: at least 1 picture must show a gap")

    def initial(self, key: Key) -> Tracks:
        """Nothing seen yet."""
        return Tracks()

    def __call__(self, inputs: TrackerInputs, state: Tracks) -> Tuple[Seen, Tracks]:
        """What is in view, and the next tracks. Detections that are not lifted are passed on but not tracked."""
        sights = self._sights(inputs.detections)
        tracks = {t.id: t for t in state.tracks}
        in_view: List[int] = []
        next_id = state.next_id
        if sights.found:
            next_id = self._follow(sights, state, inputs.now_ns, tracks, in_view)
        self._miss(tracks, set(in_view), inputs.frame)
        if in_view:
            self._merge(tracks, in_view)
        after = Tracks(tuple(tracks[i] for i in sorted(tracks)), next_id)
        return _seen(inputs.detections, in_view, state, after), after

    def _sights(self, detections: Detections) -> _Sights:
        found = tuple(d for d in detections.detections if d.centre_m is not None and d.size_m is not None)
        worth = np.array([quality(d) for d in found], np.float64)
        seen_m = np.array([d.seen_m or d.centre_m for d in found], np.float64).reshape(-1, 3)
        return _Sights(found, worth, boxes_of(found, self._solid), seen_m)

    def _follow(
        self, sights: _Sights, state: Tracks, now_ns: int, tracks: Dict[int, Track], in_view: List[int]
    ) -> int:
        """Puts the detections into the tracks, known or new, and notes which those are; returns the next free id."""
        known = boxes_of(state.tracks, self._solid)
        lie = relate(sights.boxes, known)
        cost = costs(sights.boxes, known, lie, self._strolled(state.tracks, now_ns))
        part = self._parts(sights, known, state.tracks) & ~(cost < _OWN).any(axis=1)
        taken = np.zeros(len(sights.found), bool)
        for row, column in match(cost, part):
            track, taken[row] = state.tracks[column], True
            moves = track.label in self._moving
            tracks[track.id] = update(track, sights.found[row], float(sights.worth[row]), now_ns, moves)
            in_view.append(track.id)
        piece = part | pieces(lie, known, sights.seen_m, sights.worth > _SURE).any(axis=1)
        next_id = state.next_id
        for row in self._new(sights, piece, taken):
            tracks[next_id] = begin(next_id, sights.found[row], float(sights.worth[row]), now_ns)
            in_view.append(next_id)
            next_id += 1
        return next_id

    def _strolled(self, tracks: Sequence[Track], now_ns: int) -> NDArray[np.float64]:
        """How far each track (T,) may have walked since it was seen, metres."""
        moving = self._moving
        away_s = np.array([(now_ns - t.last_seen_ns) / 1e9 if t.label in moving else -1.0 for t in tracks])
        return np.where(away_s < 0.0, 0.0, np.minimum(_STROLL_M + _STROLL_M_S * away_s, _STROLL_MOST_M))

    def _parts(self, sights: _Sights, known: Boxes, tracks: Sequence[Track]) -> Mask:
        """Which detections (D,) show a part, in another colour, of a thing that is known or seen better."""
        best = np.array([t.quality if t.score >= _CONFIRMED else 0.0 for t in tracks], np.float64)
        part = np.zeros(len(sights.found), bool)
        for wholes, sure in ((sights.boxes, sights.worth), (known, best)):
            inside = holding(wholes, sights.seen_m) & (wholes.colour[:, None] != sights.boxes.colour[None])
            part |= (inside & (sure[:, None] > _BETTER * sights.worth[None])).any(axis=0)
        return part

    def _new(self, sights: _Sights, piece: Mask, taken: Mask) -> Tuple[int, ...]:
        """Detections that begin a track: worth it, and no piece of a thing that is known or seen better."""
        left = ~(piece | taken) & (sights.worth >= self.least_worth)
        if not left.any():
            return ()
        boxes, worth = sights.boxes, sights.worth
        beside = pieces(relate(boxes, boxes), boxes, sights.seen_m, worth > _SURE)
        chosen = taken.copy()
        begun: List[int] = []
        for row in np.argsort(-worth, kind="stable").tolist():
            if left[row] and not (beside[row] & chosen).any():
                chosen[row] = True
                begun.append(row)
        return tuple(begun)

    def _miss(self, tracks: Dict[int, Track], seen: Set[int], frame: Frame) -> None:
        """Counts how often in a row tracks were gone, and drops those that are gone for good."""
        absent = [t for t in tracks.values() if t.id not in seen]
        for track, empty in zip(absent, gone(absent, frame)):
            patience = _PATIENCE_MOVING if track.label in self._moving else self.patience
            if empty and track.missed + 1 >= patience:
                del tracks[track.id]
            elif empty:
                tracks[track.id] = evolve(track, missed=track.missed + 1)

    def _merge(self, tracks: Dict[int, Track], in_view: List[int]) -> None:
        """Makes one of tracks of one colour in the same place (the older id stays), and takes parts in."""
        mine, others = [tracks[i] for i in sorted(in_view)], list(tracks.values())
        a, b = boxes_of(mine, self._solid), boxes_of(others, self._solid)
        same, held = overlapping(a, b, relate(a, b)), holding(a, b.centre)
        for i, j in zip(*(index.tolist() for index in np.nonzero(same | held))):
            first, second = mine[i].id, others[j].id
            if first == second or first not in tracks or second not in tracks:
                continue
            if same[i, j]:
                one, two = min(first, second), max(first, second)
                tracks[one] = joined(tracks[one], tracks[two])
                _drop(tracks, in_view, two, one)
            elif _contains(mine[i], others[j], self._moving):
                _drop(tracks, in_view, second, first)


def _contains(whole: Track, part: Track, moving: FrozenSet[str]) -> bool:
    """Whether a track is a part, in another colour, of another; what something walks by is none."""
    if whole.label in moving and part.label not in moving and part.sightings > _PASSED_BY:
        return False
    sure = whole.score >= _CONFIRMED and whole.quality > _BETTER * part.quality
    return sure and whole.colour != part.colour


def _drop(tracks: Dict[int, Track], in_view: List[int], ident: int, instead: int) -> None:
    del tracks[ident]
    if ident in in_view:
        in_view.remove(ident)
    if instead not in in_view:
        in_view.append(instead)


def _seen(detections: Detections, in_view: List[int], before: Tracks, after: Tracks) -> Seen:
    old, new = {t.id: t for t in before.tracks}, {t.id: t for t in after.tracks}
    changed = tuple(i for i in sorted(new) if i not in old or _differs(old[i], new[i]))
    in_sight = tuple(new[i] for i in sorted(set(in_view)))
    return Seen(detections, in_sight, changed, tuple(i for i in sorted(old) if i not in new))


def _differs(old: Track, new: Track) -> bool:
    """Whether what others are told of a track changed; its place changes in steps."""
    return old is not new and _face(old) != _face(new)


def _face(track: Track) -> Tuple[object, ...]:
    place = tuple(round(v / _STEP_M) for v in (*track.centre_m, *track.size_m))
    return track.label, track.colour, track.score >= _CONFIRMED, place
