"""The pictures of a run: that they are drawn, what they show, and that a run does not hang on them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_schema import (
    Detection,
    Frame,
    FrozenMap,
    Intrinsics,
    Observation,
    OccupancyMap,
    Pose,
    Pose2,
    SceneObject,
    TaskEvent,
    Track,
)
from droidlet_style.moments import MOST_SIGHTINGS, Box, Moment, Moments
from droidlet_style.story import Tick

Image = pytest.importorskip("PIL.Image")
TOY = Path(__file__).parent / "agents" / "toy_agent.py"
COORDINATE = st.floats(-30, 30)
WORDS = st.text(max_size=12)
PIXELS = st.tuples(*[st.integers(-20, 60)] * 2, *[st.integers(61, 99)] * 2)


def picture(data: bytes | None) -> Any:
    assert data is not None
    image = Image.open(io.BytesIO(data))
    image.load()
    return np.asarray(image.convert("RGB"))


def has(image: Any, paint: tuple[int, int, int]) -> bool:
    return bool((np.abs(image.astype(int) - paint).max(axis=2) <= 3).any())


def map_of(**parts: Any) -> bytes | None:
    from droidlet_style.pictures.map_picture import MapScene, draw_map

    given = {"known": None, "tracks": (), "truth": (), "path": (), "title": "t", "said": (), **parts}
    return draw_map(MapScene(**given))


def track(
    number: int = 1, colour: str = "red", at: tuple[float, float] = (1.0, 1.0), size: float = 0.5
) -> Track:
    return Track(number, "chair", colour, 0.9, (*at, 0.4), (size, size, 0.8), 0, 0)


def test_nothing_known_is_no_map() -> None:
    assert map_of() is None
    assert map_of(known=OccupancyMap(np.zeros((5, 5), np.int8), 0.0, 0.0, 0.1)) is None


def test_each_part_of_the_map_is_painted() -> None:
    from droidlet_style.pictures import palette

    evidence = np.zeros((40, 60), np.int8)
    evidence[5:35, 5:55], evidence[5, 5:55] = -50, 50
    path = tuple((0.5 + i * 0.04, 1.0, 0.0) for i in range(50))
    image = picture(
        map_of(known=OccupancyMap(evidence, 0.0, 0.0, 0.1), tracks=(track(at=(4.0, 2.0)),), path=path)
    )
    plan = image[80:-70]  # without title and legend
    for paint in (palette.FREE, palette.SOLID, palette.UNKNOWN, palette.named("red"), palette.PATH_TO):
        assert has(plan, paint), paint
    bare = picture(map_of(known=OccupancyMap(evidence, 0.0, 0.0, 0.1)))[80:-70]
    assert not has(bare, palette.named("red")) and not has(bare, palette.PATH_TO)


def test_up_is_north_and_right_is_east() -> None:
    from droidlet_style.pictures import palette

    tracks = (track(1, "red", (0.0, 4.0), 1.0), track(2, "blue", (6.0, 0.0), 1.0))
    image = picture(map_of(tracks=tracks))[80:-70]
    spots = {}
    for colour in ("red", "blue"):
        rows, columns = np.nonzero(np.abs(image.astype(int) - palette.named(colour)).max(axis=2) <= 3)
        spots[colour] = (rows.mean(), columns.mean())
    assert spots["red"][0] < spots["blue"][0] and spots["red"][1] < spots["blue"][1]


SCENES = st.builds(
    SceneObject, st.integers(0, 99), WORDS, WORDS, COORDINATE, COORDINATE, COORDINATE, st.floats(-9, 9),
    st.tuples(*[st.floats(0, 5)] * 3),
)  # fmt: skip
TRACKS = st.builds(
    Track, st.integers(0, 99), WORDS, WORDS, st.just(0.5), st.tuples(*[st.floats(width=32)] * 3),
    st.tuples(*[st.floats(0, 5, width=32)] * 3), st.just(0), st.just(0),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(
    truth=st.lists(SCENES, max_size=4), tracks=st.lists(TRACKS, max_size=4), said=st.lists(WORDS, max_size=3),
    path=st.lists(st.tuples(*[st.one_of(COORDINATE, st.none())] * 3), max_size=4), seed=st.integers(0, 99),
)  # fmt: skip
def test_any_map_can_be_drawn(truth: Any, tracks: Any, said: Any, path: Any, seed: int) -> None:
    evidence = np.random.default_rng(seed).integers(-128, 128, (3, 7)).astype(np.int8)
    known = OccupancyMap(evidence, -1.0, 2.0, 0.5)
    data = map_of(known=known, tracks=tuple(tracks), truth=tuple(truth), path=tuple(path), said=tuple(said))
    assert picture(data).shape[1] >= 720


def test_a_small_seen_part_of_a_huge_map_is_drawn_alone() -> None:
    """It once scaled the whole map up: 400 m at 480 pixels a metre."""
    evidence = np.zeros((4000, 4000), np.int8)
    evidence[2000:2010, 2000:2010] = -5
    assert max(picture(map_of(known=OccupancyMap(evidence, 0.0, 0.0, 0.1))).shape) < 1500


def test_one_wild_track_does_not_make_the_rest_small() -> None:
    from droidlet_style.pictures.plan import plan_of

    near = [(0.0, 0.0), (8.0, 0.0), (8.0, 6.0), (1.0, 5.0)]
    assert plan_of([*near, (1e30, 0.0)], 1000) == plan_of(near, 1000)
    width, height = plan_of([(0.0, 0.0), (0.0, 180.0)], 1000).size_px
    assert width >= height / 3.1


def frame_of(shade: int) -> Observation:
    lens = Intrinsics(8, 6, 5.0, 5.0, 4.0, 3.0)
    frame = Frame(np.full((6, 8, 3), shade, np.uint8), np.ones((6, 8), np.float32), lens, Pose(0.0, 0.0, 1.0))
    return Observation(0, Pose2(0.0, 0.0, 0.0), False, FrozenMap({"head": frame}))


def seen(label: str, width: int = 2, truncated: bool = False) -> Detection:
    return Detection(label, 0.9, (0, 0, width, 2), "red", np.ones((2, width), np.bool_), truncated=truncated)


def tick(number: int, *found: Detection, events: tuple[TaskEvent, ...] = ()) -> Tick:
    return Tick(number, frame_of(number % 256), found, (), events)


def test_the_key_moments_are_first_looks_words_and_ends() -> None:
    moments = Moments()
    for number in range(30):
        found = (seen("cup"),) if number >= 4 else ()
        events = (TaskEvent(1, "GoTo", "finished", "the cup"),) if number == 20 else ()
        moments.add(tick(number, *found, events=events), number / 10, ("go",) if number == 2 else ())
    told = {m.tick: m.captions for m in moments.chosen(12)}
    assert told == {
        0: ("the first look",),
        2: ("you: go",),
        4: ("sees a red cup",),
        20: ("GoTo the cup: finished",),
        29: ("the last look",),
    }


def test_a_better_look_soon_after_replaces_the_first_one() -> None:
    moments = Moments()
    for number, found in enumerate(
        [seen("cup", 2), seen("cup", 6), seen("cup", 8, truncated=True), seen("cup", 3)]
    ):
        moments.add(tick(number, found), 0.0, ())
    assert [m.tick for m in moments.chosen(12) if any("sees" in c for c in m.captions)] == [1]


def test_a_tick_without_detections_borrows_the_boxes_of_a_fresh_picture() -> None:
    moments = Moments()
    for number in range(12):
        moments.add(
            tick(number, *((seen("cup"),) if number in (0, 8) else ())), 0.0, ("go",) if number == 6 else ()
        )
    shown = {m.tick: (len(m.boxes), int(m.rgb[0, 0, 0])) for m in moments.chosen(12)}
    assert shown[6] == (0, 6) and shown[11] == (1, 8)


def test_what_flickers_is_not_shown() -> None:
    moments = Moments()
    for number in range(9):
        moments.add(tick(number, seen("cup"), *((seen("ghost"),) if number == 3 else ())), 0.0, ())
    captions = " ".join(c for m in moments.chosen(12) for c in m.captions)
    assert "cup" in captions and "ghost" not in captions


def test_moments_are_bounded_however_long_the_run_is() -> None:
    moments = Moments()
    for number in range(600):
        moments.add(tick(number, seen(f"thing {number % 90}")), 0.0, (f"word {number}",))
    assert len(moments._story) <= 2 * MOST_SIGHTINGS and len(moments._seen) <= MOST_SIGHTINGS
    chosen = moments.chosen(12)
    assert len(chosen) == 12 and [m.tick for m in chosen] == sorted({m.tick for m in chosen})
    assert chosen[0].tick == 0


def test_an_agent_without_a_camera_has_no_view() -> None:
    from droidlet_style.pictures.view_picture import draw_view

    moments = Moments()
    moments.add(Tick(0, None, (), (), ()), 0.0, ("hello",))
    assert draw_view(moments.chosen(12), "t", ()) is None


@settings(max_examples=25, deadline=None)
@given(
    boxes=st.lists(
        st.builds(Box, WORDS, WORDS, PIXELS, st.booleans()),
        max_size=4,
    ),
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)), captions=st.lists(WORDS, max_size=3),
    count=st.integers(1, 8),
)  # fmt: skip
def test_any_view_can_be_drawn(boxes: Any, size: tuple[int, int], captions: Any, count: int) -> None:
    from droidlet_style.pictures.view_picture import draw_view

    moment = Moment(3, 0.3, np.zeros((*size, 3), np.uint8), tuple(boxes), tuple(captions), 0)
    assert picture(draw_view((moment,) * count, "title", tuple(captions))).size


@given(text=st.text(max_size=200), room=st.integers(20, 300), size=st.sampled_from([12, 16, 24]))
def test_text_fits_its_room(text: str, room: int, size: int) -> None:
    from droidlet_style.pictures.text import fitted, width_of, wrapped

    for line in (fitted(text, size, room), *wrapped(text, size, room, 2)):
        assert width_of(line, size) <= room or line == "..."
    assert len(wrapped(text, size, room, 2)) <= 2


def test_labels_do_not_lie_on_one_another_where_there_is_room() -> None:
    from droidlet_style.pictures.labels import place_labels
    from droidlet_style.pictures.text import width_of

    wanted = [(f"thing {i}", (400.0 + 12 * i, 400.0), (8.0, 8.0), (0, 0, 0)) for i in range(4)]
    rects = [(x, y, x + width_of(t, 15), y + 18) for t, (x, y), _ in place_labels(wanted, (800, 800), [])]
    for i, a in enumerate(rects):
        for b in rects[i + 1 :]:
            assert min(a[2], b[2]) <= max(a[0], b[0]) or min(a[3], b[3]) <= max(a[1], b[1])


def test_without_pillow_the_run_goes_on_and_names_the_extra(without, tmp_path: Path) -> None:
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "map.png").write_text("of an earlier run")
    done = without("PIL", "run", TOY, "--say", "go 2", "--out", "o")
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if "pictures" in line] == [
        "droidlet: no pictures: the extra 'pictures' draws them: pip install 'droidlet-style[pictures]'"
    ]
    assert [p.name for p in (tmp_path / "o").iterdir()] == ["summary.json"]
    assert json.loads((tmp_path / "o" / "summary.json").read_text())["files"] == ["summary.json"]


def test_without_a_folder_pillow_is_not_even_looked_for(without) -> None:
    done = without("PIL", "run", TOY, "--say", "go 2")
    assert done.returncode == 0 and done.stderr == ""
