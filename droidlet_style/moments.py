"""The key moments of a run, kept for a picture: few, however long the run is."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray

from droidlet_schema import Detection, Observation
from droidlet_style.story import Tick

MOST_SIGHTINGS = 40  # first looks kept while the run goes on
BETTER_LOOK_TICKS = 15  # so long after a first sighting a better look replaces it
FRESH_TICKS = 3
STEADY = 3  # a thing counts when it was seen in so many ticks

FIRST, TOLD, SEEN, DONE, LAST = 3, 2, 0, 2, 1  # what is kept when there are too many: the larger first


class Box(NamedTuple):
    """One thing in a picture: its pixel box, its name and whether this picture is about it."""

    label: str
    colour: str
    box: tuple[int, int, int, int]
    main: bool = False


class Moment(NamedTuple):
    """One picture with what is to be said about it."""

    tick: int
    now_s: float
    rgb: NDArray[Any]
    boxes: tuple[Box, ...]
    captions: tuple[str, ...]
    weight: int


class _Sighting(NamedTuple):
    moment: Moment
    area: int
    since: int
    times: int


class Moments:
    """Gathers moments. Of the shell: it grows, up to a bound."""

    def __init__(self) -> None:
        self._story: list[Moment] = []
        self._seen: dict[tuple[str, str], _Sighting] = {}
        self._last: Moment | None = None
        self._boxed: Moment | None = None

    def add(self, tick: Tick, now_s: float, heard: tuple[str, ...]) -> None:
        """Takes in one tick."""
        rgb = _picture(tick.observation)
        if rgb is None:
            return
        plain = self._with_boxes(Moment(tick.number, now_s, rgb, _boxes(tick.detections), (), LAST))
        captions = [f"you: {text}" for text in heard]
        ends = [event for event in tick.events if event.status in ("finished", "failed")]
        if ends:
            told = [f"agent: {text}" for text in tick.replies]
            captions += told or [
                f"{event.name} {event.label}".strip() + f": {event.status}" for event in ends
            ]
        if self._last is None:
            self._keep(plain._replace(captions=("the first look", *captions), weight=FIRST))
        elif captions:
            self._keep(plain._replace(captions=tuple(captions), weight=DONE if ends else TOLD))
        self._sight(plain, tick.detections)
        self._last = plain

    def _with_boxes(self, moment: Moment) -> Moment:
        """A moment without detections borrows a fresh picture with boxes: some look in some ticks only."""
        if moment.boxes:
            self._boxed = moment
        elif self._boxed is not None and moment.tick - self._boxed.tick <= FRESH_TICKS:
            return moment._replace(rgb=self._boxed.rgb, boxes=self._boxed.boxes)
        return moment

    def _keep(self, moment: Moment) -> None:
        self._story.append(moment)
        if len(self._story) > 2 * MOST_SIGHTINGS:
            self._story = _weightiest(self._story, MOST_SIGHTINGS)

    def _sight(self, plain: Moment, detections: tuple[Detection, ...]) -> None:
        for found in detections:
            name = (found.label, found.colour)
            known = self._seen.get(name)
            if known is None and len(self._seen) >= MOST_SIGHTINGS:
                continue
            area = _area(found.box) // (4 if found.truncated else 1)
            moment = plain._replace(
                boxes=_boxes(detections, found), captions=(f"sees {_named(found)}",), weight=SEEN
            )
            since, times = (known.since, known.times + 1) if known else (plain.tick, 1)
            better = known is None or (area > known.area and plain.tick - since <= BETTER_LOOK_TICKS)
            if better or known is None:
                self._seen[name] = _Sighting(moment, area, since, times)
            else:
                self._seen[name] = known._replace(times=times)

    def chosen(self, most: int) -> tuple[Moment, ...]:
        """The moments worth showing, at most so many, in the order in which they happened."""
        steady = [s.moment for s in sorted(self._seen.values(), key=lambda s: -s.area) if s.times >= STEADY]
        last = [self._last._replace(captions=("the last look",))] if self._last is not None else []
        return tuple(_merged(_weightiest([*self._story, *last, *steady], most)))


def _weightiest(moments: list[Moment], most: int) -> list[Moment]:
    ticks: list[int] = []
    for moment in sorted(
        moments, key=lambda m: -m.weight
    ):  # a stable sort: among equals the earlier one stays
        if moment.tick not in ticks and len(ticks) < most:
            ticks.append(moment.tick)
    return sorted((m for m in moments if m.tick in ticks), key=lambda m: m.tick)


def _merged(moments: list[Moment]) -> list[Moment]:
    """One picture per tick: captions joined, boxes of all."""
    merged: list[Moment] = []
    for moment in moments:
        if not merged or merged[-1].tick != moment.tick:
            merged.append(moment)
            continue
        before = merged[-1]
        mains = {b.box for b in (*before.boxes, *moment.boxes) if b.main}
        boxes = tuple(b._replace(main=b.box in mains) for b in moment.boxes)
        seen = [
            c.removeprefix("sees ") for m in (before, moment) for c in m.captions if c.startswith("sees ")
        ]
        other = [c for m in (before, moment) for c in m.captions if not c.startswith("sees ")]
        captions = (*dict.fromkeys(other), *((f"sees {', '.join(seen)}",) if seen else ()))
        merged[-1] = before._replace(captions=captions, boxes=boxes, weight=max(before.weight, moment.weight))
    return merged


def _picture(observation: Observation | None) -> NDArray[Any] | None:
    for frame in observation.frames.values() if observation is not None else ():
        return frame.rgb
    return None


def _boxes(detections: tuple[Detection, ...], main: Detection | None = None) -> tuple[Box, ...]:
    return tuple(Box(d.label, d.colour, d.box, d is main) for d in detections)


def _named(found: Detection) -> str:
    words = f"{found.colour} {found.label}".strip()
    return ("an " if words[:1].lower() in "aeiou" else "a ") + words


def _area(box: tuple[int, int, int, int]) -> int:
    return max(0, box[2] - box[0]) * max(0, box[3] - box[1])
