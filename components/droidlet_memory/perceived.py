"""From tracks to changes of memory: only what is new; where nothing is, nothing is committed."""

from __future__ import annotations

import math
from collections.abc import Iterator

from droidlet_memory.memory import Memory
from droidlet_schema import Change, DropTriple, Forget, MemoryNode, PutNode, PutTriple, Track, Tracks, Triple

IN_VIEW = Triple("has_tag", "_in_view")
"""Said of the nodes whose tracks are in view."""

Said = tuple[str, str]
_VIEW: Said = (IN_VIEW.predicate, IN_VIEW.object)
PREFIX = "object/"
SURE, UNSURE = 0.5, 0.35  # a track is told of from the one score on, and until it falls below the other
VIEW_NS = 250_000_000  # a track not seen for longer is out of view
MOVED_M = 0.02  # a smaller move is not news
GREW_M = 0.05  # nor is a smaller change of an extent
FRESH_NS = 1_000_000_000  # how far the noted time of the last sighting may lag while in view


def changes_from_tracks(tracks: Tracks, memory: Memory, now_ns: int) -> tuple[Change, ...]:
    """What to commit so that memory knows what the tracker knows.

    Each track that is sure is one ReferenceObject "object/<track id>": has_name, has_colour, place and extent
    in the world frame, the time of its last sighting as `updated_ns`, and IN_VIEW while it is in view. A node
    is put again when it moved or grew by more than MOVED_M or GREW_M, when its name or colour changed, when
    it leaves the view, and while in view every FRESH_NS; one whose track is gone or became unsure is
    forgotten. Committing the changes leaves none to make.
    """
    told = {f"{PREFIX}{track.id}": track for track in tracks.tracks}
    known = dict.fromkeys(memory.ids(PREFIX))
    told = {i: t for i, t in told.items() if t.score >= (UNSURE if i in known else SURE)}
    gone = (Forget(i) for i in known if i not in told)
    news = (change for node_id, track in told.items() for change in _news(node_id, track, memory, now_ns))
    return (*gone, *news)


def _news(node_id: str, track: Track, memory: Memory, now_ns: int) -> Iterator[Change]:
    in_view = now_ns - track.last_seen_ns <= VIEW_NS
    said = _said(track, in_view)
    node = memory.node(node_id)
    if node is None:
        yield PutNode(_node(node_id, track, said))
        return
    known = [(triple.predicate, triple.object) for triple in node.triples]
    for predicate, text in known:
        ours = predicate in ("has_name", "has_colour") or (predicate, text) == _VIEW
        if ours and (predicate, text) not in said:
            yield DropTriple(node_id, Triple(predicate, text))
    late = track.last_seen_ns - node.updated_ns >= (FRESH_NS if in_view else 1)
    if late or _differs(node, track) or any(pair not in known for pair in said if pair != _VIEW):
        yield PutNode(_node(node_id, track, said))
    elif in_view and _VIEW not in known:
        yield PutTriple(node_id, IN_VIEW)


def _said(track: Track, in_view: bool) -> list[Said]:
    """What is to be said of a track, each as predicate and text."""
    said = [("has_colour", track.colour)] if track.colour else []
    if track.label:
        said.append(("has_name", track.label))
    return [*said, _VIEW] if in_view else said


def _node(node_id: str, track: Track, said: list[Said]) -> MemoryNode:
    return MemoryNode(
        node_id,
        "ReferenceObject",
        track.first_seen_ns,
        track.last_seen_ns,
        position_m=track.centre_m,
        size_m=track.size_m,
        triples=tuple(Triple(predicate, text) for predicate, text in said),
    )


def _differs(node: MemoryNode, track: Track) -> bool:
    if node.position_m is None or node.size_m is None:
        return True
    moved = math.dist(node.position_m, track.centre_m) > MOVED_M
    return moved or max(abs(a - b) for a, b in zip(node.size_m, track.size_m)) > GREW_M
