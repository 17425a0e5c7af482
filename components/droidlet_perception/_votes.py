"""What many sightings say together about one thing."""

from __future__ import annotations

import math
from typing import Dict, Tuple

import numpy as np

from droidlet_schema import Detection, FrozenMap, Track

_CUT_WORTH = 0.3  # of a sighting of a part, against one of the whole
_LOW_CUT_WORTH = 0.6  # of one of which only the top or bottom is missing
_FULL_PIXELS = 80.0  # from which more pixels say no more
_MOST = 4.0  # votes that count; older ones fade
_SURE_SIGHTINGS = 3
_SURE_QUALITY = 0.3


def quality(detection: Detection) -> float:
    """How much a sighting is worth, 0 to 1: sure, whole and large ones most."""
    pixels = float(np.count_nonzero(detection.mask))
    size = math.sqrt(min(pixels / _FULL_PIXELS, 1.0))
    worth = detection.score * size
    if any(detection.cut[:2]) or (detection.truncated and not any(detection.cut)):
        return worth * _CUT_WORTH
    return worth * _LOW_CUT_WORTH if detection.truncated else worth


def weigh(votes: FrozenMap[str, float], weight: float, shares: Dict[str, float]) -> FrozenMap[str, float]:
    """Votes with more added; their total stays bounded, so that what was said long ago fades."""
    total = sum(votes.values()) + weight
    keep = min(1.0, max(_MOST - weight, 0.0) / max(total - weight, 1e-9))
    summed = {name: value * keep for name, value in votes.items()}
    for name, share in shares.items():
        summed[name] = summed.get(name, 0.0) + weight * share
    return FrozenMap({name: value for name, value in summed.items() if value > 1e-3})


def winner(votes: FrozenMap[str, float], fallback: str) -> Tuple[str, float]:
    """The name with most votes and its share of all; on a draw the first in the alphabet."""
    total = sum(votes.values())
    if total <= 0.0:
        return fallback, 0.0
    name = max(votes, key=lambda n: (votes[n], [-ord(c) for c in n]))
    return name, votes[name] / total


def certainty(share: float, sightings: int, best: float) -> float:
    """How sure a track is, 0 to 1: its name's share of the votes, less while it was seen seldom or badly."""
    seldom = min(sightings / _SURE_SIGHTINGS, 1.0)
    badly = min(best / _SURE_QUALITY, 1.0)
    return share * (0.2 + 0.8 * seldom) * (0.3 + 0.7 * badly)


def vote(
    track: Track, detection: Detection, worth: float
) -> Tuple[FrozenMap[str, float], FrozenMap[str, float]]:
    """Label and colour votes of a track after one more sighting."""
    shares = dict(detection.label_scores) or {detection.label: detection.score}
    best = max(track.quality, worth)
    weight = worth * (worth / best) if best > 0 else 0.0  # a bad view says little once there was a good one
    return weigh(track.label_votes, weight, shares), weigh(
        track.colour_votes, weight, {detection.colour: 1.0}
    )
