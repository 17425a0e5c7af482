"""Named values where a request goes once more, and where the other side makes no promise."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from droidlet_schema import FrozenMap
from droidlet_transport.envelope import Request, pack_request, read_reply, read_request
from droidlet_transport.replies import result_of
from droidlet_transport.values import frames_of
from transport.naming_parts import Peer, Server, Told, Walked, large


def chances(peer: Peer, server: Server) -> Walked:
    """A world whose like has come back, so that from now on the server keeps what `chance` gives."""
    for _ in range(3):
        peer.ask("chance", (peer.worlds[-1],))
        peer.settle(server)
    return peer.worlds[-1]


def test_a_result_that_may_have_been_made_twice_has_no_name():
    server = Server(True, True)
    peer = Peer(server)
    peer.ask("chance", (chances(peer, server),))
    peer.serve(server)
    peer.cut(0, 0)  # the answer is lost, and it is made again
    peer.meet(server)
    peer.settle(server)
    peer.ask("read", (peer.worlds[-1], Told("")))
    peer.settle(server)
    assert not peer.asked


def test_that_a_name_is_not_known_may_be_said_after_the_request_went_in_full():
    server = Server(True, True)
    peer = Peer(server)
    peer.ask("chance", (chances(peer, server),))
    another = Server(True, True)
    peer.cut(1, 0)  # what the old connection took reaches the new server, and is sent in full besides
    assert [read_request(message).known != () for message in peer.up] == [True, False]
    peer.meet(another)
    peer.settle(another)
    assert not peer.asked and peer.worlds[-1].chance == 1


def test_a_value_whose_request_is_under_way_has_a_name_only_where_requests_keep_their_order():
    for in_order in (True, False):
        server = Server(in_order, True)
        peer = Peer(server)
        for _ in range(4):
            peer.ask("read", (peer.worlds[0], Told("")))
        peer.settle(server)
        assert peer.named == 3 * in_order
        peer.ask("read", (peer.worlds[0], Told("")))
        peer.settle(server)
        assert peer.named == 3 * in_order + 1


def test_a_server_that_does_not_say_that_it_knows_is_sent_everything_and_an_effect_is_always_sent_whole():
    for knows, name in ((False, "read"), (True, "write")):
        server = Server(True, knows)
        peer = Peer(server)
        for _ in range(4):
            peer.ask(name, (peer.worlds[0], Told("")) if name == "read" else (peer.worlds[0],))
            peer.settle(server)
        assert peer.named == 0


def test_an_effect_that_names_values_is_refused_and_may_be_sent_whole():
    server = Server(True, True)
    request = Request(b"c", 7, "write", ((),), known=((1, 0),))
    refused = read_reply(server.table.answer(pack_request(request)))
    assert refused.kind == "error" and "effect" in str(refused.values)
    whole = replace(
        request, known=(), values=(frames_of(Walked(5, 0, FrozenMap({}), np.ones(3, np.uint8)), ""),)
    )
    assert result_of(read_reply(server.table.answer(pack_request(whole)))) == 5


def test_places_that_are_not_there_are_passed_over():
    server, world = Server(True, True), large(7)
    keep = (5, 0, 0, -9, -2, 2**40, *range(20, 200_000))
    request = Request(b"c", 1, "step", (frames_of(3, ""), frames_of(world, "")), keep=(*keep, 1))
    assert read_reply(server.table.answer(pack_request(request))).kind == "values"
    for known, kind in (((1, 1), "values"), ((1, -2), "values"), ((1, 0), "unknown"), ((1, 5), "unknown")):
        named = Request(b"c", 2, "step", (frames_of(3, ""), ()), known=(known,))
        assert read_reply(server.table.answer(pack_request(named))).kind == kind
    for values, known in ((((),), ()), ((frames_of(3, ""),), ((1, 1),)), (((), ()), ((1, 1),))):
        wrong = Request(b"c", 3, "step", values, known=known)
        assert read_reply(server.table.answer(pack_request(wrong))).kind == "error"
