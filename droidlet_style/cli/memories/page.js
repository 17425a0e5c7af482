"use strict";
// All that is shown is put in as text (textContent), never as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const STEP = 200;
const byId = new Map(data.nodes.map((node, n) => [node.id, n]));
const $ = (selector) => document.querySelector(selector);
const $$ = (selector) => [...document.querySelectorAll(selector)];

function make(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}
const kind = (type) => `k${Math.max(data.types.indexOf(type), 0) % 8}`;
const metres = (point) => (point ? point.map((m) => m.toFixed(2)).join("  ") : "");
function moment(s) {
  if (s === null || s === undefined) return "";
  if (s >= 1e9 && s < 2.5e11) return new Date(s * 1000).toISOString().replace("T", " ").replace("Z", " UTC");
  return `${Number(s.toFixed(3))} s`;
}
const short = (predicate) => predicate.replace(/^has_/, "").replace(/_/g, " ");
function said([predicate, object, confidence]) {
  const made = make("span", "said", make("small", "", `${short(predicate)} `), object);
  if (confidence !== null) made.append(make("small", "", ` ${confidence}`));
  return made;
}
const typed = (type) => make("span", `kind ${kind(type)}`, make("i"), type);
const coded = (text) => make("span", "id", text);

// Ids and texts with numbers are ordered as people count: object/9 before object/10.
const collator = new Intl.Collator("en", { numeric: true });
function compare(a, b) {
  const none = (v) => v === null || v === undefined || v === "";
  if (none(a) || none(b)) return none(a) - none(b);
  return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
}

const triples = data.nodes.flatMap((node, n) => node.triples.map((triple) => ({ n, node, triple })));
const haystacks = data.nodes.map((node) =>
  [node.id, node.type, ...node.triples.flatMap((t) => [t[0], t[1]]), ...node.properties.flat()].join("\n").toLowerCase());
const words = (commit) => commit.changes.flat().join("\n").toLowerCase();
for (const commit of data.commits) commit.hay = `${commit.revision}\n${commit.digest}\n${words(commit)}`;

const far = (node) => (node.place ? Math.hypot(node.place[0], node.place[1]) : null);
const tables = {
  nodes: {
    rows: () => data.nodes.map((node, n) => n).filter((n) => fits(n)),
    columns: [
      { head: "id", key: (n) => data.nodes[n].id, cell: (n) => coded(data.nodes[n].id) },
      { head: "type", key: (n) => data.nodes[n].type, cell: (n) => typed(data.nodes[n].type) },
      { head: "what it is", key: (n) => data.nodes[n].name || data.nodes[n].texts[0] || (data.nodes[n].triples[0] || [])[1], cell: (n) => saidOf(data.nodes[n]) },
      { head: "x y z (m)", key: (n) => far(data.nodes[n]), cell: (n) => metres(data.nodes[n].place), className: "place" },
      { head: "updated", key: (n) => data.nodes[n].updated, cell: (n) => moment(data.nodes[n].updated), className: "number" },
    ],
    node: (n) => n,
    word: "node",
  },
  triples: {
    rows: () => triples.filter(({ n, triple }) => (wanted.size === 0 || wanted.has(data.nodes[n].type)) && spoken(triple, n)),
    columns: [
      { head: "subject", key: (row) => row.node.id, cell: (row) => coded(row.node.id) },
      { head: "predicate", key: (row) => row.triple[0], cell: (row) => row.triple[0] },
      { head: "object", key: (row) => row.triple[1], cell: (row) => row.triple[1] },
      { head: "confidence", key: (row) => row.triple[2], cell: (row) => (row.triple[2] === null ? "" : String(row.triple[2])), className: "number" },
    ],
    node: (row) => row.n,
    word: "triple",
  },
  commits: {
    rows: () => data.commits.filter((commit) => terms.every((term) => commit.hay.includes(term))),
    columns: [
      { head: "revision", key: (c) => c.revision, cell: (c) => String(c.revision), className: "number" },
      { head: "time", key: (c) => c.s, cell: (c) => moment(c.s), className: "number" },
      { head: "changes", key: (c) => c.changes.length + c.more, cell: (c) => changesOf(c) },
      { head: "digest", key: (c) => c.digest, cell: (c) => coded(c.digest.slice(0, 12)) },
    ],
    node: () => null,
    word: "commit",
  },
};

// What is looked at now.
let tab = "nodes", shown = STEP, terms = [], chosen = null;
const wanted = new Set();
const order = { nodes: [0, 1], triples: [0, 1], commits: [0, -1] };

const fits = (n) =>
  (wanted.size === 0 || wanted.has(data.nodes[n].type)) && terms.every((term) => haystacks[n].includes(term));
