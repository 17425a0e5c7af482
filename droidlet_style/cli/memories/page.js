// What is looked for and chosen, in the tables and on the map.
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
