"""One call of the interpreter as it comes about: the state so far and what has been said."""

from __future__ import annotations

from droidlet_interpreter.contract import (
    MAX_CHATS,
    MAX_DONE,
    MAX_NOTED,
    Aim,
    Attended,
    InterpreterInputs,
    InterpreterState,
    Running,
    Said,
    Step,
)
from droidlet_interpreter.describing import described
from droidlet_schema import (
    Attend,
    Change,
    Drop,
    Filters,
    Forget,
    FrozenMap,
    MemoryNode,
    Pause,
    Push,
    PutNode,
    Query,
    Reply,
    Resume,
    TaskSpec,
    Triple,
    evolve,
)
from droidlet_schema import TaskChange as AnyTaskChange

LONGEST = 600  # characters of a reply
SEED = 0


class Turn:
    """Collects what one call says; lives within that call only."""

    def __init__(self, inputs: InterpreterInputs, state: InterpreterState, names: tuple[str, ...]) -> None:
        self.inputs, self.state, self.names = inputs, state, names
        self.queries: list[Query] = []
        self.replies: list[Reply] = []
        self.changes: list[AnyTaskChange] = []
        self.notes: list[Change] = []
        self.then: tuple[Step, ...] = ()  # steps to be done right after the one that begins now

    def say(self, text: str) -> None:
        """Replies."""
        text = text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
        self.replies.append(Reply(text))
        self.state = evolve(self.state, told=(*self.state.told, text)[-MAX_CHATS:])

    def ask(self, filters: Filters) -> int:
        """Asks memory; the id of the question."""
        number, inputs = self.state.next_query, self.inputs
        plain = evolve(filters, output="MEMORY", contains_coreference=False, other=False)
        self.queries.append(Query(number, plain, inputs.now_ns, inputs.pose, inputs.speaker, SEED))
        self.state = evolve(self.state, next_query=number + 1)
        return number

    def push(
        self,
        spec: TaskSpec,
        doing: str,
        label: str = "",
        filters: Filters | None = None,
        aim: Aim = "other",
    ) -> Running:
        """Begins a task on top of the stack."""
        number = self.state.next_task
        self.changes.append(Push(number, spec))
        self.state = evolve(self.state, next_task=number + 1)
        return Running(number, doing, label, aim, filters=filters)

    def pause(self) -> None:
        """Lets every task rest."""
        self.changes.append(Pause())
        self._each_running(True)

    def resume(self) -> None:
        """Goes on with every task."""
        self.changes.append(Resume())
        self._each_running(False)

    def _each_running(self, paused: bool) -> None:
        plans = tuple(
            evolve(plan, waits=evolve(plan.waits, paused=paused)) if isinstance(plan.waits, Running) else plan
            for plan in self.state.plans
        )
        self.state = evolve(self.state, plans=plans)

    def drop(self, task_id: int | None = None) -> None:
        """Forgets one task, or every one, with all that was to come after it."""
        self.changes.append(Drop(task_id))
        kept = tuple(
            p
            for p in self.state.plans
            if not (isinstance(p.waits, Running) and task_id in (None, p.waits.task_id))
        )
        self.state = evolve(self.state, plans=kept)

    def running(self) -> tuple[Running, ...]:
        """The tasks on the stack, the newest first."""
        return tuple(plan.waits for plan in reversed(self.state.plans) if isinstance(plan.waits, Running))

    def attend(self, node: MemoryNode, filters: Filters, label: str) -> None:
        """Remembers what was spoken of."""
        self.notes.append(Attend(node.id, self.inputs.now_ns))
        self.attend_id(node.id, filters, label)

    def attend_id(self, node_id: str, filters: Filters, label: str) -> None:
        """The same for a thing that only its id is known of.

        "The nearest" and "to your left" are forgotten: they may be something else by the time it is spoken of.
        """
        plain = evolve(filters, selector=None, location=None, contains_coreference=False, other=False)
        latest = Attended(node_id, plain, label if label == "you" else described(plain))
        older = tuple(item for item in self.state.attended if item.node_id != node_id)
        self.state = evolve(self.state, attended=(latest, *older)[:4])

    def note_chat(self, speaker: str, text: str) -> None:
        """Remembers what was said: memory every chat, the interpreter itself the last ones."""
        number, now_ns = self.state.next_chat, self.inputs.now_ns
        said = (Triple("said_by", speaker or "somebody"),)
        node = MemoryNode(
            f"chat/{number}",
            "Chat",
            now_ns,
            now_ns,
            triples=said,
            properties=FrozenMap({"text": text[:LONGEST]}),
        )
        self.notes.append(PutNode(node))
        if number > MAX_NOTED:
            self.notes.append(Forget(f"chat/{number - MAX_NOTED}"))
        heard = (*self.state.heard, text[:LONGEST])[-MAX_CHATS:]
        self.state = evolve(
            self.state, next_chat=number + 1, heard=heard, start=self.state.start or self.inputs.pose
        )

    def note_done(self, text: str, trouble: str = "") -> None:
        """Remembers what became of a task."""
        self.state = evolve(self.state, done=(*self.state.done, text)[-MAX_DONE:], trouble=trouble)

    def said(self) -> Said:
        """Everything said in this call."""
        return Said(
            tuple(self.queries),
            tuple(self.replies),
            tuple(self.changes),
            tuple(self.notes),
            not self.state.waiting,
        )
