"""droidlet graph and droidlet bench, and what importing the shell costs."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def arrows(text: str) -> set[tuple[str, str]]:
    return set(re.findall(r"^\s+\"?([\w./]+)\"? -{1,2}> \"?([\w./]+)\"?;?$", text, re.M))


def test_the_graph_is_what_the_code_imports(droidlet) -> None:
    """Mermaid against the imports as the syntax trees have them, read here in the plainest way."""
    done = droidlet("graph")
    assert done.returncode == 0 and done.stdout.startswith("graph TD\n"), done.stderr
    expected = set()
    folders = [ROOT / "droidlet_style", *(ROOT / "components").glob("droidlet_*")]
    for folder in folders:
        for path in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
                tops = {name.partition(".")[0] for name in names}
                expected |= {(folder.name, t) for t in tops if t.startswith("droidlet_") and t != folder.name}
    shown = arrows(done.stdout)
    assert {edge for edge in shown if not edge[0].startswith("agents_")} == expected
    assert ("agents_robot_assistant", "droidlet_memory") in shown
    assert not any(imported.startswith("agents_") for _, imported in shown)


def test_dot_and_mermaid_show_the_same_graph(droidlet) -> None:
    mermaid, dot = droidlet("graph").stdout, droidlet("graph", "--format", "dot").stdout
    assert dot.startswith("digraph") and dot.rstrip().endswith("}")
    assert {(a.replace("/", "_"), b) for a, b in arrows(dot)} == arrows(mermaid)


def test_a_reader_of_the_graph_who_goes_away_sees_no_traceback() -> None:
    words = f"{sys.executable} -m droidlet_style graph --level 3 | head -1"
    done = subprocess.run(["sh", "-c", words], capture_output=True, text=True, timeout=60)
    assert done.stdout == "graph TD\n" and done.stderr == ""


def test_inside_a_package_and_deeper_levels(droidlet) -> None:
    inside = arrows(droidlet("graph", "--inside", "droidlet_schema", "--format", "dot").stdout)
    assert ("droidlet_schema.codec", "droidlet_schema.packing") in inside
    assert all(
        name.count(".") == 1 and name.startswith("droidlet_schema.") for edge in inside for name in edge
    )
    deeper = arrows(droidlet("graph", "--level", "2", "--format", "dot").stdout)
    assert ("droidlet_style.session", "droidlet_schema") in deeper
    assert ("droidlet_style.cli", "droidlet_style.session") in deeper


def test_without_grimp_the_extra_is_named(without) -> None:
    done = without("grimp", "graph")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.splitlines() == [
        "droidlet graph needs grimp, which the extra 'graph' brings: pip install 'droidlet-style[graph]'"
    ]


def test_without_a_baseline_the_extra_is_named(without) -> None:
    done = without("msgpack", "bench", "codec", "--quick")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr == (
        "droidlet bench: codec: msgpack; the extra 'bench' brings the baselines: "
        "pip install 'droidlet-style[bench]'\n"
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder that looks like a checkout, with benchmarks of its own."""
    (tmp_path / "droidlet_style").mkdir()
    shutil.copy(ROOT / "droidlet_style" / "__init__.py", tmp_path / "droidlet_style" / "__init__.py")
    (tmp_path / "pyproject.toml").write_text("")
    folder = tmp_path / "benchmarks"
    folder.mkdir()
    (folder / "_shared.py").write_text("ROUNDS = {True: 2, False: 9}\n")
    (folder / "fast.py").write_text(
        "from _shared import ROUNDS\n"
        "def run(quick):\n"
        "    return {'name': 'fast', 'baselines': {'slowlib': '1.2'},\n"
        "            'ratios': {'speed': 1.25, 'size': 3.0},\n"
        "            'details': {'rounds': ROUNDS[quick], 'median_ms': 0.5},\n"
        "            'aims': {'speed': ('>=', 1.0), 'size': ('<=', 2.0)}}\n"
    )
    (folder / "plain.py").write_text(
        "def run(quick):\n"
        "    return {'name': 'plain', 'baselines': {}, 'ratios': {'one': 1}, 'details': {}}\n"
    )
    (folder / "lame.py").write_text("import a_module_that_is_not_there\ndef run(quick): return {}\n")
    (folder / "broken.py").write_text("def run(quick): raise ValueError('it broke')\n")
    return tmp_path


