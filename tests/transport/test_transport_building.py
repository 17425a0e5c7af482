"""What a far end makes of names that others send: only what it allows, whatever the name is."""

from __future__ import annotations

from pathlib import Path

import pytest

from droidlet_schema import FrozenMap
from droidlet_transport import LoadError, NotServed, building, load
from droidlet_transport.building import (
    EnvironmentGone,
    Environments,
    NotAllowedHere,
    Parts,
    TooManyEnvironments,
    build,
    find,
)
from transport.transport_parts import Counter, Door

ALLOW = ["transport.transport_parts"]


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that nobody may run, also where the server was started."""
    monkeypatch.chdir(tmp_path)
    for name in ("evil.py", "transport.py", "transport.transport_parts.py"):
        (tmp_path / name).write_text(
            f"open({str(tmp_path / 'ran')!r}, 'w').close()\n\ndef make():\n    return print\n"
        )
    return tmp_path


def test_no_file_is_run_for_a_name_from_elsewhere(outside: Path) -> None:
    (outside / "transport.transport_parts.").mkdir()  # so that a path may lead through it
    for name in (
        f"transport.transport_parts./../..{outside}/evil.py:make",
        f"transport.transport_parts./../../../../../../../..{outside}/evil.py:make",
        "transport.transport_parts./../evil.py:make",
        f"{outside}/evil.py:make",
        "evil.py:make",
    ):
        with pytest.raises(NotAllowedHere, match="is not imported here"):
            Parts(ALLOW).names(FrozenMap({"_target_": name}))
        with pytest.raises(NotAllowedHere, match="is not imported here"):
            Environments(ALLOW).open(FrozenMap({"_name_": name}))
    with pytest.raises(LoadError, match="there is no module transport.transport_parts.py"):
        find("transport.transport_parts.py:make", ALLOW)  # dotted, but a file of that name lies here
    assert not (outside / "ran").exists()
    with pytest.raises(LoadError):
        load("evil.py:make", files=False)
    assert load("evil.py:make") and (outside / "ran").exists()  # who is at home may


@pytest.mark.parametrize(
    "name",
    [
        "transport.transport_parts",
        "transport.transport_parts:",
        "transport.transport_parts::Counter",
        "transport.transport_parts:Counter:echo",
        "transport.transport_parts.:Counter",
        "transport.transport_parts:os",
        "transport.transport_parts:os.system",
        "transport.transport_parts:__builtins__",
        "transport.transport_parts:__loader__.get_data",
        "transport.transport_parts:Counter.__init__.__globals__",
        "transport.transport_parts:Counter.__subclasshook__",
        "transport.transport_partsy:Counter",
        "os:system",
        "",
        7,
        None,
    ],
)
def test_only_dotted_names_that_stay_inside_are_used(name: object) -> None:
    with pytest.raises(NotAllowedHere):
        find(name, ALLOW)


def test_what_has_no_module_is_not_inside() -> None:
    with pytest.raises(NotAllowedHere, match="leads out of what may be used"):
        find("transport.transport_parts:Counter.mro", ALLOW)  # `__module__` of this one is None


def test_what_is_allowed_is_made() -> None:
    assert find("transport.transport_parts:Counter", ALLOW) is Counter
    made = build(FrozenMap({"_target_": "transport.transport_parts:Counter", "start": 3}), ALLOW)
    assert made.start == 3


def test_only_public_methods_of_an_environment_are_called() -> None:
    there = Environments(ALLOW)
    named = there.open(FrozenMap({"_target_": "transport.transport_parts:Counter"}))
    for name in ("__setattr__", "__getattribute__", "_hidden"):
        with pytest.raises(NotServed, match="begins with an underscore"):
            there.ask(named, name, ("start", 9))


def test_environments_whose_client_is_gone_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(building, "_monotonic", lambda: now)
    monkeypatch.setattr(Door, "open", 0)
    tree = FrozenMap({"_target_": "transport.transport_parts:Door"})
    there, ours = Environments(ALLOW, most=3, idle_s=60.0), Environments(None)
    kept, *left = (there.open(tree) for _ in range(3))
    own = ours.open(tree)
    with pytest.raises(TooManyEnvironments, match="3 environments are open here: .* closed after 60 s"):
        there.open(tree)
    assert Door.open == 4
    now += 50.0
    assert there.ask(kept, "knock", ()) == "who is there"
    now += 50.0
    assert there.ask(kept, "knock", ()) == "who is there" and Door.open == 2
    for named in left:
        with pytest.raises(EnvironmentGone, match="was not called for 60 s"):
            there.ask(named, "knock", ())
        there.end(named)
    there.end(there.open(tree))
    now += 1e6
    assert ours.ask(own, "knock", ()) == "who is there"
    for most, idle_s in ((0, 1.0), (1, 0.0)):
        with pytest.raises(ValueError, match="most is .* and idle_s is"):
            Environments(ALLOW, most=most, idle_s=idle_s)
