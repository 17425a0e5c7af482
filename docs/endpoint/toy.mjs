// A toy simulator in JavaScript, written from docs/protocol.md: a disc on a plane, and things that stand there.
//
//     npm install
//     node toy.mjs [tcp://127.0.0.1:PORT]
//
// It prints its address. The world is a value: whoever calls holds it and hands it in again.

import { decode, encode } from "@msgpack/msgpack";
import { Router } from "zeromq";

const VERSION = 1;
const PERIOD_NS = 100_000_000;
const MOST_KEPT = 256; // values of one client
const MOST_CLIENTS = 64; // whose values are kept
const ACTIONS = { "Drive/1": ["forward_m_s", "turn_rad_s"], "Stop/1": [] };

class Refused extends Error {
  constructor(kind, text) {
    super(text);
    this.kind = kind;
  }
}

const shown = (value) =>
  String(JSON.stringify(value, (_, v) => (typeof v === "bigint" ? v.toString() : v))).slice(0, 80);
const isRecord = (value, tag) => value !== null && typeof value === "object" && value.$ === tag;
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
const pose2 = (x, y, yaw) => ({ $: "Pose2/1", x_m: x, y_m: y, yaw_rad: yaw });

function world(value) {
  if (!isRecord(value, "ToyWorld/1")) throw new Refused("WorldError", `world is ${shown(value)}: a ToyWorld is needed`);
  return value;
}

function checkObject(thing, others) {
  if (!isRecord(thing, "SceneObject/1")) {
    throw new Refused("PlacementError", `the object is ${shown(thing)}: a SceneObject is needed`);
  }
  const places = [thing.x_m, thing.y_m, thing.z_m, thing.yaw_rad];
  if (!places.every(isNumber) || !thing.size_m.every((size) => isNumber(size) && size > 0)) {
    throw new Refused("PlacementError", `object ${thing.id} has ${shown(places)}, ${shown(thing.size_m)}: finite, above 0`);
  }
  if (others.some((other) => other.id === thing.id)) {
    throw new Refused("PlacementError", `id is ${thing.id}: another object has it`);
  }
  return thing;
}

function index(at, id) {
  const found = at.objects.findIndex((thing) => thing.id === id);
  if (found < 0) throw new Refused("UnknownObject", `id is ${shown(id)}: no such object`);
  return found;
}

function observations(at) {
  const seen = { $: "Observation/1", now_ns: at.now_ns, pose: at.robot, collided: false, frames: { map: [] } };
  return { map: [["robot", seen]] };
}

function reset(scene, key) {
  if (!isRecord(scene, "Scene/1")) throw new Refused("SceneError", `scene is ${shown(scene)}: a Scene is needed`);
  if (!isRecord(key, "Key/1")) throw new Refused("SimulatorError", `key is ${shown(key)}: a Key is needed`);
  scene.objects.forEach((thing, n) => checkObject(thing, scene.objects.slice(0, n)));
  const made = { $: "ToyWorld/1", robot: scene.start, objects: scene.objects, now_ns: 0 };
  return [observations(made), made];
}

function checkActions(actions) {
  if (actions === null || typeof actions !== "object" || !Array.isArray(actions.map)) {
    throw new Refused("UnknownAction", `actions are ${shown(actions)}: a table from agents to tuples of actions`);
  }
  for (const [agent, wanted] of actions.map) {
    if (agent !== "robot") throw new Refused("UnknownAgent", `actions name the agent ${shown(agent)}: there is robot`);
    if (!Array.isArray(wanted)) throw new Refused("UnknownAction", `actions of robot are ${shown(wanted)}: a tuple`);
    for (const action of wanted) {
      const numbers = action !== null && typeof action === "object" ? ACTIONS[action.$] : undefined;
      if (!numbers) throw new Refused("UnknownAction", `an action of robot is ${shown(action)}: Drive or Stop`);
      for (const name of numbers) {
        if (!isNumber(action[name])) throw new Refused("UnknownAction", `${action.$} ${name} is ${action[name]}: finite`);
      }
    }
  }
}

function step(actions, before) {
  const at = world(before);
  checkActions(actions);
  const wanted = (actions.map[0] ?? ["robot", []])[1][0]; // one action takes the whole period
  let { x_m: x, y_m: y, yaw_rad: yaw } = at.robot;
  if (wanted && wanted.$ === "Drive/1") {
    const seconds = PERIOD_NS / 1e9;
    const forward = Math.max(-0.5, Math.min(0.5, wanted.forward_m_s)) * seconds;
    yaw += Math.max(-1.5, Math.min(1.5, wanted.turn_rad_s)) * seconds;
    x += forward * Math.cos(yaw);
    y += forward * Math.sin(yaw);
  }
  const after = { ...at, robot: pose2(x, y, yaw), now_ns: at.now_ns + PERIOD_NS };
  return [observations(after), after];
}

function addObject(before, thing) {
  const at = world(before);
  return { ...at, objects: [...at.objects, checkObject(thing, at.objects)] };
}

function moveObject(before, id, pose) {
  const at = world(before);
  const n = index(at, id);
  const turn = isRecord(pose, "Pose/1") ? [pose.qw ?? 1, pose.qx ?? 0, pose.qy ?? 0, pose.qz ?? 0] : [];
  const place = isRecord(pose, "Pose/1") ? [pose.x_m, pose.y_m, pose.z_m] : [NaN];
  if (![...place, ...turn].every(isNumber) || Math.abs(Math.hypot(...turn) - 1) > 1e-3) {
    throw new Refused("PlacementError", `pose is ${shown(pose)}: a Pose with finite numbers and a unit quaternion`);
  }
  const yaw = Math.atan2(2 * (turn[0] * turn[3] + turn[1] * turn[2]), 1 - 2 * (turn[2] ** 2 + turn[3] ** 2));
  const moved = { ...at.objects[n], x_m: place[0], y_m: place[1], z_m: place[2], yaw_rad: yaw };
  return { ...at, objects: at.objects.map((thing, i) => (i === n ? moved : thing)) };
}

