"""How long a call to another process takes, against the least that such a call can be.

The large answer is a 480 x 640 camera's: rgb and float32 depth, 2,150,400 bytes, as a typed Observation. The bare
way has a memory that both processes share and a pipe for waking up: one byte asks, the other process copies the
arrays into the memory, one byte answers. "Owned" copies the arrays out again, "view" looks at them where they are.

    owned_vs_bare   the observation, its arrays copied, over the bare way with a copy out; this process on one core and
                    the other one on another
    view_vs_bare    the observation, kept as it comes, over the bare way without a copy out; on two cores, too
    owned_vs_bare_free, view_vs_bare_free  the same where the system places the processes: it puts those of the bare
                    way, which wait asleep, on one core, where waking takes a twentieth of the time and the copy is in
                    that core's cache already, but nothing goes on at the same time
    owned_vs_pipe   the same, copied, over multiprocessing.Pipe (pickle) with the same arrays in a dict
    call_vs_zmq     a call with one number from a worker, over ZeroMQ REQ/REP with one byte (ipc)
    tcp_call_vs_zmq the same from a server at an address, over REQ/REP by tcp
    tcp_flat_vs_zmq the same with pictures of a few flat colours, which compress well, over the same bare frames
    tcp_vs_zmq      the observation from a server at an address, over ZeroMQ frames of the bare arrays by tcp
    remote_vs_inline  three ticks of robot_assistant at 128 x 128 (one of three looks) with its simulator in another
                    process, over the same here. The simulator is the room; what a step leaves of 10 ms is spent in a
                    loop, in either process. Both runs go tick by tick in turns, and must do the same.
    woken_vs_inline  the same where a step only waits in another process, and a byte each way is all that travels
    piped_vs_inline  the same where the step runs behind a multiprocessing.Pipe, which pickles what goes either way
    room_named_vs_sent, voxel_named_vs_sent  a call that takes a simulator's world and gives the next: the world by its
                    name and what changed in it, over the world sent whole both ways
    tcp_room_named_vs_sent, tcp_voxel_named_vs_sent  the same at an address

The ratios are times: 2.0 means that ours takes twice as long. The machine's line says what it does to all of them:
the bare way is little more than a copy, so it is hard to come near where copies are fast, and what runs once in 10 ms,
as the encoding of a step does, takes long where others empty the caches meanwhile.

    python benchmarks/transport.py [--quick]
"""

from __future__ import annotations

import mmap
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from typing import Any, Callable, Dict, Iterator, List, Sequence, Tuple

import numpy as np
import zmq
from _machine import machine
from _placed import at_address, forked, runs, worlds

from droidlet_schema import Frame, FrozenMap, Intrinsics, Observation, Pose, Pose2
from droidlet_transport import Worker

HEIGHT, WIDTH = 480, 640
TURN = 100  # calls of one way in a row: the system takes some to spread two processes over its cores
Ask = Callable[[], Any]


class Camera:
    """The other process: a picture for the asking, and a number back."""

    def __init__(self, flat: bool = False) -> None:
        rgb, depth = flat_pictures() if flat else pictures()
        optics = Intrinsics(WIDTH, HEIGHT, 500.0, 500.0, WIDTH / 2, HEIGHT / 2)
        frame = Frame(rgb, depth, optics, Pose(0.0, 0.0, 1.0))
        self.seen = Observation(1, Pose2(0.0, 0.0, 0.0), False, FrozenMap({"head": frame}))

    def look(self) -> Observation:
        """The observation."""
        return self.seen

    def same(self, number: int) -> int:
        """The number."""
        return number


def pictures() -> Tuple[np.ndarray, np.ndarray]:
    """Camera-like arrays: smooth, with noise in the last bits, so that nothing compresses them for free."""
    rng = np.random.default_rng(1)
    ramp = np.linspace(0, 200, WIDTH)[None, :, None] + rng.integers(0, 8, (HEIGHT, WIDTH, 3))
    depth = 2.0 + rng.random((HEIGHT, WIDTH)) / 100
    return ramp.astype(np.uint8), depth.astype(np.float32)


