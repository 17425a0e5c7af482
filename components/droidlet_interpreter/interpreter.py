"""The interpreter: a state machine between what people say, what memory answers and what becomes of tasks."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from droidlet_interpreter.advancing import advance
from droidlet_interpreter.contract import InterpreterInputs, InterpreterState, Said
from droidlet_interpreter.events import hear_event
from droidlet_interpreter.hearing import hear_answer, hear_utterance
from droidlet_interpreter.names import names_of
from droidlet_interpreter.timing import tell_time
from droidlet_interpreter.turn import Turn
from droidlet_schema import Key


def _as_tuple(vocab: Sequence[str] | str) -> tuple[str, ...]:
    return (vocab,) if isinstance(vocab, str) else tuple(vocab)


@attrs.frozen
class Interpreter:
    """Makes of utterances, answers and task events: questions to memory, replies, changes of tasks, and
    notes.

    `vocab` says which names of things the agent can recognise; `names` replaces them. Raises ValueError for
    an unknown vocabulary; a call
    never raises, whatever is heard in whatever order.
    """

    vocab: tuple[str, ...] = attrs.field(default=("droidlet", "robot"), converter=_as_tuple)
    names: tuple[str, ...] = attrs.field(kw_only=True, converter=tuple)

    @names.default
    def _names(self) -> tuple[str, ...]:
        return names_of(self.vocab)

    def initial(self, key: Key) -> InterpreterState:
        """Nothing heard, nothing to do."""
        return InterpreterState()

    def __call__(self, inputs: InterpreterInputs, state: InterpreterState) -> tuple[Said, InterpreterState]:
        """One call: looks at the clock, hears events, then answers, then utterances; then does what can be
        done without waiting.
        """
        turn = Turn(inputs, state, self.names)
        tell_time(turn)
        for event in inputs.task_events:
            hear_event(turn, event)
        for answer in inputs.answers:
            hear_answer(turn, answer)
        for utterance in inputs.utterances:
            hear_utterance(turn, utterance)
        advance(turn)
        return turn.said(), turn.state
