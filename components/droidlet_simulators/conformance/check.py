"""check_simulator: all laws, for one engine."""

from __future__ import annotations

from functools import partial
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
    Iterator,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
    Union,
)

from droidlet_laws.laws import LawBroken, NotCheckable, Offence
from droidlet_schema import Key
from droidlet_simulators.conformance.acting import actions_of, run_strategy
from droidlet_simulators.conformance.editing import edit_offences, id_offences
from droidlet_simulators.conformance.lab import Lab, Run, Tick, broken, loadable
from droidlet_simulators.conformance.laws import (
    AGENTS,
    CODEC,
    EDITS,
    EYES,
    FORKS,
    IDS,
    OBSERVED,
    PROCESS,
    REFUSED,
    RESTORED,
    SIMULATOR_LAWS,
    SPEC,
    SimulatorReport,
)
from droidlet_simulators.conformance.looking import (
    agent_offences,
    eye_offences,
    mount_offences,
    spec_offences,
)
from droidlet_simulators.conformance.processes import name_of, process_offence
from droidlet_simulators.conformance.refusing import bad_calls, good_step, refusal_offences
from droidlet_simulators.conformance.running import no_reset_offences, run_offences
from droidlet_simulators.conformance.scenes import conformance_scenes
from droidlet_simulators.contract import SimulatorSpec
from droidlet_transport.loading import load

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

KEY = Key((0, 0))
TIMEOUT_S = 120.0  # for one run in another process
_ELSEWHERE = 3  # runs that other processes are asked for
_TRIES = 20  # of an action that the runs have not seen accepted
_RESETS = 2  # runs of which the end is watched for a reset


def check_simulator(
    factory: Union[str, Callable[[], Any]],
    *,
    scenes: Optional[Sequence[Any]] = None,
    actions: Optional[Mapping[str, SearchStrategy[Any]]] = None,
    key: Key = KEY,
    examples: int = 10,
    steps: int = 6,
    bad_inputs: int = 60,
    processes: bool = True,
    clocks: bool = True,
    timeout_s: float = TIMEOUT_S,
    progress: Callable[[str], None] = lambda text: None,
) -> SimulatorReport:
    """Holds a simulator to the laws of every simulator; says what held and what could not be exercised.

    `factory` is "module:name", "file.py:name" or a callable that makes the simulator without arguments; only
    one that has a name is also run in other processes. `scenes` are those it is tried in (None: two small
    halls with a box, a ball, a chair, a wall and a person); `actions` replaces the Hypothesis strategies of
    single actions, by the action's name. `examples` runs of up to `steps` steps are generated, and
    `bad_inputs` calls that must be refused. One of the other processes has a shifted clock; not with `clocks` off,
    for engines behind sockets, which may not bear it. The same key gives the same check.

    Raises LawBroken(law, example) for the first law broken, with its smallest example; NotCheckable where the
    simulator loads none of the scenes, or another process dies. Needs Hypothesis (extra `testing`).
    """
    made = load(factory) if isinstance(factory, str) else factory
    name = factory if isinstance(factory, str) else getattr(factory, "__qualname__", repr(factory))
    lab = Lab(name, made, ())
    try:
        _check_spec(lab)
        lab.scenes = tuple(conformance_scenes(lab.spec) if scenes is None else scenes)
        loadable(lab)
        return _Check(lab, key, examples, progress).run(
            steps, bad_inputs, actions, processes, clocks, factory, timeout_s
        )
    finally:
        lab.close()


def _check_spec(lab: Lab) -> None:
    spec = getattr(lab.simulator, "spec", None)
    if not isinstance(spec, SimulatorSpec):
        raise NotCheckable(
            f"{lab.name}: its spec is {type(spec).__name__}, expected a SimulatorSpec; one with its own observations "
            "is tried as a component: `droidlet check` of what steps it"
        )


