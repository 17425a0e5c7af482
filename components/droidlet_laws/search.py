"""Looks for an example that breaks a law, and makes it small."""

from __future__ import annotations

import time
from typing import Any, Callable, List, Optional, Sequence, Tuple

from droidlet_laws.brief import brief
from droidlet_laws.inputs import Plan
from droidlet_laws.lab import Lab
from droidlet_laws.laws import NotCheckable, Offence
from droidlet_laws.trial import Trial

_monotonic = time.monotonic  # the real one: the patched ones are for the component
SHRINKS = 200  # trials spent on making an example smaller


class Search:
    """Tries examples; `failure` is the smallest that broke the law which the first one broke, `kept` are
    examples that broke none, `refusing` a few of which no call was answered.
    """

    def __init__(self, lab: Lab, tell: Callable[[str], None], shrink_s: float) -> None:
        self.lab, self.tell, self.shrink_s = lab, tell, shrink_s
        self.left_out = self.tried = self.cut = 0
        self.kept: List[List[Any]] = []
        self.refusing: List[List[Any]] = []
        self.failure: Optional[Tuple[Offence, List[Any], Tuple[str, ...]]] = None
        self.stopped: Optional[NotCheckable] = None
        self.coded = self.two_answered = self.two_different = 0
        self._spent = 0

    def run(self, plan: Plan, examples: int, seed: int) -> None:
        """Tries a plan. Raises NotCheckable where the component or the inputs do not let it."""
        if plan.strategy is not None:
            _generate(self, plan.strategy, examples, seed)
        for items in plan.fixed:
            if self.offends(items):
                self._remove_items()
        if self.stopped is not None:
            raise self.stopped

    def offends(self, items: Sequence[Any]) -> bool:
        """Whether an example breaks the law in question (any, until one was broken)."""
        if self.stopped is not None or self._spent > SHRINKS:
            return False
        if self.failure is None and self.kept and self.lab.left_s < 0:
            self.left_out += 1
            return False
        if self.failure is not None and self.lab.left_s < 0:
            return False
        self.tried += self.failure is None
        self.tell(f"example {self.tried}" if self.failure is None else "making the example smaller")
        try:
            trial = Trial(self.lab, items)
        except NotCheckable as stopped:
            self.stopped = stopped
            return True
        self._spent += self.failure is not None
        self.cut += len(items) - len(trial.items)
        if not trial.offences:
            self._count(trial, list(trial.items))
            return False
        return self._keep_failure(trial, list(trial.items))

    def _keep_failure(self, trial: Trial, items: List[Any]) -> bool:
        offence = trial.offences[0]
        if self.failure is not None:
            same = [o for o in trial.offences if o.law == self.failure[0].law]
            if not same:
                return False
            offence = same[0]
        if self.failure is None:
            self.lab.until = _monotonic() + self.shrink_s
        also = tuple(dict.fromkeys(o.law for o in trial.offences if o.law != offence.law))
        if self.failure is None or size_of(items) <= size_of(self.failure[1]):
            self.failure = (offence, items, also)
        self.lab.make()  # what this example left behind must not hide the same offence in a smaller one
        return True

    def _count(self, trial: Trial, items: List[Any]) -> None:
        answered = [step for step in trial.steps if step.outcome.answered]
        self.coded += trial.coded
        self.two_answered += len(answered) > 1
        self.two_different += len({brief(step.item, 10_000) for step in answered}) > 1
        if answered and self.failure is None:
            self.kept.append(items)
        elif not answered and len(self.refusing) < 5:
            self.refusing.append(items)

    def _remove_items(self) -> None:
        """Leaves out items of a fixed trajectory, more and more finely, as long as the law stays broken."""
        width = len(self.failure[1]) // 2 if self.failure else 0
        while width and self.failure:
            items = self.failure[1]
            for start in range(0, len(items), width):
                shorter = items[:start] + items[start + width :]
                if shorter and self.offends(shorter):
                    break
            else:
                width //= 2
            width = min(width, len(self.failure[1]) // 2 or (1 if len(self.failure[1]) > 1 else 0))


def size_of(items: Sequence[Any]) -> Tuple[int, int]:
    """How large an example is: its calls, then its text."""
    return len(items), len(brief(items, 100_000))


def _generate(search: Search, strategy: Any, examples: int, seed: int) -> None:
    from hypothesis import HealthCheck, Phase, Verbosity, errors, given, settings
    from hypothesis import seed as seeded

    class Found(Exception):
        pass

    @seeded(seed)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
    )
    @given(strategy)
    def run(items: List[Any]) -> None:
        if search.offends(items):
            raise Found()

    try:
        run()
    except (Found, errors.Flaky):
        pass
    except errors.HypothesisException as error:
        raise NotCheckable(
            f"the inputs' strategy gives nothing to try the component with: {_text(error)}"
        ) from error
    except NotCheckable:
        raise
    except Exception as error:
        if search.failure is None and search.stopped is None:
            raise NotCheckable(f"the inputs' strategy raised {_text(error)}") from error


def _text(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
