"""Calls to a service from async code, on asyncio and on trio: many at a time, each cancelled without harm."""

from __future__ import annotations

import time
from typing import Any, List, Mapping, Optional, Tuple

import anyio
from anyio.abc import TaskGroup

from droidlet_transport.call import Call, Keywords, saying_nothing
from droidlet_transport.calls import MOST_PENDING
from droidlet_transport.connecting import DEADLINE_S, Connection, end_of
from droidlet_transport.curve import Keys, NotAllowed
from droidlet_transport.envelope import Reply, Request
from droidlet_transport.errors import Closed, TransportError
from droidlet_transport.serving import ABOUT, DESCRIBE
from droidlet_transport.sockets import waits

MOST_ROUNDS = 10  # of sending and reading, until other tasks have their turn
_monotonic = time.monotonic


class _Call(Call):
    """Tells when it has ended."""

    __slots__ = ("ended",)

    def __init__(self, request: Request, effect: bool, until: float) -> None:
        super().__init__(request, effect, until)
        self.ended = anyio.Event()

    def arrive(self, reply: Reply) -> None:
        super().arrive(reply)
        self.ended.set()

    def fail(self, error: TransportError) -> None:
        super().fail(error)
        self.ended.set()


class AsyncClient:
    """Calls functions of a Server, with the promises of Client. Used as `async with AsyncClient(address) as client:`.

    Any number of tasks may call; a call that is cancelled takes no answer from another one. Of an effect that is
    cancelled after it was sent, its caller does not know whether it happened.

    Raises NotAllowed.
    """

    def __init__(self, address: str, *, deadline_s: float = DEADLINE_S, keys: Optional[Keys] = None) -> None:
        self.address, self.deadline_s = address, deadline_s
        self._connection = Connection(address, keys, _Call)
        self._calls = self._connection.calls
        self._unsent: List[_Call] = []
        self._moved: Optional[anyio.Event] = None  # set when a call has ended
        self._meeting: Optional[anyio.Lock] = None
        self._tasks: Optional[TaskGroup] = None

    async def call(
        self, name: str, *arguments: Any, deadline_s: Optional[float] = None, keywords: Keywords = None
    ) -> Any:
        """What the function of that name returns there; what it raises, raised here. `keywords` are arguments by name.

        Raises DeadlineExceeded, OutcomeUnknown (the server went away during an effect), WorkerCrashed (a pure call
        that no server survives), NotServed, NotAllowed (keys that do not fit), CannotTravel, ProtocolError, Closed.
        """
        self._check_use()
        until = end_of(self.deadline_s if deadline_s is None else deadline_s)
        if self._connection.has_changed:
            self._work()
        if self._calls.served is None:
            await self._meet(until)
        while len(self._calls.pending) >= MOST_PENDING and _monotonic() < until:
            self._moved = self._moved or anyio.Event()
            with anyio.move_on_after(until - _monotonic()):
                await self._moved.wait()
        return await self._ask(name, (*arguments, *(keywords or {}).values()), until, tuple(keywords or ()))

    async def served(self) -> Mapping[str, str]:
        """What the server serves, "pure" or "effect" by name. Raises DeadlineExceeded, ProtocolError, Closed."""
        self._check_use()
        if self._calls.served is None:
            await self._meet(end_of(self.deadline_s))
        return self._calls.served or {}

    async def about(self) -> Mapping[str, Any]:
        """What the server says of itself: its name, its versions of the protocol, what it can; {} if it does not.

        Raises as `served`.
        """
        await self.served()
        return self._calls.about

    async def _meet(self, until: float) -> None:
        self._meeting = self._meeting or anyio.Lock()
        async with self._meeting:
            if self._calls.served is not None:
                return
            with saying_nothing():
                self._calls.meet(await self._ask(ABOUT, (), until))
            self._calls.learn(await self._ask(DESCRIBE, (), until))

    async def _ask(self, name: str, arguments: Any, until: float, keywords: Tuple[str, ...] = ()) -> Any:
        call = self._calls.make(name, arguments, until, keywords)
        self._unsent.append(call)
        try:
            self._work()
            with anyio.move_on_after(self._connection.connect_until(until) - _monotonic()):
                await call.ended.wait()
            if self._connection.half_way and not call.settled:
                with anyio.move_on_after(self._connection.connect_until(until) - _monotonic()):
                    await call.ended.wait()
            if call.sent and not call.settled:
                with anyio.move_on_after(until - _monotonic()):
                    await call.ended.wait()
            if not call.sent and not call.settled:
                raise self._connection.nobody()
            if not call.settled:
                self._calls.too_late(call)
        finally:
            self._forget(call)
        return call.outcome()

    def _forget(self, call: _Call) -> None:
        """It has ended for its caller: an answer that comes now is nobody's."""
        self._calls.drop(call)
        if call in self._unsent:
            self._unsent.remove(call)
        if self._moved is not None:
            self._moved.set()
            self._moved = None

    def _work(self) -> None:
        """Sends what waits, reads what has come; never waits.

        Whatever touches the socket must do this: its descriptor tells of each change once only, and whoever touches
        the socket may be the one that is told.
        """
        connection = self._connection
        for _ in range(MOST_ROUNDS):
            if connection.closed:
                return
            if connection.has_changed:
                connection.notice()
                self._bar()
                patience_s = connection.patience_s()
                if patience_s is not None and self._tasks is not None:
                    self._tasks.start_soon(self._lose, patience_s)
            while self._unsent and (self._unsent[0].settled or connection.send(self._unsent[0])):
                self._unsent.pop(0)
            connection.read()
            if not waits(connection.socket, to_send=bool(self._unsent or connection.owed)):
                return
        if self._tasks is not None:  # whoever floods is not listened to alone
            self._tasks.start_soon(self._go_on)

    async def _go_on(self) -> None:
        await anyio.lowlevel.checkpoint()
        self._work()

    def _bar(self) -> None:
        """What waits in vain ends now."""
        try:
            self._connection.check_barred()
        except NotAllowed as error:
            for call in self._unsent:
                call.fail(error)

    async def _attend(self, descriptor: int) -> None:
        while not self._connection.closed:
            self._work()
            await anyio.wait_readable(descriptor)

    async def _lose(self, patience_s: float) -> None:
        """Gives up what was cut, if there is no connection by then."""
        wait_s: Optional[float] = patience_s
        while wait_s is not None and any(call.effect for call in self._calls.again):
            await anyio.sleep(wait_s)
            self._connection.give_up()
            wait_s = self._connection.patience_s()

    def _check_use(self) -> None:
        self._connection.check_use()
        if self._tasks is None:
            raise Closed("an AsyncClient is used as `async with AsyncClient(address) as client:`")

    async def __aenter__(self) -> AsyncClient:
        """Itself; connected when first called."""
        self._connection.check_use()
        self._tasks = await anyio.create_task_group().__aenter__()
        for socket in (self._connection.socket, self._connection.monitor):
            self._tasks.start_soon(self._attend, int(socket.fd))
        return self

    async def __aexit__(self, *error: Any) -> Optional[bool]:
        """Closes; calls of other tasks end with Closed."""
        tasks, self._tasks = self._tasks, None
        for call in list(self._calls.pending.values()):
            call.fail(Closed(f"the client of {self.address} was closed"))
        try:
            if tasks is None:
                return None
            tasks.cancel_scope.cancel()
            if error[0] is None or issubclass(error[0], anyio.get_cancelled_exc_class()):
                return await tasks.__aexit__(*error)
            await tasks.__aexit__(None, None, None)  # the body's own error is not put into a group
            return None
        finally:
            self._connection.close()  # when nobody waits for its descriptors any more
