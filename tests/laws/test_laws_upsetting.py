"""No object that a component holds or returns upsets the check."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from droidlet_laws import NotCheckable, check_component
from droidlet_style.cli import check

FILE = str(Path(__file__).with_name("upsetting.py"))


@pytest.mark.parametrize("name", ["names_silent", "names_gone", "HoldsBoth", "returns_silent"])
def test_what_answers_no_question_is_passed_over(name: str) -> None:
    report = check_component(f"{FILE}:{name}", examples=3, processes=name == "HoldsBoth")
    assert report.calls > 0 and "same arguments, same result" in report.held


def test_it_is_said_where_one_could_not_look() -> None:
    report = check_component(f"{FILE}:HoldsBoth", examples=3, processes=False)
    assert "self.table['gone']" in dict(report.limits)["self unchanged"]


def test_a_factory_that_exits() -> None:
    with pytest.raises(NotCheckable, match="SystemExit: no accelerator"):
        check_component(f"{FILE}:exits_when_made")


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_a_failure_of_the_check_is_no_broken_law(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*arguments: Any, **named: Any) -> Any:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr("droidlet_laws.check_component", fails)
    parser = argparse.ArgumentParser()
    check.add_arguments(parser)
    assert check.run(parser.parse_args(["x:y", *words])) == 2
    out = capsys.readouterr().out
    assert "the check itself failed with ZeroDivisionError: division by zero" in out
    assert not words or json.loads(out)["verdict"] == "cannot be checked"
