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
    gigabit_flat_vs_zmq  the same two over a network of 1 Gbit/s, which the system's pacing of a socket makes
    remote_vs_inline  three ticks of robot_assistant at 128 x 128 (one of three looks) with its simulator in another
                    process, over the same here. The simulator is the room; what a step leaves of 10 ms is spent in a
                    loop, in either process. Both runs go tick by tick in turns, and must do the same.
    woken_vs_inline  the same where a step only waits in another process, and a byte each way is all that travels
    called_vs_inline  the same where a step waits in a worker that is called with one number
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

import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from functools import partial
from typing import Any, Dict, List

import numpy as np
import zmq
from _machine import machine
from _network import over_network
from _placed import at_address, runs, worlds
from _ways import WAYS, Ask, Camera, bare, by_pipe, by_zmq, on_two_cores, owned

from droidlet_transport import Worker

RATIOS = {
    "owned_vs_bare": ("ours_owned", "bare_owned"),
    "view_vs_bare": ("ours_view", "bare_view"),
    "owned_vs_bare_free": ("ours_owned_free", "bare_owned_free"),
    "view_vs_bare_free": ("ours_view_free", "bare_view_free"),
    "owned_vs_pipe": ("ours_owned_free", "pipe"),
    "call_vs_zmq": ("ours_call", "zmq_call"),
    "tcp_call_vs_zmq": ("ours_tcp_call", "zmq_tcp_call"),
    "tcp_vs_zmq": ("ours_tcp", "zmq_tcp"),
    "remote_vs_inline": ("run_elsewhere", "run_here"),
    "woken_vs_inline": ("run_woken", "run_here"),
    "called_vs_inline": ("run_called", "run_here"),
    "piped_vs_inline": ("run_piped", "run_here"),
    "room_named_vs_sent": ("room_named", "room_sent"),
    "voxel_named_vs_sent": ("voxel_named", "voxel_sent"),
    "tcp_room_named_vs_sent": ("tcp_room_named", "tcp_room_sent"),
    "tcp_voxel_named_vs_sent": ("tcp_voxel_named", "tcp_voxel_sent"),
    "tcp_flat_vs_zmq": ("ours_tcp_flat", "zmq_tcp"),
    "gigabit_flat_vs_zmq": ("ours_gigabit_flat", "zmq_gigabit"),
}
AIMS = {
    "owned_vs_bare": ("<=", 1.3),
    "view_vs_bare": ("<=", 1.3),
    "owned_vs_pipe": ("<=", 0.33),
    "call_vs_zmq": ("<=", 2.5),
    "tcp_vs_zmq": ("<=", 1.2),
    "remote_vs_inline": ("<=", 1.02),
    "tcp_flat_vs_zmq": ("<=", 1.0),
    "gigabit_flat_vs_zmq": ("<=", 1.0),
}
TURN = 100  # calls of one way in a row: the system takes some to spread two processes over its cores


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
        worker = stack.enter_context(Worker(f"{WAYS}:Camera"))
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
        if sys.platform == "linux":  # elsewhere nobody makes a network slow
            far = at_address(stack, lambda: Camera(flat=True), partial(over_network, stack))
            afar: Dict[str, Ask] = {
                "zmq_gigabit": by_zmq(stack, "tcp://127.0.0.1:*", True, partial(over_network, stack)),
                "ours_gigabit_flat": lambda: far.call("look"),
            }
            spent.update(measure(afar, 1 if quick else 3))
    spent.update(worlds(40 if quick else 300))
    spent.update(runs(25 if quick else 150))
    like = machine(20 if quick else 100)
    median = {name: statistics.median(times) for name, times in spent.items()}
    return {
        "name": "transport",
        "baselines": {"zmq": zmq.zmq_version(), "pyzmq": zmq.__version__},
        "ratios": {
            name: median[ours] / median[base] for name, (ours, base) in RATIOS.items() if base in median
        },
        "aims": AIMS,
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
