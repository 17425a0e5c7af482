"""A second look: whoever explored in vain walks up to what resembles the thing wanted, and to what was seen badly."""

from __future__ import annotations

import math
from typing import FrozenSet, List, NamedTuple, Optional, Tuple

from droidlet_schema import Action, And, Filters, Or, Track, Triple, Where, evolve
from droidlet_tasks.body import BodyLimits
from droidlet_tasks.boxes import Box, box_at, footprint, gap_to
from droidlet_tasks.contract import Scene, SecondLook, Step, Turned, Walking
from droidlet_tasks.planning import Ground, Route, route_to_box
from droidlet_tasks.turning import bearing_to, turn_on
from droidlet_tasks.walking import walk_on

_CLOSE_M = 0.8
_MOST = 12  # things looked at again
_LIKELY = 0.2  # of its votes make a name one that a track may have


class _Place(NamedTuple):
    """Something to look at again."""

    id: str
    box: Box
    shared: int  # words that it has in common with what is wanted


def resembling(filters: Filters) -> Optional[Filters]:
    """What shares a word with what is wanted; None where nothing was said that could be shared."""
    words = _triples(filters.where)
    return Filters(where=Or(words)) if words else None


def _triples(where: Where) -> Tuple[Triple, ...]:
    if isinstance(where, Triple):
        return (where,)
    if isinstance(where, (And, Or)):
        return tuple(triple for clause in where.clauses for triple in _triples(clause))
    return ()


def look_again(
    look: SecondLook, wanted: Filters, scene: Scene, limits: BodyLimits
) -> Tuple[SecondLook, Optional[Step]]:
    """One tick; the step's progress is left to the caller. None: everything alike has been looked at."""
    if look.box is None:
        alike = resembling(wanted)
        if alike is None or len(look.done) >= _MOST:
            return look, None
        if not look.asked or scene.answer is None:
            return evolve(look, asked=True), Step(None, ask=alike)
        chosen = _choose(look, (*_known(scene), *_unsure(scene, _triples(wanted.where))), scene)
        if chosen is None:
            return look, None
        look = chosen
    look, actions = _walk_close(look, scene, limits)
    return look, Step(None, actions, wanted)


def _known(scene: Scene) -> Tuple[_Place, ...]:
    """What memory told to be alike."""
    nodes = scene.answer.nodes if scene.answer else ()
    return tuple(_Place(node.id, footprint(node), 1) for node in nodes if node.position_m is not None)


def _unsure(scene: Scene, words: Tuple[Triple, ...]) -> Tuple[_Place, ...]:
    """The badly seen things that share one of the words at least."""
    found: List[_Place] = []
    for track in scene.inputs.unsure:
        shared = len(_told_of(track).intersection(words))
        if shared:
            found.append(_Place(f"unsure {track.id}", box_at(track.centre_m, track.size_m), shared))
    return tuple(found)


def _told_of(track: Track) -> FrozenSet[Triple]:
    """What memory might be told of a track if it were seen better."""
    least = _LIKELY * sum(track.label_votes.values())
    names = {track.label} | {name for name, votes in track.label_votes.items() if votes >= least}
    return frozenset({Triple("has_colour", track.colour)} | {Triple("has_name", name) for name in names})


def _choose(look: SecondLook, places: Tuple[_Place, ...], scene: Scene) -> Optional[SecondLook]:
    """The look at what is most alike, of equals the nearest, that has not been looked at."""
    fresh = [place for place in places if place.id not in look.done]
    if not fresh:
        return None
    place = min(fresh, key=lambda p: (-p.shared, gap_to(scene.inputs.pose, p.box)))
    return evolve(look, asked=False, place_id=place.id, box=place.box, walk=Walking(), facing=None)


def _walk_close(look: SecondLook, scene: Scene, limits: BodyLimits) -> Tuple[SecondLook, Tuple[Action, ...]]:
    x0, y0, x1, y1 = look.box or (0.0, 0.0, 0.0, 0.0)
    if look.facing is None:

        def plan(ground: Ground) -> Optional[Route]:
            return route_to_box(ground, (x0, y0, x1, y1), _CLOSE_M)

        walked = walk_on(look.walk, plan, scene, limits)
        look = evolve(look, walk=walked.walk)
        if not walked.ended:
            return look, walked.actions
        angle = bearing_to(scene.inputs.pose, ((x0 + x1) / 2, (y0 + y1) / 2))
        # past it and back again: what stands on it or beside it comes into view too
        look = evolve(look, facing=Turned(angle + math.copysign(0.3, angle)))
    facing, actions = turn_on(look.facing or Turned(0.0), scene, limits)
    if actions:
        return evolve(look, facing=facing), actions
    return SecondLook(done=(*look.done, look.place_id or "")), ()