function spoken(triple, n) {
  const hay = `${data.nodes[n].id}\n${triple[0]}\n${triple[1]}`.toLowerCase();
  return terms.every((term) => hay.includes(term));
}
function saidOf(node) {
  const objects = new Set(node.triples.map((triple) => triple[1]));
  const own = node.texts.filter((text) => !objects.has(text)).map((text) => make("span", "own", text.slice(0, 160)));
  const cell = make("span", "", ...own, ...node.triples.slice(0, 12).map(said));
  if (node.triples.length > 12) cell.append(make("small", "", `and ${node.triples.length - 12} more`));
  return cell;
}
function changesOf(commit) {
  const cell = make("span");
  const listed = commit.changes.slice(0, 8).map((change) => changed(change));
  cell.append(...listed);
  const more = commit.changes.length - listed.length + commit.more;
  if (more > 0) cell.append(make("small", "quiet", `and ${more.toLocaleString("en")} more`));
  return cell;
}
function changed([what, id, text]) {
  const link = coded(id);
  if (byId.has(id)) link.addEventListener("click", () => choose(byId.get(id)));
  return make("span", "change", `${what} `, link, make("small", "", text ? `  ${text}` : ""));
}

function draw() {
  const table = tables[tab], [column, way] = order[tab];
  const rows = table.rows();
  rows.sort((a, b) => way * compare(table.columns[column].key(a), table.columns[column].key(b)));
  const heads = table.columns.map((one, number) => {
    const button = make("button", "", one.head);
    button.type = "button";
    button.addEventListener("click", () => {
      order[tab] = [number, number === column ? -way : 1];
      draw();
    });
    const head = make("th", one.className || "", button);
    head.scope = "col";
    head.setAttribute("aria-sort", number !== column ? "none" : way > 0 ? "ascending" : "descending");
    return head;
  });
  $("thead").replaceChildren(make("tr", "", ...heads));
  $("tbody").replaceChildren(...rows.slice(0, shown).map((row) => line(table, row)));
  $("#more").hidden = rows.length <= shown;
  $("#more").textContent = `Show more (${(rows.length - shown).toLocaleString("en")} left)`;
  $("#count").textContent = `${rows.length.toLocaleString("en")} ${table.word}${rows.length === 1 ? "" : "s"}`;
}
function line(table, row) {
  const cells = table.columns.map((one) => make("td", one.className || "", one.cell(row)));
  const made = make("tr", "", ...cells), n = table.node(row);
  if (n !== null) {
    made.tabIndex = 0;
    made.dataset.n = n;
    if (n === chosen) made.classList.add("chosen");
    made.addEventListener("click", () => choose(n));
    made.addEventListener("keydown", (event) => event.key === "Enter" && choose(n));
  }
  return made;
}

function choose(n) {
  chosen = n === chosen ? null : n;
  $$(".chosen").forEach((one) => one.classList.remove("chosen"));
  const panel = $("#detail");
  panel.hidden = chosen === null;
  if (chosen === null) return void history.replaceState(null, "", location.pathname + location.search);
  const node = data.nodes[n];
  history.replaceState(null, "", `#${encodeURIComponent(node.id)}`);
  $$(`tr[data-n="${n}"], .thing[data-n="${n}"]`).forEach((one) => one.classList.add("chosen"));
  const number = things.findIndex((thing) => Number(thing.dataset.n) === n);
  if (number >= 0) {
    labels[number].classList.add("chosen");
    for (const one of [things[number], labels[number]]) one.parentNode.append(one); // on top of the others
  }
  panel.replaceChildren(...detail(node));
}
function detail(node) {
  const close = make("button", "", "Close");
  close.type = "button";
  close.addEventListener("click", () => choose(chosen));
  const parts = [make("div", "bar", make("h2", "id", node.id), close)];
  const fields = [
    ["type", typed(node.type)], ["place (m)", metres(node.place)], ["size (m)", metres(node.size)],
    ["created", moment(node.created)], ["updated", moment(node.updated)], ["attended", moment(node.attended)],
  ];
  parts.push(pairs(fields.filter(([, value]) => value !== "")));
  if (node.triples.length) {
    parts.push(make("h3", "", "Said of it"), pairs(node.triples.map(([p, o, c]) => [p, c === null ? o : `${o}  (${c})`])));
  }
  if (node.properties.length) parts.push(make("h3", "", "Properties"), pairs(node.properties));
  const lately = data.commits.filter((commit) => commit.changes.some((change) => change[1] === node.id)).slice(0, 20);
  if (lately.length) {
    const told = (commit) => commit.changes.filter((c) => c[1] === node.id).map(([what, , text]) => `${what} ${text}`).join("; ");
    parts.push(make("h3", "", "Lately"), pairs(lately.map((c) => [`${c.revision}, ${moment(c.s)}`, told(c)])));
  }
  return parts;
}
function pairs(many) {
  const list = make("dl");
  for (const [name, value] of many) list.append(make("dt", "", name), make("dd", "", value));
  return list;
}

