"""Identities: kept while out of view, never shared, never used again."""

from __future__ import annotations

import math
from typing import Sequence, Tuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_perception import ObjectTracker, TrackerInputs, confirmed, default_classes, unconfirmed
from droidlet_schema import Detection, Detections, Frame, FrozenMap, Key, Track, Tracks, evolve
from perception.perception_pictures import RED, crate, picture

TRACK = ObjectTracker()
EMPTY = picture([], size=32)
AWAY = picture([], at=(0.0, 0.0, math.pi), size=32)
TICK = 100_000_000
SIZES = {c.name: c.size_m for c in default_classes()}


def sight(
    label: str, colour: str, x: float, y: float, score: float = 0.95, z: float = 0.0, **more
) -> Detection:
    """A lifted detection of a thing on the floor."""
    size = SIZES[label]
    mask = np.ones((12, 12), bool)
    centre = (x, y, z + size[2] / 2)
    more = {"label_scores": FrozenMap({label: score}), "seen_m": centre, **more}
    return Detection(label, score, (0, 0, 12, 12), colour, mask, centre, size, **more)


def run(ticks: Sequence[Sequence[Detection]], frame: Frame = AWAY, tracks: Tracks = None, begin: int = 0):
    """What was seen at the end, and the tracks, after one call for each list of detections."""
    tracks = tracks or TRACK.initial(Key(0))
    seen = None
    for number, detections in enumerate(ticks):
        inputs = TrackerInputs(begin + number * TICK, Detections(tuple(detections)), frame)
        seen, tracks = TRACK(inputs, tracks)
    return seen, tracks


def test_nothing_is_known_at_first():
    assert TRACK.initial(Key(0)) == Tracks()


def test_one_thing_is_one_track_and_becomes_sure():
    seen, tracks = run([[sight("chair", "red", 2.0, 0.0)]])
    assert seen.changed == (1,) and confirmed(tracks).tracks == () and unconfirmed(tracks) == tracks.tracks
    seen, tracks = run([[sight("chair", "red", 2.0, 0.0)]] * 8)
    (track,) = confirmed(tracks).tracks
    assert unconfirmed(tracks) == ()
    assert (track.id, track.label, track.colour, track.sightings) == (1, "chair", "red", 8)
    assert track.first_seen_ns == 0 and track.last_seen_ns == 7 * TICK and seen.tracks == (track,)


def test_out_of_view_and_back_is_the_same_thing():
    chair = [sight("chair", "red", 2.0, 0.0)]
    _, tracks = run([chair] * 5 + [[]] * 40 + [[sight("chair", "red", 2.15, 0.1)]])
    assert [t.id for t in tracks.tracks] == [1] and tracks.tracks[0].sightings == 6


def test_two_alike_a_metre_apart_stay_two():
    both = [sight("chair", "red", 2.0, 0.0), sight("chair", "red", 2.0, 1.0, 0.9)]
    _, tracks = run([both] * 5 + [both[::-1]] * 5 + [both[:1]] * 3 + [both] * 3)
    assert [t.id for t in tracks.tracks] == [1, 2]
    assert [t.centre_m[1] for t in tracks.tracks] == [0.0, 1.0]


def test_most_sightings_decide_the_name_and_whole_ones_weigh_most():
    right, wrong = sight("chair", "red", 2.0, 0.0), sight("table", "red", 2.0, 0.0, truncated=True)
    _, tracks = run([[wrong]] * 3 + [[right]] * 4 + [[wrong]] * 6)
    assert [(t.label, t.colour) for t in tracks.tracks] == [("chair", "red")]


def test_pieces_of_a_known_thing_are_no_things():
    table = sight("table", "green", 3.0, 0.0)
    leg = sight("table", "green", 3.6, 0.9, 0.6, truncated=True, seen_m=(3.35, 0.64, 0.3))
    _, tracks = run([[table]] * 3 + [[table, leg]] * 3 + [[leg]] * 3)
    assert [t.id for t in tracks.tracks] == [1] and math.dist(
        tracks.tracks[0].centre_m[:2], (3.0, 0.0)
    ) < 0.05


def test_the_head_of_a_bed_that_is_known_too_short_is_no_bed_behind_the_wall():
    bed = sight("bed", "green", 2.0, 0.0)
    head = sight("bed", "green", 4.25, 0.0, 0.8, seen_m=(2.0 + SIZES["bed"][0] / 2 + 0.2, 0.0, 0.75))
    _, tracks = run([[bed]] * 3 + [[bed, head]] * 3 + [[head]] * 3)
    assert [t.id for t in tracks.tracks] == [1]


def test_a_foot_of_another_colour_belongs_to_the_lamp_and_a_ball_under_the_table_does_not():
    lamp, foot = sight("lamp", "blue", 2.0, 0.0), sight("book", "grey", 2.0, 0.0, 0.5)
    table, ball = sight("table", "green", 3.0, 2.0), sight("ball", "red", 3.0, 2.0)
    _, tracks = run([[lamp, foot, table, ball]] * 4)
    assert sorted(t.label for t in tracks.tracks) == ["ball", "lamp", "table"]


def test_a_cup_on_a_table_of_its_own_colour_is_a_thing():
    table, cup = sight("table", "green", 3.0, 0.0), sight("cup", "green", 3.1, 0.2, z=0.74)
    _, tracks = run([[table, cup]] * 4 + [[cup]] * 2 + [[table]] * 2)
    assert [(t.label, t.sightings) for t in sorted(tracks.tracks, key=lambda t: t.label)] == [
        ("cup", 6),
        ("table", 6),
    ]


