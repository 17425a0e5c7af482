"""What a publisher keeps and what a subscriber has, as plain values: who gets what, and what was never seen."""

from __future__ import annotations

from collections import deque
from typing import Any, Deque, Dict, FrozenSet, List, Optional, Sequence, Tuple

import attrs
import msgspec

from droidlet_transport.errors import ProtocolError, VersionMismatch
from droidlet_transport.owning import MOST_FRAMES
from droidlet_transport.values import Frame, Frames, join, split

VERSION = 1
MOST_HEADER = 1 << 20  # bytes of an envelope
MOST_TOPICS = 1 << 14  # that a subscriber of all topics takes
MOST_TOPIC = 1 << 12  # bytes of a topic's name
MOST_NAMES = MOST_HEADER - MOST_TOPIC  # of an envelope, for topics with their numbers
_pack = msgspec.msgpack.Encoder().encode


class Want(msgspec.Struct, tag_field="kind", tag="want"):
    """What a subscriber has, and asks to be told when there is more. An unknown epoch joins anew."""

    v: int
    id: int
    epoch: bytes
    have: Dict[str, int]
    topics: Optional[FrozenSet[str]]  # None: all
    most: int


class News(msgspec.Struct, tag_field="kind", tag="news"):
    """The answer: topic and sequence number of each item, and how many frames it has."""

    v: int
    id: int
    epoch: bytes
    items: List[Tuple[str, int]]
    values: List[int]


_read_any: Any = msgspec.msgpack.Decoder().decode
_read_want = msgspec.msgpack.Decoder(Want).decode
_read_news = msgspec.msgpack.Decoder(News).decode


@attrs.frozen
class Item:
    """One value of a topic, counted from 1 in its epoch; `order` counts over all topics."""

    topic: str
    sequence: int
    frames: Frames = attrs.field(repr=False)
    order: int = 0


def pack_want(want: Want) -> bytes:
    """The message of a subscriber."""
    return _pack(want)


def read_want(frames: Sequence[Frame]) -> Want:
    """Raises ProtocolError for a message that is none."""
    made: Want = _header(frames, _read_want)
    if len(frames) > 1 or made.most < 1:
        raise ProtocolError("a want has one frame, and asks for at least one")
    return made


def pack_news(want: Want, epoch: bytes, items: Sequence[Item]) -> Tuple[Frame, ...]:
    """The answer to a want."""
    counts, frames = join([item.frames for item in items])
    names = [(item.topic, item.sequence) for item in items]
    return (_pack(News(VERSION, want.id, epoch, names, counts)), *frames)


def read_news(frames: Sequence[Frame]) -> Tuple[News, List[Item]]:
    """Raises ProtocolError for a message that is none, and for another version, naming both."""
    made: News = _header(frames, _read_news)
    values = split(made.values, frames[1:])
    wrong = any(sequence < 1 or len(topic) > MOST_TOPIC for topic, sequence in made.items)
    if len(values) != len(made.items) or wrong:
        raise ProtocolError(f"{len(made.items)} items with {len(values)} values")
    return made, [Item(topic, sequence, value) for (topic, sequence), value in zip(made.items, values)]


def room_of(topic: str) -> int:
    """The bytes that a topic takes in an envelope, at most: its name, its number, how many frames its value has."""
    return len(topic.encode()) + 18


def _fitting(items: List[Item]) -> List[Item]:
    """As many of the first items as one message has room for; the others go with the next one."""
    names = frames = 0
    for n, item in enumerate(items):
        names += room_of(item.topic)
        frames += len(item.frames)
        if n and (names > MOST_NAMES or frames >= MOST_FRAMES):
            return items[:n]
    return items


def _header(frames: Sequence[Frame], read: Any) -> Any:
    if not frames or len(frames[0]) > MOST_HEADER:
        raise ProtocolError(f"a message begins with an envelope of at most {MOST_HEADER} bytes")
    try:
        made = read(frames[0])
    except Exception as error:  # whatever the bytes are
        _check_version(frames[0])
        raise ProtocolError(f"the envelope cannot be read ({error})") from None
    if made.v != VERSION:
        _check_version(frames[0])
    return made


def _check_version(frame: Frame) -> None:
    """Raises ProtocolError for the envelope of another version."""
    try:
        version = _read_any(frame).get("v", VERSION)
    except Exception:  # whatever the bytes are
        return
    if version != VERSION:
        raise VersionMismatch(
            f"the other side speaks version {str(version)[:20]} of the protocol, this one {VERSION}"
        )


@attrs.define
class Reader:
    """What went to a subscriber over one connection; it arrives, or the connection ends."""

    want: Optional[Want] = None  # None: it was answered
    joined: bool = False
    sent: Dict[str, int] = attrs.field(factory=dict)

    def told(self, items: Sequence[Item]) -> None:
        """Items are on their way."""
        self.want, self.joined = None, True
        self.sent.update((item.topic, item.sequence) for item in items)