@pytest.fixture
def bench(checkout: Path):
    """droidlet bench in that checkout, with the real package."""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        code = (
            "import sys; sys.path = [p for p in sys.path if p]\n"
            "from droidlet_style.cli.main import main; sys.exit(main(sys.argv[1:]))"
        )
        return subprocess.run(
            [sys.executable, "-c", code, "bench", *words],
            cwd=checkout,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


def test_one_benchmark_prints_a_table_and_writes_one_object(bench, checkout: Path) -> None:
    done = bench("fast", "--quick", "--json", "deep/out.json")
    assert done.returncode == 0, done.stderr
    for wanted in ("fast  against slowlib 1.2", "1.250   aim >= 1: held", "3.000   aim <= 2: MISSED"):
        assert wanted in done.stdout
    assert re.search(r"rounds +2$", done.stdout, re.M) and re.search(r"median_ms +0.500$", done.stdout, re.M)
    told = json.loads((checkout / "deep" / "out.json").read_text())
    assert list(told) == ["name", "machine", "baselines", "ratios"]
    assert told["name"] == "fast" and told["baselines"] == {"slowlib": "1.2"}
    assert told["ratios"] == {"speed": 1.25, "size": 3.0}
    assert (
        told["machine"]["numpy"] and told["machine"]["cores"] >= 1 and told["machine"]["one_thread"] is True
    )


def test_several_write_a_list_and_one_that_fails_hinders_no_other(bench, checkout: Path) -> None:
    done = bench("fast", "lame", "broken", "plain", "--json", "out.json")
    assert done.returncode == 1
    assert [told["name"] for told in json.loads((checkout / "out.json").read_text())] == ["fast", "plain"]
    assert "lame: " in done.stderr and "a_module_that_is_not_there" in done.stderr
    assert "ValueError: it broke" in done.stderr


def test_the_names_are_listed_without_helpers(bench) -> None:
    assert bench("--list").stdout.split() == ["broken", "fast", "lame", "plain"]


def test_the_projects_own_benchmarks_are_found(droidlet) -> None:
    assert "room" in droidlet("bench", "--list").stdout.split()


def test_the_room_is_told_with_medians_and_p95(droidlet) -> None:
    done = droidlet("bench", "room", "--quick")
    assert done.stdout.count("median_ms") == done.stdout.count("p95_ms") >= 2, done.stdout + done.stderr


def test_a_machine_without_affinity_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from droidlet_style.cli import bench

    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert bench.machine()["cores"] == os.cpu_count()


def test_a_file_that_cannot_be_written_is_refused_before_anything_runs(bench, checkout: Path) -> None:
    for name in ("pyproject.toml/out.json", "benchmarks"):
        done = bench("fast", "--json", name)
        assert done.returncode == 2 and done.stdout == "" and len(done.stderr.splitlines()) == 1


def test_importing_the_shell_loads_next_to_nothing() -> None:
    """What `import droidlet_style` brings beyond its base dependencies: itself."""
    code = (
        "import sys, numpy, attrs, anyio, zmq, msgspec; before = set(sys.modules)\n"
        "import droidlet_style; print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd="/")
    assert done.stdout.split() == ["droidlet_style"]


def test_overview_and_parsing_need_no_numpy() -> None:
    code = (
        "import sys; from droidlet_style.cli.main import main; main([]); main(['artifacts', 'where'])\n"
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60).returncode == 0


def test_threads_are_pinned_before_numpy_comes() -> None:
    code = (
        "import os, sys; from droidlet_style.cli.main import main; main(['--version'])\n"
        "from droidlet_style import threads; assert 'numpy' not in sys.modules and threads.pinned()\n"
        "print(*sorted({os.environ[name] for name in threads.VARIABLES}))"
    )
    env = {**os.environ, "OMP_NUM_THREADS": "7", "OPENBLAS_NUM_THREADS": "3"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=env)
    assert done.stdout.split()[-1] == "1" and done.returncode == 0, done.stderr


def test_a_name_that_the_shell_does_not_have() -> None:
    import droidlet_style

    assert {"Session", "set_artifact_dir", "get_artifact_dir"} <= set(dir(droidlet_style))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        droidlet_style.nothing  # noqa: B018
    assert all(hasattr(droidlet_style, name) for name in droidlet_style.__all__)


def test_a_group_of_benchmarks_stands_for_its_members(droidlet) -> None:
    done = droidlet("bench", "simulators", "--list")
    assert done.returncode == 0, done.stderr
    assert droidlet("bench", "no_such_group").returncode == 2
