"""Clients that name values, a server that forgets or is another one by now, a net that loses and repeats: no matter."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from droidlet_transport import known as limits
from droidlet_transport.known import Known
from transport.naming_parts import PURE, Peer, Server, Told

HELD = 4  # values, for each client
PEER = st.integers(0, 1)


class Naming(RuleBasedStateMachine):
    """Several clients of one address."""

    def __init__(self) -> None:
        super().__init__()
        self.bounds = (limits.MOST_KNOWN, limits.MOST_BYTES, limits.MOST_TOGETHER)
        limits.MOST_KNOWN, limits.MOST_BYTES, limits.MOST_TOGETHER = HELD, 1 << 19, 1 << 19
        self.server = Server(True, True)
        self.peers = [Peer(self.server) for _ in range(2)]

    @rule(
        n=PEER, name=st.sampled_from(PURE), a=st.integers(0, 5), b=st.integers(0, 5), times=st.integers(1, 6)
    )
    def walk(self, n: int, name: str, a: int, b: int, times: int) -> None:
        """Calls that are answered, each of a world that the one before gave."""
        for number in range(times):
            self.ask(n, name, a if number == 0 else -1, b)
            self.peers[n].settle(self.server)

    @rule(n=PEER, name=st.sampled_from((*PURE, "write")), a=st.integers(0, 5), b=st.integers(0, 5))
    def ask(self, n: int, name: str, a: int, b: int) -> None:
        peer = self.peers[n]
        world, other = peer.worlds[a % len(peer.worlds)], peer.worlds[b % len(peer.worlds)]
        told = Told("".join(peer.told[b % 2]))  # another object each time
        arguments = {"step": (a, world), "both": (world, other), "read": (world, told)}.get(name, (world,))
        peer.ask(name, arguments)

    @precondition(lambda self: any(peer.up for peer in self.peers))
    @rule(n=PEER, place=st.integers(0, 20), times=st.integers(1, 6))
    def serve(self, n: int, place: int, times: int) -> None:
        for _ in range(times):
            peers = [peer for peer in self.peers if peer.up]
            if peers:
                peer = peers[n % len(peers)]
                peer.serve(self.server, 0 if self.server.in_order else place % len(peer.up))

    @precondition(lambda self: any(peer.down for peer in self.peers))
    @rule(n=PEER, times=st.integers(1, 6))
    def receive(self, n: int, times: int) -> None:
        for _ in range(times):
            peers = [peer for peer in self.peers if peer.down]
            if peers:
                peers[n % len(peers)].receive()

    @rule(n=PEER, up=st.integers(0, 3), down=st.integers(0, 3))
    def cut(self, n: int, up: int, down: int) -> None:
        self.peers[n].cut(up, down)
        self.peers[n].meet(self.server)

    @rule(
        another=st.booleans(),
        in_order=st.booleans(),
        knows=st.booleans(),
        up=st.integers(0, 3),
        down=st.integers(0, 3),
    )
    def forget(self, another: bool, in_order: bool, knows: bool, up: int, down: int) -> None:
        """The server has let go of all, or is another one."""
        self.server.table._known = Known()
        if not another:
            return
        self.server = Server(in_order, knows or in_order)
        for peer in self.peers:
            for call in list(peer.asked):
                if call.effect:  # what becomes of them is the business of other tests
                    peer.calls.drop(call)
                    del peer.asked[call]
            peer.cut(up, down)
            peer.meet(self.server)

    @invariant()
    def bounded(self) -> None:
        known = self.server.table._known
        sizes = [sum(size for _, size in held.values.values()) for held in known._clients.values()]
        assert sizes == [held.size for held in known._clients.values()] and known._size == sum(sizes)
        assert known._size <= limits.MOST_TOGETHER
        assert all(len(held.values) <= HELD for held in known._clients.values())

    def teardown(self) -> None:
        try:
            while any(peer.up or peer.down for peer in self.peers):
                for peer in self.peers:
                    peer.settle(self.server)
            assert all(not peer.asked and not peer.calls.pending for peer in self.peers)
        finally:
            limits.MOST_KNOWN, limits.MOST_BYTES, limits.MOST_TOGETHER = self.bounds


Naming.TestCase.settings = settings(max_examples=25, stateful_step_count=40)
TestNaming = Naming.TestCase
