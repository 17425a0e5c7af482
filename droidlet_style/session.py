"""One run: its clock, its people, its body, its files and its digest; what an agent's `run(config, session)`
is handed.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from droidlet_schema import Chat, Key, Observation, Pose2, SceneObject
from droidlet_style import chain
from droidlet_style.interrupts import Interrupts
from droidlet_style.moments import Moments
from droidlet_style.ports import Body, Screen, Silent
from droidlet_style.speech import Source, Speech
from droidlet_style.story import ENDLESS, Story
from droidlet_transport.loading import load_factory
from droidlet_transport.parts import DEADLINE_S

if TYPE_CHECKING:
    from droidlet_style.placement import Place

MAX_TICKS = 6000
ENDLESS_S = 10.0  # so long an endless task runs before the next line is spoken
QUESTION_S = 1.0  # so long a question of the agent's waits until the next line is its answer
ALL_DONE, INTERRUPTED = "all is said and done", "interrupted"
UNRECORDED = (
    "the agent never called session.record(inputs, outputs, state): the digest is that of seed and config alone, "
    "whatever happened, and no picture shows the run"
)
REST_S = 5.0  # so long an agent that has answered may rest without being idle


class Session:
    """One run of an agent. All that it needs from the world outside it gets here, so that a seed and the same
    words give the same run.

    `say`: texts, one after the other, or at a time ("TEXT @ SECONDS"). `source`: where lines are typed, when
    `say` is empty. `ticks`: the run's length at most; None is MAX_TICKS, or the end of what is said. `out`:
    an existing folder for the files. `pace`: at most so many times faster than real time. `folder`: where a
    body given as a relative file lies. `place`: where the simulator of a body runs, as `placement.place_of` reads
    it; `deadline_s`: so long one call of it may take, then its worker is started again. The digest depends on neither.
    """

    def __init__(
        self,
        *,
        agent: str = "agent",
        config: Any = None,
        seed: int = 0,
        say: Iterable[str] = (),
        source: Source | None = None,
        ticks: int | None = None,
        out: Path | None = None,
        screen: Screen | None = None,
        interrupts: Interrupts | None = None,
        pace: float | None = None,
        folder: Path | None = None,
        place: Place | str = "inline",
        deadline_s: float = DEADLINE_S,
    ) -> None:
        if ticks is not None and ticks < 0:
            raise ValueError(f"Session: ticks is not negative, got {ticks}")
        self.agent, self.config, self.seed = agent, config, seed
        self.key = Key(seed)
        self.story, self.moments = Story(), Moments()
        self.ticks_done, self.period_s, self.wall_s = 0, 0.0, 0.0
        self.state: Any = None
        self.digest = chain.start(config, self.key)
        self.ended = ""  # why the run ended, in words
        self.refusal: ValueError | None = None  # of a body: its options are out of range
        self.out = out
        self._speech = Speech((say,) if isinstance(say, str) else say, source)
        self._cap, self._given = (MAX_TICKS if ticks is None else ticks), ticks is not None
        self._endless_typing = ticks is None and source is not None and source.live
        self._screen: Screen = screen or Silent()
        self._interrupts = interrupts or Interrupts()
        self._pace, self._folder = pace, folder
        self._place, self._deadline_s, self._placed = place, deadline_s, ExitStack()
        self._tick = 0
        self._heard: tuple[Chat, ...] = ()
        self._listens: bool | None = None
        self._bodies: list[tuple[str, Body]] = []
        self._truth: tuple[SceneObject, ...] = ()
        self._told_truth: tuple[SceneObject, ...] = ()
        self._started = time.perf_counter()
        self._summary: dict[str, Any] | None = None

    # -- what an agent's run() calls

    def ticks(self, period_s: float) -> Iterator[int]:
        """The time of each tick in ns, until all is said and done. Raises ValueError for a period that is not
        above zero.
        """
        if not (math.isfinite(period_s) and period_s > 0 and round(period_s * 1e9) > 0):
            raise ValueError(f"Session.ticks: period_s is above zero, got {period_s!r}")
        self.period_s = period_s
        period_ns = round(period_s * 1e9)
        self._started = time.perf_counter()
        while self._goes_on():
            yield self._tick * period_ns
            self.ticks_done = self._tick + 1
            self._listens = bool(self._listens)
            self._tick += 1
            self.wall_s = time.perf_counter() - self._started
            self._keep_pace()

    def heard(self) -> tuple[Chat, ...]:
        """What the person says at this tick; the same for every call within it."""
        if self._listens is None:  # the first tick: only now it is known that this agent listens
            self._listen()
        self._listens = True
        return self._heard

    def record(self, inputs: Any, outputs: Any, state: Any) -> None:
        """Takes in what one tick made: into the digest, the story and the pictures. Raises ChainError for
        values that are no data.
        """
        self.digest = chain.follow(self.digest, inputs, outputs, state)
        self.state = state
        self.ticks_done = self._tick + 1
        tick = self.story.add(self._tick, inputs, outputs)
        if self.out is not None:
            self.moments.add(tick, self._now_s(), tuple(chat.text for chat in self._heard))
        for text in tick.replies:
            self._screen.replied(self._now_s(), text)
        self._screen.progress(
            self._tick + 1, self._now_s() + self.period_s, str(getattr(outputs, "doing", ""))
        )

    def body(self, factory: str, **options: Any) -> Body:
        """A body: `factory(key=..., **options)`, where factory is "module:name" or "file.py:name" and the key
        is the body's own.

        Raises LoadError for a factory that is not there, TypeError for one that makes something that is no
        body, and the factory's own ValueError for options out of range.
        """
        name = factory.rpartition(":")[2]
        make = load_factory(self._beside(factory))
        if self._place != "inline":
            options["place"] = self._put
        try:
            made = make(key=self._key_of(name), **options)
        except ValueError as error:
            if options and not isinstance(error, UnicodeError):
                self.refusal = error
            raise
        for needed in ("observe", "act"):
            if not callable(getattr(made, needed, None)):
                kind = type(made).__name__
                raise TypeError(f"Session.body: {factory} made a {kind}, which is no body: no {needed}()")
        self._bodies.append((name, made))
        self._look_at_truth()
        return made  # type: ignore[no-any-return]

    def _put(self, factory: str, options: Mapping[str, Any]) -> Any:
        """A simulator at the place of this run's simulators; it is let go of when the run is finished."""
        from droidlet_style.placement import place

        made = place(self._beside(factory), self._place, options, deadline_s=self._deadline_s)
        return self._placed.enter_context(made)

    def truth(self, objects: Iterable[SceneObject]) -> None:
        """Tells what really stands in the scene, for the summary and the pictures, where the body does not
        know it.
        """
        self._told_truth = tuple(objects)

    def finish(self) -> dict[str, Any]:
        """Ends the run: writes what belongs in the folder, and returns the summary. A second call returns the
        same.
        """
        if self._summary is None:
            from droidlet_style.summary import finish

            self.wall_s = self.wall_s or time.perf_counter() - self._started
            self._look_at_truth()
            if self.ticks_done and self.story.last_outputs is None:
                self._screen.note(UNRECORDED)
            self._summary = finish(self, self._screen.note)
            self._placed.close()
        return self._summary

    # -- what the summary reads

    @property
    def scene(self) -> tuple[SceneObject, ...]:
        """The truth as last seen."""
        return self._told_truth or self._truth

    @property
    def unsaid(self) -> tuple[str, ...]:
        """Lines that nobody heard, because the run ended before."""
        return self._speech.unsaid

    def final_pose(self) -> Pose2 | None:
        """Where the body stands after its last action, or the last pose that was recorded."""
        for _, body in self._bodies:
            try:
                observed = body.observe()
            except Exception:  # a body that broke is the run's error, told elsewhere
                continue
            if isinstance(observed, Observation):
                return observed.pose
        return self.story.path[-1] if self.story.path else None

    # -- the clock

    def _goes_on(self) -> bool:
        """Whether there is another tick; listens for what is said at it."""
        self._heard = ()
        if self._interrupts.stopped:
            self.ended = INTERRUPTED
        elif self._tick >= self._cap and not self._endless_typing:
            whole = self._given and self._done() and self._speech.over
            self.ended = ALL_DONE if whole else f"stopped after {self._cap} ticks (--ticks)"
        elif self._listens is not None:
            self._next_words()
        return not self.ended

    def _next_words(self) -> None:
        if not self._listens and self._speech.unsaid:
            self._screen.note("this agent does not listen, so nothing was said to it")
            self._speech.hush()
        if self._listens:
            self._listen()
        runs_on = self._given and not self._speech.ever  # --ticks and nobody speaks: just run
        if self._interrupts.stopped:  # while a person was waited for
            self.ended = INTERRUPTED
        elif not self._heard and self._done() and (self._speech.over or not self._listens) and not runs_on:
            self.ended = ALL_DONE

    def _listen(self) -> None:
        waited = time.perf_counter()
        texts = self._speech.due(self._now_s(), self._done())
        self._started += time.perf_counter() - waited  # a person's thinking is no part of the run
        now_ns = self._tick * round(self.period_s * 1e9)
        self._heard = tuple(Chat("person", text, now_ns) for text in texts)
        self.story.hear(self._tick, texts)
        for text in texts:
            self._screen.heard(self._now_s(), text)

    def _done(self) -> bool:
        """Whether what was said before is answered and done."""
        outputs = self.story.last_outputs
        if outputs is None:
            return True
        working = self.story.working()
        if working and all(task.name in ENDLESS for task in working):
            if self.story.eventful:
                return False  # what ended a tick ago may make way for the next step of a plan
            return self._now_s() - max(task.opened_tick for task in working) * self.period_s >= ENDLESS_S
        if bool(getattr(outputs, "idle", self._listens)):
            return True
        patience_s = QUESTION_S if self.story.asks() else REST_S
        return self.story.answered() and self.story.rest_ticks * self.period_s >= patience_s

    def _now_s(self) -> float:
        return self._tick * self.period_s

    def _keep_pace(self) -> None:
        if self._pace:
            ahead_s = self._tick * self.period_s / self._pace - (time.perf_counter() - self._started)
            if ahead_s > 0:
                time.sleep(min(ahead_s, 1.0))

    # -- bodies

    def _beside(self, factory: str) -> str:
        """A relative file of a body is looked for beside the agent's file first."""
        path, _, name = factory.rpartition(":")
        near = self._folder / path if self._folder is not None and path.endswith(".py") else None
        return f"{near}:{name}" if near is not None and near.is_file() else factory

    def _key_of(self, name: str) -> Key:
        """The key of a body: from the run's key and the body's name, and for another of that name from its
        number too.
        """
        number = sum(1 for known, _ in self._bodies if known == name)
        words = b"".join(int(word).to_bytes(8, "little") for word in self.key.words)
        made = hashlib.blake2b(
            words + f"{name}#{number}".encode(), digest_size=16, person=b"droidlet.body"
        ).digest()
        return Key((int.from_bytes(made[:8], "little"), int.from_bytes(made[8:], "little")))

    def _look_at_truth(self) -> None:
        for _, body in self._bodies:
            try:
                told: Iterable[Any] = getattr(body, "truth", tuple)()
            except Exception:  # the truth is for pictures; a body that broke has told its error already
                continue
            objects = tuple(thing for thing in told if isinstance(thing, SceneObject))
            self._truth = objects or self._truth
