"""The child process of a check: makes the component once, runs the trajectories that it is sent, answers with
digests.
"""

from __future__ import annotations

import os
import struct
import sys
import warnings
from typing import Any, BinaryIO, Dict, List

import msgspec

from droidlet_laws import calls, wire
from droidlet_laws.brief import raised
from droidlet_laws.forking import forked
from droidlet_laws.laws import NotCheckable
from droidlet_laws.shapes import Arguments, Shape, arguments_of, factory_of, shape_of
from droidlet_laws.shifted import shift_clocks
from droidlet_schema import Key


def main() -> None:
    """Serves requests from standard input until it ends; what the component prints goes nowhere."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    warnings.simplefilter("ignore")
    server = _Server()
    while True:
        request = receive(requests)
        if request is None:
            return
        try:
            reply = getattr(server, "do_" + request["do"])(request)
        except Exception as error:
            text = str(error) if isinstance(error, NotCheckable) else raised(error)
            reply = {"error": text}
        send(replies, reply)


class _Server:
    component: Any
    shape: Shape

    def do_load(self, request: Dict[str, Any]) -> Dict[str, Any]:
        sys.path[:] = request["path"]
        if request["shift"]:
            shift_clocks()
        refusals = []
        for name in request["names"]:
            try:
                self.component = factory_of(name).make()
                self.shape = shape_of(self.component, name)
                return {}
            except NotCheckable as error:
                refusals.append(str(error))
        return {"error": refusals[0]}

    def do_run(self, request: Dict[str, Any]) -> Dict[str, Any]:
        """The digest of every call's outcome; with `at`, also everything that its outcome says."""
        key = wire.unpack(request["key"])
        digests: List[str] = []
        at = request.get("at", -1)
        state = self._initial(key, digests)
        for index, item in enumerate(wire.unpack(request["items"])):
            item = Arguments(item) if request["marked"][index] else item
            arguments = arguments_of(self.shape, item, "the component")
            arguments = (*arguments, state) if self.shape.kind == "stepped" else arguments
            outcome = calls.call(self.component, arguments, request["timeout_s"])
            digests.append(outcome.seen.digest)
            if index == at:
                return {"leaves": outcome.seen.leaves}
            if self.shape.kind == "stepped" and outcome.answered:
                state = outcome.value[1]
        return {"digests": digests}

    def _initial(self, key: Key, digests: List[str]) -> Any:
        return forked(self.component.initial(key)) if self.shape.kind == "stepped" else None


def send(stream: BinaryIO, message: Any) -> None:
    """One message: its length, then msgpack."""
    data = msgspec.msgpack.encode(message)
    stream.write(struct.pack("<Q", len(data)) + data)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """The next message, None at the end."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    return msgspec.msgpack.decode(stream.read(struct.unpack("<Q", head)[0]))
