"""A client's and a server's half of named values, without a connection between them."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from droidlet_schema import FrozenMap, array, evolve, record
from droidlet_transport.call import Call
from droidlet_transport.calls import Calls
from droidlet_transport.envelope import read_request
from droidlet_transport.serving import Table, effect, pure


@record(name="naming.Walked")
class Walked:
    """A world: a part that stays, a part that grows, and what differs each time that it is made."""

    total: int
    chance: int
    notes: FrozenMap[int, str]
    picture: np.ndarray = array("N", np.uint8)


@record(name="naming.Told")
class Told:
    """Nothing but text, so that an equal one has the same name."""

    text: str


class There:
    """What is served. `chance` breaks the promise of a pure function as a graphics card does: a little, each time."""

    def __init__(self) -> None:
        self._chances = itertools.count(1)

    def step(self, amount: int, at: Walked) -> Any:
        notes = FrozenMap({**at.notes, len(at.notes): str(amount)})
        return at.total + amount, evolve(at, total=at.total + amount, notes=notes)

    def both(self, one: Walked, other: Walked) -> Any:
        return evolve(other, total=one.total + other.total, picture=one.picture), one.total

    def read(self, at: Walked, told: Told) -> Any:
        return at.total, at.chance, at.notes, int(at.picture.sum()), at.picture.nbytes, len(told.text)

    def chance(self, at: Walked) -> Any:
        chance = next(self._chances)
        return evolve(at, chance=chance, picture=at.picture + np.uint8(chance % 256))

    def write(self, at: Walked) -> Any:
        return at.total


def large(total: int) -> Walked:
    """A world that is no argument to keep before it has come back."""
    return Walked(total, 0, FrozenMap({}), np.full(100_000, total % 256, np.uint8))


HERE = There()
PURE = ("step", "both", "read", "chance")


class Server:
    """One life of the server at the address."""

    numbers = itertools.count(1)

    def __init__(self, in_order: bool, knows: bool) -> None:
        self.epoch = b"%d" % next(self.numbers)
        there = There()
        functions = {name: pure(getattr(there, name)) for name in PURE}
        self.table = Table({**functions, "write": effect(there.write)}, self.epoch)
        self.in_order = in_order
        self.about = {"epoch": self.epoch, "in_order": in_order, "knows": knows}


class Peer:
    """One client: what it holds, and what is on its way to the server and back."""

    def __init__(self, server: Server) -> None:
        self.calls = Calls("tcp://there", Call)
        self.up: list[Any] = []
        self.down: list[Any] = []
        self.asked: dict[Any, Any] = {}
        self.named = 0  # arguments that went by name
        self.told = ["so " * 500, "and so " * 500]
        self.worlds = [Walked(1, 0, FrozenMap({}), np.ones(1500, np.uint8)), large(2)]
        self.meet(server)

    def meet(self, server: Server) -> None:
        self.calls.meet(FrozenMap(server.about))
        self.calls.served = {**dict.fromkeys(PURE, "pure"), "write": "effect"}

    def ask(self, name: str, arguments: Any) -> None:
        call = self.calls.make(name, arguments, 1e9)
        self.asked[call] = (name, arguments)
        self.send(call)

    def send(self, call: Call, again: bool = False) -> None:
        self.up.append([bytes(frame) for frame in self.calls.message(call, again)])
        call.sent = True

    def serve(self, server: Server, place: int = 0) -> None:
        message = self.up.pop(place)
        request = read_request(message)
        assert not request.known or request.name in PURE
        self.named += len(request.known)
        self.down.append([bytes(frame) for frame in server.table.answer(message)])

    def settle(self, server: Server) -> None:
        while self.up or self.down:
            if self.up:
                self.serve(server)
            else:
                self.receive()

    def receive(self) -> None:
        unknown = self.calls.take(self.down.pop(0))
        if unknown is not None:
            self.send(unknown)
        for call in [call for call in self.asked if call.settled]:
            self.check(call, *self.asked.pop(call))

    def check(self, call: Call, name: str, arguments: Any) -> None:
        """What came is what the function makes of the values that are held here."""
        got, expected = call.outcome(), getattr(HERE, name)(*arguments)
        if name == "chance":
            assert evolve(got, chance=0, picture=arguments[0].picture) == evolve(arguments[0], chance=0)
        else:
            assert got == expected
        found = got if type(got) is tuple else (got,)
        self.worlds += [one for one in found if type(one) is Walked]
        del self.worlds[2:-4]

    def cut(self, up: int, down: int) -> None:
        """The connection ends and is there again; some messages at the front were taken before, or pass still."""
        del self.up[up:], self.down[down:]
        self.calls.cut()
        for call in self.calls.repeatable():
            self.send(call, again=True)
