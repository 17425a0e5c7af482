"""The import graph and the house rules hold, and each rule can fail."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, Iterator

import pytest

from architecture import scan

ROOT = Path(__file__).resolve().parents[2]
CHECKS: dict[str, Callable[[Path], list[str]]] = {
    "loading": scan.loading_elsewhere,
    "copies": scan.copies_of_components,
    "agents": scan.agents_importing_agents,
    "agents below": scan.agents_below,
    "impure": scan.impure,
    "asserts": scan.asserts,
    "folders": scan.unplaced_folders,
}


@pytest.fixture(scope="module", autouse=True)
def trees() -> Iterator[None]:
    """The syntax trees of the house are kept for as long as these tests."""
    yield
    scan.parsed.cache_clear()


@pytest.mark.parametrize("check", CHECKS)
def test_the_house_keeps_its_rules(check: str) -> None:
    assert CHECKS[check](ROOT) == []


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house without its tests, to plant violations in."""
    root = tmp_path_factory.mktemp("house")
    ignore = shutil.ignore_patterns("__pycache__", ".venv", ".git")
    for folder in ("components", "droidlet_style", "agents", "benchmarks"):
        shutil.copytree(ROOT / folder, root / folder, ignore=ignore)
    (root / "tests").mkdir()
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


@pytest.fixture(scope="module")
def frame(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of the house and its agents, nothing else, to plant in what a rule has to see."""
    root = tmp_path_factory.mktemp("frame")
    for folder in ("components", "droidlet_style", "benchmarks", "tests"):
        for path in (ROOT / folder).rglob("__init__.py"):
            made = root / path.relative_to(ROOT)
            made.parent.mkdir(parents=True, exist_ok=True)
            made.touch()
    for folder in ("droidlet_style", "benchmarks", "tests"):
        (root / folder).mkdir(exist_ok=True)
    shutil.copytree(ROOT / "agents", root / "agents", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


PLANTED = [
    ("loading", "components/droidlet_memory/planted.py", "import importlib\n"),
    ("loading", "droidlet_style/planted.py", "from importlib import import_module\n"),
    ("loading", "droidlet_style/planted.py", "module = __import__('droidlet_memory')\n"),
    ("loading", "droidlet_style/planted.py", "import runpy\n"),
    ("copies", "droidlet_style/planted.py", "import components.droidlet_memory\n"),
    ("copies", "agents/planted.py", "from components.droidlet_memory import Memory\n"),
    ("agents", "agents/planted.py", "import robot_assistant\n"),
    ("agents", "agents/planted.py", "from robot_assistant import tick\n"),
    ("agents", "agents/planted.py", "import agents.robot_assistant\n"),
    ("agents", "agents/planted.py", "from agents import robot_assistant\n"),
    ("agents", "agents/planted.py", "from . import robot_assistant\n"),
    ("agents", "agents/planted.py", "from .robot_assistant import tick\n"),
    ("agents", "agents/planted.py", "def f():\n    from droidlet_style._agents import robot_assistant\n"),
    ("agents", "agents/planted.py", "name = 'agents/robot_assistant.py:tick'\n"),
    ("agents", "agents/planted.py", "name = 'robot_assistant:tick'\n"),
    ("agents below", "droidlet_style/cli/planted.py", "import agents.robot_assistant\n"),
    ("agents below", "droidlet_style/planted.py", "from droidlet_style._agents import robot_assistant\n"),
    (
        "agents below",
        "components/droidlet_tasks/planted.py",
        "def f():\n    from agents import robot_assistant\n",
    ),
    ("impure", "components/droidlet_tasks/planted.py", "import time\nnow = time.time\n"),
    ("impure", "components/droidlet_dialog/planted.py", "def f():\n    from time import perf_counter as p\n"),
    ("impure", "components/droidlet_dialog/planted.py", "import random\n"),
    ("impure", "components/droidlet_dialog/planted.py", "import os\nhome = os.environ\n"),
    ("impure", "components/droidlet_memory/planted.py", "def f(path):\n    return open(path)\n"),
    ("impure", "components/droidlet_memory/planted.py", "import sqlite3\n"),
    ("impure", "components/droidlet_memory/store/planted.py", "import os\n"),
    ("impure", "components/droidlet_perception/planted.py", "import numpy as np\nx = np.random.rand(3)\n"),
    ("impure", "components/droidlet_perception/planted.py", "from numpy.random import standard_normal\n"),
    ("impure", "components/droidlet_perception/planted.py", "from numpy import random\n"),
    (
        "impure",
        "components/droidlet_simulators/room/planted.py",
        "import numpy as np\nx = np.random.PCG64()\n",
    ),
    ("impure", "components/droidlet_simulators/planted.py", "import numpy as np\nx = np.load('x.npy')\n"),
    ("impure", "components/droidlet_interpreter/planted.py", "n = 0\ndef f():\n    global n\n    n += 1\n"),
    ("impure", "components/droidlet_geometry/planted.py", "import socket\n"),
    ("asserts", "components/droidlet_tasks/planted.py", "def f(x):\n    assert x\n"),
    ("folders", "components/droidlet_planted/__init__.py", ""),
]


@pytest.mark.parametrize(("check", "where", "text"), PLANTED)
def test_each_rule_sees_its_violation(frame: Path, check: str, where: str, text: str) -> None:
    planted = frame / where
    made = not planted.parent.exists()
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(text)
    try:
        found = CHECKS[check](frame)
    finally:
        planted.unlink()
        if made:
            planted.parent.rmdir()

    assert any(planted.stem in line or planted.parent.name in line for line in found), found


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Runs the import contracts over a copy of the house."""
    code = (
        "import sys; sys.path[:0] = [sys.argv[1], sys.argv[1] + '/components']\n"
        "from importlinter.cli import lint_imports\n"
        "sys.exit(lint_imports(config_filename=sys.argv[1] + '/pyproject.toml', no_cache=True))"
    )
    command = [sys.executable, "-c", code, str(root)]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=False)


