"""From tracks to changes of memory: only what is new; where nothing is, nothing is committed."""

from __future__ import annotations

import math
from collections.abc import Iterator

from droidlet_schema import Change, DropTriple, Forget, MemoryNode, PutNode, PutTriple, Track, Tracks, Triple

from droidlet_memory.memory import Memory

IN_VIEW = Triple("has_tag", "_in_view")
"""Said of the nodes whose tracks were seen at the time of the changes."""

PREFIX = "object/"
MOVED_M = 0.02  # a smaller move is not news
GREW_M = 0.05  # nor is a smaller change of an extent
FRESH_NS = 1_000_000_000  # how long the time of the last sighting of what stays in view may lag


def node_id_of(track_id: int) -> str:
    """The id of the node that remembers a track: "object/3"."""
    return f"{PREFIX}{track_id}"


def changes_from_tracks(
    tracks: Tracks, memory: Memory, now_ns: int, *, sightings: int = 2
) -> tuple[Change, ...]:
    """What to commit so that memory knows what the tracker knows.

    Each track with enough `sightings` is one ReferenceObject "object/<track id>": has_name, has_colour, place
    and extent in the world frame, the time of its last sighting as `updated_ns`, and IN_VIEW while it is seen
    at `now_ns`. A node is put again when it moved by more than MOVED_M or grew by more than GREW_M, when what
    it is called changed, when it leaves the view, and while in view every FRESH_NS. A track that is gone is
    forgotten.
    """
    known = {node_id_of(track.id): track for track in tracks.tracks if track.sightings >= sightings}
    gone = (Forget(node_id) for node_id in memory.held if node_id.startswith(PREFIX) and node_id not in known)
    news = (change for node_id, track in known.items() for change in _news(node_id, track, memory, now_ns))
    return (*gone, *news)


def _news(node_id: str, track: Track, memory: Memory, now_ns: int) -> Iterator[Change]:
    node, in_view = memory.node(node_id), track.last_seen_ns >= now_ns
    said = _said(track)
    if node is None:
        yield PutNode(_node(node_id, track, (*said, IN_VIEW) if in_view else said))
        return
    wrong = [t for t in node.triples if t.predicate in ("has_name", "has_colour") and t not in said]
    yield from (DropTriple(node_id, triple) for triple in wrong)
    was_in_view = IN_VIEW in node.triples
    if was_in_view and not in_view:
        yield DropTriple(node_id, IN_VIEW)
    late = track.last_seen_ns - node.updated_ns >= (FRESH_NS if in_view else 1)
    if wrong or late or _differs(node, track) or any(triple not in node.triples for triple in said):
        yield PutNode(_node(node_id, track, (*said, IN_VIEW) if in_view else said))
    elif in_view and not was_in_view:
        yield PutTriple(node_id, IN_VIEW)


def _said(track: Track) -> tuple[Triple, ...]:
    words = (("has_colour", track.colour), ("has_name", track.label))
    return tuple(Triple(predicate, word) for predicate, word in words if word)


def _node(node_id: str, track: Track, said: tuple[Triple, ...]) -> MemoryNode:
    return MemoryNode(
        node_id,
        "ReferenceObject",
        track.first_seen_ns,
        track.last_seen_ns,
        position_m=track.centre_m,
        size_m=track.size_m,
        triples=said,
    )


def _differs(node: MemoryNode, track: Track) -> bool:
    if node.position_m is None or node.size_m is None:
        return True
    moved = math.dist(node.position_m, track.centre_m) > MOVED_M
    return moved or max(abs(a - b) for a, b in zip(node.size_m, track.size_m)) > GREW_M
