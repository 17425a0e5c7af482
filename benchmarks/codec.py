"""How fast values are encoded and decoded, against msgpack and pickle of plain attrs classes without checks.

Two values: an observation with one 128 x 128 picture, and a tracker's state of 20 tracks. The baselines get
the same content in ordinary frozen attrs classes with dicts for maps:

    msgpack   packb(attrs.asdict(value)), arrays as bytes; back: unpackb, frombuffer, objects made by hand
    pickle    protocol 5 with out-of-band buffers; back: objects by reference to their classes

Ours also checks every field on the way back, names what is wrong, and needs no trust in the sender. The
ratios are speeds: 2.0 means that ours takes half the time; each is the geometric mean over the two values.

    python benchmarks/codec.py [--quick]
"""

from __future__ import annotations

import pickle
import statistics
import sys
import time
from typing import Any, Callable, Dict, List, Tuple

import attrs
import numpy as np

from droidlet_schema import (
    Frame,
    FrozenMap,
    Intrinsics,
    Observation,
    Pose,
    Pose2,
    Track,
    Tracks,
    decode,
    encode,
)

SIZE, TRACKS = 128, 20
Way = Tuple[Callable[[], Any], Callable[[], Any]]  # encode, decode


@attrs.frozen
class PlainPose2:
    """As Pose2."""

    x_m: float
    y_m: float
    yaw_rad: float


@attrs.frozen
class PlainPose:
    """As Pose."""

    x_m: float
    y_m: float
    z_m: float
    qw: float
    qx: float
    qy: float
    qz: float


@attrs.frozen
class PlainIntrinsics:
    """As Intrinsics."""

    width: int
    height: int
    fx_px: float
    fy_px: float
    cx_px: float
    cy_px: float


@attrs.frozen
class PlainFrame:
    """As Frame."""

    rgb: Any
    depth_m: Any
    intrinsics: PlainIntrinsics
    camera: PlainPose


@attrs.frozen
class PlainObservation:
    """As Observation."""

    now_ns: int
    pose: PlainPose2
    collided: bool
    frames: Dict[str, PlainFrame]


@attrs.frozen
class PlainTrack:
    """As Track."""

    id: int
    label: str
    colour: str
    score: float
    centre_m: Tuple[float, ...]
    size_m: Tuple[float, ...]
    first_seen_ns: int
    last_seen_ns: int
    sightings: int
    missed: int
    label_votes: Dict[str, float]
    colour_votes: Dict[str, float]


@attrs.frozen
class PlainTracks:
    """As Tracks."""

    tracks: Tuple[PlainTrack, ...]
    next_id: int


def make_observation() -> Tuple[Observation, PlainObservation]:
    """The same observation, as a record and plain."""
    rng = np.random.default_rng(5)
    rgb = rng.integers(0, 255, (SIZE, SIZE, 3), np.uint8)
    depth = rng.uniform(0.5, 9, (SIZE, SIZE)).astype(np.float32)
    lens, pose = (SIZE, SIZE, 70.5, 70.5, 64.0, 64.0), (0.1, 0.2, 1.0, 1.0, 0.0, 0.0, 0.0)
    place = (1.5, 2.5, 0.7)
    frame = Frame(rgb, depth, Intrinsics(*lens), Pose(*pose))
    plain = PlainFrame(rgb, depth, PlainIntrinsics(*lens), PlainPose(*pose))
    return (
        Observation(10**9, Pose2(*place), False, FrozenMap({"head": frame})),
        PlainObservation(10**9, PlainPose2(*place), False, {"head": plain}),
    )


def make_tracks() -> Tuple[Tracks, PlainTracks]:
    """The same tracks, as a record and plain."""
    rng = np.random.default_rng(5)
    ours, plain = [], []
    for i in range(TRACKS):
        centre, size = tuple(rng.uniform(-5, 5, 3).tolist()), tuple(rng.uniform(0.1, 2, 3).tolist())
        first = (i, "chair", "red", 0.9, centre, size, 10**9 + i, 2 * 10**9 + i, 3 + i, 0)
        labels, colours = {"chair": 3.0 + i, "table": 1.0}, {"red": 3.0, "brown": 0.5}
        ours.append(Track(*first, FrozenMap(labels), FrozenMap(colours)))
        plain.append(PlainTrack(*first, labels, colours))
    return Tracks(tuple(ours), TRACKS), PlainTracks(tuple(plain), TRACKS)


