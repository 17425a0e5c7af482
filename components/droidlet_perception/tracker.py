"""Identities: which of the things seen now are those seen before."""

from __future__ import annotations

from typing import Dict, List, Tuple

import attrs
import numpy as np
from droidlet_schema import Detection, Detections, Frame, FrozenMap, Key, Track, Tracks, evolve, record

from droidlet_perception._association import Boxes, boxes_of, costs, gaps, match, within
from droidlet_perception._visibility import gone
from droidlet_perception._votes import certainty, quality, vote, weigh, winner

_CONFIRMED = 0.5
_STEP_M = 0.05  # a track's place counts as changed when it moves from one such step to another
_WALK = 0.7  # how much of a person's new place counts
_SPARE_M = 0.1


@record
class TrackerInputs:
    """What one picture showed, lifted to 3-D, and the picture."""

    now_ns: int
    detections: Detections
    frame: Frame


@record
class Seen:
    """What is in view now, and what became of the tracks."""

    detections: Detections
    tracks: Tuple[Track, ...] = ()  # in view, in the order of their ids
    changed: Tuple[
        int, ...
    ] = ()  # ids of new tracks and of those whose name, colour, certainty or place changed
    gone: Tuple[int, ...] = ()  # ids of tracks that no longer exist


def confirmed(track: Track) -> bool:
    """Whether a track was seen well enough to be told of."""
    return track.score >= _CONFIRMED


@attrs.frozen
class ObjectTracker:
    """Keeps one track, with an id that never changes, for each thing, also while it is out of view.

    A detection belongs to the track of its colour or class that lies where it lies, cheapest pairs first. Names,
    colours and places are decided by all sightings, whole and large ones weighing most. A track whose place is in
    full view and empty `patience` times in a row is dropped. Ids count up and are never used again.
    """

    least_worth: float = 0.02  # of a sighting that begins a track
    patience: int = 4

    def __attrs_post_init__(self) -> None:
        if self.patience < 1:
            raise ValueError(
                f"ObjectTracker.patience is {self.patience}: a track is dropped after at least 1 picture"
            )

    def initial(self, key: Key) -> Tracks:
        """Nothing seen yet."""
        return Tracks()

    def __call__(self, inputs: TrackerInputs, state: Tracks) -> Tuple[Seen, Tracks]:
        """What is in view, and the next tracks. Detections that are not lifted are passed on but not tracked."""
        found = [d for d in inputs.detections.detections if d.centre_m is not None and d.size_m is not None]
        worth = [quality(d) for d in found]
        boxes, known = boxes_of(found), boxes_of(state.tracks)
        pairs = match(costs(boxes, known))
        tracks = {t.id: t for t in state.tracks}
        in_view: List[int] = []
        for row, column in pairs:
            track = state.tracks[column]
            tracks[track.id] = _update(track, found[row], worth[row], inputs.now_ns)
            in_view.append(track.id)
        taken = {row for row, _ in pairs}
        spare = self._unexplained(found, worth, taken, boxes, known, pairs)
        next_id = state.next_id
        for row in spare:
            tracks[next_id] = _begin(next_id, found[row], worth[row], inputs.now_ns)
            in_view.append(next_id)
            next_id += 1
        self._miss(tracks, set(in_view), inputs.frame)
        _merge(tracks, in_view)
        after = Tracks(tuple(tracks[i] for i in sorted(tracks)), next_id)
        return _seen(inputs.detections, in_view, state, after), after

    def _unexplained(
        self,
        found: List[Detection],
        worth: List[float],
        taken: set[int],
        boxes: Boxes,
        known: Boxes,
        pairs: List[Tuple[int, int]],
    ) -> List[int]:
        """Detections that begin a track: worth it, and no piece of a thing that is known or seen better."""
        piece = within(boxes, known, _SPARE_M).any(axis=1) if len(known.label) else np.zeros(len(found), bool)
        beside = within(boxes, boxes, _SPARE_M)
        chosen: List[int] = []
        for row in sorted(range(len(found)), key=lambda i: (-worth[i], i)):
            if row in taken or piece[row] or worth[row] < self.least_worth:
                continue
            if any(beside[row, other] for other in (*chosen, *taken)):
                continue
            chosen.append(row)
        return chosen

    def _miss(self, tracks: Dict[int, Track], seen: set[int], frame: Frame) -> None:
        """Counts how often in a row tracks were gone, and drops those that are gone for good."""
        absent = [t for t in tracks.values() if t.id not in seen]
        for track, empty in zip(absent, gone(absent, frame)):
            if not empty:
                continue
            if track.missed + 1 >= (2 if track.label == "person" else self.patience):
                del tracks[track.id]
            else:
                tracks[track.id] = evolve(track, missed=track.missed + 1)