def test_somebody_who_walks_stays_the_same_person():
    steps = [[sight("person", "blue", 2.0 + 0.06 * i, 0.0)] for i in range(30)]
    _, tracks = run(steps)
    assert [t.id for t in tracks.tracks] == [1] and abs(tracks.tracks[0].centre_m[0] - 3.74) < 0.1
    _, tracks = run([[]] * 30 + [[sight("person", "blue", 2.3, 1.2)]], tracks=tracks, begin=30 * TICK)
    assert [t.id for t in tracks.tracks] == [1]


def test_what_was_taken_away_is_dropped_and_its_id_is_not_used_again():
    box = sight("box", "red", 2.0, 0.3)
    with_box = picture([crate(2.0, 0.3)], size=64)
    _, tracks = run([[box]] * 5, with_box)
    _, tracks = run([[]] * 10, with_box, tracks)
    assert [t.missed for t in tracks.tracks] == [0]  # it is there, though the detector missed it
    seen, gone = run([[]] * 3, picture([], size=64), tracks)
    assert [t.missed for t in gone.tracks] == [3]
    seen, gone = run([[]], picture([], size=64), gone)
    assert gone.tracks == () and seen.gone == (1,)
    seen, after = run([[box]], with_box, gone)
    assert [t.id for t in after.tracks] == [2]


def test_what_is_hidden_or_out_of_view_is_not_missed():
    _, tracks = run([[sight("box", "red", 2.0, 0.3)]] * 5)
    wall = picture([], room=(1.2, 4.0), size=64)
    for frame in (wall, AWAY, picture([], at=(0.0, 0.0, 1.6), size=64)):
        _, after = run([[]] * 8, frame, tracks)
        assert after.tracks == tracks.tracks


def test_a_place_that_creeps_is_told_in_steps():
    _, tracks = run([[sight("box", "red", 2.0, 0.3)]] * 10)
    seen, _ = run([[sight("box", "red", 2.001, 0.3)]], tracks=tracks, begin=10 * TICK)
    assert seen.changed == ()
    seen, _ = run([[sight("person", "red", 2.4, 0.3)]] * 2, tracks=tracks, begin=10 * TICK)
    assert seen.tracks != ()


LABELS, COLOURS = ("box", "chair", "person", "table", "cup"), ("red", "blue")
PLACES = st.integers(-6, 6).map(lambda i: i / 2)
SIGHTS = st.builds(
    sight,
    st.sampled_from(LABELS),
    st.sampled_from(COLOURS),
    PLACES,
    PLACES,
    st.floats(0.05, 1.0),
    truncated=st.booleans(),
)
WALKS = st.lists(st.lists(SIGHTS, max_size=4), max_size=8)


@settings(max_examples=60)
@given(WALKS)
def test_ids_count_up_and_are_never_used_again(walk):
    tracks, ever = TRACK.initial(Key(0)), set()
    for number, detections in enumerate(walk):
        before = tracks
        seen, tracks = TRACK(TrackerInputs(number * TICK, Detections(tuple(detections)), EMPTY), before)
        ids, old = [t.id for t in tracks.tracks], {t.id for t in before.tracks}
        assert ids == sorted(set(ids)) and all(i < tracks.next_id for i in ids)
        assert not (set(ids) - old) & ever and before.next_id <= tracks.next_id
        assert set(seen.gone) == old - set(ids) and set(seen.changed) <= set(ids)
        assert {t.id for t in seen.tracks} <= set(ids)
        assert all(0.0 <= t.score <= 1.0 for t in tracks.tracks)
        ever |= set(ids) | set(seen.gone)


def _shifted(tracks: Tuple[Track, ...], by_ns: int):
    return tuple(
        evolve(t, first_seen_ns=t.first_seen_ns + by_ns, last_seen_ns=t.last_seen_ns + by_ns) for t in tracks
    )


@settings(max_examples=40)
@given(WALKS, st.integers(0, 2**50))
def test_what_time_it_is_does_not_matter(walk, later):
    _, one = run(walk, EMPTY)
    _, two = run(walk, EMPTY, begin=later)
    assert two.tracks == _shifted(one.tracks, later) and one.next_id == two.next_id


@settings(max_examples=40)
@given(st.permutations(range(4)))
def test_the_order_of_the_detections_does_not_matter(order):
    things = [
        sight("chair", "red", 1.0, 0.0, 0.9),
        sight("table", "blue", 3.0, 0.0, 0.8),
        sight("box", "red", 3.0, 2.5, 0.7),
        sight("cup", "blue", 1.0, -2.0, 0.6),
    ]
    assert run([things] * 2)[1] == run([[things[i] for i in order]] * 2)[1]


def test_detections_without_a_place_are_passed_on_and_not_tracked():
    flat = evolve(sight("chair", "red", 1.0, 0.0), centre_m=None, size_m=None)
    seen, tracks = run([[flat]])
    assert seen.detections.detections == (flat,) and tracks == Tracks()


def test_an_old_state_can_be_gone_on_from():
    _, early = run([[sight("chair", "red", 2.0, 0.0)]] * 2)
    one = run([[sight("box", "blue", 1.0, 1.0)]], tracks=early)
    assert run([[sight("box", "blue", 1.0, 1.0)]], tracks=early) == one and len(early.tracks) == 1


def test_a_tracker_without_patience_is_refused():
    with pytest.raises(ValueError, match="patience"):
        ObjectTracker(patience=0)


def test_colour_of_boxes_is_drawn_as_asked():
    """The pictures that these tests draw show what they should."""
    assert (picture([crate(2.0, 0.0)]).rgb[..., 0] > 2 * picture([crate(2.0, 0.0)]).rgb[..., 1]).sum() > 50
    assert RED[0] > RED[1]
