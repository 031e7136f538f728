// What was moved, as the address has it, and the way back.

export const NEUTRAL = { scenario: "baseline", changes: {}, pin: null };

export function toQuery(view) {
  const pairs = new URLSearchParams();
  const put = (prefix, changes) => {
    for (const name of Object.keys(changes).sort()) pairs.append(prefix + name, changes[name]);
  };
  pairs.append(".scenario", view.scenario);
  put("", view.changes);
  if (view.pin) {
    pairs.append(".pin", view.pin.scenario);
    put(".pin.", view.pin.changes);
  }
  return pairs.toString();
}

export function fromQuery(text) {
  const view = { scenario: "baseline", changes: {}, pin: null };
  const pinned = {};
  for (const [key, value] of new URLSearchParams(text)) {
    if (key === ".scenario") view.scenario = value;
    else if (key === ".pin") view.pin = { scenario: value, changes: pinned };
    else if (key.startsWith(".pin.")) pinned[key.slice(5)] = value;
    else if (!key.startsWith(".")) view.changes[key] = value;
  }
  return view;
}

export class History {
  constructor(query) {
    this.done = [query];
    this.at = 0;
  }

  put(query) {
    if (query === this.done[this.at]) return;
    this.done = [...this.done.slice(0, this.at + 1), query].slice(-200);
    this.at = this.done.length - 1;
  }

  go(by) {
    this.at = Math.min(Math.max(this.at + by, 0), this.done.length - 1);
    return this.done[this.at];
  }

  get back() { return this.at > 0; }
  get forth() { return this.at < this.done.length - 1; }
}

// A change as text: {how: "fix" | "never" | "scale" | "width" | "other", value}.
export function read(text) {
  if (text === undefined) return { how: "prior", value: null };
  if (text === "never") return { how: "never", value: null };
  const width = /^width\(([^)]+)\)$/.exec(text);
  if (width) return { how: "width", value: Number(width[1]) };
  if (text.startsWith("*")) return { how: "scale", value: Number(text.slice(1)) };
  if (text.startsWith("+")) return { how: "other", value: null }; // a shift, as the server has it
  const value = Number(text);
  return Number.isFinite(value) ? { how: "fix", value } : { how: "other", value: null };
}

export function write({ how, value }) {
  if (how === "prior") return undefined;
  if (how === "never") return "never";
  return { fix: `${value}`, scale: `*${value}`, width: `width(${value})` }[how];
}