function removeObject(before, id) {
  const at = world(before);
  const n = index(at, id);
  return { ...at, objects: at.objects.filter((_, i) => i !== n) };
}

const SPEC = {
  $: "SimulatorSpec/1",
  name: "toy",
  agents: [{ $: "AgentSpec/1", id: "robot", cameras: [], senses: ["pose", "collided"] }],
  actions: ["Drive", "Stop"],
  period_ns: PERIOD_NS,
  renderer: "none",
  exact_restore: true,
};

// Each function gives [kind, ...values].
const SERVED = {
  reset: (scene, key) => ["values", ...reset(scene, key)],
  step: (actions, at) => ["values", ...step(actions, at)],
  observe: (at) => ["value", observations(world(at))],
  objects: (at) => ["values", ...world(at).objects],
  invariant: (at) => ["value", world(at).now_ns * 0],
  add_object: (at, thing) => ["value", addObject(at, thing)],
  move_object: (at, id, pose) => ["value", moveObject(at, id, pose)],
  remove_object: (at, id) => ["value", removeObject(at, id)],
  left_out: () => ["values"],
  ".value": (name) => {
    if (name !== "spec") throw new Refused("SimulatorError", `no value ${shown(name)}; there is spec`);
    return ["value", SPEC];
  },
  ".service": () => [
    "value",
    { map: [["in_order", true], ["knows", true], ["name", "toy"], ["versions", [VERSION]]] },
  ],
  ".describe": () => ["value", { map: Object.keys(SERVED).sort().map((name) => [name, "pure"]) }],
};

function fault(error) {
  const text = error.message;
  const known = error instanceof Refused;
  return {
    $: "Fault/1",
    module: known ? "droidlet_simulators.errors" : "toy",
    class_name: known ? error.kind : error.name,
    text,
    traceback: String(error.stack),
    arguments: [[encode(text)]],
  };
}

function reply(id, kind, values) {
  return [encode({ v: VERSION, kind, id, values: values.map(() => 1) }), ...values.map((value) => encode(wire(value), { useBigInt64: true }))];
}

// Whole numbers of 64 bits come as BigInt; those that a Number holds exactly become one.
function plain(value) {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object" || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

// And back: this library writes whole Numbers beyond 32 bits as floats, and time is a whole number.
function wire(value) {
  if (typeof value === "number") {
    return Number.isSafeInteger(value) && Math.abs(value) >= 2 ** 31 ? BigInt(value) : value;
  }
  if (Array.isArray(value)) return value.map(wire);
  if (value === null || typeof value !== "object" || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, wire(item)]));
}

const kept = new Map(); // of each client, its values by their names; the newest last

function keep(client, name, value) {
  const held = kept.get(client) ?? new Map();
  kept.delete(client);
  kept.set(client, held);
  if (!held.has(name)) held.set(name, value);
  if (held.size > MOST_KEPT) held.delete(held.keys().next().value);
  if (kept.size > MOST_CLIENTS) kept.delete(kept.keys().next().value);
}

// The arguments of a request, or null where it names one that is not kept.
function given(head, frames, client) {
  const names = (head.known ?? []).map(String);
  if (names.length !== head.values.filter((count) => count === 0).length) throw new Error("names for other values");
  const held = kept.get(client) ?? new Map();
  if (!names.every((name) => held.has(name))) return null;
  let at = 1;
  return head.values.map((count) => {
    const first = frames[at];
    at += count; // a toy has no use for arrays, the frames behind
    return count === 0 ? held.get(names.shift()) : plain(decode(first, { useBigInt64: true }));
  });
}

// The answer to a message, or null for one that cannot even be answered.
function answer(frames) {
  let head;
  try {
    head = decode(frames[0], { useBigInt64: true });
  } catch {
    return null;
  }
  if (head === null || typeof head !== "object" || typeof head.id !== "number") return null;
  try {
    if (head.v !== VERSION) throw new Error(`the other side speaks version ${head.v} of the protocol, this one ${VERSION}`);
    const served = Object.hasOwn(SERVED, head.name) ? SERVED[head.name] : undefined;
    if (head.kind !== "call" || !served) throw new Error(`${shown(head.name)} is not served here`);
    const client = Buffer.from(head.client).toString("hex");
    const values = given(head, frames, client);
    if (values === null) return reply(head.id, "unknown", []);
    const keepAll = (found, placed) =>
      found.forEach((value, n) => (head.keep ?? []).includes(placed(n)) && keep(client, `${head.id},${placed(n)}`, value));
    keepAll(values, (n) => n);
    const [kind, ...results] = served(...values);
    keepAll(results, (n) => -1 - n);
    return reply(head.id, kind, results);
  } catch (error) {
    return reply(head.id, "error", [fault(error)]);
  }
}

const socket = new Router({ linger: 0, mandatory: true });
await socket.bind(process.argv[2] ?? "tcp://127.0.0.1:*");
console.log(socket.lastEndpoint);
for await (const [peer, ...frames] of socket) {
  const frames_back = answer(frames);
  if (frames_back === null) continue;
  try {
    await socket.send([peer, ...frames_back]);
  } catch {
    // it has gone, or does not read: it may ask again
  }
}
