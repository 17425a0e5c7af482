"""droidlet check: tries a component against every law and prints what held."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any, Dict, List, Tuple

from droidlet_style.artifacts import ArtifactError, get_artifact_dir

HELP = "try a component against every law"
OK, BROKEN, NOT_CHECKABLE = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what `droidlet check` takes."""
    parser.add_argument("component", help="module:name or file.py:name of a component or of what makes one")
    parser.add_argument(
        "--inputs", metavar="NAME", help="module:name or file.py:name of a strategy or a sequence of inputs"
    )
    parser.add_argument("--examples", type=_count, default=50, help="examples to try (default 50)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the key and of the examples (default 0)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")


def run(arguments: argparse.Namespace) -> int:
    """Checks; returns 0 where every law tried held, 1 where one is broken, 2 where it cannot be checked."""
    _keep_folder_clean()
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())  # so that module:name finds what lies here, as python -m does
    for name in (arguments.component, arguments.inputs or ""):
        _find_siblings(name)
    found = check(arguments.component, arguments.inputs, arguments.examples, arguments.seed)
    print(json.dumps(found, indent=2, ensure_ascii=False) if arguments.json else as_text(found))
    return {"held": OK, "broken": BROKEN}.get(found["verdict"], NOT_CHECKABLE)


def _find_siblings(name: str) -> None:
    """Lets a file import what lies beside it, as a script does; last on the path, so that it hides nothing."""
    file = Path(name.rpartition(":")[0] or name).expanduser()
    folder = str(file.resolve().parent)
    if file.suffix == ".py" and file.is_file() and folder not in sys.path:
        sys.path.append(folder)


def _keep_folder_clean() -> None:
    """Lets Hypothesis keep its tables with the artifacts rather than in the folder where one happens to be."""
    if "hypothesis" not in sys.modules:
        try:
            os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(get_artifact_dir() / "hypothesis"))
        except ArtifactError:
            return  # no home and no setting: then it lies where Hypothesis puts it


def check(component: str, inputs: Any, examples: int, seed: int) -> Dict[str, Any]:
    """The result of one check as plain data: verdict, laws with status and remark, and what is broken or in
    the way.
    """
    from droidlet_laws import LawBroken, NotCheckable, check_component
    from droidlet_schema import Key

    found: Dict[str, Any] = {
        "component": component,
        "verdict": "held",
        "kind": "",
        "calls": 0,
        "refused": 0,
        "laws": [],
    }
    try:
        report = check_component(component, inputs, key=Key(seed), examples=examples)
    except NotCheckable as error:
        return {**found, "verdict": "cannot be checked", "error": str(error)}
    except LawBroken as broken:
        return {**found, "verdict": "broken", "laws": _broken_laws(broken), "broken": _broken(broken)}
    except Exception as error:  # the component upset the check itself: that is no broken law
        text = f"the check itself failed with {type(error).__name__}: {' '.join(str(error).split())[:200]}"
        return {**found, "verdict": "cannot be checked", "error": text}
    numbers = {
        "kind": report.kind,
        "calls": report.calls,
        "refused": report.refused,
        "headline": report.headline,
    }
    return {**found, **numbers, "laws": _laws(report)}


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
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"at least 1 example is needed, got {text}")
    return number