def _array_to_plain(_: Any, __: Any, value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return {"dtype": value.dtype.str, "shape": value.shape, "data": value.tobytes()}
    return value


def _array(plain: Dict[str, Any]) -> Any:
    return np.frombuffer(plain["data"], plain["dtype"]).reshape(plain["shape"])


def observation_from_plain(plain: Dict[str, Any]) -> PlainObservation:
    """What somebody who sends plain dicts writes by hand."""
    frames = {
        name: PlainFrame(
            _array(one["rgb"]),
            _array(one["depth_m"]),
            PlainIntrinsics(**one["intrinsics"]),
            PlainPose(**one["camera"]),
        )
        for name, one in plain["frames"].items()
    }
    return PlainObservation(plain["now_ns"], PlainPose2(**plain["pose"]), plain["collided"], frames)


def tracks_from_plain(plain: Dict[str, Any]) -> PlainTracks:
    """The same for tracks."""
    for one in plain["tracks"]:
        one["centre_m"], one["size_m"] = tuple(one["centre_m"]), tuple(one["size_m"])
    return PlainTracks(tuple([PlainTrack(**one) for one in plain["tracks"]]), plain["next_id"])


def with_msgpack(value: Any, from_plain: Callable[[Any], Any]) -> Way:
    """Encoding and decoding by msgpack."""
    import msgpack

    def pack() -> Any:
        return msgpack.packb(attrs.asdict(value, value_serializer=_array_to_plain))

    packed = pack()
    return pack, lambda: from_plain(msgpack.unpackb(packed))


def with_pickle(value: Any) -> Way:
    """Encoding and decoding by pickle, arrays out of band."""

    def dump() -> Any:
        buffers: List[Any] = []
        return pickle.dumps(value, 5, buffer_callback=buffers.append), buffers

    dumped, buffers = dump()
    return dump, lambda: pickle.loads(dumped, buffers=buffers)  # noqa: S301  # our own bytes, for comparison


def with_ours(value: Any) -> Way:
    """Encoding and decoding by this package, from bytes as they come off a wire."""
    sent = [bytes(frame) for frame in encode(value)]
    return lambda: encode(value), lambda: decode(sent, type(value))


def measure(functions: Dict[str, Callable[[], Any]], rounds: int, repeats: int) -> Dict[str, List[float]]:
    """Seconds per call of each, in turns, so that all see the same machine."""
    spent: Dict[str, List[float]] = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            start = time.perf_counter()
            for _ in range(repeats):
                function()
            spent[name].append((time.perf_counter() - start) / repeats)
    return {name: times[len(times) // 10 :] for name, times in spent.items()}  # the first tenth warms up


def run(quick: bool = False) -> Dict[str, Any]:
    """The measurement: speed ratios, and median and p95 in microseconds per value and way."""
    import msgpack

    observation, plain_observation = make_observation()
    tracks, plain_tracks = make_tracks()
    seen = compare(
        with_ours(observation),
        with_msgpack(plain_observation, observation_from_plain),
        plain_observation,
        quick,
    )
    followed = compare(with_ours(tracks), with_msgpack(plain_tracks, tracks_from_plain), plain_tracks, quick)
    ratios = [f"{what}_vs_{way}" for way in ("msgpack", "pickle") for what in ("encode", "decode")]
    return {
        "name": "codec",
        "baselines": {"msgpack": ".".join(map(str, msgpack.version)), "pickle": "5"},
        "ratios": {name: statistics.geometric_mean((seen[name], followed[name])) for name in ratios},
        "details": {
            **{f"observation_{name}": value for name, value in seen.items()},
            **{f"tracks_{name}": value for name, value in followed.items()},
        },
    }


def compare(ours: Way, by_msgpack: Way, plain: Any, quick: bool) -> Dict[str, float]:
    """Median and p95 of each way, and how many times as fast ours is, for one value."""
    ways = {"ours": ours, "msgpack": by_msgpack, "pickle": with_pickle(plain)}
    functions = {
        f"{what}_{way}": function
        for way, pair in ways.items()
        for what, function in zip(("encode", "decode"), pair)
    }
    spent = measure(functions, 40 if quick else 400, 5 if quick else 10)
    median = {name: statistics.median(times) * 1e6 for name, times in spent.items()}
    told = {f"{name}_median_us": value for name, value in median.items()}
    told.update((f"{name}_p95_us", statistics.quantiles(t, n=20)[-1] * 1e6) for name, t in spent.items())
    for what in ("encode", "decode"):
        for way in ("msgpack", "pickle"):
            told[f"{what}_vs_{way}"] = median[f"{what}_{way}"] / median[f"{what}_ours"]
    return told


def main() -> None:
    """Prints the table."""
    result = run(quick="--quick" in sys.argv[1:])
    details, ways = result["details"], ("ours", "msgpack", "pickle")
    print(f"{'microseconds, median':24}" + "".join(f"{way:>10}{'p95':>10}" for way in ways))
    for value in ("observation", "tracks"):
        for what in ("encode", "decode"):
            names = [f"{value}_{what}_{way}_{part}_us" for way in ways for part in ("median", "p95")]
            print(f"{what + ' ' + value:24}" + "".join(f"{details[name]:10.1f}" for name in names))
    for name, ratio in result["ratios"].items():
        print(f"{name:24}{ratio:10.2f}")


if __name__ == "__main__":
    main()