def flat_pictures() -> Tuple[np.ndarray, np.ndarray]:
    """A wall, a floor and a thing, each of one colour and one distance."""
    rgb = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    rgb[:200], rgb[200:] = (200, 180, 160), (90, 90, 80)
    depth = np.full((HEIGHT, WIDTH), 2.0, np.float32)
    rgb[100:300, 200:400], depth[100:300, 200:400] = (10, 200, 30), 1.0
    return rgb, depth


def bare(stack: ExitStack, owned: bool, others: List[int]) -> Ask:
    """Shared memory, and a byte in a pipe each way; the process id of the other side joins `others`."""
    rgb, depth = pictures()
    shared = mmap.mmap(-1, rgb.nbytes + depth.nbytes)
    memory = np.frombuffer(shared, np.uint8)
    first, second = (
        memory[: rgb.nbytes].reshape(rgb.shape),
        memory[rgb.nbytes :].view(np.float32).reshape(depth.shape),
    )
    (ask_read, ask_write), (read, write) = os.pipe(), os.pipe()

    def serve() -> None:
        while os.read(ask_read, 1):
            first[...] = rgb
            second[...] = depth
            os.write(write, b"x")

    others.append(forked(serve))
    stack.callback(os.kill, others[-1], 9)

    def ask() -> Any:
        os.write(ask_write, b"x")
        os.read(read, 1)
        return (first.copy(), second.copy()) if owned else (first, second)

    return ask


def by_pipe(stack: ExitStack) -> Ask:
    """multiprocessing.Pipe with its own pickling."""
    ours, theirs = multiprocessing.Pipe()
    rgb, depth = pictures()

    def serve() -> None:
        while theirs.recv():
            theirs.send({"rgb": rgb, "depth": depth, "now_ns": 1})

    stack.callback(os.kill, forked(serve), 9)

    def ask() -> Any:
        ours.send(True)
        return ours.recv()

    return ask


def by_zmq(stack: ExitStack, address: str, large: bool) -> Ask:
    """REQ/REP, and the bare arrays as frames."""
    rgb, depth = pictures()
    answer = [rgb, depth] if large else [b"x"]
    read, write = os.pipe()

    def serve() -> None:
        socket = zmq.Context().socket(zmq.REP)
        socket.bind(address)
        os.write(write, socket.last_endpoint)
        while True:
            socket.recv()
            socket.send_multipart(answer, copy=False)

    stack.callback(os.kill, forked(serve), 9)
    socket: Any = zmq.Context().socket(zmq.REQ)
    socket.linger = 0
    socket.connect(os.read(read, 200).rstrip(b"\0").decode())

    def ask() -> Any:
        socket.send(b"x")
        frames = socket.recv_multipart(copy=False)
        if not large:
            return frames
        return np.frombuffer(frames[0], np.uint8), np.frombuffer(frames[1], np.float32)

    return ask


def owned(seen: Observation) -> Any:
    """The arrays, copied."""
    frame = seen.frames["head"]
    return frame.rgb.copy(), frame.depth_m.copy()


