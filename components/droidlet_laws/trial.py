"""One example on the bench: the trajectory is run, looked at after every call, and run again in other
orders.
"""

from __future__ import annotations

from typing import Any, List, Optional, Sequence, Tuple

import numpy as np

from droidlet_laws import calls
from droidlet_laws.calls import Outcome
from droidlet_laws.lab import Lab, Step, outside_offence
from droidlet_laws.laws import (
    ARGUMENTS,
    CODEC,
    NO_ALIAS,
    NO_HISTORY,
    OLD_STATE,
    SAME_RESULT,
    SELF,
    UNSEEN,
    Offence,
)
from droidlet_laws.results import alias_offences, codec_offences
from droidlet_laws.snapshot import Snapshot, difference


class Trial:
    """Runs one example; `offences` are what the first offending call did, `exercised` what there was occasion
    to look at.
    """

    def __init__(self, lab: Lab, items: Sequence[Any]) -> None:
        self.lab, self.items = lab, items
        self.steps: List[Step] = []
        self.offences: List[Offence] = []
        self.coded = 0
        self._run()

    def _run(self) -> None:
        state = self._first_state() if self.lab.stepped else None
        least_s = self.lab.left_s / 2  # the other half is for what is called again
        for index, item in enumerate(self.items):
            if self.offences and index:
                return  # the first call is made even after an offending first state: it may break more
            if index and self.lab.left_s < least_s:
                self.items = self.items[:index]
                break
            state = self._step(index, item, state)
        for check in (self._kept, self._shuffled, self._again):
            if not self.offences:
                check()
        if not self.offences:
            self.offences = self.lab.look()

    def _first_state(self) -> Any:
        watch = self.lab.watch()
        before = Snapshot(self.lab.key, "key").leaves
        state = self.lab.initial(watch)
        self.offences = outside_offence(watch, 0)
        self.offences += self.lab.look()
        if difference(before, Snapshot(self.lab.key, "key").leaves):
            self.offences.append(Offence.of(ARGUMENTS, "initial(key) changed the key"))
        found, number = codec_offences(state, "initial state", 0, strict=True)
        self.coded += number
        again = difference(
            Snapshot(state, "initial state").leaves, Snapshot(self.lab.initial(), "initial state").leaves
        )
        if again:
            found.append(
                Offence.of(SAME_RESULT, f"initial(key) called twice: {again[0]}: {again[1]}, then {again[2]}")
            )
        self.offences += found
        return state

    def _step(self, index: int, item: Any, state: Any) -> Any:
        arguments = self.lab.arguments(item, state)
        before, watch = Snapshot(arguments, "arguments"), self.lab.watch()
        outcome = self.lab.call(arguments, watch)
        self.lab.count(outcome)
        after = Snapshot(arguments, "arguments")
        self.steps.append(Step(item, arguments, outcome))
        found = outside_offence(watch, index)
        found += self._arguments_written(before, after, outcome, index)
        found += self._at(self.lab.look(), index)
        found += self._result(index, outcome, after)
        if not found and not self.offences:
            self.lab.reach.stir()
            again = self.lab.call(self.lab.arguments(item, state))
            what = calls.differs(outcome, again)
            if what:
                told = f"the same call twice in a row: {what}"
                found = self._refused_write(again, index) or [self._result_law(SAME_RESULT, told, index)]
            elif again.answered:
                found = alias_offences(again.seen, [("of the same call before its", outcome.seen)], index)
        self.offences += found
        return outcome.value[1] if self.lab.stepped and outcome.answered else state

    def _arguments_written(
        self, before: Snapshot, after: Snapshot, outcome: Outcome, index: int
    ) -> List[Offence]:
        changed = difference(before.leaves, after.leaves)
        if changed:
            path = self._name_argument(changed[0])
            what = f"{path}: {changed[1]} before the call, {changed[2]} after it"
            of_state = self.lab.stepped and changed[0].startswith("arguments[1]")
            return [Offence.of(law, what, index) for law in (ARGUMENTS, OLD_STATE)[: 1 + of_state]]
        return self._refused_write(outcome, index)

    def _refused_write(self, outcome: Outcome, index: int) -> List[Offence]:
        """An error that says that the component wrote to what must not change."""
        owner, name = calls.frozen_written(outcome.error)
        if name:
            law, whose = (
                (SELF, "self") if owner is self.lab.component else (ARGUMENTS, f"a {type(owner).__name__}")
            )
            return [Offence.of(law, f"the call tried to set {name} of {whose}, which is frozen", index)]
        text = calls.written_to(outcome.error)
        given_away = self.lab.given_away() if text else ""
        if given_away:
            why = "was put into a result, whose record owns it now, and is written to again"
            what = f"{given_away} {why}: {text}"
            return [Offence.of(NO_ALIAS, what, index)]
        if text and outcome.error is not None:
            return [Offence.of(ARGUMENTS, f"{text} (at {calls.line_of(outcome.error)})", index)]
        return []

    def _name_argument(self, path: str) -> str:
        """ "arguments[0].x" -> "inputs.x"."""
        for number, parameter in enumerate(self.lab.shape.parameters):
            path = (
                path.replace(f"arguments[{number}]", parameter.name)
                if path.startswith(f"arguments[{number}]")
                else path
            )
        return path

    def _at(self, offences: List[Offence], index: int) -> List[Offence]:
        return [Offence(o.law, o.what, o.likely, index) for o in offences]

    def _result(self, index: int, outcome: Outcome, arguments: Snapshot) -> List[Offence]:
        if not outcome.answered:
            return []
        component, outside = self.lab.internal()
        others = [
            ("the argument", self._named(arguments)),
            ("the component's", component),
            ("the global", outside),
        ]
        result = outcome.seen
        if self.lab.stepped:
            result = Snapshot(outcome.value[0], "outputs")
            others.append(("the new state's", Snapshot(outcome.value[1], "state")))
        found = alias_offences(result, others, index)
        found += self._state_alias(index, outcome, others[1:3])  # with the old state it may share
        for name, value, strict in self._parts(outcome):
            offences, number = codec_offences(value, name, index, strict=strict)
            found += offences
            self.coded += number
        return sorted(found, key=lambda o: o.law != CODEC)

    def _named(self, arguments: Snapshot) -> Snapshot:
        arguments.arrays = [(self._name_argument(path), array) for path, array in arguments.arrays]
        arguments.mutables = {
            k: (self._name_argument(path), v) for k, (path, v) in arguments.mutables.items()
        }
        return arguments

    def _state_alias(self, index: int, outcome: Outcome, others: List[Any]) -> List[Offence]:
        if not self.lab.stepped:
            return []
        inputs = Snapshot(self.steps[index].arguments[0], self.lab.shape.parameters[0].name)
        return alias_offences(Snapshot(outcome.value[1], "state"), [("the argument", inputs), *others], index)

    def _parts(self, outcome: Outcome) -> List[Tuple[str, Any, bool]]:
        if not self.lab.stepped:
            return [("result", outcome.value, False)]
        return [("outputs", outcome.value[0], False), ("state", outcome.value[1], True)]

    def _kept(self) -> None:
        """What was returned is still what it was, after all later calls."""
        for index, step in enumerate(self.steps):
            found = (
                difference(step.outcome.seen.leaves, Snapshot(step.outcome.value, "result").leaves)
                if step.outcome.answered
                else None
            )
            if found:
                law = OLD_STATE if self.lab.stepped and found[0].startswith("result[1]") else NO_ALIAS
                self.offences = [
                    Offence.of(
                        law, f"{found[0]} of call {index}: {found[1]}, after later calls {found[2]}", index
                    )
                ]

    def _shuffled(self) -> None:
        """Every call once more, from its old state, in another order."""
        order = np.random.Generator(np.random.Philox(len(self.steps))).permutation(len(self.steps))
        for index in [int(i) for i in order] if len(self.steps) > 1 else []:
            what = self._replay(index)
            if what:
                self.offences = [self._diagnose(index, what)]
                return

    def _replay(self, index: int) -> Optional[str]:
        step = self.steps[index]
        state = step.arguments[-1] if self.lab.stepped else None
        return calls.differs(step.outcome, self.lab.call(self.lab.arguments(step.item, state)))

    def _diagnose(self, index: int, what: str) -> Offence:
        """Which law a call breaks whose result was the same at once, but not after other calls."""
        if not self.lab.stepped:
            return self._without_state(f"A, B, A: call {index} again, after other calls: {what}", index)
        step = self.steps[index]
        state = step.arguments[-1]
        for other in self.steps:
            first = self.lab.call(self.lab.arguments(step.item, state))
            self.lab.call(self.lab.arguments(other.item, state))
            changed = calls.differs(first, self.lab.call(self.lab.arguments(step.item, state)))
            if changed:
                told = f"A, B, A from one state: call {index} again, after another: {changed}"
                return self._without_state(told, index)
        return self._result_law(
            OLD_STATE, f"call {index} again from its old state, after a later state was used: {what}", index
        )

    def _again(self) -> None:
        """The whole trajectory once more; a stepped component from a new initial state."""
        state = self.lab.initial() if self.lab.stepped else None
        for index, step in enumerate(self.steps):
            outcome = self.lab.call(self.lab.arguments(step.item, state))
            what = calls.differs(step.outcome, outcome)
            if what:
                self.offences = [
                    self._result_law(SAME_RESULT, f"the same trajectory again, call {index}: {what}", index)
                ]
                return
            state = outcome.value[1] if self.lab.stepped and outcome.answered else state

    def _result_law(self, law: str, what: str, index: int) -> Offence:
        """Where the code names a clock or the like, that is the reason for a result that differs."""
        if self.lab.reach.touches:
            return outside_named(self.lab, index, what)
        return Offence.of(law, what, index, self.lab.suspected() if law == SAME_RESULT else "")

    def _without_state(self, what: str, index: int) -> Offence:
        """A result that differs after other calls, although no look found anything that changed."""
        likely = self.lab.suspected()
        if likely:
            return self._result_law(SAME_RESULT, what, index)
        offence = self._result_law(NO_HISTORY, what, index)
        return offence if offence.law != NO_HISTORY else Offence.of(NO_HISTORY, what, index, UNSEEN)


def outside_named(lab: Lab, index: int, also: str = "") -> Offence:
    """What the code names of the outside, as an offence."""
    from droidlet_laws.laws import NO_OUTSIDE

    return Offence.of(NO_OUTSIDE, lab.reach.touches[0] + (f" ({also})" if also else ""), index)
