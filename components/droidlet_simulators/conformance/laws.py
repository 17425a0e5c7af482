"""What every simulator promises, by name, and what a check has to say about it."""

from __future__ import annotations

from typing import Dict, Tuple

import attrs

from droidlet_laws.laws import Offence

SAME = "the same scene, key and actions give the same run"
PROCESS = "another process gives the same run"
RESTORED = "a world handed back goes on as it did"
FORKS = "forked worlds do not disturb each other"
CODEC = "a world survives the codec"
ARGUMENTS = "arguments unchanged"
TIME = "a step takes one period, and observing none"
OBSERVED = "observing gives what the step gave"
INVARIANT = "the invariant holds"
NO_RESET = "stepping never resets"
EDITS = "adding, moving and removing give a new world"
IDS = "None, 0 and -1 are different semantic ids"
REFUSED = "what cannot be is refused, and nothing changes"
SPEC = "the spec is true"
EYES = "pictures agree with the truth"
AGENTS = "each agent acts and sees for itself"

SIMULATOR_LAWS = (
    SPEC,
    SAME,
    ARGUMENTS,
    TIME,
    OBSERVED,
    INVARIANT,
    CODEC,
    RESTORED,
    FORKS,
    NO_RESET,
    AGENTS,
    EYES,
    EDITS,
    IDS,
    REFUSED,
    PROCESS,
)

_LIKELY: Dict[str, str] = {
    SAME: "something besides scene, key and actions decides: chance without the key, a clock, or what an "
    "earlier run left in the engine",
    PROCESS: "the order of a set, uninitialised memory, the number of threads or a clock gets into the world",
    RESTORED: "the world lacks something that the engine keeps: warm starts, contacts, velocities, counters; "
    "put it into the world, or say exact_restore=False in the spec",
    FORKS: "the engine goes on from what it holds, not from the world that it is handed",
    CODEC: "the world holds something that is no declared field, or the engine keeps more than the world says",
    ARGUMENTS: "the simulator writes into a world, a scene or arrays that it was handed or gave away",
    TIME: "now_ns must grow by spec.period_ns in each step, with or without actions, and nowhere else",
    OBSERVED: "observe(world) must draw the world that it is handed, without a step and without chance",
    INVARIANT: "something is lost, gained or pushed into something else along the way",
    NO_RESET: "a step went back to an earlier world on its own; whether to reset is the caller's to say",
    EDITS: "the new world must show the object as it was given, and the old world must not",
    IDS: "a truth test such as `if semantic_id` takes 0 for None, or an unsigned array cannot hold -1",
    REFUSED: "check everything before anything is changed, and raise a SimulatorError that names the value",
    SPEC: "what the observations hold and what the spec says come from different places",
    EYES: "axes are mixed up (y up or z up, x right or y left), depth is along the ray and not the axis, or ids "
    "are not the scene's",
    AGENTS: "sensors are looked up by their own name only, and not by agent and name",
}


def offence(law: str, what: str, step: int = 0, likely: str = "") -> Offence:
    """An offence against one of these laws, with its own likely cause unless a better one is known."""
    return Offence(law, what, likely or _LIKELY[law], step)


@attrs.frozen
class SimulatorReport:
    """What one check found: laws held, (law, reason) of those not exercised, and (law, what was left out) of
    those held in part; `runs` and `steps` count what was tried, `refused` the steps that were refused.
    """

    simulator: str
    held: Tuple[str, ...]
    not_exercised: Tuple[Tuple[str, str], ...] = ()
    limits: Tuple[Tuple[str, str], ...] = ()
    runs: int = 0
    steps: int = 0
    refused: int = 0

    def __str__(self) -> str:
        """A headline, and a row for each law."""
        rows = [f"{self.simulator}: {self.runs} runs, {self.steps} steps, {self.refused} of them refused"]
        width = max(map(len, SIMULATOR_LAWS))
        skipped = dict(self.not_exercised)
        for law in SIMULATOR_LAWS:
            status = "not exercised" if law in skipped else "held"
            remark = skipped.get(law) or "; ".join(text for name, text in self.limits if name == law)
            rows.append(f"  {status:<13}  {law:<{width}}  {remark}".rstrip())
        return "\n".join(rows)