def _begin(ident: int, detection: Detection, worth: float, now_ns: int) -> Track:
    shares = dict(detection.label_scores) or {detection.label: detection.score}
    votes = weigh(FrozenMap(), worth, shares)
    label, share = winner(votes, detection.label)
    assert detection.centre_m is not None and detection.size_m is not None
    return Track(
        ident,
        label,
        detection.colour,
        certainty(share * detection.score, 1, worth),
        detection.centre_m,
        detection.size_m,
        now_ns,
        now_ns,
        label_votes=votes,
        colour_votes=weigh(FrozenMap(), worth, {detection.colour: 1.0}),
        quality=worth,
        evidence=worth * worth,
    )


def _update(track: Track, detection: Detection, worth: float, now_ns: int) -> Track:
    """The track after one more sighting."""
    labels, colours = vote(track, detection, worth)
    label, share = winner(labels, track.label)
    best = max(track.quality, worth)
    weight = worth * worth * (worth / best) ** 2 if best > 0 else 0.0
    rate = weight / (track.evidence + weight) if weight > 0 else 0.0
    if label == "person":
        rate = max(rate, _WALK)
    size = track.size_m
    if detection.label == label or track.label != label:
        size = _blend(track.size_m, detection.size_m, rate if track.label == detection.label else 1.0)
    return evolve(
        track,
        label=label,
        colour=winner(colours, track.colour)[0],
        score=certainty(share, track.sightings + 1, best),
        centre_m=_blend(track.centre_m, detection.centre_m, rate),
        size_m=size,
        last_seen_ns=now_ns,
        sightings=track.sightings + 1,
        missed=0,
        label_votes=labels,
        colour_votes=colours,
        quality=best,
        evidence=min(track.evidence + weight, 3.0),
    )


def _blend(
    old: Tuple[float, float, float], new: Tuple[float, float, float] | None, rate: float
) -> Tuple[float, float, float]:
    if new is None:
        return old
    x, y, z = (a + rate * (b - a) for a, b in zip(old, new))
    return (x, y, z)


def _merge(tracks: Dict[int, Track], in_view: List[int]) -> None:
    """Makes one of tracks of one colour that turn out to fill the same place; the older id stays."""
    if not in_view:
        return
    mine = [tracks[i] for i in sorted(in_view)]
    others = list(tracks.values())
    a, b = boxes_of(mine), boxes_of(others)
    plan, height = gaps(a, b)
    apart = a.centre[:, None] - b.centre[None]
    near = (
        np.hypot(apart[..., 0], apart[..., 1])
        < 0.35 * np.maximum(a.size[:, None, :2].max(axis=2), b.size[None, :, :2].max(axis=2)) + 0.1
    )
    same = (plan <= 0.0) & (height <= 0.0) & near & (a.colour[:, None] == b.colour[None])
    for i, j in zip(*(index.tolist() for index in np.nonzero(same))):
        first, second = mine[i].id, others[j].id
        if first == second or first not in tracks or second not in tracks:
            continue
        keep, drop = tracks[min(first, second)], tracks[max(first, second)]
        tracks[keep.id] = _joined(keep, drop)
        del tracks[drop.id]
        if drop.id in in_view:
            in_view.remove(drop.id)
        if keep.id not in in_view:
            in_view.append(keep.id)


def _joined(keep: Track, drop: Track) -> Track:
    """One track with the votes of both and the place of the better known one."""
    better = keep if keep.evidence >= drop.evidence else drop
    labels = weigh(keep.label_votes, sum(drop.label_votes.values()), _shares(drop.label_votes))
    colours = weigh(keep.colour_votes, sum(drop.colour_votes.values()), _shares(drop.colour_votes))
    label, share = winner(labels, better.label)
    sightings, best = keep.sightings + drop.sightings, max(keep.quality, drop.quality)
    return evolve(
        better,
        id=keep.id,
        label=label,
        colour=winner(colours, better.colour)[0],
        score=certainty(share, sightings, best),
        first_seen_ns=min(keep.first_seen_ns, drop.first_seen_ns),
        last_seen_ns=max(keep.last_seen_ns, drop.last_seen_ns),
        sightings=sightings,
        label_votes=labels,
        colour_votes=colours,
        quality=best,
    )


def _shares(votes: FrozenMap[str, float]) -> Dict[str, float]:
    total = sum(votes.values()) or 1.0
    return {name: value / total for name, value in votes.items()}


def _seen(detections: Detections, in_view: List[int], before: Tracks, after: Tracks) -> Seen:
    old = {t.id: _face(t) for t in before.tracks}
    new = {t.id: t for t in after.tracks}
    changed = tuple(i for i in sorted(new) if old.get(i) != _face(new[i]))
    return Seen(
        detections,
        tuple(new[i] for i in sorted(set(in_view))),
        changed,
        tuple(i for i in sorted(old) if i not in new),
    )


def _face(track: Track) -> Tuple[object, ...]:
    """What others are told of a track; it changes in steps."""
    place = tuple(round(v / _STEP_M) for v in (*track.centre_m, *track.size_m))
    return track.label, track.colour, confirmed(track), place
