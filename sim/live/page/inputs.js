// The assumptions: a row each, grouped by chapter, with a way to change it, a slider and a number.

import { label, month, plain, say, trimmed, unit } from "./words.js";
import { read, write } from "./state.js";

const LEAST = -3;
const MOST = { scale: 3, width: 2 };

export function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key in made && typeof value !== "string") made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...inside.filter((part) => part !== null));
  return made;
}

const number = (value) => Number(value.toPrecision(10));

// One assumption. `change(name, text, settled)` is told of every move; settled is false while a hand is on the slider.
class Row {
  constructor(input, change) {
    Object.assign(this, { input, change });
    this.at = read(undefined);
    const id = `in-${input.name}`;
    this.reset = element("button", { type: "button", class: "reset", title: say("reset"), hidden: true }, "↺");
    this.reset.setAttribute("aria-label", `${say("reset")}: ${label(input)}`);
    this.told = element("span", { class: "told" });
    const head = element("div", { class: "head" }, element("label", { for: id }, label(input)), this.told, this.reset);
    this.controls = input.switch ? this.choices(id) : this.sliders(id);
    this.root = element("div", { class: "input", "data-name": input.name }, head, this.controls, this.reasons());
    this.reset.addEventListener("click", () => this.settle("prior", null));
    this.words = [input.name, input.label, input.label_zh, ...input.claims].join(" ").toLowerCase();
  }

  reasons() {
    const { basis, claims, stated, rationale } = this.input;
    const said = [say("basis")[basis], ...claims].join(" · ");
    const value = stated === null ? "" : ` ${say("statedAs")} ${this.written(stated)}.`;
    return element("details", { class: "why" }, element("summary", {}, `${say("why")}`), `${said}.${value} ${rationale}`);
  }

  choices(id) {
    this.radios = ["prior", "1", "0"].map((value, k) => {
      const words = [say("prior"), say("yes"), say("no")][k];
      const radio = element("input", { type: "radio", name: id, value, ...(k ? {} : { id }) });
      radio.addEventListener("change", () => this.settle(value === "prior" ? "prior" : "fix", Number(value)));
      return { radio, label: element("label", {}, radio, ` ${words}`) };
    });
    return element("div", { class: "controls switch", role: "radiogroup", "aria-label": label(this.input) },
      ...this.radios.map((each) => each.label));
  }

  sliders(id) {
    const ways = ["prior", "fix", ...(this.input.never ? ["never"] : []), "scale", ...(this.input.width ? ["width"] : [])];
    this.how = element("select", { "aria-label": `${say("mode")}: ${label(this.input)}` },
      ...ways.map((way) => element("option", { value: way }, say(way))));
    this.slider = element("input", { type: "range", id });
    this.box = element("input", { type: "number", step: "any", "aria-label": `${say("value")}: ${label(this.input)}` });
    this.how.addEventListener("change", () => this.chosen(this.how.value));
    this.slider.addEventListener("input", () => this.slid(false));
    this.slider.addEventListener("change", () => this.slid(true));
    this.box.addEventListener("change", () => this.typed());
    return element("div", { class: "controls" }, this.how, this.slider, this.box);
  }

  chosen(how) {
    if (how === "fix") this.settle("fix", this.at.how === "fix" ? this.at.value : this.middle());
    else if (how === "scale" || how === "width") this.settle(how, this.at.how === how ? this.at.value : 1);
    else this.settle(how, null);
  }

  slid(settled) {
    const how = this.at.how === "scale" || this.at.how === "width" ? this.at.how : "fix";
    const place = Number(this.slider.value);
    const value = how === "fix" ? number(place) : Number((2 ** place).toPrecision(3));
    this.put({ how, value });
    this.change(this.input.name, write(this.at), settled);
  }

  typed() {
    if (this.box.value === "" || !this.box.checkValidity()) return this.put(this.at);
    const how = this.at.how === "scale" || this.at.how === "width" ? this.at.how : "fix";
    return this.settle(how, Number(this.box.value));
  }

  settle(how, value) {
    this.put({ how, value });
    this.change(this.input.name, write(this.at), true);
  }

  middle() {
    const { stated, quantiles, low, high } = this.input;
    return Math.min(Math.max(stated ?? quantiles[1] ?? high, low), high);
  }

