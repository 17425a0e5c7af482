"""droidlet memory --html: one page that needs nothing else, and that no text in a memory can break."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from droidlet_memory import Memory
from droidlet_memory.nodes import Self, memory_node
from droidlet_schema import Forget, MemoryNode, PutNode, Triple
from droidlet_style.cli.memories import commits, drawing
from shell.remembered import COMMITS, EVIL, SECOND, look, written


class Reader(HTMLParser):
    """The elements of a page with their attributes, and the text in each kind of element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts.setdefault(self._open[-1], []).append(data)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("page") / f"{EVIL.replace('/', '')}.memory")


def page(file: Path, out: Path, *words: object) -> str:
    assert look(file, "--html", out, *words) == 0
    return out.read_text(encoding="utf-8")


def data_of(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


def test_it_says_where_it_lies_and_holds_all_nodes(file: Path, tmp_path: Path, capsys) -> None:
    text = page(file, tmp_path / "deep" / "home.html")
    assert re.fullmatch(
        r"4 nodes written to \S+home.html \(\d+\.\d KiB\): open it in a browser\n", capsys.readouterr().out
    )
    told = data_of(text)
    with Memory.open(path=file, read_only=True) as memory:
        assert [node["id"] for node in told["nodes"]] == [node.id for node in memory.nodes()]
        assert [one["digest"] for one in told["commits"]] == [c.digest for c in memory.commits()][::-1]
    table = next(node for node in told["nodes"] if node["id"] == "object/2")
    assert table["triples"] == [["has_colour", "brown", None], ["has_name", "table", None]]
    assert table["properties"] == [["features", "float32 6, 0 to 5"]]
    assert [len(one["changes"]) for one in told["commits"]][::-1] == [len(changes) for _, changes in COMMITS]


def test_it_needs_no_other_file_and_no_network(file: Path, tmp_path: Path) -> None:
    reader = Reader(page(file, tmp_path / "home.html"))
    for tag, attributes in reader.elements:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "form", "video", "audio"), tag
        assert not {"src", "href", "action", "background"} & set(attributes), (tag, attributes)
    assert "url(" not in "".join(reader.texts["style"]) and "@import" not in "".join(reader.texts["style"])
    assert not re.search(r"\b(fetch|XMLHttpRequest|WebSocket|import)\b", reader.texts["script"][-1])


def test_only_the_pages_own_program_may_run(file: Path, tmp_path: Path) -> None:
    """The policy in the page names the one script by its hash, and no text of a memory becomes markup."""
    text = page(file, tmp_path / "home.html")
    reader = Reader(text)
    script = re.findall(r"<script>(.*?)</script>", text, re.S)
    policy = next(a["content"] for t, a in reader.elements if t == "meta" and "http-equiv" in a) or ""
    assert len(script) == 1 and "default-src 'none'" in policy
    assert f"'sha256-{base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()}'" in policy
    assert [tag for tag, _ in reader.elements].count("script") == 2
    assert not any(name.startswith("on") for _, attributes in reader.elements for name in attributes)
    assert EVIL.replace("/", "") in reader.texts["h1"][0]
    assert EVIL in [node["name"] for node in data_of(text)["nodes"]]
    assert "innerHTML" not in script[0] and "insertAdjacentHTML" not in script[0]


def test_what_looks_like_a_place_of_the_template_stays(tmp_path: Path) -> None:
    node = MemoryNode(
        "x/{{DATA}}", "Player", 0, 0, position_m=(0, 0, 0), triples=(Triple("has_name", "{{MAP}}"),)
    )
    with Memory.open(path=tmp_path / "m") as memory:
        memory.commit([PutNode(node)])
    told = data_of(page(tmp_path / "m", tmp_path / "m.html"))
    assert told["nodes"][0]["id"] == "x/{{DATA}}" and told["nodes"][0]["name"] == "{{MAP}}"


def test_a_page_of_many_nodes_is_capped_and_says_so(file: Path, tmp_path: Path, capsys) -> None:
    text = page(file, tmp_path / "home.html", "--limit", 2)
    assert capsys.readouterr().out.startswith("2 of 4 nodes written to ")
    assert "The page shows 2 of 4 nodes, of each type the first;" in text and len(data_of(text)["nodes"]) == 2
    some = data_of(page(file, tmp_path / "home.html", "--limit", 3))["nodes"]
    assert [node["type"] for node in some] == ["DetectedObject", "Player", "ReferenceObject"]
    text = page(file, tmp_path / "home.html", "--type", "ReferenceObject", "--limit", 3)
    assert "The page shows the first 3 of 4 nodes;" in text


