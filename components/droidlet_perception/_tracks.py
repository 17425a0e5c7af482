"""One track: how it begins, grows with a sighting, and takes in another."""

from __future__ import annotations

from typing import Dict, Optional, Tuple

from droidlet_perception._votes import certainty, vote, weigh, winner
from droidlet_schema import Detection, FrozenMap, Track, evolve

Triple = Tuple[float, float, float]

_WALK = 0.7  # how much of the new place of something that walks counts
_MOST_EVIDENCE = 3.0
_USEFUL = 0.4  # of the best sighting; worse ones do not move a thing


def begin(ident: int, detection: Detection, worth: float, now_ns: int) -> Track:
    """A track of one sighting, which must be lifted (ValueError)."""
    if detection.centre_m is None or detection.size_m is None:
        raise ValueError(
            f"detection {detection.label!r} has no centre_m or size_m; lift_detections gives them"
        )
    votes = weigh(FrozenMap(), worth, shares_of(detection))
    label, share = winner(votes, detection.label)
    return Track(
        ident,
        label,
        detection.colour,
        certainty(share, 1, worth),
        detection.centre_m,
        detection.size_m,
        now_ns,
        now_ns,
        label_votes=votes,
        colour_votes=weigh(FrozenMap(), worth, {detection.colour: 1.0}),
        quality=worth,
        evidence=worth * worth,
    )


def shares_of(detection: Detection) -> Dict[str, float]:
    """The labels that a detection speaks for, and how much."""
    return dict(detection.label_scores) or {detection.label: detection.score}


def update(track: Track, detection: Detection, worth: float, now_ns: int, moves: bool) -> Track:
    """The track after one more sighting. Something that moves is where it was seen last."""
    labels, colours = vote(track, detection, worth)
    label, share = winner(labels, track.label)
    best = max(track.quality, worth)
    weight = worth * worth * (worth / best) ** 2 if worth > _USEFUL * best else 0.0
    rate = weight / (track.evidence + weight) if weight > 0 else 0.0
    if moves:
        rate = max(rate, _WALK)
    fits = detection.label == label  # a place worked out for another class lies elsewhere
    if fits and track.label != label:
        rate = 1.0
    return evolve(
        track,
        label=label,
        colour=winner(colours, track.colour)[0],
        score=certainty(share, track.sightings + 1, best),
        centre_m=_blend(track.centre_m, detection.centre_m, rate if fits or moves else 0.0),
        size_m=_blend(track.size_m, detection.size_m, rate if fits else 0.0),
        last_seen_ns=now_ns,
        sightings=track.sightings + 1,
        missed=0,
        label_votes=labels,
        colour_votes=colours,
        quality=best,
        evidence=min(track.evidence + (weight if fits else 0.0), _MOST_EVIDENCE),
    )


def _blend(old: Triple, new: Optional[Triple], rate: float) -> Triple:
    if new is None or rate == 0.0:
        return old
    x, y, z = (a + rate * (b - a) for a, b in zip(old, new))
    return (x, y, z)


def joined(keep: Track, drop: Track) -> Track:
    """One track with the id of the first, the votes of both and the place of the better known one."""
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
