"""droidlet memory --query: questions as text, how they are answered, and what is no question."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from droidlet_memory import Memory
from droidlet_memory.nodes import Self, memory_node
from droidlet_schema import PutNode
from shell.remembered import look, written


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("asked") / "home.memory")


def asked(file: Path, capsys, text: str, *words: object) -> dict[str, object]:
    assert look(file, "--query", text, "--json", *words) == 0
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def ids(told: dict[str, object]) -> list[str]:
    nodes = told["nodes"]
    assert isinstance(nodes, list)
    return [node["id"] for node in nodes]


def test_what_fits_stands_in_a_table_with_the_values_asked_for(file: Path, capsys) -> None:
    text = "SELECT (name, distance(FROM AGENT)) FROM REFERENCE_OBJECT WHERE has_name = 'chairs' ORDER BY x"
    assert look(file, "--query", text) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 nodes found, at revision 5, the newest"
    heads, *rows = ([cell.strip() for cell in line.split("  ") if cell] for line in lines[1:])
    assert heads[-2:] == ["name", "DISTANCE(FROM AGENT)"]
    assert [(row[0], row[-2], row[-1]) for row in rows] == [
        ("object/3", "chair", "2"),
        ("object/1", "chair", "2.5"),
    ]


def test_programs_are_told_the_question_the_nodes_and_the_values(file: Path, capsys) -> None:
    told = asked(file, capsys, "select height from REFERENCE_OBJECT where has_colour = 'red'")
    assert told["query"] == "SELECT height FROM REFERENCE_OBJECT WHERE has_colour = 'red'"
    assert ids(told) == ["object/1"] and told["outputs"] == ["height"] and told["values"] == [[0.9]]
    assert told["count"] == 1 and told["viewer"] == [0.0, 0.0, 0.0]


def test_a_number_is_a_number_and_no_table(file: Path, capsys) -> None:
    assert look(file, "--query", "SELECT COUNT FROM REFERENCE_OBJECT") == 0
    assert capsys.readouterr().out == "4 nodes found, at revision 5, the newest\n"


def test_a_question_is_asked_of_an_older_moment_too(file: Path, capsys) -> None:
    text = "SELECT MEMORY FROM ReferenceObject WHERE has_name = 'chair'"
    assert ids(asked(file, capsys, text)) == ["object/1", "object/3"]
    assert ids(asked(file, capsys, text, "--at", 2)) == ["object/1"]
    assert ids(asked(file, capsys, text, "--limit", 1)) == ["object/1"]


def test_near_is_seen_from_the_agent_or_from_where_one_says(file: Path, tmp_path: Path, capsys) -> None:
    nearest = "SELECT MEMORY FROM REFERENCE_OBJECT WHERE has_name = 'chair' ARGMIN"
    assert ids(asked(file, capsys, nearest)) == ["object/3"]
    assert ids(asked(file, capsys, nearest, "--viewer", "1.5", "2", "0")) == ["object/1"]
    with Memory.load(file).fork(tmp_path / "m") as memory:
        robot = Self("self", position_m=(2.0, 2.0, 0.0), yaw_rad=math.pi)
        memory.commit([PutNode(memory_node(robot))])
    told = asked(tmp_path / "m", capsys, nearest)
    assert ids(told) == ["object/1"] and told["viewer"] == [2.0, 2.0, math.pi]


def test_how_it_is_answered_is_told(file: Path, capsys) -> None:
    text = "SELECT MEMORY FROM REFERENCE_OBJECT WHERE has_name = 'chair'"
    assert look(file, "--query", text, "--explain") == 0
    shown = capsys.readouterr().out
    assert "how it is answered:\n  SEARCH " in shown and "nothing is left to judge" in shown
    assert "  SELECT " in shown and "= 'chair'" in shown
    plan = asked(file, capsys, text, "--explain")["plan"]
    assert isinstance(plan, dict) and plan["judged"] == [] and plan["steps"] and "chair" not in plan["sql"]
    assert look(file, "--query", text + " ORDER BY RANDOM", "--explain") == 0
    assert "then judged node by node: selector" in capsys.readouterr().out


def test_what_is_said_is_data(file: Path, capsys) -> None:
    for name in ("x' OR 1=1 --", "<script>", "'; DROP TABLE nodes"):
        quoted = "'" + name.replace("'", "''") + "'"
        assert ids(asked(file, capsys, f"SELECT MEMORY FROM ALL WHERE has_name = {quoted}")) == []


def test_a_page_may_be_about_what_was_found(file: Path, tmp_path: Path, capsys) -> None:
    text = "SELECT MEMORY FROM REFERENCE_OBJECT WHERE has_name = 'chair'"
    assert look(file, "--query", text, "--html", tmp_path / "page.html") == 0
    assert capsys.readouterr().out.startswith("2 nodes written to ")
    assert "WHERE has_name = &#x27;chair&#x27;" in (tmp_path / "page.html").read_text()


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--query", "SELECT MEMORY FROM"], "--query: line 1, column 19: expected a memory type"),
        (["--query", "SELECT MEMORY FROM ALL WHERE height >"], "column 38: expected"),
        (["--query", ""], "--query: line 1, column 1: expected SELECT"),
        (["--query", "SELECT MEMORY FROM Caht"], "there is no node type 'Caht'; did you mean Chat?"),
        (["--query", "SELECT MEMORY FROM ALL", "--type", "Chat"], "not allowed with argument --query"),
        (["--explain"], "--explain belongs to a question: --query TEXT --explain"),
        (["--viewer", 1, 2, 0], "--viewer belongs to a question"),
        (["--query", "SELECT MEMORY FROM ALL", "--viewer", 1, "nan", 0], "--viewer: expected a number, got 'nan'"),
    ],
)  # fmt: skip
def test_one_sentence(file: Path, capsys, words: list[object], wanted: str) -> None:
    assert look(file, *words) == 2
    out, err = capsys.readouterr()
    assert out == "" and len(err.splitlines()) == 1 and wanted in err, err
