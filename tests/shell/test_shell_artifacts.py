"""Where artifacts live: four rules, the first that says something decides."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import droidlet_style
from droidlet_style import artifacts

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\0~\\"), min_size=1, max_size=8).filter(
    lambda s: s.strip(".") != ""
)
ABSOLUTE = st.lists(NAMES, min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts))
RELATIVE = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


@pytest.fixture(autouse=True)
def _nothing_chosen():
    droidlet_style.set_artifact_dir(None)
    yield
    droidlet_style.set_artifact_dir(None)


def place(**environ: str) -> artifacts.Place:
    return artifacts.where(environ)


@given(home=st.one_of(st.just(""), ABSOLUTE), cache=st.one_of(st.just(""), ABSOLUTE, RELATIVE))
def test_the_first_rule_that_says_something_decides(home: str, cache: str) -> None:
    path, rule = place(DROIDLET_HOME=home, XDG_CACHE_HOME=cache)
    if home:
        assert (path, rule) == (Path(os.path.abspath(home)), "$DROIDLET_HOME")
    elif cache.startswith("/"):
        assert (path, rule) == (Path(os.path.abspath(cache)) / "droidlet", "$XDG_CACHE_HOME")
    else:
        assert path == Path.home() / ".cache" / "droidlet" and rule.startswith("the default")


@given(chosen=ABSOLUTE, home=ABSOLUTE, cache=ABSOLUTE)
def test_code_beats_the_environment(chosen: str, home: str, cache: str) -> None:
    droidlet_style.set_artifact_dir(chosen)
    assert place(DROIDLET_HOME=home, XDG_CACHE_HOME=cache).path == Path(os.path.abspath(chosen))
    droidlet_style.set_artifact_dir(None)
    assert place(DROIDLET_HOME=home).path == Path(os.path.abspath(home))


@given(cache=RELATIVE)
def test_a_relative_cache_is_as_if_it_were_not_set(cache: str) -> None:
    assert place(XDG_CACHE_HOME=cache) == place()


@given(path=st.one_of(ABSOLUTE, RELATIVE))
def test_the_place_is_always_absolute(path: str) -> None:
    assert place(DROIDLET_HOME=path).path.is_absolute()
    assert place(XDG_CACHE_HOME=path).path.is_absolute()


def test_the_tilde_is_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert place(DROIDLET_HOME="~/models").path == tmp_path / "models"
    assert place(XDG_CACHE_HOME="~/cache").path == tmp_path / "cache" / "droidlet"
    assert place().path == tmp_path / ".cache" / "droidlet"
    droidlet_style.set_artifact_dir("~/mine")
    assert droidlet_style.get_artifact_dir() == tmp_path / "mine"


@pytest.mark.parametrize("home", [None, ""])
def test_an_empty_home_is_as_if_it_were_not_set(monkeypatch: pytest.MonkeyPatch, home: str | None) -> None:
    """The default was once /.cache/droidlet."""
    pwd = pytest.importorskip("pwd")
    person = pwd.struct_passwd(("me", "x", 7, 7, "", "/people/me", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwuid", lambda number: person)
    monkeypatch.delenv("HOME") if home is None else monkeypatch.setenv("HOME", home)
    assert place().path == Path("/people/me/.cache/droidlet")
    assert place(DROIDLET_HOME="~").path == Path("/people/me")
    assert place(DROIDLET_HOME="~/a", XDG_CACHE_HOME="~/b").path == Path("/people/me/a")

    def nobody(number: int) -> None:
        raise KeyError(number)

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    with pytest.raises(artifacts.ArtifactError, match="the default.*no home folder"):
        place()


def test_a_tilde_that_leads_nowhere_is_an_error_that_names_its_rule() -> None:
    with pytest.raises(artifacts.ArtifactError, match="DROIDLET_HOME.*no home folder"):
        place(DROIDLET_HOME="~nobody-by-that-name/x")


def test_a_relative_choice_counts_from_where_it_was_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    droidlet_style.set_artifact_dir("here")
    monkeypatch.chdir("/")
    assert droidlet_style.get_artifact_dir() == tmp_path / "here"


def test_an_empty_choice_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        droidlet_style.set_artifact_dir("")


@pytest.mark.parametrize("bad", [b"/models", b"", 3, ["a"], False])
def test_a_choice_that_is_no_text_is_refused_and_changes_nothing(bad: object) -> None:
    droidlet_style.set_artifact_dir("/mine")
    with pytest.raises(TypeError, match="set_artifact_dir: the path is text or a Path, got"):
        droidlet_style.set_artifact_dir(bad)  # type: ignore[arg-type]
    assert droidlet_style.get_artifact_dir() == Path("/mine")


@given(group=NAMES, name=NAMES)
def test_artifacts_lie_below_group_and_kind(group: str, name: str) -> None:
    path = droidlet_style.artifact_path(group, "models", name)
    assert path == droidlet_style.get_artifact_dir() / group / "models" / name


@pytest.mark.parametrize("bad", ["", ".", "..", "a/b", "/etc", "a\\b", "a\0b"])
def test_names_that_lead_out_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="no plain name"):
        droidlet_style.artifact_path("base", "models", bad)
    with pytest.raises(ValueError, match="no plain name"):
        droidlet_style.artifact_path(bad, "models")


def test_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="models, datasets.*'weights'"):
        droidlet_style.artifact_path("base", "weights", "x")


def test_asking_makes_nothing_and_writing_makes_it(tmp_path: Path) -> None:
    droidlet_style.set_artifact_dir(tmp_path / "deep" / "below")
    droidlet_style.artifact_path("base", "models", "parser")
    assert not (tmp_path / "deep").exists()
    made = artifacts.make_artifact_dir("robot", "datasets", "walks")
    assert made == tmp_path / "deep" / "below" / "robot" / "datasets" / "walks" and made.is_dir()
    assert droidlet_style.make_artifact_dir("robot", "datasets", "walks") == made


def test_a_place_that_cannot_be_made_names_itself_and_its_rule(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    droidlet_style.set_artifact_dir(tmp_path / "file" / "below")
    with pytest.raises(artifacts.ArtifactError, match=r"file/below/base/models cannot be made .*in code"):
        artifacts.make_artifact_dir("base", "models")


def test_where_says_folder_and_rule(droidlet, tmp_path: Path) -> None:
    done = droidlet("artifacts", "where", DROIDLET_HOME=str(tmp_path / "a"), XDG_CACHE_HOME="/cache")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == str(tmp_path / "a")
    assert "decided by $DROIDLET_HOME" in done.stdout and "made when" in done.stdout
    assert not (tmp_path / "a").exists()
    done = droidlet("artifacts", "where", XDG_CACHE_HOME=str(tmp_path))
    assert done.stdout.splitlines()[0] == str(tmp_path / "droidlet") and "$XDG_CACHE_HOME" in done.stdout
    done = droidlet("artifacts", "where", XDG_CACHE_HOME="relative", HOME=str(tmp_path))
    assert done.stdout.splitlines()[0] == str(tmp_path / ".cache" / "droidlet") and "default" in done.stdout


def test_where_with_a_home_that_is_not_there_is_one_sentence(droidlet) -> None:
    done = droidlet("artifacts", "where", DROIDLET_HOME="~nobody-by-that-name")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and "no home folder" in done.stderr
