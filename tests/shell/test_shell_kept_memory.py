"""What a run leaves of its agent's memory, and what it leaves alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import pytest

from droidlet_memory import Memory
from droidlet_schema import MemoryNode, PutNode
from droidlet_style import Session
from shell.remembered import look
from shell.test_shell_session import Out


@attrs.frozen
class Holding:
    """A state with something beside the memory."""

    number: int
    inner: tuple[Any, ...] = ()


def after(number: int, memory: Memory | None = None) -> Memory:
    """So many commits."""
    memory = memory or Memory.empty()
    for n in range(number):
        memory = memory.commit([PutNode(MemoryNode(f"chat/{memory.revision}", "Chat", 0, n))])
    return memory


def finished(out: Path, state: Any) -> tuple[list[str], list[str]]:
    """The files that the summary of a run that ended in this state names, and what it noted."""

    class Noting:
        told: list[str] = []

        def note(self, text: str) -> None:
            self.told.append(text)

        def __getattr__(self, name: str) -> Any:
            return lambda *_: None

    out.mkdir(exist_ok=True)
    session, screen = Session(ticks=1, out=out, screen=Noting()), Noting()
    for _ in session.ticks(0.1):
        session.record((), Out(), state)
    told = session.finish()
    assert json.loads((out / "summary.json").read_text())["files"] == told["files"]
    assert all((out / name).is_file() for name in told["files"])
    return told["files"], [text for text in screen.told if "memory" in text]


def test_the_memory_of_the_last_state_is_kept_and_looked_at_by_its_folder(tmp_path: Path, capsys) -> None:
    out, memory = tmp_path / "o", after(3)
    files, noted = finished(out, Holding(1, (2, memory, after(1))))
    assert "memory.db" in files and not noted
    assert Memory.load(out / "memory.db") == memory
    assert look(out, "--type", "Chat") == 0
    assert "3 nodes of type Chat, at revision 3, the newest" in capsys.readouterr().out
    assert look(out, "--json") == 0
    assert json.loads(capsys.readouterr().out)["summary"]["file"] == str(out / "memory.db")


def test_it_takes_the_place_of_an_earlier_runs_and_goes_where_there_is_none(tmp_path: Path) -> None:
    for number in (3, 5):
        finished(tmp_path, Holding(1, (after(number),)))
        assert Memory.load(tmp_path / "memory.db") == after(number)
    files, noted = finished(tmp_path, Holding(1))
    assert "memory.db" not in files and not noted and not (tmp_path / "memory.db").exists()


def test_a_file_that_no_run_left_there_is_left_alone(tmp_path: Path) -> None:
    after(2).save(tmp_path / "memory.db")
    files, noted = finished(tmp_path, Holding(1, (after(4),)))
    assert "memory.db" not in files and len(noted) == 1 and "is there already" in noted[0]
    files, noted = finished(tmp_path, Holding(1))
    assert "memory.db" not in files and not noted
    assert Memory.load(tmp_path / "memory.db") == after(2)


def test_a_memory_that_has_a_file_of_its_own_stays_there(tmp_path: Path) -> None:
    out = tmp_path / "o"
    finished(out, Holding(1, (after(1),)))
    with Memory.open(path=tmp_path / "mine.memory") as memory:
        files, noted = finished(out, Holding(1, (after(2, memory),)))
        assert "memory.db" not in files and not noted and not (out / "memory.db").exists()
    finished(out, Holding(1, (after(1),)))
    with Memory.open(path=out / "memory.db") as memory:  # a run that goes on with what one before it left
        files, noted = finished(out, Holding(1, (after(2, memory),)))
        assert "memory.db" in files and not noted
    assert Memory.load(out / "memory.db").revision == 3


def test_one_that_is_open_in_no_file_is_saved_and_one_that_is_closed_is_told(tmp_path: Path) -> None:
    memory = after(2, Memory.open())
    assert memory.path is None and Memory.empty().path is None
    assert "memory.db" in finished(tmp_path, memory)[0]
    assert Memory.load(tmp_path / "memory.db") == memory
    memory.close()
    files, noted = finished(tmp_path, memory)
    assert "memory.db" not in files and "not open here" in noted[0]


@pytest.mark.parametrize("summary", ["", "{}", "[]", '{"files": 3}', '{"files": [3, null]}', "\ud800"])
def test_whatever_an_earlier_summary_says(tmp_path: Path, summary: str) -> None:
    (tmp_path / "summary.json").write_text(summary, errors="surrogatepass")
    after(2).save(tmp_path / "memory.db")
    assert "memory.db" not in finished(tmp_path, after(3))[0]
    assert Memory.load(tmp_path / "memory.db") == after(2)


def test_a_folder_that_no_run_wrote_to_is_told(tmp_path: Path, capsys) -> None:
    assert look(tmp_path) == 2
    assert (
        f"{tmp_path} is a folder, not the file of a memory, and a run left no memory.db"
        in capsys.readouterr().err
    )
