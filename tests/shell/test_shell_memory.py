"""droidlet memory: what it says in a terminal and to programs, and how it refuses."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from droidlet_memory import Memory, NodeType, Schema
from droidlet_memory.nodes import Chat, Program, memory_node
from droidlet_schema import Command, MemoryNode, PutNode, SayForm, encode
from droidlet_style.cli.memories.tables import fitted, table, wide
from droidlet_style.cli.memories.values import cut, moment, plain, short, size
from shell.conftest import command, environment
from shell.remembered import COMMITS, look, written


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("kept") / "home.memory")


def cells(line: str) -> list[str]:
    return [cell for cell in line.split("  ") if cell]


def test_the_summary_says_what_it_is_and_what_it_holds(file: Path, capsys) -> None:
    assert look(file) == 0
    lines = capsys.readouterr().out.splitlines()
    with Memory.open(path=file, read_only=True) as memory:
        assert lines[0] == f"4 nodes, at revision {len(COMMITS)}, the newest"
        told = {one[0].strip(): one[1].strip() for one in map(cells, lines[1:7])}
        assert told["digest"] == memory.digest and told["schemas"] == ", ".join(memory.schema.names)
    assert told["history"] == "revisions 0 to 5" and told["commits"] == "1 s to 9 s"
    assert str(file) in told["file"] and told["file"].endswith("KiB")
    assert {one[0]: one[1].strip() for one in map(cells, lines[9:])} == {
        "DetectedObject": "1", "Player": "1", "ReferenceObject": "2",
    }  # fmt: skip


def test_a_node_is_told_with_its_arrays_in_short_and_its_triples(file: Path, capsys) -> None:
    assert look(file, "--node", "object/2") == 0
    shown = capsys.readouterr().out
    for wanted in ("object/2\n", "DetectedObject (ReferenceObject", "3.00 -1.00 0.50", "float32 6, 0 to 5"):
        assert wanted in shown
    assert ["has_colour", "brown", "-"] in [[c.strip() for c in cells(x)] for x in shown.splitlines()]


def test_what_something_was_understood_as_is_shown(tmp_path: Path, capsys) -> None:
    program = Program("program/1", logical_form=Command((SayForm("hello"),)))
    with Memory.open(path=tmp_path / "m") as memory:
        memory.commit([PutNode(memory_node(program))])
    assert look(tmp_path / "m", "--node", "program/1") == 0
    assert "SayForm(text='hello')" in capsys.readouterr().out
    assert look(tmp_path / "m", "--node", "program/1", "--json") == 0
    told = json.loads(capsys.readouterr().out)["node"]["properties"]["logical_form"]
    assert told["record"] == repr(program.logical_form) and told["bytes"] > 0


def test_the_texts_of_a_node_are_in_its_row(tmp_path: Path, capsys) -> None:
    """A list of chats said who spoke, and not what."""
    with Memory.open(path=tmp_path / "m") as memory:
        memory.commit([PutNode(memory_node(Chat("chat/1", text="come here", speaker="player/1")))])
    assert look(tmp_path / "m", "--type", "Chat") == 0
    assert "player/1, come here" in capsys.readouterr().out


@given(st.binary(max_size=200) | st.just(bytes(encode((bytes(encode((1, 2))[0]),))[0])))
def test_bytes_that_are_no_record_are_told_by_their_number(data: bytes) -> None:
    assert plain(data) == {"bytes": len(data)}


def test_the_history_of_a_node_says_what_changed(file: Path, capsys) -> None:
    assert look(file, "--node", "object/1", "--history") == 0
    shown = capsys.readouterr().out
    assert "first known" in shown and "place_m 1.00 2.00 0.50 -> 1.50 2.00 0.50" in shown
    assert "+ has_tag broken" in shown


def test_what_is_forgotten_has_a_history_still(file: Path, capsys) -> None:
    assert look(file, "--node", "player/2", "--history") == 0
    assert "player/2 is forgotten" in capsys.readouterr().out
    assert look(file, "--node", "player/2") == 2
    assert "it was written at revision 1 (--at)" in capsys.readouterr().err


def test_the_nodes_of_a_type_and_those_below_it(file: Path, capsys) -> None:
    assert look(file, "--type", "ReferenceObject", "--limit", 3) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("4 nodes of type ReferenceObject")
    assert [cells(line)[0] for line in lines[2:5]] == ["object/1", "object/2", "object/3"]
    assert lines[5] == "  ... and 1 more (--limit 4 shows all)"


@pytest.mark.parametrize("when", [("--at", 1), ("--at-time", 1.5)])
def test_an_older_moment_is_shown_as_it_was(file: Path, capsys, when: tuple[str, object]) -> None:
    assert look(file, *when) == 0
    assert capsys.readouterr().out.startswith("3 nodes, at revision 1 of 5, 1 s\n")
    assert look(file, "--node", "object/1", *when) == 0
    assert "1.00 2.00 0.50" in capsys.readouterr().out


@pytest.mark.parametrize("when", [("--at", 0), ("--at-time", 0)])
def test_before_the_first_commit_there_is_nothing(file: Path, capsys, when: tuple[str, object]) -> None:
    assert look(file, *when) == 0
    assert capsys.readouterr().out.startswith("0 nodes, at revision 0 of 5\n")


def test_programs_are_told_the_same_as_people(file: Path, capsys) -> None:
    assert look(file, "--json") == 0
    told = json.loads(capsys.readouterr().out)["summary"]
    assert told["nodes"] == 4 and told["counts"]["ReferenceObject"] == 2 and told["last_ns"] == 9 * 10**9
    assert look(file, "--node", "object/2", "--history", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["node"]["properties"]["features"] == {
        "array": "float32",
        "shape": [6],
        "min": 0.0,
        "max": 5.0,
    }
    assert [one["revision"] for one in told["history"]] == [2, 4]
    assert look(file, "--type", "Player", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["count"] == 1 and [node["id"] for node in told["nodes"]] == ["player/1"]


def test_no_text_of_a_memory_reaches_the_terminal_as_a_command(file: Path, capsys) -> None:
    for words in (("--type", "Player"), ("--node", "player/2"), ("--node", "player/2", "--history")):
        assert look(file, "--at", 1, *words) == 0
        shown = capsys.readouterr().out
        assert "\x1b" not in shown and "an [31mne marie" in shown


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--node", "object/11"], "there is no node 'object/11' at revision 5; did you mean object/1?"),
        (["--node", "chair"], "there is no node 'chair' at revision 5; object/1, object/3 are called so"),
        (["--node", "object/3", "--at", 2], "there is no node 'object/3' at revision 2; it was written at revision 5"),
        (["--type", "Playr"], "there is no node type 'Playr'; did you mean Player?"),
        (["--at", 6], "revision 6: this memory has the revisions 0 to 5"),
        (["--at", "-1"], "expected a whole number from 0, got '-1'"),
        (["--at", 1, "--at-time", 2], "not allowed with argument --at"),
        (["--at-time", "nan"], "--at-time: expected seconds, got 'nan'"),
        (["--node", "object/1", "--type", "Player"], "not allowed with argument --node"),
        (["--history"], "--history tells of one node"),
        (["--at-time", "1e300"], "--at-time: expected seconds, got '1e300'"),
        (["--html", "."], "--html . is a folder"),
    ],
)  # fmt: skip
def test_one_sentence(file: Path, capsys, words: list[object], wanted: str) -> None:
    assert look(file, *words) == 2
    out, err = capsys.readouterr()
    assert out == "" and len(err.splitlines()) == 1 and wanted in err, err


def test_files_that_are_no_memory(file: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "text").write_text("a shopping list, and no memory at all\n" * 30)
    (tmp_path / "empty").write_bytes(b"")
    sqlite3.connect(tmp_path / "other").execute("CREATE TABLE t(a)").connection.close()
    (tmp_path / "torn").write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    for name in ("missing", "text", "empty", "other", "torn", ".", ":memory:"):
        assert look(tmp_path / name if name != ":memory:" else name) == 2, name
        out, err = capsys.readouterr()
        assert out == "" and len(err.splitlines()) == 1 and err.startswith("droidlet memory: "), err
        assert "Traceback" not in err and name.strip(".:") in err
    assert not os.path.exists(":memory:") and not (tmp_path / "missing").exists()


def test_a_page_in_the_middle_of_the_file_is_damaged(file: Path, tmp_path: Path, capsys) -> None:
    content = bytearray(file.read_bytes())
    for start in range(4096, len(content), 8192):
        content[start : start + 4096] = b"\xff" * 4096
    (tmp_path / "damaged").write_bytes(content)
    assert look(tmp_path / "damaged") == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@given(spots=st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 255)), min_size=1, max_size=60))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_is_damaged_there_is_an_answer_or_one_sentence(
    file: Path, spots, tmp_path: Path, capsys
) -> None:
    content = bytearray(file.read_bytes())
    for place, flipped in spots:
        content[place % len(content)] ^= flipped
    (tmp_path / "damaged").write_bytes(content)
    for words in ((), ("--node", "object/1", "--history"), ("--html", tmp_path / "page.html")):
        assert look(tmp_path / "damaged", *words) in (0, 2)
        assert len(capsys.readouterr().err.splitlines()) <= 1


def test_looking_changes_nothing_and_hinders_no_writer(tmp_path: Path, capsys) -> None:
    path = written(tmp_path / "home.memory")
    code = (
        "import sys; from droidlet_memory import Memory; from droidlet_schema import Attend\n"
        "memory = Memory.open(path=sys.argv[1])\n"
        "for line in sys.stdin:\n"
        "    memory = memory.commit([Attend('object/1', int(line))])\n"
        "    print(memory.revision, flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdin and writer.stdout
        for revision in (6, 7):
            writer.stdin.write(f"{revision}000000000\n")
            writer.stdin.flush()
            assert writer.stdout.readline() == f"{revision}\n"
            assert look(path) == 0
            assert f"at revision {revision}, the newest" in capsys.readouterr().out
        writer.stdin.close()


def test_a_schema_of_somebodys_own_needs_no_code_to_be_looked_at(tmp_path: Path, capsys) -> None:
    zoo = Schema("zoo", needs=("base",), node_types=(NodeType("Cat", "ReferenceObject"),))
    with Memory.open(["base", zoo], tmp_path / "zoo") as memory:
        memory.commit([PutNode(MemoryNode("cat/1", "Cat", 0, 0))])
    assert look(tmp_path / "zoo", "--type", "Cat") == 0
    assert "cat/1" in capsys.readouterr().out


def test_a_reader_who_goes_away_sees_no_traceback(file: Path) -> None:
    words = " ".join(f"'{word}'" for word in command("memory", file, "--type", "Memory", "--json"))
    done = subprocess.run(
        ["sh", "-c", f"{words} | head -1"], capture_output=True, text=True, timeout=60, env=environment()
    )
    assert done.stdout == "{\n" and done.stderr == ""


def test_the_command_is_one_of_droidlets(droidlet, file: Path) -> None:
    assert droidlet("memory", file).stdout.startswith("4 nodes")
    done = droidlet("memory", "nothing")
    assert done.returncode == 2 and done.stderr.startswith("droidlet memory: there is no memory at ")


def test_columns_give_way_where_the_screen_is_narrow() -> None:
    assert fitted([10, 40, 30], 60) == [10, 23, 23] and fitted([10, 5], 80) == [10, 5]
    assert fitted([9, 9], 4) == [8, 8]
    assert wide("ab") == 2 and wide("椅子") == 4 and wide("e\u0301") == 1
    lines = table(("a", "b"), [("椅子", "1"), ("chair", "22")], right=(1,))
    assert [wide(line) for line in lines] == [11, 11, 11]


def test_values_are_told_in_short() -> None:
    assert moment(None) == "-" and moment(1_500_000_000) == "1.5 s" and moment(-(10**9)) == "-1 s"
    assert moment(1_700_000_000_123_456_789) == "2023-11-14 22:13:20.123 UTC"
    assert moment(2**63 - 1) != "" and moment(0) == "0 s"
    assert size(5) == "5 bytes" and size(2048) == "2.0 KiB" and size(5 * 1024**3) == "5.0 GiB"
    assert plain(float("nan")) == "nan" and plain((1.0, float("inf"))) == [1.0, "inf"]
    assert short(plain(b"abc")) == "3 bytes" and short(plain((1.0, None))) == "(1, -)"
    assert cut("abcdef", 5) == "ab..." and cut("a\u202eb", 9) == "a b"