def measure(functions: Dict[str, Ask], rounds: int) -> Dict[str, List[float]]:
    """Microseconds per call of each, in turns, so that all see the same machine; a turn is long enough to get warm."""
    spent: Dict[str, List[float]] = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            for _ in range(TURN):
                start = time.perf_counter()
                function()
                spent[name].append((time.perf_counter() - start) * 1e6)
    return {name: times[len(times) // 10 :] for name, times in spent.items()}  # the first tenth warms up


@contextmanager
def on_two_cores(others: Sequence[int]) -> Iterator[None]:
    """Within it this process has one core and the others another; without a say, or two cores, nothing changes."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) < 2:
        yield
        return
    for process, core in ((0, cores[0]), *((other, cores[1]) for other in others)):
        os.sched_setaffinity(process, {core})
    try:
        yield
    finally:
        for process in (0, *others):
            os.sched_setaffinity(process, cores)


def run(quick: bool = False) -> Dict[str, Any]:
    """The measurement: ratios of median times, and median and p95 in microseconds."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())  # whoever listens there is killed
        others: List[int] = []
        ways: Dict[str, Ask] = {
            "bare_owned_free": bare(stack, True, others),
            "bare_view_free": bare(stack, False, others),
            "pipe": by_pipe(stack),
            "zmq_call": by_zmq(stack, f"ipc://{folder}/zmq", False),
            "zmq_tcp_call": by_zmq(stack, "tcp://127.0.0.1:*", False),
            "zmq_tcp": by_zmq(stack, "tcp://127.0.0.1:*", True),
        }
        client, flat = at_address(stack, Camera), at_address(stack, lambda: Camera(flat=True))
        worker = stack.enter_context(Worker(f"{__file__}:Camera"))
        ways.update(
            ours_owned_free=lambda: owned(worker.call("look")),
            ours_view_free=lambda: worker.call("look"),
            ours_call=lambda: worker.call("same", 1),
            ours_tcp_call=lambda: client.call("same", 1),
            ours_tcp=lambda: client.call("look"),
            ours_tcp_flat=lambda: flat.call("look"),
        )
        rounds = 2 if quick else 12
        spent = measure(ways, rounds)
        near = {name[: -len("_free")]: way for name, way in ways.items() if name.endswith("_free")}
        with on_two_cores([*others, worker.pid or 0]):
            spent.update(measure(near, rounds))
    spent.update(worlds(40 if quick else 300))
    spent.update(runs(25 if quick else 150))
    like = machine(20 if quick else 100)
    median = {name: statistics.median(times) for name, times in spent.items()}
    return {
        "name": "transport",
        "baselines": {"zmq": zmq.zmq_version(), "pyzmq": zmq.__version__},
        "ratios": {
            "owned_vs_bare": median["ours_owned"] / median["bare_owned"],
            "view_vs_bare": median["ours_view"] / median["bare_view"],
            "owned_vs_bare_free": median["ours_owned_free"] / median["bare_owned_free"],
            "view_vs_bare_free": median["ours_view_free"] / median["bare_view_free"],
            "owned_vs_pipe": median["ours_owned_free"] / median["pipe"],
            "call_vs_zmq": median["ours_call"] / median["zmq_call"],
            "tcp_call_vs_zmq": median["ours_tcp_call"] / median["zmq_tcp_call"],
            "tcp_vs_zmq": median["ours_tcp"] / median["zmq_tcp"],
            "remote_vs_inline": median["run_elsewhere"] / median["run_here"],
            "woken_vs_inline": median["run_woken"] / median["run_here"],
            "piped_vs_inline": median["run_piped"] / median["run_here"],
            "room_named_vs_sent": median["room_named"] / median["room_sent"],
            "voxel_named_vs_sent": median["voxel_named"] / median["voxel_sent"],
            "tcp_room_named_vs_sent": median["tcp_room_named"] / median["tcp_room_sent"],
            "tcp_voxel_named_vs_sent": median["tcp_voxel_named"] / median["tcp_voxel_sent"],
            "tcp_flat_vs_zmq": median["ours_tcp_flat"] / median["zmq_tcp"],
        },
        "aims": {
            "owned_vs_bare": ("<=", 1.3),
            "view_vs_bare": ("<=", 1.3),
            "owned_vs_pipe": ("<=", 0.33),
            "call_vs_zmq": ("<=", 2.5),
            "tcp_vs_zmq": ("<=", 1.2),
            "remote_vs_inline": ("<=", 1.02),
            "tcp_flat_vs_zmq": ("<=", 1.0),
        },
        "details": {
            "machine": like,
            "microseconds": {
                name: {"median_us": median[name], "p95_us": float(np.quantile(times, 0.95))}
                for name, times in spent.items()
            },
        },
    }


def main() -> None:
    """Prints the table."""
    result = run(quick="--quick" in sys.argv[1:])
    for name, row in result["details"]["microseconds"].items():
        print(f"{name:16} {row['median_us']:10.1f} us  p95 {row['p95_us']:10.1f} us")
    like = result["details"]["machine"]
    print(
        f"this machine copies {like['copy_gb_per_s']:.0f} GB/s; what was read just now is read again in "
        f"{like['warm_read_ns']:.1f} ns, what was read 10 ms ago in {like['cold_read_ns']:.1f} ns"
    )
    for name, ratio in result["ratios"].items():
        print(f"{name:16} {ratio:.2f}")


if __name__ == "__main__":
    main()
