"""A component that is copied out needs what the documents say, says what is missing, and one command copies it."""

from __future__ import annotations

import argparse
import errno
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from droidlet_style.cli import lift
from droidlet_style.packages import FOR_TESTS, packages, stands_on

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(p.parent.name for p in (ROOT / "components").glob("*/__init__.py"))
NEEDS = {name: stands_on(name) for name in NAMES}
LEFT_OUT = [(name, g) for name in NAMES for g in NEEDS[name] if g != "droidlet_schema"]
LEFT_OUT.append(("droidlet_dialog", "droidlet_schema"))
LICENCE = (ROOT / "LICENSE").read_bytes()


def droidlet(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "droidlet_style", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def alone(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Runs a program that finds third-party packages, and of ours what lies in a folder, nothing else."""
    paths = [str(folder), sysconfig.get_paths()["purelib"], sysconfig.get_paths()["platlib"]]
    code = f"import sys; sys.path[:0] = {paths}\n{code}"  # -S: no .pth files, so no checkout
    command = [sys.executable, "-I", "-S", "-B", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=folder)


def copied(names: tuple[str, ...], folder: Path) -> Path:
    for name in names:
        shutil.copytree(ROOT / "components" / name, folder / name)
    return folder


def table_of(page: str) -> dict[str, tuple[str, ...]]:
    """The rows "component | folders beside it | ..." of a page; a row may speak of several components."""
    found: dict[str, tuple[str, ...]] = {}
    _, _, below = (ROOT / page).read_text().partition("| copy | and, beside it |")
    assert below, page
    for row in re.findall(r"^\|(.*)\|$", below.partition("\n\n")[0], re.M):
        first, second = row.split("|")[:2]
        beside = tuple(re.findall(r"`(droidlet_\w+)`", second))
        found |= dict.fromkeys(re.findall(r"`(droidlet_\w+)`", first), beside)
    return found


def test_the_table_of_folders_is_what_the_code_imports() -> None:
    found = table_of("docs/own_component.md")
    assert {name: tuple(sorted(beside)) for name, beside in found.items()} == NEEDS


@pytest.mark.parametrize("name", NAMES)
def test_each_packages_own_words_are_what_it_imports(name: str) -> None:
    text = (ROOT / "components" / name / "__init__.py").read_text()
    said = re.search(r"^Needs beside it: (.*)\.$", text, re.M)

    assert said and said[1] == (", ".join(NEEDS[name]) or "nothing")


@pytest.mark.parametrize(("name", "left_out"), LEFT_OUT)
def test_a_folder_left_out_is_named_in_one_sentence(name: str, left_out: str, tmp_path: Path) -> None:
    folder = copied(tuple(n for n in (name, *NEEDS[name]) if n != left_out), tmp_path)
    done = alone(folder, f"import {name}")

    sentence = f"ModuleNotFoundError: {name} stands on {left_out}: copy that folder beside it, or pip install"
    if left_out == "droidlet_schema":  # nothing of ours is there to say it better than Python
        sentence = "ModuleNotFoundError: No module named 'droidlet_schema'"
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(sentence)
    assert done.stderr.count("Traceback") == 1 and done.stderr.count("Error: ") == 1


def test_another_package_that_is_missing_is_left_to_python(tmp_path: Path) -> None:
    folder = copied(("droidlet_tasks", "droidlet_geometry", "droidlet_schema"), tmp_path)
    (folder / "droidlet_geometry" / "__init__.py").write_text("import no_such_package\n")
    done = alone(folder, "import droidlet_tasks")

    assert done.stderr.splitlines()[-1] == "ModuleNotFoundError: No module named 'no_such_package'"


def test_a_suite_for_tests_says_what_it_needs_besides(tmp_path: Path) -> None:
    folder = copied(("droidlet_simulators", *NEEDS["droidlet_simulators"]), tmp_path)
    done = alone(folder, "import droidlet_simulators.conformance")

    assert done.stderr.splitlines()[-1].startswith(
        "ModuleNotFoundError: droidlet_simulators.conformance stands on droidlet_laws: copy that folder"
    )


def contents(folder: Path) -> dict[Path, bytes]:
    paths = (p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return {path.relative_to(folder): path.read_bytes() for path in paths}


@pytest.mark.parametrize("name", NAMES)
def test_lift_copies_a_component_and_exactly_the_ground_on_which_all_its_modules_work(
    name: str, tmp_path: Path
) -> None:
    lift.lift([name, *NEEDS[name]], tmp_path)

    assert {p.name for p in tmp_path.iterdir()} == {name, *NEEDS[name]}
    for package in (name, *NEEDS[name]):
        expected = {**contents(ROOT / "components" / package), Path("LICENSE"): LICENCE}
        assert contents(tmp_path / package) == expected
    paths = [path.relative_to(tmp_path).with_suffix("") for path in sorted((tmp_path / name).rglob("*.py"))]
    modules = [
        ".".join(path.parts).removesuffix(".__init__") for path in paths if FOR_TESTS not in path.parts
    ]
    done = alone(tmp_path, "".join(f"import {m}\n" for m in modules) + f"print({name}.__file__)")
    assert done.stdout.strip() == str(tmp_path / name / "__init__.py"), done.stderr


def test_the_command_says_what_it_copied_and_what_pip_has_to_bring(tmp_path: Path) -> None:
    done = droidlet("lift", "tasks", "--to", tmp_path / "parts")
    assert done.returncode == 0 and done.stderr == ""

    head, *rows, always, tests, where = done.stdout.splitlines()
    assert head == f"in {tmp_path / 'parts'}:"
    assert [row.split()[:2] for row in rows] == [
        [name, "copied,"] for name in ("droidlet_tasks", "droidlet_geometry", "droidlet_schema")
    ]
    assert rows[1].endswith("; droidlet_tasks stands on it")
    versions = {re.split("[><=;]", text)[0]: text for text in importlib.metadata.requires("droidlet-style")}
    needed = " ".join(f"'{versions[name]}'" for name in ("attrs", "msgspec", "numpy"))
    assert always == "they need: pip install " + needed
    assert tests == f"for property tests: pip install '{versions['hypothesis'].partition(';')[0].strip()}'"
    assert where.endswith(f"PYTHONPATH={tmp_path / 'parts'}")
    assert lift.requirements(["droidlet_geometry"]) == ([versions["numpy"]], [], [])
    ground = [versions[name] for name in ("anyio", "attrs", "msgspec", "numpy", "pyzmq")]
    extras = [versions[name].partition(";")[0].strip() for name in ("gymnasium", "lz4")]
    assert lift.requirements(["droidlet_transport"]) == (ground, [], extras)  # none of them is for tests


def test_lifting_again_leaves_what_is_there_and_refuses_what_differs(tmp_path: Path) -> None:
    assert droidlet("lift", "dialog", "--to", tmp_path).returncode == 0
    alone(tmp_path, "import droidlet_dialog")
    again = droidlet("lift", "dialog", "memory", "--to", tmp_path)
    assert again.returncode == 0
    assert again.stdout.count("there already, the same") == 2 and again.stdout.count("copied") == 1

    (tmp_path / "droidlet_schema" / "key.py").write_text("mine\n")
    before = contents(tmp_path)
    refused = droidlet("lift", "tasks", "--to", tmp_path)
    assert refused.returncode == 2 and refused.stdout == ""
    assert refused.stderr == (
        f"droidlet lift: {tmp_path / 'droidlet_schema'} is there and holds something else: take it away first\n"
    )
    assert contents(tmp_path) == before


def test_what_cannot_be_lifted_is_told_in_one_sentence(tmp_path: Path) -> None:
    for name in ("dialogue", "droidlet_style", "", "../droidlet_schema"):
        done = droidlet("lift", name, "--to", tmp_path / "no")
        assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
        assert f"there is no component {name!r}" in done.stderr
    assert "did you mean droidlet_dialog?" in droidlet("lift", "dialogue", "--to", tmp_path).stderr
    file = tmp_path / "file"
    file.write_text("")
    done = droidlet("lift", "dialog", "--to", file)
    assert done.returncode == 1 and done.stderr.startswith(f"droidlet lift: {file}")
    (tmp_path / "droidlet_dialog").write_text("")
    done = droidlet("lift", "dialog", "--to", tmp_path)
    assert done.returncode == 2 and "is there and is no folder" in done.stderr
    assert not (tmp_path / "no").exists() and not (tmp_path / "droidlet_schema").exists()


def test_a_disk_that_is_full_leaves_no_half_of_a_package_and_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write, written = Path.write_bytes, []

    def full(path: Path, content: bytes) -> int:
        written.append(path)
        if len(written) > 10:
            raise OSError(
                errno.ENOSPC, os.strerror(errno.ENOSPC)
            )  # which names no file, as a disk's own does
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    target = tmp_path / "their" / "parts"
    assert lift.run(argparse.Namespace(names=["geometry"], to=target)) == 1
    assert capsys.readouterr().err == (
        f"droidlet lift: {target}: {os.strerror(errno.ENOSPC)}; nothing was copied\n"
    )
    assert written and not target.parent.exists()


def test_a_checkout_that_is_only_imported_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lift, "DISTRIBUTION", "droidlet-of-nobody")
    assert lift.run(argparse.Namespace(names=["dialog"], to=tmp_path / "parts")) == 1
    assert capsys.readouterr().err == (
        "droidlet lift: droidlet-of-nobody is not installed, only imported: pip install it\n"
    )
    assert not (tmp_path / "parts").exists()


def test_the_shell_can_be_asked_from_code(tmp_path: Path) -> None:
    done = lift.lift(["droidlet_geometry"], tmp_path)

    assert list(done) == ["droidlet_geometry"] and done["droidlet_geometry"].startswith("copied, ")
    assert set(packages()) == {"droidlet_style", *NAMES}
