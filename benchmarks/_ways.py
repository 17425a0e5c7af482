"""What the transport's benchmark asks for, and the bare ways to get it from another process."""

from __future__ import annotations

import mmap
import multiprocessing
import os
from contextlib import ExitStack, contextmanager
from typing import Any, Callable, Iterator, List, Sequence, Tuple

import numpy as np
import zmq
from _placed import forked

from droidlet_schema import Frame, FrozenMap, Intrinsics, Observation, Pose, Pose2

WAYS = __file__  # where a worker finds the camera
HEIGHT, WIDTH = 480, 640
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


def by_zmq(
    stack: ExitStack, address: str, large: bool, through: Callable[[str], str] = lambda address: address
) -> Ask:
    """REQ/REP, and the bare arrays as frames; it connects to what `through` gives."""
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
    socket.connect(through(os.read(read, 200).rstrip(b"\0").decode()))

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