def test_a_page_may_be_about_some_nodes_and_an_older_moment(file: Path, tmp_path: Path, capsys) -> None:
    text = page(file, tmp_path / "home.html", "--type", "Player", "--at", 1)
    told, switches = data_of(text), [a["data-type"] for _, a in Reader(text).elements if "data-type" in a]
    assert switches == ["Player"]
    assert [node["id"] for node in told["nodes"]] == ["player/1", "player/2"]
    assert [one["revision"] for one in told["commits"]] == [1]
    capsys.readouterr()
    assert look(file, "--html", tmp_path / "home.html", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "html": str(tmp_path / "home.html"), "nodes": 4, "of": 4,
    }  # fmt: skip


def test_a_memory_of_nothing_has_a_page(tmp_path: Path) -> None:
    Memory.open(path=tmp_path / "m").close()
    text = page(tmp_path / "m", tmp_path / "m.html")
    assert data_of(text) == {"nodes": [], "types": [], "commits": []} and "No node here has a place" in text


def test_a_page_that_cannot_be_written_is_one_sentence(file: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "file").write_text("mine")
    assert look(file, "--html", tmp_path / "file" / "page.html") == 1
    assert len(capsys.readouterr().err.splitlines()) == 1 and (tmp_path / "file").read_text() == "mine"


def test_the_map_leaves_out_what_is_far_off_and_counts_it() -> None:
    def node(number: int, x: float) -> dict[str, Any]:
        return {
            "id": f"n/{number}",
            "type": "T",
            "name": "",
            "place": (x, 0.0, 0.0),
            "size": None,
            "yaw": None,
            "triples": [],
        }

    nodes = [*(node(n, n / 10) for n in range(6)), node(6, 1e5), {**node(7, 0.0), "place": None}]
    svg, told = drawing.map_svg(nodes, ["T"])
    assert told == "6 nodes of 8. 1 without a place. 1 too far off to be drawn." and svg.count("data-n=") == 6
    many = [node(n, n % 7) for n in range(drawing.MOST_DRAWN + 5)]
    svg, told = drawing.map_svg(many, ["T"])
    assert (
        svg.count("data-n=") == drawing.MOST_DRAWN and f"The first {drawing.MOST_DRAWN:,} are drawn." in told
    )


def test_a_heading_is_drawn_where_it_is_known(tmp_path: Path) -> None:
    robot = Self("self", position_m=(1.0, 2.0, 0.0), yaw_rad=math.pi / 2)
    blind = Self("blind", position_m=(2.0, 2.0, 0.0), yaw_rad=math.inf)
    with Memory.open(path=tmp_path / "m") as memory:
        memory.commit([PutNode(memory_node(robot)), PutNode(memory_node(blind))])
    text = page(tmp_path / "m", tmp_path / "m.html")
    assert text.count('<path class="heading"') == 1 and "M1 -2L1 -2.5" in text


def test_every_commit_is_in_one_stretch_of_time() -> None:
    memory = Memory.empty()
    for number in range(40):
        memory = memory.commit([Forget("a")], now_ns=number**2 * SECOND)
    found = commits.stretches(memory)
    assert sum(one.commits for one in found) == 40 and len(found) <= commits.STRETCHES
    assert all(a.until_ns == b.since_ns for a, b in zip(found, found[1:])) and found[-1].revision == 40
    for one in found:
        times = [c.now_ns for c in memory.commits() if one.since_ns <= c.now_ns < one.until_ns]
        assert len(times) == one.commits
    cut, _ = memory.truncate_before(30)
    assert sum(one.commits for one in commits.stretches(cut)) == 10
    assert commits.stretches(Memory.empty()) == []


def test_long_commits_are_shown_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commits, "MOST_CHANGES", 100)
    memory = Memory.empty()
    for number in range(5):
        memory = memory.commit([Forget(f"{number}/{n}") for n in range(70)], now_ns=number)
    told = commits.newest(memory)
    assert [one["revision"] for one in told] == [5, 4]
    assert all(len(one["changes"]) == commits.CHANGES_EACH and one["more"] == 10 for one in told)


BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")


@pytest.mark.skipif(BROWSER is None, reason="no browser here to open the page with")
def test_a_browser_shows_it(file: Path, tmp_path: Path) -> None:
    """The page's program runs: it fills the table, and opens the node that the address names."""
    page(file, tmp_path / "home.html")
    address = f"file://{tmp_path}/home.html#object%2F1"
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path}/browser",
        "--dump-dom",
    ]
    done = subprocess.run([str(BROWSER), *options, address], capture_output=True, text=True, timeout=60)
    reader = Reader(done.stdout)
    rows = [attributes for tag, attributes in reader.elements if tag == "tr" and "data-n" in attributes]
    assert len(rows) == 4 and "4 nodes" in reader.texts["span"], done.stderr[-2000:]
    assert EVIL in reader.texts["span"] and "alert(1)" not in reader.texts["script"]
    shown = next(attributes for _, attributes in reader.elements if attributes.get("id") == "detail")
    assert "hidden" not in shown and "object/1" in reader.texts["h2"]
