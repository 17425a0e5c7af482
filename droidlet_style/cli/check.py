"""droidlet check: tries a component against every law and prints what held."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import sys
from typing import Any, Dict, List, Optional, Tuple

from droidlet_style.artifacts import ArtifactError, get_artifact_dir
from droidlet_style.cli.apart import Died, apart
from droidlet_style.cli.parser import any_integer, factor
from droidlet_style.cli.places import programs
from droidlet_style.cli.telling import Telling

HELP = "try a component against every law"
OK, BROKEN, NOT_CHECKABLE, INTERRUPTED = 0, 1, 2, 130
BUDGET_S = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what `droidlet check` takes."""
    parser.add_argument(
        "component",
        help="module:name or file.py:name of a component or of what makes one, or an agent's name",
    )
    parser.add_argument(
        "--inputs", metavar="NAME", help="module:name or file.py:name of a strategy or a sequence of inputs"
    )
    parser.add_argument("--examples", type=_count, default=50, help="examples to try (default 50)")
    parser.add_argument(
        "--seed", type=any_integer, default=0, help="seed of the key and of the examples (default 0)"
    )
    parser.add_argument(
        "--seconds",
        type=factor,
        default=BUDGET_S,
        help="time for all of it: slow components are tried less (60)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")


def run(arguments: argparse.Namespace) -> int:
    """Checks; returns 0 where every law tried held, 1 where one is broken, 2 where it cannot be checked, 130 where
    a person stopped it.
    """
    _keep_folder_clean()
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())  # so that module:name finds what lies here, as python -m does
    telling = Telling(f"droidlet check {arguments.component}")
    try:
        found = apart(
            lambda: check(
                arguments.component,
                arguments.inputs,
                arguments.examples,
                arguments.seed,
                arguments.seconds,
                telling,
            )
        )
    except Died as death:
        found = {**_nothing(arguments.component), "verdict": "cannot be checked", "error": str(death)}
    except KeyboardInterrupt:
        telling.end()
        print("droidlet check: interrupted, nothing is known of this component", file=sys.stderr)
        return INTERRUPTED
    print(json.dumps(found, indent=2, ensure_ascii=False) if arguments.json else as_text(found))
    return {"held": OK, "broken": BROKEN}.get(found["verdict"], NOT_CHECKABLE)


def _keep_folder_clean() -> None:
    """Lets Hypothesis keep its tables with the artifacts rather than in the folder where one happens to be."""
    if "hypothesis" not in sys.modules:
        try:
            os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(get_artifact_dir() / "hypothesis"))
        except ArtifactError:
            return  # no home and no setting: then it lies where Hypothesis puts it


def _nothing(component: str) -> Dict[str, Any]:
    return {"component": component, "verdict": "held", "kind": "", "calls": 0, "refused": 0, "laws": []}


def check(
    component: str,
    inputs: Any,
    examples: int,
    seed: int,
    seconds: float = BUDGET_S,
    telling: Optional[Telling] = None,
) -> Dict[str, Any]:
    """The result of one check as plain data: verdict, laws with status and remark, and what is broken or in
    the way.
    """
    from droidlet_laws import LawBroken, NotCheckable, check_component
    from droidlet_schema import Key

    found = _nothing(component)
    told = telling or (lambda text: None)
    try:
        report = check_component(
            _agent_file(component),
            inputs,
            key=Key(seed),
            examples=examples,
            budget_s=seconds,
            progress=told,
        )
    except NotCheckable as error:
        return {
            **found,
            "verdict": "cannot be checked",
            "error": _told(str(error), inputs) + _meant(component),
        }
    except LawBroken as broken:
        return {**found, "verdict": "broken", "laws": _broken_laws(broken), "broken": _broken(broken)}
    except Exception as error:  # the component upset the check itself: that is no broken law
        text = f"the check itself failed with {type(error).__name__}: {' '.join(str(error).split())[:200]}"
        return {**found, "verdict": "cannot be checked", "error": text}
    finally:
        if telling is not None:
            telling.end()
    numbers = {
        "kind": report.kind,
        "calls": report.calls,
        "refused": report.refused,
        "headline": report.headline,
    }
    return {**found, **numbers, "laws": _laws(report)}


def _agent_file(name: str) -> str:
    """The file of an agent that is called by its name, as `droidlet run` does; any other name as it is."""
    file = programs("agents").get(name)
    return str(file) if file is not None else name


def _told(text: str, inputs: Any) -> str:
    """What is in the way, with the option that helps where inputs were asked for."""
    return f"{text}: --inputs my_file.py:NAME" if "pass inputs" in text and inputs is None else text


def _meant(name: str) -> str:
    """A guess, where the name of an agent may be meant."""
    close = [] if ":" in name else difflib.get_close_matches(name, list(programs("agents")), 1)
    return f"; did you mean the agent {close[0]}?" if close and close[0] != name else ""


def _laws(report: Any) -> List[Dict[str, str]]:
    from droidlet_laws import LAWS

    skipped = dict(report.not_exercised)
    limits: Dict[str, str] = {}
    for law, text in report.limits:
        limits[law] = "; ".join(t for t in (limits.get(law), text) if t)
    return [
        {"law": law, "status": "not exercised", "remark": skipped[law]}
        if law in skipped
        else {"law": law, "status": "held", "remark": limits.get(law, "")}
        for law in LAWS
    ]


def _broken_laws(broken: Any) -> List[Dict[str, str]]:
    from droidlet_laws import LAWS

    rows = []
    for law in LAWS:
        is_broken = law == broken.law or law in broken.also
        remark = "" if is_broken else "not reached"
        rows.append({"law": law, "status": "broken" if is_broken else "not exercised", "remark": remark})
    return rows


def _broken(broken: Any) -> Dict[str, Any]:
    return {
        "law": broken.law,
        "what": broken.what,
        "likely": broken.likely,
        "also": list(broken.also),
        "text": str(broken),
    }


def as_text(found: Dict[str, Any]) -> str:
    """The result as a table for people."""
    from droidlet_laws.laws import table

    if found["verdict"] == "cannot be checked":
        return f"{found['component']} cannot be checked: {found['error']}"
    rows: List[Tuple[str, str, str]] = [(row["status"], row["law"], row["remark"]) for row in found["laws"]]
    head = found.get("headline") or found["component"]
    lines = [head, *table(rows)]
    if found["verdict"] == "broken":
        lines = [found["broken"]["text"], "", *table(rows)]  # the reason first
    return "\n".join(lines)


def _count(text: str) -> int:
    if not text.strip().isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of examples from 1, got {text!r}")
    return int(text)
