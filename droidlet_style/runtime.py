"""An agent and an environment, turn by turn: the runtime holds both, an experiment drives it.

Four configurations, each of which sees only its own: the experiment's holds the runtime's, which holds the agent's and
the environment's beside each other. The environment is made where it runs, from names and values; nothing of its
package is imported here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from droidlet_schema import FrozenMap, digest
from droidlet_style import chain
from droidlet_style.placement import Place
from droidlet_style.runtime_config import ConfigError, canonical, fields_of
from droidlet_style.runtime_environment import environment_of, where_of
from droidlet_transport.building import build
from droidlet_transport.errors import Closed
from droidlet_transport.parts import DEADLINE_S


class Runtime:
    """Holds an agent (`step(observations, state) -> actions`) and an environment (`step(actions) -> observations,
    state`), both made from their configurations.

    `environment` is a table with `_target_`, whose object keeps a state of its own: its calls are effects, never
    repeated. Or a table of `simulator`, `scene` and `seed`: then the world is held here, the calls are pure, and a
    simulator that dies is made again and goes on from the same world. `place` is where it runs: a Place, its text, or
    a table (see `where_of`). `actions` are the first ones.

    Raises ConfigError, ValueError; where the environment cannot be made what it raises, and TransportError.
    """

    def __init__(
        self,
        agent: Any,
        environment: Any,
        *,
        place: Place | str | Mapping[str, Any] = "process",
        deadline_s: float = DEADLINE_S,
        actions: Any = None,
    ) -> None:
        self.configured = canonical(agent, "agent"), canonical(environment, "environment")
        at = where_of(place)
        if isinstance(deadline_s, bool) or not isinstance(deadline_s, (int, float)) or not deadline_s > 0:
            raise ValueError(f"deadline_s is {deadline_s!r}: expected seconds, more than 0")
        self.agent: Any = _agent(self.configured[0])  # before anything is started for it
        try:
            self.environment = environment_of(self.configured[1], at, deadline_s)
        except BaseException:
            self._end_agent()
            raise
        self.actions: Any = self.environment.nothing if actions is None else actions
        self.observations: Any = None
        self.state: Any = None
        self.steps = 0
        self._closed = False

    @classmethod
    def of(cls, config: Any) -> Runtime:
        """From one configuration: a table, or an object with such fields, of `agent`, `environment`, `place`, ..."""
        return cls(**_entries(config, "runtime", ("agent", "environment"), _OPTIONS))

    def step(self) -> None:
        """One turn: the environment takes the actions, the agent what came of them. Raises what either raises."""
        if self._closed:
            raise Closed("the runtime was closed")
        self.observations, self.state = self.environment.step(self.actions)
        self.actions = self.agent.step(self.observations, self.state)
        self.steps += 1

    def run(self, steps: int | None = None) -> None:
        """So many turns; None: for ever, until something raises."""
        while steps is None or steps > 0:
            self.step()
            steps = None if steps is None else steps - 1

    def close(self) -> None:
        """Ends agent, where it has a `close`, and environment; closing again does nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            self._end_agent()
        finally:
            self.environment.close()

    def _end_agent(self) -> None:
        getattr(self.agent, "close", lambda: None)()

    def __enter__(self) -> Runtime:
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()


_OPTIONS = ("place", "deadline_s", "actions")


@attrs.frozen
class Result:
    """What an experiment leaves: how many turns, and a digest of all that was observed and done."""

    steps: int
    digest: str


@attrs.frozen
class Experiment:
    """So many turns of a runtime, each of which may be looked at; the runtime is made for it and ends with it."""

    runtime: Any = attrs.field(repr=False)  # a configuration, which may hold keys
    steps: int = attrs.field()

    @steps.validator
    def _check_steps(self, attribute: object, steps: object) -> None:
        if type(steps) is not int or steps < 0:
            raise ValueError(f"steps is {steps!r}: expected a whole number of turns, 0 or more")

    @classmethod
    def of(cls, config: Any) -> Experiment:
        """From one configuration with `runtime` and `steps`. Raises ConfigError, ValueError."""
        table = fields_of(config)
        if isinstance(table, Mapping) and "runtime" in table:
            table = {**table, "runtime": fields_of(table["runtime"])}
        return cls(**_entries(table, "experiment", ("runtime", "steps"), ()))

    def run(self, each: Callable[[Runtime], object] = lambda runtime: None) -> Result:
        """Runs it, and calls `each` after every turn."""
        with Runtime.of(self.runtime) as runtime:
            chained = chain.start(*runtime.configured)  # where it runs is no part of it
            for _ in range(self.steps):
                runtime.step()
                chained = chain.follow(chained, runtime.observations, runtime.actions, runtime.state)
                each(runtime)
        return Result(self.steps, digest((chained, self.steps)))


def _agent(tree: Any) -> Any:
    """The agent of a canonical configuration. Raises ConfigError for what has no `step` that could be called."""
    agent = build(_called(tree))
    if inspect.isclass(agent):
        name = f"{agent.__module__}:{agent.__qualname__}"
        raise ConfigError(f"agent is the class {name}: write a table with _target_, which makes one of it")
    if not callable(getattr(agent, "step", None)):
        raise ConfigError(
            f"agent is {type(agent).__name__}, without step(observations, state): is its _target_ missing, or another?"
        )
    return agent


def _called(tree: Any) -> Any:
    """At the top a partial is called, too."""
    if isinstance(tree, Mapping) and "_partial_" in tree:
        return FrozenMap({key: item for key, item in tree.items() if key != "_partial_"})
    return tree


def _entries(config: Any, what: str, needed: tuple[str, ...], other: tuple[str, ...]) -> dict[str, Any]:
    tree = canonical(fields_of(config), what)
    if not isinstance(tree, Mapping) or "_path_" in tree:
        raise ValueError(
            f"{what} is {config!r}: a table with {', '.join(needed)} is needed, such as json.load or tomllib.load "
            "makes of a file"
        )
    entries = {key: item for key, item in tree.items() if key != "_target_"}
    missing, unknown = set(needed) - set(entries), set(entries) - set(needed) - set(other)
    if missing or unknown:
        wrong = f"lacks {', '.join(sorted(missing))}" if missing else f"has {', '.join(sorted(unknown))}"
        raise ValueError(f"the configuration of the {what} {wrong}; it takes {', '.join((*needed, *other))}")
    return entries