// The map: wheel zooms, dragging moves, a label shows where there is room for it.
const map = $("#map");
const things = $$(".thing"), labels = $$(".label"); // one label for each thing, above all of them
let view = null, whole = null;
function look(next) {
  view = next;
  map.setAttribute("viewBox", view.join(" "));
  label();
}
function label() {
  const box = map.getBoundingClientRect();
  if (!box.width) return;
  const unit = Math.max(view[2] / box.width, view[3] / box.height);
  map.style.setProperty("--u", unit);
  const taken = [], cell = 60 * unit, grid = new Map();
  const near = ([x, y]) => [0, 1, 2].flatMap((i) => [0, 1, 2].flatMap((j) => grid.get(`${Math.floor(x / cell) + i - 1},${Math.floor(y / cell) + j - 1}`) || []));
  let room = 400;
  for (const [number, thing] of things.entries()) {
    const shownLabel = labels[number];
    const node = data.nodes[thing.dataset.n], text = node.name || node.id;
    const half = [Math.min(text.length, 40) * 3.2 * unit, 8 * unit], reach = node.size ? Math.abs(node.size[1]) / 2 : 0.12;
    const beside = node.size && Math.abs(node.size[0]) / 2 > half[0] && reach > half[1] ? 0 : reach + half[1];
    const [x, y] = [node.place[0], beside - node.place[1]];
    shownLabel.setAttribute("y", y);
    const inside = x > view[0] && x < view[0] + view[2] && y > view[1] && y < view[1] + view[3];
    const free = inside && room > 0 && !thing.classList.contains("off") &&
      near([x, y]).every(([a, b, h]) => Math.abs(a - x) > h[0] + half[0] || Math.abs(b - y) > h[1] + half[1]);
    shownLabel.classList.toggle("quietly", !free);
    if (!free) continue;
    room -= 1;
    for (let at = x - half[0]; at <= x + half[0] + cell; at += cell) {
      const key = `${Math.floor(Math.min(at, x + half[0]) / cell)},${Math.floor(y / cell)}`;
      grid.set(key, [...(grid.get(key) || []), [x, y, half]]);
    }
  }
}
function zoom(factor, x, y) {
  const [left, top, wide, high] = view;
  if (wide * factor < 0.3 || wide * factor > whole[2] * 4) return;
  look([x - (x - left) * factor, y - (y - top) * factor, wide * factor, high * factor]);
}
function spot(event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
  return [point.x, point.y];
}
if (map) {
  whole = map.getAttribute("viewBox").split(" ").map(Number);
  look(whole);
  map.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, ...spot(event));
  }, { passive: false });
  let from = null, went = 0;
  map.addEventListener("pointerdown", (event) => {
    from = spot(event);
    went = 0;
  });
  window.addEventListener("pointermove", (event) => {
    if (!from) return;
    const to = spot(event);
    went += Math.hypot(event.movementX, event.movementY);
    if (went < 4) return;
    map.classList.add("moving");
    look([view[0] + from[0] - to[0], view[1] + from[1] - to[1], view[2], view[3]]);
  });
  window.addEventListener("pointerup", () => {
    from = null;
    map.classList.remove("moving");
  });
  map.addEventListener("click", (event) => {
    const thing = event.target.closest(".thing");
    if (thing && went < 4) choose(Number(thing.dataset.n));
  });
  $("#fit").addEventListener("click", () => look(whole));
  window.addEventListener("resize", () => label());
} else {
  $("#fit").hidden = true;
}

function filter() {
  shown = STEP;
  draw();
  for (const thing of things) thing.classList.toggle("off", !fits(Number(thing.dataset.n)));
  if (map) label();
}
let waiting = 0;
$("#search").addEventListener("input", (event) => {
  terms = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  clearTimeout(waiting);
  waiting = setTimeout(filter, data.nodes.length > 2000 ? 150 : 0);
});
$$(".chip").forEach((chip) => chip.addEventListener("click", () => {
  const type = chip.dataset.type;
  if (!wanted.delete(type)) wanted.add(type);
  chip.setAttribute("aria-pressed", wanted.has(type));
  filter();
}));
$$("[role=tab]").forEach((button) => button.addEventListener("click", () => {
  tab = button.dataset.tab;
  shown = STEP;
  $$("[role=tab]").forEach((one) => one.setAttribute("aria-selected", one === button));
  draw();
}));
$("#more").addEventListener("click", () => {
  shown += STEP * 5;
  draw();
});
$("#theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
draw();
const linked = byId.get(decodeURIComponent(location.hash.slice(1)));
if (linked !== undefined) choose(linked);
