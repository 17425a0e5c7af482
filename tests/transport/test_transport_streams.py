"""Streams of which the newest counts: what is kept, what late joiners get, and what was never seen, exactly."""

from __future__ import annotations

import threading
import time

import msgspec
import numpy as np
import pytest
import zmq
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from droidlet_schema import encode
from droidlet_transport import owning
from droidlet_transport.errors import CannotTravel, Closed, DeadlineExceeded, ProtocolError
from droidlet_transport.news import Inbox, Item, Reader, Shelf, pack_news, pack_want, read_news, read_want
from droidlet_transport.service import AddressInUse, Keys, NotAllowed, Publisher, Subscriber, new_keys
from droidlet_transport.values import value_of


@pytest.fixture
def publisher():
    with Publisher() as made:
        yield made


class Accounting(RuleBasedStateMachine):
    """A publisher's shelf and a subscriber's inbox, with what travels between them in our hands, against a list of
    all that was published: in order, nothing twice, and each message either seen or counted.
    """

    @initialize(most=st.integers(1, 4), keep=st.integers(1, 5), named=st.booleans())
    def begin(self, most, keep, named):
        self.most, self.keep = most, keep
        self.inbox = Inbox(("a", "b") if named else None, most)
        self.epoch, self.number = 0, 0
        self.had: set[tuple[int, str, int]] = set()  # what came, once
        self.counted: dict[str, list[tuple[int, int]]] = {}  # what is to be seen or counted: epoch, sequence
        self.restart()

    @rule(dies=st.booleans(), luck=st.integers(0, 3))
    def interrupt(self, dies, luck):
        if not luck:
            self.restart() if dies else self.cut()

    def restart(self):
        """The publisher dies, and another takes its place: what was on its way is lost."""
        self.epoch += 1
        self.shelf = Shelf(bytes([self.epoch]), self.keep)
        self.published: dict[str, int] = {}
        self.heard = False  # of this publisher
        self.cut()

    def cut(self):
        """The connection breaks and is made again."""
        self.reader = Reader()

    @rule(topic=st.sampled_from("ab"), times=st.integers(1, 4))
    def publish(self, topic, times):
        for _ in range(times):
            self.published[topic] = sequence = self.published.get(topic, 0) + 1
            assert self.shelf.put(topic, encode(sequence)) == sequence
            if self.heard:
                self.counted.setdefault(topic, []).append((self.epoch, sequence))

    @rule(asks=st.integers(0, 2), lost=st.booleans())
    def exchange(self, asks, lost):
        for _ in range(asks):
            self.number += 1
            self.reader.want = read_want([pack_want(self.inbox.want(self.number))])
        if self.reader.want is None:
            return
        want, items = self.reader.want, self.shelf.answer(self.reader.want, self.reader)
        if items is None:
            return
        if lost and asks > 1:
            self.cut()
            return
        self.reader.told(items)
        news, read = read_news(pack_news(want, self.shelf.epoch, items))
        came = [(self.epoch, item.topic, item.sequence) for item in read]
        assert not self.had.intersection(came) and (
            self.heard or len({item.topic for item in read}) == len(read)
        )
        self.had.update(came)
        if not self.heard:  # from here on all counts; of a publisher that came back, all from its first
            self.heard, first = True, not self.inbox.epoch
            for topic, last in self.published.items():
                start = last if first else 1
                self.counted.setdefault(topic, []).extend((self.epoch, n) for n in range(start, last + 1))
        self.inbox.add(news.epoch, read)
        assert all(self.inbox.want(0).have[topic] == last for topic, last in self.published.items())

    @rule(newest=st.booleans(), readable=st.booleans())
    def take(self, newest, readable):
        topic = self.inbox.oldest()
        if topic is None:
            return
        while newest and self.inbox.unread(topic) > 1:
            self.inbox.skip(topic)
        taken = self.inbox.take(topic)
        if not readable:
            self.inbox.unseen(taken)
            return
        expected = self.counted[topic]
        place = expected.index((taken.epoch[0], taken.item.sequence))
        assert value_of(taken.item.frames) == taken.item.sequence
        # each one before was never seen, and is told now; of a dead publisher nobody knows how many it had left
        certain = [epoch for epoch, _ in expected[:place] if epoch == taken.epoch[0]]
        assert len(certain) <= taken.gap <= place
        del expected[: place + 1]

    @invariant()
    def no_more_wait_than_were_asked_for(self):
        assert all(self.inbox.unread(topic) <= self.most for topic in "ab")


