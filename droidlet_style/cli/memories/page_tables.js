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
