"""Every field of a Config as an option: types, defaults, help."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import Any, Dict, Literal, Optional, Tuple, Union

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_schema import record
from droidlet_style.cli.options import MISSING, OptionError, add_options, make_config, options_of

TOY = Path(__file__).parent / "agents" / "toy_agent.py"


@record
class Config:
    """All kinds of fields."""

    needed: int  # must be told
    count: int = 3  # how many: 100% of them
    rate: float = 0.5
    name: str = "a"  # what it is called
    fast: bool = False
    mood: Literal["calm", "wild", 3] = "calm"
    limit: Optional[float] = None
    either: Union[int, str] = 1
    maybe: Optional[bool] = None
    place: Tuple[float, float] = (0.0, 1.0)
    many: Tuple[int, ...] = ()
    mixed: Tuple[str, int] = ("x", 1)
    seed: int = 0


def parse(*words: str, config: type = Config, taken: frozenset[str] = frozenset({"seed"})) -> Any:
    parser = argparse.ArgumentParser(exit_on_error=False, allow_abbrev=False)
    places = add_options(parser, options_of(config), taken)
    arguments = parser.parse_args(list(words))
    values = {name: getattr(arguments, place) for name, place in places.items()}
    return make_config(config, {name: value for name, value in values.items() if value is not MISSING})


def test_nothing_given_is_the_default() -> None:
    assert parse("--needed", "1") == Config(1)


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        (["--count", "-4"], "count", -4),
        (["--rate", "1e-3"], "rate", 0.001),
        (["--rate", "2"], "rate", 2.0),
        (["--name", "--"], "name", None),
        (["--name", "two words"], "name", "two words"),
        (["--name="], "name", ""),
        (["--fast"], "fast", True),
        (["--no-fast"], "fast", False),
        (["--mood", "wild"], "mood", "wild"),
        (["--mood", "3"], "mood", 3),
        (["--limit", "2.5"], "limit", 2.5),
        (["--limit", "none"], "limit", None),
        (["--either", "7"], "either", 7),
        (["--either", "x"], "either", "x"),
        (["--maybe", "no"], "maybe", False),
        (["--maybe", "true"], "maybe", True),
        (["--maybe", "none"], "maybe", None),
        (["--place", "1", "-2"], "place", (1.0, -2.0)),
        (["--many", "1", "2", "3"], "many", (1, 2, 3)),
        (["--many"], "many", ()),
        (["--mixed", "('y', 2)"], "mixed", ("y", 2)),
        (["--config-seed", "9"], "seed", 9),
    ],
)  # fmt: skip
def test_words_become_values(words: list[str], field: str, value: Any) -> None:
    if value is None and field == "name":
        with pytest.raises((argparse.ArgumentError, SystemExit)):
            parse("--needed", "1", *words)
        return
    made = parse("--needed", "1", *words)
    assert getattr(made, field) == value and type(getattr(made, field)) is type(value)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--count", "1.5"], "expected INT, got '1.5'"),
        (["--mood", "2"], "{calm,wild,3}"),
        (["--limit", "far"], "none"),
        (["--place", "1", "x"], "expected FLOAT, got 'x'"),
        (["--mixed", "y 2"], "got 'y 2'"),
        (["--maybe", "perhaps"], "got 'perhaps'"),
    ],
)  # fmt: skip
def test_words_that_do_not_fit_are_named(words: list[str], wanted: str) -> None:
    with pytest.raises(argparse.ArgumentError, match=wanted.replace("{", r"\{")):
        parse("--needed", "1", *words)


@given(
    count=st.integers(-(2**62), 2**62),
    rate=st.floats(allow_nan=False),
    many=st.lists(st.integers(0, 99), max_size=4),
)
def test_what_python_prints_is_read_back(count: int, rate: float, many: list[int]) -> None:
    made = parse("--needed", "1", f"--count={count}", f"--rate={rate!r}", "--many", *map(str, many))
    assert (made.count, made.rate, made.many) == (count, rate, tuple(many))


def test_help_is_the_fields_comment_and_default(droidlet) -> None:
    done = droidlet("run", TOY, "--help", COLUMNS="200")
    assert done.returncode == 0
    for wanted in (
        "A walker on a line.", "--period-s FLOAT", "simulated time of one tick (default: 0.1)",
        "--polite, --no-polite", "says please, 100% (default: True)", "--mood {calm,wild}", "(default: calm)",
        "--limit-m FLOAT|none", "(default: 0.0 1.0)", "--names [STR ...]", "--say TEXT",
    ):  # fmt: skip
        assert wanted in done.stdout, wanted


def test_general_help_names_no_agents_option(droidlet) -> None:
    done = droidlet("run", "--help")
    assert done.returncode == 0 and "--seed" in done.stdout and "--polite" not in done.stdout
    assert "AGENT is a name" in done.stdout and droidlet("run").returncode == 2


def test_an_option_of_the_agents_may_stand_before_its_name(droidlet) -> None:
    done = droidlet("run", "--step-m", "0.2", "--polite", TOY, "--say", "go 2")
    assert done.returncode == 0 and "toy_agent" in done.stdout, done.stderr


def test_attrs_classes_and_dataclasses_work_too() -> None:
    @attrs.frozen
    class Attrs:
        size: int = attrs.field(default=2, metadata={"help": "how large"})
        made: Dict[str, int] = attrs.Factory(dict)
        hidden: int = attrs.field(default=1, init=False)

    @dataclasses.dataclass(frozen=True)
    class Data:
        size: int = 2
        many: Tuple[int, ...] = dataclasses.field(default_factory=tuple)

    assert [o.field for o in options_of(Attrs)] == ["size", "made"] and options_of(Attrs)[
        0
    ].help == "how large"
    assert parse("--size", "4", "--made", "{'a': 1}", config=Attrs) == Attrs(4, {"a": 1})
    assert parse("--size", "4", "--many", "1", config=Data) == Data(4, (1,))


def test_another_class_is_no_config() -> None:
    with pytest.raises(OptionError, match="attrs class, a record or a dataclass"):
        options_of(int)


def test_a_seed_of_the_agents_own_is_the_runs(droidlet, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "import attrs\n@attrs.frozen\nclass Config:\n    seed: int = 5\n"
        "def run(config, session): print('seeds', config.seed, session.seed)\n"
    )
    assert "seeds 8 8" in droidlet("run", "mine.py", "--seed", "8").stdout
    assert "seeds 3 8" in droidlet("run", "mine.py", "--seed", "8", "--config-seed", "3").stdout
