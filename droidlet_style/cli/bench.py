"""droidlet bench: runs the benchmarks and prints their ratios against the baselines that each names."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from droidlet_style.cli.places import programs

HELP = "run the benchmarks: ratios against named baselines, measured in the same run"
GROUPS = {"simulators": ("room", "worlds", "physics"), "transport": ("transport", "vector", "transitions")}
MISSING_EXTRA = "the extra 'bench' brings the baselines: pip install 'droidlet-style[bench]'"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which benchmarks, how thoroughly, and the file."""
    parser.add_argument(
        "names", metavar="NAME", nargs="*", help="which ones, or simulators or transport for theirs (all)"
    )
    parser.add_argument(
        "--json", metavar="FILE", help="write {name, machine, baselines, ratios}; of several: a list"
    )
    parser.add_argument(
        "--quick", action="store_true", help="fewer rounds: to see that it runs, not to quote"
    )
    parser.add_argument("--list", action="store_true", help="only print their names")


def run(arguments: argparse.Namespace) -> int:
    """Runs them one by one; one that fails does not hinder the others. 1 when one failed, 2 for a name that
    is not there.
    """
    known = programs("benchmarks")
    names = [one for name in arguments.names for one in GROUPS.get(name, (name,))]
    missing = [name for name in names if name not in known]
    if missing or not known:
        listed = f"there are {', '.join(known)}" if known else "none is installed"
        print(
            f"droidlet bench: there is no benchmark {', '.join(missing) or 'at all'}; {listed}",
            file=sys.stderr,
        )
        return 2
    if arguments.list:
        print("\n".join(known))
        return 0
    if arguments.json and not _writable(Path(arguments.json)):
        return 2
    results = [_one(name, known[name], arguments.quick) for name in dict.fromkeys(names or known)]
    told = [result for result in results if result is not None]
    if arguments.json and not _write(Path(arguments.json), told[0] if len(results) == 1 and told else told):
        return 1
    return 0 if len(told) == len(results) else 1


def machine() -> dict[str, Any]:
    """What was measured on."""
    from droidlet_style import build

    told = build.describe()
    kept = ("python", "numpy", "platform", "cpu_features_hash", "one_thread", "extras")
    allowed = getattr(os, "sched_getaffinity", None)  # a Mac has none
    cores = len(allowed(0)) if allowed else os.cpu_count()
    return {"cpu": _cpu_name(), "cores": cores, **{name: told[name] for name in kept}}


def _one(name: str, path: Path, quick: bool) -> dict[str, Any] | None:
    from droidlet_transport import LoadError, load

    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))  # what the benchmarks share lies beside them
    try:
        result: Mapping[str, Any] = load(f"{path}:run")(quick)
        _print(name, result)
        return _told(name, result)
    except LoadError as error:
        cause = error.__cause__
        sentence = str(cause) if isinstance(cause, ImportError) else str(error)
        print(f"droidlet bench: {name}: {sentence}", file=sys.stderr)
    except ImportError as error:
        print(f"droidlet bench: {name}: {error}; {MISSING_EXTRA}", file=sys.stderr)
    except Exception as error:
        traceback.print_exc()
        print(f"droidlet bench: {name} raised {type(error).__name__}", file=sys.stderr)
    return None


def _told(name: str, result: Mapping[str, Any]) -> dict[str, Any]:
    ratios = {key: float(value) for key, value in result["ratios"].items()}
    return {
        "name": result.get("name", name),
        "machine": machine(),
        "baselines": dict(result["baselines"]),
        "ratios": ratios,
    }


def _print(name: str, result: Mapping[str, Any]) -> None:
    ratios, aims = result["ratios"], result.get("aims", {})
    width = max([len(key) for key in (*ratios, *result.get("details", {}))] + [20])
    against = ", ".join(f"{who} {version}" for who, version in result["baselines"].items())
    print(f"\n{result.get('name', name)}" + (f"  against {against}" if against else ""))
    for key, value in ratios.items():
        print(f"  {key:<{width}} {value:>10.3f}{_aim(value, aims.get(key))}")
    for key, value in result.get("details", {}).items():
        print(f"    {key:<{width}} {_shown(value)}")


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "  ".join(f"{name} {_shown(part)}" for name, part in value.items())
    return f"{value:>10.3f}" if isinstance(value, float) else f"{value!s:>10}"


def _aim(value: float, aim: tuple[str, float] | None) -> str:
    if aim is None:
        return ""
    sign, bound = aim
    held = value <= bound if sign == "<=" else value >= bound
    return f"   aim {sign} {bound:g}: {'held' if held else 'MISSED'}"


def _writable(path: Path) -> bool:
    from droidlet_style.files import FolderError, ready_folder

    try:
        ready_folder(path.parent)
    except FolderError as error:
        print(f"droidlet bench: --json {error}", file=sys.stderr)
        return False
    if path.is_dir():
        print(f"droidlet bench: --json {path} is a folder", file=sys.stderr)
        return False
    return True


def _write(path: Path, found: Any) -> bool:
    from droidlet_style.files import told, write_whole

    try:
        write_whole(path.expanduser().absolute(), (json.dumps(found, indent=2, default=str) + "\n").encode())
    except OSError as error:
        print(f"droidlet bench: --json {told(error, path)}", file=sys.stderr)
        return False
    print(f"\nwritten to {path}")
    return True


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
