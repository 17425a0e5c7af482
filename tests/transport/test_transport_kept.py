"""Answers to effects: kept within bounds, and no effect is carried out twice, also when its answer was let go."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from droidlet_transport import OutcomeUnknown, ProtocolError, effect
from droidlet_transport.envelope import Request, pack_request, read_reply
from droidlet_transport.kept import MOST_ANSWERS, MOST_CLIENTS, Kept
from droidlet_transport.serving import Table
from droidlet_transport.values import frames_of, value_of

MOST_BYTES = 3000


def request(client: int, number: int, size: int, oldest: int) -> Request:
    return Request(b"%d" % client, number, "zeros", (frames_of((client, number, size), "it"),), oldest=oldest)


class Effects(RuleBasedStateMachine):
    """Clients that ask, ask again, and move on, against a list of all that was carried out."""

    @initialize()
    def begin(self):
        self.done: list[tuple[int, int]] = []
        self.table = Table({"zeros": effect(self.zeros)}, b"epoch")
        self.table._kept = self.kept = Kept(MOST_BYTES)
        self.last = dict.fromkeys(range(4), 0)
        self.oldest = dict.fromkeys(range(4), 1)
        self.sizes: dict[tuple[int, int], int] = {}
        self.sent: dict[tuple[int, int], tuple[bytes, ...]] = {}

    def zeros(self, what):
        self.done.append(what[:2])
        return bytes(what[2])

    def ask(self, client, number, as_it_was=False):
        size = self.sizes.setdefault((client, number), len(self.done) * 97 % 1500)
        message = pack_request(request(client, number, size, self.oldest[client]))
        if as_it_was:  # the very message, come twice or kept back
            message = self.sent[client, number]
        self.sent.setdefault((client, number), message)
        return read_reply(self.table.answer(message))

    @rule(client=st.integers(0, 3), moves_on=st.booleans())
    def new(self, client, moves_on):
        self.last[client] = number = self.last[client] + 1
        if moves_on:
            self.oldest[client] = number
        reply = self.ask(client, number)
        assert self.done[-1] == (client, number)
        assert value_of(reply.values[0]) == bytes(self.sizes[client, number])

    @rule(client=st.integers(0, 3), back=st.integers(0, 4), as_it_was=st.booleans())
    def again(self, client, back, as_it_was):
        number = self.last[client] - back
        if number < 1:
            return
        before = list(self.done)
        reply = self.ask(client, number, as_it_was)
        assert self.done == before
        if reply.kind == "error":
            assert value_of(reply.values[0]).class_name in (OutcomeUnknown.__name__, ProtocolError.__name__)
        else:
            assert value_of(reply.values[0]) == bytes(self.sizes[client, number])

    @invariant()
    def what_is_kept_is_counted(self):
        found = [answer for answers in self.kept._clients.values() for answer in answers.values()]
        assert self.kept._size == sum(answer.size for answer in found)
        assert self.kept._size <= MOST_BYTES


Effects.TestCase.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
TestEffects = Effects.TestCase


def test_the_client_that_was_heard_of_least_recently_is_let_go_first_and_told():
    done = []
    table = Table({"append": effect(done.append)})

    def ask(client: int):
        values = (frames_of(client, "it"),)
        return read_reply(table.answer(pack_request(Request(b"%d" % client, 5, "append", values, oldest=5))))

    for client in range(MOST_CLIENTS + 3):
        assert ask(client).kind == "value"
    fault = value_of(ask(0).values[0])
    assert (
        fault.class_name == "OutcomeUnknown"
        and "the answer to append, an effect, is kept no more" in fault.text
    )
    assert len(table._kept._clients) == MOST_CLIENTS
    assert ask(MOST_CLIENTS).kind == "value" and len(done) == MOST_CLIENTS + 3


def test_an_answer_that_its_client_gave_up_while_it_was_made_is_not_kept():
    kept = Kept(MOST_BYTES)
    slow = request(0, 1, 5, oldest=1)
    answer, first = kept.claim(slow)
    assert first and kept.claim(slow) == (answer, False)
    kept.give(request(0, 2, 5, oldest=2), kept.claim(request(0, 2, 5, oldest=2))[0], (b"xy",))
    kept.give(slow, answer, (b"abc",))
    assert answer.ready.is_set() and kept._size == 2


def test_a_message_that_comes_once_more_after_its_client_moved_on_is_not_carried_out_again():
    done = []
    table = Table({"append": effect(done.append)})

    def ask(number: int, oldest: int):
        values = (frames_of(number, "it"),)
        return read_reply(table.answer(pack_request(Request(b"me", number, "append", values, oldest=oldest))))

    assert [ask(number, oldest=number).kind for number in (1, 2, 1)] == ["value", "value", "error"]
    assert done == [1, 2]


def test_a_client_that_waits_for_its_first_answer_for_ever_costs_no_more_and_more():
    done = []
    table = Table({"append": effect(done.append)})

    def ask(number: int):
        values = (frames_of(number, "it"),)
        return read_reply(table.answer(pack_request(Request(b"me", number, "append", values, oldest=1))))

    for number in range(1, MOST_ANSWERS + 100):
        assert ask(number).kind == "value"
    assert len(table._kept._clients[b"me"]) == MOST_ANSWERS
    assert value_of(ask(1).values[0]).class_name == "OutcomeUnknown"
    assert ask(number).kind == "value" and len(done) == number
