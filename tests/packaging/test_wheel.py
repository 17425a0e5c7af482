"""The wheel holds what it should, and a component lifted out of it works beside what it stands on."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from droidlet_style.packages import stands_on

ROOT = Path(__file__).resolve().parents[2]
COMPONENTS = sorted(p.name for p in (ROOT / "components").iterdir() if (p / "__init__.py").exists())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    unpacked = folder / "unpacked"
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        archive.extractall(unpacked)
    return unpacked


def test_the_wheel_holds_the_house_and_nothing_else(wheel: Path) -> None:
    tops = {p.name for p in wheel.iterdir() if not p.name.endswith(".dist-info")}

    assert tops == {"droidlet_style", *COMPONENTS}
    assert {p.name for p in (wheel / "droidlet_style" / "_agents").glob("*.py")} == {
        p.name for p in (ROOT / "agents").glob("*.py")
    }
    assert (wheel / "droidlet_style" / "_benchmarks" / "room.py").is_file()
    assert all((wheel / name / "py.typed").is_file() for name in tops)
    assert not list(wheel.rglob("__pycache__"))


ALONE = {
    "droidlet_memory": "from droidlet_memory import Memory; print(Memory.empty().revision)",
    "droidlet_dialog": (
        "from droidlet_dialog import DialogModel; from droidlet_schema import Chat;"
        "print(DialogModel()(Chat('me', 'go to the red chair', 0)).form)"
    ),
    "droidlet_tasks": "from droidlet_tasks import TaskStack; print(TaskStack())",
    "droidlet_data": (
        "from droidlet_data import ReplayBuffer; store = ReplayBuffer(5); store.insert({'a': 1});"
        "print(store.sample_latest(1)['a'])"
    ),
    "droidlet_perception": "from droidlet_perception import ObjectDetector; print(ObjectDetector())",
    "droidlet_interpreter": "from droidlet_interpreter import Interpreter; print(Interpreter())",
    "droidlet_simulators": (
        "from droidlet_simulators import RoomSimulator, make_scene; from droidlet_schema import Key;"
        "print(RoomSimulator().reset(make_scene(3), Key(0))[0]['robot'].pose)"
    ),
}


@pytest.mark.parametrize("package", sorted(ALONE))
def test_a_component_lifted_off_the_shelf_works_beside_the_ground(
    wheel: Path, package: str, tmp_path: Path
) -> None:
    needs = {package, *stands_on(package)}
    for name in needs:
        shutil.copytree(wheel / name, tmp_path / name)
    # -S: no .pth files, so that neither the checkout nor an installed copy can be imported
    code = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {sysconfig.get_paths()['purelib']!r},"
        f" {sysconfig.get_paths()['platlib']!r}]\n{ALONE[package]}\n"
        f"assert sys.modules['droidlet_schema'].__file__.startswith({str(tmp_path)!r})\n"
        f"assert {{n.partition('.')[0] for n in sys.modules if n.startswith('droidlet')}} <= {needs!r}"
    )

    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