  // Show a change; nothing is told to anyone.
  put(at, text) {
    this.at = at;
    const changed = at.how !== "prior";
    this.root.classList.toggle("changed", changed);
    this.reset.hidden = !changed;
    this.told.textContent = this.summary(text);
    if (this.input.switch) {
      const value = changed ? String(at.value) : "prior";
      for (const { radio } of this.radios) radio.checked = radio.value === value;
      return;
    }
    this.how.value = at.how === "other" ? "prior" : at.how;
    const factor = at.how === "scale" || at.how === "width";
    const { low, high, step } = this.input;
    const [from, to, by] = factor ? [LEAST, MOST[at.how], 0.05] : [low, high, step];
    Object.assign(this.slider, { min: from, max: to, step: by });
    this.slider.value = factor ? Math.log2(at.value) : at.how === "fix" ? at.value : this.middle();
    this.slider.disabled = at.how === "never";
    this.box.disabled = at.how === "never";
    if (document.activeElement !== this.box || at.how === "fix" || factor) this.box.value = at.value ?? "";
    this.box.placeholder = factor ? "" : this.written(this.middle());
    this.slider.setAttribute("aria-valuetext", this.told.textContent);
  }

  written(value) {
    if (this.input.unit === "month") return month(value);
    const text = trimmed(plain(value));
    return this.input.unit === "1/yr" || this.input.unit === "1" ? text : `${text} ${unit(this.input.unit)}`.trim();
  }

  summary(text) {
    const { how, value } = this.at;
    if (how === "other") return text;
    if (how === "never") return say("never");
    if (how === "scale" || how === "width") return `${say(how)} ${trimmed(plain(value))}`.replace("× ", "").replace(/(\S+) (\S+)/, "$1 × $2");
    if (this.input.switch) return how === "fix" ? say(value ? "yes" : "no") : "";
    if (how === "fix") return `= ${this.written(value)}`;
    const [low, , high] = this.input.quantiles;
    if (low === null && high === null) return say("never");
    const from = this.input.unit === "month" ? month(low) : trimmed(plain(low));
    if (low === high) return this.written(low);
    return `${from}–${high === null ? say("never") : this.written(high)}`;
  }
}

export class Inputs {
  constructor(place, chapters, change) {
    this.rows = new Map();
    this.groups = chapters.map((chapter) => {
      const rows = chapter.inputs.map((input) => new Row(input, change));
      for (const row of rows) this.rows.set(row.input.name, row);
      const count = element("span", { class: "count" });
      const root = element("details", { class: "chapter" },
        element("summary", {}, label(chapter), count), ...rows.map((row) => row.root));
      return { root, rows, count };
    });
    place.replaceChildren(...this.groups.map((group) => group.root));
  }

  // Show a state's changes; `touched` are names that the scenario itself changes.
  show(changes, touched) {
    for (const [name, row] of this.rows) {
      if (row.at.how !== "other" && write(row.at) === changes[name] && row.shownOnce) continue;
      row.shownOnce = true;
      row.put(read(changes[name]), changes[name]);
    }
    for (const [name, row] of this.rows) {
      const mark = touched.includes(name) && changes[name] === undefined;
      row.root.classList.toggle("by-scenario", mark);
      row.root.title = mark ? say("byScenario") : "";
    }
    for (const { rows, count } of this.groups) {
      const changed = rows.filter((row) => row.at.how !== "prior").length;
      count.textContent = changed ? say("changed")(changed) : `${rows.length}`;
      count.classList.toggle("some", changed > 0);
    }
  }

  // Leave what fits; true if anything does.
  filter(words, only) {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    let any = false;
    for (const { root, rows } of this.groups) {
      let fits = 0;
      for (const row of rows) {
        const fit = wanted.every((word) => row.words.includes(word)) && (!only || row.at.how !== "prior");
        row.root.hidden = !fit;
        fits += fit;
      }
      root.hidden = fits === 0;
      if (wanted.length || only) root.open = fits > 0;
      any ||= fits > 0;
    }
    return any;
  }

  open(first) {
    this.groups.forEach((group, k) => { group.root.open = first.includes(k); });
  }

  opened() {
    return this.groups.flatMap((group, k) => (group.root.open ? [k] : []));
  }
}
