"""The folders that Habitat is started in: gone when closed, swept by the next start where a process was killed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

import pytest

from droidlet_simulators.habitat.files import Folder

MADE = """
import os, sys
from droidlet_simulators.habitat.files import Folder
folder = Folder()
with folder.working():
    print(folder.path, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path, monkeypatch):
    """Another process that has a folder, and the folder's path."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = os.pathsep.join([entry for entry in sys.path if entry])
    process = subprocess.Popen(
        [sys.executable, "-c", MADE],
        env={**os.environ, "PYTHONPATH": path, "TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None and process.stdout is not None
    yield process, process.stdout.readline().strip()
    process.kill()
    process.communicate()


def test_a_folder_is_there_for_as_long_as_its_process_and_no_longer(other, tmp_path):
    process, path = other
    mine = Folder()
    assert sorted(os.listdir(tmp_path)) == sorted(map(os.path.basename, (mine.path, path)))
    process.kill()
    process.wait()
    assert os.path.exists(os.path.join(path, "data"))
    another = Folder()
    assert sorted(os.listdir(tmp_path)) == sorted(map(os.path.basename, (mine.path, another.path)))
    for folder in (mine, another):
        folder.close()
        folder.close()
    assert os.listdir(tmp_path) == []


def test_a_folder_that_is_swept_before_it_is_locked_is_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    make, made = tempfile.mkdtemp, []

    def swept(*arguments, **options):
        made.append(make(*arguments, **options))
        if len(made) == 1:
            os.rmdir(made[0])
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", swept)
    folder = Folder()
    assert os.listdir(tmp_path) == [os.path.basename(folder.path)] and folder.path == made[1]
    folder.close()