Accounting.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestAccounting = Accounting.TestCase


def test_the_newest_is_kept_and_the_others_are_counted(publisher):
    with Subscriber(publisher.address, "a") as one, Subscriber(publisher.address, most=3) as three:
        assert one.joined(10) and three.joined(10)
        for number in range(100):
            assert publisher.publish("a", number) == number + 1
        seen = []
        while not seen or seen[-1].sequence < 100:
            seen.append(one.next(10))
        assert [message.value + 1 for message in seen] == [message.sequence for message in seen]
        assert sum(message.dropped for message in seen) + len(seen) == 100 and one.dropped == 100 - len(seen)
        wait_until(lambda: three.latest("a") and three.latest("a").sequence == 100)
        assert three.latest("a") is three.latest("a")
        with pytest.raises(DeadlineExceeded, match="nothing new from tcp://127.0.0.1:.* in time"):
            three.next(0.05)


def wait_until(condition, patience_s=10.0):
    until = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < until, "it did not come true"
        time.sleep(0.005)


def test_a_subscriber_that_reads_gets_each_value_in_order(publisher):
    with Subscriber(publisher.address, ["a"], most=200) as subscriber:
        assert subscriber.joined(10)
        for number in range(80):
            publisher.publish("a", {"weights": np.full((50, 50), number, np.float32)})
            publisher.publish("not asked for", number)
        for number in range(80):
            message = subscriber.next(10)
            assert (message.topic, message.sequence, message.dropped) == ("a", number + 1, 0)
            assert message.value["weights"][7, 7] == number


def test_whoever_comes_late_gets_the_last_value_of_each_topic(publisher):
    for number in range(5):
        publisher.publish("a", number)
        publisher.publish("b", -number)
    with Subscriber(publisher.address, most=10) as subscriber:
        found = [subscriber.next(10), subscriber.next(10)]
        assert [(m.topic, m.value, m.sequence, m.dropped) for m in found] == [("a", 4, 5, 0), ("b", -4, 5, 0)]


def test_what_was_published_is_not_what_is_written_into_the_array_later(publisher):
    picture = np.zeros((300, 300), np.float32)
    seen = picture[:]
    seen.flags.writeable = False  # whoever has the first one may write all the same
    publisher.publish("a", picture)
    publisher.publish("b", seen)
    picture[:] = 9
    with Subscriber(publisher.address) as subscriber:
        assert not subscriber.next(10).value.any() and not subscriber.next(10).value.any()


def test_a_publisher_that_dies_and_comes_back_is_read_on(publisher):
    with Publisher() as first:
        address = first.address
        with pytest.raises(AddressInUse):
            Publisher(address)
        subscriber = Subscriber(address, "a", most=5)
        assert subscriber.joined(10)
        first.publish("a", "old")
        old = subscriber.next(10)
    with Publisher(address) as second, subscriber:
        for number in range(3):
            second.publish("a", number)
        new = subscriber.next(10)
        while new.value != 2:
            new = subscriber.next(10)
        assert new.sequence == 3 and new.epoch != old.epoch and subscriber.dropped <= 2


def test_what_a_callback_raises_does_not_end_the_listening(publisher, caplog):
    heard: list[int] = []

    def hear(message):
        heard.append(message.value)
        if message.value == 0:
            raise ValueError("no")

    with Subscriber(publisher.address, "a", most=10) as subscriber:
        assert subscriber.joined(10)
        thread = subscriber.listen(hear)
        for number in range(3):
            publisher.publish("a", number)
        wait_until(lambda: len(heard) == 3)
    thread.join(10)
    assert heard == [0, 1, 2] and not thread.is_alive() and "the callback for a 1 raised" in caplog.text