def test_the_import_contracts_are_kept(copy: Path) -> None:
    done = lint(copy)

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


CONTRACT_VIOLATIONS = [
    ("droidlet_memory", "import droidlet_dialog\n", "house"),
    ("droidlet_memory", "def f():\n    from droidlet_dialog import DialogModel\n", "house"),
    ("droidlet_schema", "import droidlet_geometry\n", "house"),
    ("droidlet_tasks", "import droidlet_laws\n", "run time"),
    ("droidlet_style", "import droidlet_memory\n", "by name only"),
    ("droidlet_interpreter", "import time\n", "no clock"),
    ("droidlet_laws", "import droidlet_geometry\n", "The laws stand"),
    ("droidlet_schema/records", "from droidlet_schema.codec import encode\n", "Inside the schema"),
    ("droidlet_geometry", "import droidlet_transport\n", "run time"),
]


@pytest.mark.parametrize(("package", "text", "contract"), CONTRACT_VIOLATIONS)
def test_each_contract_breaks_on_its_violation(copy: Path, package: str, text: str, contract: str) -> None:
    folder = copy / package if package == "droidlet_style" else copy / "components" / package
    planted = folder / "planted.py"
    planted.write_text(text)
    try:
        done = lint(copy)
    finally:
        planted.unlink()

    assert done.returncode != 0
    verdicts = re.findall(r"(.*?) (KEPT|BROKEN)", " ".join(done.stdout.split()))  # long names are wrapped
    assert any(contract in name for name, verdict in verdicts if verdict == "BROKEN"), done.stdout[-3000:]


PACKAGES = sorted(p.name for p in (ROOT / "components").iterdir() if (p / "__init__.py").exists())
GROUND = {"droidlet_schema", "droidlet_geometry"}


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_one_component_loads_only_it_and_the_ground(package: str) -> None:
    code = (
        f"import sys, {package}\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules if name.startswith('droidlet')}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert package in loaded
    allowed = GROUND | {package} | ({"droidlet_transport"} if package == "droidlet_laws" else set())
    assert loaded <= allowed


def test_agents_stay_a_page() -> None:
    for path in (ROOT / "agents").glob("*.py"):
        assert len(path.read_text().splitlines()) <= 220, path.name


def test_public_names_are_what_all_says() -> None:
    code = (
        "import sys, types\n"
        "for package in sys.argv[1:]:\n"
        "    module = __import__(package)\n"
        "    public = {n for n, v in vars(module).items() if not n.startswith('_')"
        " and not isinstance(v, types.ModuleType) and n != 'annotations'}\n"
        "    print(package, *sorted(public ^ set(module.__all__)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *PACKAGES], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if " " in line] == []