class _Check:
    """One check on its way: what was skipped, and why."""

    def __init__(self, lab: Lab, key: Key, examples: int, tell: Callable[[str], None]) -> None:
        self.lab, self.key, self.examples, self.tell = lab, key, examples, tell
        self.skipped: Dict[str, str] = {}
        self.kept: List[Run] = []
        self.seen: Dict[str, int] = {}

    def run(
        self,
        steps: int,
        bad_inputs: int,
        actions: Optional[Mapping[str, Any]],
        processes: bool,
        clocks: bool,
        factory: Any,
        timeout_s: float,
    ) -> SimulatorReport:
        strategy = run_strategy(self.lab, steps, actions)
        self.tell("cameras and agents")
        self._all(mount_offences(self.lab), None)
        self._agents()
        self.tell("runs")
        self._search(strategy, self._run_laws, self.examples)
        self._each_action(actions)
        for run in self.kept[-_RESETS:]:
            self.tell("long runs")
            self._all(no_reset_offences(self.lab, run), run)
        self._edits()
        self.tell("bad inputs")
        good = good_step(self.lab)
        self._search(bad_calls(self.lab), lambda bad: refusal_offences(self.lab, bad, good), bad_inputs)
        self._elsewhere(processes, clocks, factory, timeout_s)
        return self._report()

    def _run_laws(self, run: Run) -> Iterator[Offence]:
        yield from spec_offences(self.lab, run)
        yield from eye_offences(self.lab, run, self.seen)
        yield from run_offences(self.lab, run)
        self.kept.append(run)

    def _each_action(self, given: Optional[Mapping[str, Any]]) -> None:
        """Tries what the runs have not seen accepted, so that the report need not guess."""
        agent = self.lab.spec.agent_ids[0]
        for name, strategy in actions_of(self.lab, agent, given).items():
            if not self.lab.accepted.get(name):
                self._search(strategy, partial(self._one_action, agent), _TRIES)

    def _one_action(self, agent: str, action: Any) -> Iterator[Offence]:
        if not self.lab.accepted.get(type(action).__name__):
            observations, world = self.lab.simulator.reset(self.lab.scenes[0], self.key)
            self.lab.step({agent: (action,)}, Tick({}, observations, world))
        return iter(())

    def _all(self, offences: Iterator[Offence], example: Any) -> None:
        for found in offences:
            raise broken(self.lab, found, example)

    def _search(self, strategy: Any, offences: Callable[[Any], Iterator[Offence]], examples: int) -> None:
        """Generates examples; the first law broken stays the one that examples are made smaller for."""
        from hypothesis import HealthCheck, Phase, Verbosity, errors, given, settings
        from hypothesis import seed as seeded

        failure: List[Tuple[Offence, Any]] = []

        class Found(Exception):
            pass

        @seeded(self.key.words[0])
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
        def search(example: Any) -> None:
            for found in offences(example):
                if not failure or found.law == failure[0][0].law:
                    failure.append((found, example))
                    raise Found()

        try:
            search()
        except (Found, errors.Flaky):
            found, example = failure[-1]
            raise broken(self.lab, found, example) from None

    def _agents(self) -> None:
        if len(self.lab.spec.agents) < 2:
            self.skipped[AGENTS] = "the simulator has one agent; make one with two"
            return
        self._all(agent_offences(self.lab), None)

    def _edits(self) -> None:
        for law, offences in ((EDITS, edit_offences), (IDS, id_offences)):
            self.tell(law)
            counted: List[int] = []
            self._all(offences(self.lab, self.key, counted), None)
            if not counted:
                self.skipped[law] = "nothing could be added anywhere: every place that was tried was refused"

    def _elsewhere(self, processes: bool, clocks: bool, factory: Any, timeout_s: float) -> None:
        name, reason = name_of(factory)
        if not processes:
            self.skipped[PROCESS] = "other processes were not asked for"
        elif not name:
            self.skipped[PROCESS] = reason
        else:
            longest = sorted(self.kept, key=lambda run: -len(run.steps))[:_ELSEWHERE]
            found = process_offence(self.lab, name, longest, timeout_s, self.tell, clocks)
            if found is not None:
                raise broken(self.lab, *found)

    def _report(self) -> SimulatorReport:
        lab, limits = self.lab, list(self.lab.limits)
        if not lab.spec.exact_restore:
            for law in (RESTORED, FORKS):
                self.skipped[law] = "the spec says exact_restore=False"
            limits.append((CODEC, "kept to the byte; not gone on from, as exact_restore is False"))
            limits.append((OBSERVED, "of the last world of each run, as exact_restore is False"))
            limits.append((REFUSED, "not the step after it, as exact_restore is False"))
        if not self.seen:
            self.skipped[EYES] = "no pinhole camera with depth and semantic pictures saw an object"
        never = [action for action in lab.spec.actions if not lab.accepted.get(action)]
        if never:
            limits.append((SPEC, f"of {', '.join(never)}, all {_TRIES} that were tried were refused"))
        held = tuple(law for law in SIMULATOR_LAWS if law not in self.skipped)
        skipped = tuple((law, self.skipped[law]) for law in SIMULATOR_LAWS if law in self.skipped)
        return SimulatorReport(lab.name, held, skipped, tuple(limits), lab.runs, lab.steps, lab.refused)


__all__ = ["KEY", "LawBroken", "NotCheckable", "check_simulator"]
