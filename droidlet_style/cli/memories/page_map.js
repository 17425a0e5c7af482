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
