"""Waiting awake: begun after a short wait, given up where it is in vain, tried again after a while."""

from __future__ import annotations

import os
import socket
import threading

from droidlet_transport import streams, vigils
from droidlet_transport.vigils import AWAKE_S, CALM, IN_VAIN, SHORT_S, Vigil


def on_two_cores(monkeypatch, count: int = 2) -> Vigil:
    monkeypatch.setattr(vigils, "cores", lambda: count)
    return Vigil()


def test_a_short_wait_is_followed_by_one_that_begins_awake_and_a_long_one_is_not(monkeypatch):
    vigil = on_two_cores(monkeypatch)
    assert not vigil.pays
    for waited_s, pays in ((0.9 * SHORT_S, True), (1.0, False), (1.0, False), (0.0, True)):
        vigil.waited(waited_s)
        assert vigil.pays is pays


def test_after_some_in_vain_there_is_calm_for_a_while(monkeypatch):
    vigil = on_two_cores(monkeypatch)
    for _ in range(IN_VAIN):
        vigil.waited(0.0)
        assert vigil.pays
        vigil.waited(1.5 * SHORT_S)  # as soon as it slept
    told = []
    while not vigil.pays:
        vigil.waited(0.0)
        told.append(vigil.pays)
    assert len(told) == CALM


def test_waits_that_nobody_could_have_shortened_bring_no_calm(monkeypatch):
    vigil = on_two_cores(monkeypatch)
    for _ in range(10 * IN_VAIN):
        vigil.waited(0.0)
        assert vigil.pays
        vigil.waited(1.0)


def test_on_one_core_nobody_waits_awake(monkeypatch):
    vigil = on_two_cores(monkeypatch, 1)
    for _ in range(2 * CALM):
        vigil.waited(0.0)
        assert not vigil.pays


def test_what_comes_while_awake_or_asleep_and_the_end_is_read_the_same():
    ours, theirs = socket.socketpair()
    incoming = streams.Incoming(ours)
    for awake in (True, False, True):
        incoming._vigil.pays = awake
        late = threading.Timer(20 * AWAKE_S, theirs.sendall, (b"late",))
        late.start()
        assert incoming.take(4) == b"late"
        late.join()
        incoming._vigil.pays = awake
        theirs.sendall(b"soon")
        assert incoming.take(4) == b"soon"
    theirs.close()
    for awake in (True, False):
        incoming._vigil.pays = awake
        try:
            incoming.take(1)
        except streams.Ended:
            continue
        raise AssertionError("the end was not told")
    ours.close()


def test_cores_are_at_least_one():
    assert 1 <= vigils.cores() <= (os.cpu_count() or 1)
