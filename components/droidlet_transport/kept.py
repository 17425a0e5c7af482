"""Answers to effects, kept for whoever asks again: none is carried out twice, also after its answer was let go."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from typing import Callable, Deque, Dict, Optional, Tuple

from droidlet_transport.envelope import Request
from droidlet_transport.errors import OutcomeUnknown, ProtocolError, TransportError
from droidlet_transport.values import Frame

MOST_CLIENTS = 1024
MOST_BYTES = 1 << 28  # of all answers; those of the clients that were heard of least recently go first,
# and of the last client the oldest ones
MOST_ANSWERS = 1024  # of one client, which has at most 500 calls on their way
MOST_WAITING = 8  # for one answer while it is made; who asked before has asked again since
MOST_FORGOTTEN = 1 << 17  # clients of which only the last number is known
Message = Tuple[Frame, ...]
Tell = Callable[[Message], None]


class Answer:
    """The answer to an effect: there, or being made."""

    def __init__(self) -> None:
        self.message: Message = ()
        self.ready = threading.Event()
        self.size = 0  # bytes that are counted
        self.waiting: Deque[Tell] = deque(maxlen=MOST_WAITING)


class _Held(Dict[int, Answer]):
    """The answers of one client by number, in the order in which they were given or asked for."""

    oldest = 0  # number that it may still ask for


class Kept:
    """What the clients of a service may ask for again. For any thread."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._clients: OrderedDict[bytes, _Held] = OrderedDict()
        self._forgotten: OrderedDict[bytes, int] = OrderedDict()  # the last number whose answer was let go
        self._size = 0
        self._lock = threading.Lock()

    def claim(self, request: Request) -> Tuple[Answer, bool]:
        """The answer to a request, and whether it is to be made now.

        Raises ProtocolError for a request that its client waits for no more, OutcomeUnknown for one whose answer was
        let go.
        """
        with self._lock:
            answers = self._clients.get(request.client)
            if answers is None:
                answers = _Held()
            if request.oldest > answers.oldest:
                answers.oldest = request.oldest
                for number in [n for n in answers if n < request.oldest]:
                    self._size -= answers.pop(number).size
            error = None if request.number in answers else self._refusal(request, answers.oldest)
            if error is not None:
                raise error
            self._clients[request.client] = answers
            self._clients.move_to_end(request.client)
            first = request.number not in answers
            return answers.setdefault(request.number, Answer()), first

    def _refusal(self, request: Request, oldest: int) -> Optional[TransportError]:
        if request.number < oldest:
            return ProtocolError(
                f"request {request.number} is a repeated one that its client waits for no more"
            )
        if request.number <= self._forgotten.get(request.client, -1):
            return OutcomeUnknown(
                f"the answer to {request.name}, an effect, is kept no more: what came of it is not known"
            )
        return None

    def give(self, request: Request, answer: Answer, message: Message) -> None:
        """The answer is there. Others may be let go, but none that is being made, nor this one."""
        answer.message = message
        with self._lock:
            answer.ready.set()
            answers = self._clients.get(request.client)
            if answers is not None and answers.get(request.number) is answer:  # else nobody waits for it
                answer.size = sum(memoryview(frame).nbytes for frame in message)
                self._size += answer.size
                answers[request.number] = answers.pop(request.number)  # as the last one
            if self._size > self._most_bytes or len(self._clients) > MOST_CLIENTS:
                self._shrink()
            if answers is not None and (self._size > self._most_bytes or len(answers) > MOST_ANSWERS):
                self._thin(request.client, answers, request.number)
        while answer.waiting:
            answer.waiting.popleft()(message)

    def later(self, answer: Answer, tell: Tell) -> bool:
        """Whether an answer is being made; then it is told, in another thread."""
        with self._lock:
            made = answer.ready.is_set()
            if not made:
                answer.waiting.append(tell)
            return not made

    def _shrink(self) -> None:
        for client in list(self._clients)[:-1]:
            if self._size <= self._most_bytes and len(self._clients) <= MOST_CLIENTS:
                return
            answers = self._clients[client]
            if all(answer.ready.is_set() for answer in answers.values()):
                self._size -= sum(answer.size for answer in answers.values())
                del self._clients[client]
                self._forget(client, max(answers, default=answers.oldest - 1))

    def _thin(self, client: bytes, answers: _Held, last: int) -> None:
        """Lets go of a client's oldest answers, but of none that is being made: others may wait for it."""
        for number in list(answers):
            if self._size <= self._most_bytes and len(answers) <= MOST_ANSWERS:
                return
            if number != last and answers[number].ready.is_set():
                self._size -= answers.pop(number).size
                self._forget(client, number)

    def _forget(self, client: bytes, number: int) -> None:
        self._forgotten[client] = max(number, self._forgotten.pop(client, -1))
        while len(self._forgotten) > MOST_FORGOTTEN:
            self._forgotten.popitem(last=False)