def test_publishing_from_many_threads_loses_and_doubles_nothing(publisher):
    with Subscriber(publisher.address, most=1000) as subscriber:
        assert subscriber.joined(10)
        threads = [
            threading.Thread(target=lambda: [publisher.publish("a", n) for n in range(50)]) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seen = [subscriber.next(10)]
        while seen[-1].sequence < 200:
            seen.append(subscriber.next(10))
        assert len(seen) + sum(message.dropped for message in seen) == 200


anything = st.none() | st.booleans() | st.integers(-2, 1 << 63) | st.text(max_size=5) | st.binary(max_size=5)
heads = st.dictionaries(
    st.sampled_from(("v", "kind", "id", "epoch", "have", "topics", "most", "items", "values")),
    anything
    | st.sampled_from(("want", "news", 1))
    | st.lists(st.lists(anything, max_size=3) | anything, max_size=3)
    | st.dictionaries(st.text(max_size=3), anything, max_size=2),
).map(msgspec.msgpack.encode)


@given(frames=st.lists(heads | st.binary(max_size=30), max_size=3))
def test_whatever_the_bytes_are_it_is_a_message_or_an_error(frames):
    for read in (read_want, read_news):
        try:
            made = read(frames)
        except ProtocolError:
            continue
        if read is read_want:
            assert not Shelf(b"e", 3).answer(made, Reader())
        else:
            Inbox(None, 2).add(made[0].epoch, made[1])


def test_garbage_from_subscribers_hurts_nobody(publisher):
    context = zmq.Context()
    peer = context.socket(zmq.DEALER)
    peer.linger = 0
    peer.connect(publisher.address)
    want = msgspec.msgpack.decode(pack_want(Inbox(None, 1).want(1)))
    wrong = [{**want, "most": 0}, {**want, "have": {"a": "b"}}, {**want, "topics": 7}, [], {"kind": "want"}]
    for frames in ([b""], [b"\xc1", b"x"], *([msgspec.msgpack.encode(one)] for one in wrong)):
        peer.send_multipart(frames)
    wait_until(lambda: publisher.refused == 7)
    with Subscriber(publisher.address) as subscriber:
        publisher.publish("a", 1)
        assert subscriber.next(10).value == 1
    peer.close()
    context.term()


def test_garbage_from_a_publisher_hurts_nobody():
    context = zmq.Context()
    router = context.socket(zmq.ROUTER)
    port = router.bind_to_random_port("tcp://127.0.0.1")
    with Subscriber(f"tcp://127.0.0.1:{port}", "a") as subscriber:
        assert router.poll(10_000)
        peer, want = router.recv_multipart()
        number = msgspec.msgpack.decode(want)["id"]

        def news(values, items, *frames, v=1):
            head = {"v": v, "kind": "news", "id": number, "epoch": b"e", "items": items, "values": values}
            router.send_multipart([peer, msgspec.msgpack.encode(head), *frames])

        router.send_multipart([peer, b"\xc1"])
        news([1], [["a", 0]], b"\x01")
        news([2], [["a", 1]], b"\x01")
        news([1], [["not asked for", 1]], b"\x01")
        news([1], [["a", 1]], b"\x01")
        assert subscriber.next(10).value == 1 and subscriber.refused == 3
        news([1], [["a", 2]], b"\xc1")
        wait_until(lambda: subscriber.latest("a") and subscriber.refused == 4)
        news([1], [["a", 3]], b"\x03")
        message = subscriber.next(10)
        assert (message.value, message.dropped) == (3, 1)  # what could not be read was never seen
        news([], [], v=2)
        with pytest.raises(ProtocolError, match="speaks version 2 of the protocol, this one 1"):
            subscriber.next(10)
    router.close(0)
    context.term()


def test_what_is_wrong_is_told_at_once(publisher):
    with pytest.raises(NotAllowed, match="keys are needed"):
        Publisher("tcp://0.0.0.0:0")
    with pytest.raises(NotAllowed, match="keys are needed"):
        Subscriber("tcp://192.168.1.5:5000")
    with pytest.raises(ValueError, match="most is 0"):
        Subscriber(publisher.address, most=0)
    with pytest.raises(CannotTravel, match="the value of topic a cannot travel"):
        publisher.publish("a", object())
    for topic in ("\ud800", "a" * 5000):  # which would end the thread that sends, or no subscriber could read
        with pytest.raises(CannotTravel, match="bytes of UTF-8"):
            publisher.publish(topic, 1)
    with (
        Subscriber("tcp://127.0.0.1:1") as alone,
        pytest.raises(DeadlineExceeded, match="nobody publishes at tcp://127.0.0.1:1"),
    ):
        alone.next(0.1)
    publisher.close()
    publisher.close()
    with pytest.raises(Closed):
        publisher.publish("a", 1)


def test_deadlines_that_are_odd(publisher):
    with Subscriber(publisher.address) as subscriber:
        assert subscriber.joined(float("inf"))
        publisher.publish("a", 1)
        assert subscriber.next(float("inf")).value == 1
        for deadline_s in (0.0, -1.0, -float("inf")):
            with pytest.raises(DeadlineExceeded):
                subscriber.next(deadline_s)
        with pytest.raises(ValueError, match="deadline_s is nan"):
            subscriber.next(float("nan"))


def test_close_ends_a_wait(publisher):
    subscriber = Subscriber(publisher.address)
    threading.Timer(0.1, subscriber.close).start()
    with pytest.raises(Closed):
        subscriber.next(10)


def test_with_keys_only_the_trusted_hear():
    ours, theirs, stranger = new_keys(), new_keys(), new_keys()
    with Publisher("tcp://0.0.0.0:0", keys=Keys(ours.public, ours.secret, (theirs.public,))) as publisher:
        publisher.publish("a", "secret")
        address = publisher.address.replace("0.0.0.0", "127.0.0.1")
        with Subscriber(address, keys=Keys(theirs.public, theirs.secret, (ours.public,))) as subscriber:
            assert subscriber.next(10).value == "secret"
        for keys in (Keys(stranger.public, stranger.secret, (ours.public,)), None):
            with Subscriber(address, keys=keys) as subscriber:
                assert not subscriber.joined(0.3)


def test_more_news_than_one_envelope_tells_come_one_after_the_other():
    names = [f"{number} ".ljust(100, "x") for number in range(160)]
    shelf, inbox, reader = Shelf(b"epoch", 100), Inbox(None, 100), Reader()
    messages = 0
    for published in range(100):
        if published == 1:
            inbox.add(b"epoch", _told(shelf, inbox, reader))  # the first of each, by which it joins
        for name in names:
            shelf.put(name, encode(published))
    while (items := _told(shelf, inbox, reader)) is not None:
        inbox.add(b"epoch", items)
        messages += 1
    assert messages == 2
    taken = [inbox.take(inbox.oldest()) for _ in range(100 * len(names))]
    assert inbox.oldest() is None and not any(one.gap for one in taken)
    assert [(one.item.topic, one.item.sequence) for one in taken[len(names) :: len(names)]] == [
        (names[0], sequence) for sequence in range(2, 101)
    ]


def _told(shelf, inbox, reader):
    """What a subscriber hears that asks now, as it travels."""
    want = read_want([pack_want(inbox.want(1))])
    items = shelf.answer(want, reader)
    if items is None:
        return None
    reader.told(items)
    return read_news(pack_news(want, b"epoch", items))[1]


def test_topics_that_nobody_could_be_told_of_are_refused_where_they_are_named(publisher, monkeypatch):
    names = [f"{number} ".ljust(4000, "x") for number in range(300)]
    with pytest.raises(CannotTravel, match="the names of all topics"):
        for name in names:
            publisher.publish(name, 1)
    publisher.publish(names[0], 2)
    with Subscriber(publisher.address) as subscriber:
        assert subscriber.joined(deadline_s=60)
        assert subscriber.next(deadline_s=60).sequence in (1, 2)
    with pytest.raises(ValueError, match="topics have names of"):
        Subscriber(publisher.address, names[:150])
    monkeypatch.setattr(owning, "MOST_FRAMES", 3)
    with pytest.raises(CannotTravel, match="4 frames, at most 3"):
        publisher.publish(names[0], (np.zeros(1),) * 3)
    long = pack_news(read_want([pack_want(Inbox(None, 1).want(1))]), b"e", [Item("x" * 5000, 1, encode(1))])
    with pytest.raises(ProtocolError):
        read_news(long)
