"""The shell around the real agent, in its own flat."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from droidlet_schema import fields_of
from droidlet_transport import load

WORDS = ("--say", "turn left", "--say", "what do you see?", "--seed", "4", "--ticks", "60", "--quiet")


def summary(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "summary.json").read_text())
    return told


@pytest.mark.slow
def test_one_seed_one_digest_whatever_the_hash_seed_and_the_way_of_speaking(droidlet, tmp_path: Path) -> None:
    for name, words, typed, hashing in (
        ("a", WORDS, "", "0"),
        ("b", WORDS, "", "random"),
        ("c", WORDS[4:], "turn left\nwhat do you see?\n", "7"),
    ):
        done = droidlet("run", "robot_assistant", *words, "--out", name, stdin=typed, PYTHONHASHSEED=hashing)
        assert done.returncode == 0, done.stderr
    told = [summary(tmp_path / name) for name in "abc"]
    assert told[0]["digest"] == told[1]["digest"] == told[2]["digest"]
    assert told[0]["files"] == ["summary.json", "memory.db", "map.png", "view.png"]
    assert told[0]["scene"] and len(told[0]["path"]) == told[0]["ticks"] + 1
    assert [task["name"] for task in told[0]["tasks"]] and len(told[0]["replies"]) >= 2


def test_every_field_of_its_config_is_an_option(droidlet) -> None:
    config = load(str(Path(__file__).parents[2] / "agents" / "robot_assistant.py") + ":Config")
    done = droidlet("run", "robot_assistant", "--help", COLUMNS="160")
    assert done.returncode == 0 and len(fields_of(config)) >= 5
    for name in fields_of(config):
        assert f"  --{name.replace('_', '-')} " in done.stdout, name