class Shelf:
    """A publisher's newest items of each topic: as many as any subscriber asked for, at most `keep`."""

    def __init__(self, epoch: bytes, keep: int) -> None:
        self.epoch, self._keep, self._asked, self._order = epoch, keep, 1, 0
        self._kept: Dict[str, Deque[Item]] = {}
        self._sequence: Dict[str, int] = {}
        self._names = 0  # bytes of the topics, as they are told to whoever joins

    def has_room(self, topic: str) -> bool:
        """Whether all topics can still be told in one message when this one is put there, too."""
        return topic in self._kept or self._names + room_of(topic) <= MOST_NAMES

    def put(self, topic: str, frames: Frames) -> int:
        """One more item; returns its sequence number."""
        self._order += 1
        self._sequence[topic] = sequence = self._sequence.get(topic, 0) + 1
        if topic not in self._kept:
            self._names += room_of(topic)
        kept = self._kept.setdefault(topic, deque())
        kept.append(Item(topic, sequence, frames, self._order))
        while len(kept) > self._asked:
            kept.popleft()
        return sequence

    def answer(self, want: Want, reader: Reader) -> Optional[List[Item]]:
        """What is new to a reader; None if nothing is.

        One that joins gets the last item of each topic, and an answer also where there is none.
        """
        self._asked = max(self._asked, min(want.most, self._keep))
        joins = want.epoch != self.epoch and not reader.joined
        have = want.have if want.epoch == self.epoch else {}
        found: List[Item] = []
        for topic in self._kept:
            if want.topics is not None and topic not in want.topics:
                continue
            after = max(have.get(topic, 0), reader.sent.get(topic, 0))
            new = [item for item in self._kept[topic] if item.sequence > after]
            found += new[-1 if joins else -want.most :]
        return _fitting(sorted(found, key=lambda item: item.order)) if found or joins else None


@attrs.define
class Waiting:
    """An item that nobody has seen yet; `gap` are the unseen ones before it."""

    arrival: int
    item: Item
    gap: int
    epoch: bytes


@attrs.define
class _Topic:
    got: int = 0  # the newest sequence number that came in this epoch
    gap: int = 0  # unseen ones before the next that comes
    waiting: Deque[Waiting] = attrs.field(factory=deque)


class Inbox:
    """A subscriber's unread items, at most `most` of each topic; the oldest give way, and are counted."""

    def __init__(self, topics: Optional[Sequence[str]], most: int) -> None:
        self._wanted = None if topics is None else frozenset(topics)
        names = sum(2 * room_of(topic) for topic in self._wanted or ())  # as topics, and as what it has
        if names > MOST_NAMES:
            raise ValueError(f"topics have names of {names // 2} bytes together: None asks for all")
        self._most = most
        self._topics: Dict[str, _Topic] = {}
        self._arrived = 0
        self.epoch = b""

    def want(self, number: int) -> Want:
        """What to ask the publisher for."""
        have = {name: topic.got for name, topic in self._topics.items() if topic.got}
        return Want(VERSION, number, self.epoch, have, self._wanted, self._most)

    def add(self, epoch: bytes, items: Sequence[Item]) -> None:
        """Takes what came; items that came before, or were not asked for, are left out."""
        joins = not self.epoch
        if epoch != self.epoch:
            self.epoch = epoch
            for old in self._topics.values():
                old.got = 0
        for item in items:
            topic = self._topic(item.topic)
            if topic is None or item.sequence <= topic.got:
                continue
            gap = topic.gap + (0 if joins else item.sequence - topic.got - 1)
            topic.got, topic.gap = item.sequence, 0
            self._arrived += 1
            topic.waiting.append(Waiting(self._arrived, item, gap, epoch))
            while len(topic.waiting) > self._most:
                self.skip(item.topic)

    def _topic(self, name: str) -> Optional[_Topic]:
        """None for one that was not asked for."""
        if name not in self._topics:
            if len(self._topics) >= MOST_TOPICS if self._wanted is None else name not in self._wanted:
                return None
            self._topics[name] = _Topic()
        return self._topics[name]

    def oldest(self) -> Optional[str]:
        """The topic of the item that has waited longest."""
        unread = [(topic.waiting[0].arrival, name) for name, topic in self._topics.items() if topic.waiting]
        return min(unread)[1] if unread else None

    def unread(self, name: str) -> int:
        """How many items of a topic wait."""
        return len(self._topics[name].waiting) if name in self._topics else 0

    def take(self, name: str) -> Waiting:
        """The oldest unread item of a topic."""
        return self._topics[name].waiting.popleft()

    def skip(self, name: str) -> None:
        """Lets go of the oldest unread item of a topic."""
        self.unseen(self.take(name))

    def unseen(self, taken: Waiting) -> None:
        """An item that was taken, and that nobody saw after all: the next one of its topic tells."""
        topic = self._topics[taken.item.topic]
        if topic.waiting:
            topic.waiting[0].gap += taken.gap + 1
        else:
            topic.gap += taken.gap + 1
