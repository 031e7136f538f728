// What is drawn: one answer large, with the difference beneath, and all of them small.

import { chart } from "./charts.js";
import { element } from "./inputs.js";
import { figure, label, labels, lang, say, tick, unit } from "./words.js";

const SMALL = { width: 150, height: 84 };
const ALONE = { width: 320, height: 84 };
const MARGIN = 76;

// The panels of an output: one for each label of its first dimensions, over its last.
function panels(output) {
  const along = output.dims.at(-1);
  const time = along && (along.name === "quarter" || along.name === "year");
  const beside = time ? output.dims.slice(0, -1) : [];
  const points = along ? along.labels.length : 1;
  const names = beside.length ? labels(beside[0]) : [""];
  const ticks = along ? (time ? along.labels : labels(along)) : [""];
  return names.map((name, k) => (
    { output, name, key: `${output.name}:${k}`, first: output.first + k * points, points, ticks, time, alone: names.length === 1 }));
}

const part = (figures, first, points) => ({
  q: figures.q.map((row) => row.slice(first, first + points)),
  m: figures.m.slice(first, first + points),
  eq: figures.eq.map((row) => row.slice(first, first + points)),
  em: figures.em.slice(first, first + points),
});

const same = (a, b) => a.q.every((row, k) => row.every((value, i) => value === b.q[k][i])) && a.m.every((v, i) => v === b.m[i]);
const empty = (series) => series.q.every((row) => row.every((value) => value === 0)) && series.m.every((v) => v === 0);

// The median of a point, or its chance, to what its error supports: one rule for a small panel and for the sentence.
const middle = (output, series, k, options = {}) => (output.kind === "chance"
  ? figure(output, series.m[k], { error: series.em[k], ...options })
  : figure(output, series.q[2][k], { error: series.eq[1][k], ...options }));

export class Picture {
  // `paired` is called when another output's difference is wanted.
  constructor(catalogue, chosen, paired) {
    Object.assign(this, { catalogue, paired });
    this.panels = catalogue.outputs.flatMap(panels);
    this.select = document.getElementById("output");
    this.spot = document.getElementById("spotlight");
    this.below = document.getElementById("difference");
    this.readout = document.getElementById("readout");
    this.choices();
    this.cards();
    this.pick(this.panels.find((panel) => panel.key === chosen)?.key ?? this.panels[0].key);
    this.select.onchange = () => this.pick(this.select.value);
    this.spot.onpointermove = (event) => this.point(event);
    this.spot.onkeydown = (event) => this.step(event);
    window.onresize = () => this.draw();
  }

  title(panel) {
    return panel.name ? `${label(panel.output)}: ${panel.name}` : label(panel.output);
  }

  choices() {
    this.select.replaceChildren(...this.catalogue.outputs.map((output) => {
      const mine = this.panels.filter((panel) => panel.output === output);
      if (mine.length === 1) return element("option", { value: mine[0].key }, label(output));
      const group = element("optgroup", { label: label(output) });
      group.append(...mine.map((panel) => element("option", { value: panel.key }, this.title(panel))));
      return group;
    }));
  }

  cards() {
    const made = this.catalogue.outputs.map((output) => {
      const mine = this.panels.filter((panel) => panel.output === output);
      for (const panel of mine) {
        panel.place = element("span", { class: "small" });
        panel.last = element("span", { class: "last" });
        panel.button = element("button", { type: "button", class: "panel", "aria-label": `${say("pick")}: ${this.title(panel)}` },
          element("span", { class: "name" }, element("span", {}, panel.name), panel.last), panel.place);
        panel.button.onclick = () => this.pick(panel.key, true);
      }
      const of = unit(output.unit);
      return element("section", { class: "card" },
        element("h3", {}, label(output), ...(of ? [element("span", { class: "unit" }, ` ${of}`)] : [])),
        element("div", { class: mine.length === 1 ? "panels alone" : "panels" }, ...mine.map((panel) => panel.button)));
    });
    document.getElementById("cards").replaceChildren(...made);
    // What is off the screen is drawn when it comes into sight: a move redraws a dozen panels, not fifty.
    const sight = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const panel = this.panels.find((each) => each.place === target);
        panel.seen = isIntersecting;
        if (isIntersecting && this.figures && panel.drawn !== this.figures) this.refresh(panel);
      }
    }, { rootMargin: "100px" });
    for (const panel of this.panels) sight.observe(panel.place);
  }

  pick(key, look = false) {
    this.chosen = this.panels.find((panel) => panel.key === key);
    this.select.value = key;
    this.at = this.chosen.points - 1;
    for (const panel of this.panels) panel.button.setAttribute("aria-pressed", String(panel === this.chosen));
    if (look && this.spot.getBoundingClientRect().top < 0) this.spot.scrollIntoView({ block: "center" });
    this.draw();
    if (this.figures && this.figures.paired !== this.chosen.output.name) this.paired();
  }

  show(figures) {
    this.figures = figures;
    this.draw();
  }

  series(panel) {
    const [state, base] = ["state", "base"].map((name) => part(this.figures[name], panel.first, panel.points));
    const paired = this.figures.paired === panel.output.name;
    const difference = paired ? part(this.figures.difference, panel.first - panel.output.first, panel.points) : null;
    return { state, base: same(state, base) ? null : base, difference };
  }

  draw() {
    if (!this.figures) return;
    this.large();
    for (const panel of this.panels) {
      panel.button.hidden = [this.figures.state, this.figures.base].every((figures) => empty(part(figures, panel.first, panel.points)));
      if (panel.seen && !panel.button.hidden) this.refresh(panel);
    }
  }

  refresh(panel) {
    const { state, base } = this.series(panel);
    const { output, ticks } = panel;
    panel.drawn = this.figures;
    const format = (value) => tick(output, value);
    const about = { ticks, kind: output.kind, zero: output.kind !== "month", bare: true };
    chart(panel.place, { size: panel.alone ? ALONE : SMALL, state, base, format, ...about });
    const k = panel.points - 1;
    if (panel.time || panel.points === 1) panel.last.textContent = middle(output, state, k);
  }

  large() {
    const { output, ticks } = this.chosen;
    const { state, base, difference } = this.series(this.chosen);
    const format = (value) => tick(output, value);
    const about = { ticks, kind: output.kind, zero: output.kind !== "month", at: this.at, margin: MARGIN };
    const narrow = window.matchMedia("(max-width: 899px)").matches;
    const width = Math.max(this.spot.clientWidth, 280);
    const drawn = chart(this.spot, { size: { width, height: narrow ? 170 : 290 }, state, base, format, steps: narrow ? 3 : 5, ...about });
    this.nearest = drawn.nearest;
    this.below.hidden = base === null;
    if (base && difference) {
      const signed = (value) => tick(output, value, { difference: true });
      const of = output.kind === "month" ? unit("month") : output.unit === "1" || output.kind === "chance" ? say("points") : unit(output.unit);
      const caption = `${say("difference")}${lang === "zh" ? "，" : ", "}${of}`;
      const below = { width, height: narrow ? 94 : 130 };
      chart(this.below, { size: below, state: difference, base: null, format: signed, steps: 2, ...about, zero: true, caption });
    }
    this.tell(state, base, difference);
  }

  tell(state, base, difference) {
    const { output, ticks } = this.chosen;
    const k = this.at;
    const chance = output.kind === "chance";
    const interval = (series, options) => {
      const [low, high] = [0, 4].map((level) => figure(output, series.q[level][k], { error: series.eq[level / 2][k], ...options }));
      const median = middle(output, series, k, options);
      return low === high ? median : `${median} (${low.replace(/ ?(%|pts|个百分点)$/, "")} – ${high})`;
    };
    const words = (series, options = {}) => (chance ? middle(output, series, k, options) : interval(series, options));
    const of = unit(output.unit);
    const parts = [`${ticks[k]} ${words(state)}${of && output.kind === "number" ? ` ${of}` : ""}`.trim()];
    if (base) parts.push(`${say("base")} ${words(base)}`);
    if (base && difference) parts.push(`${say("difference")} ${words(difference, { difference: true })}`);
    // A number and its unit stay on one line.
    this.readout.textContent = parts.join(" · ").replace(/ (?=%|pts|个)/g, "\u00a0");
    const name = `${this.title(this.chosen)}. ${parts.join(". ")}`;
    this.spot.setAttribute("aria-label", name);
    this.below.setAttribute("aria-label", say("difference"));
  }

  point(event) {
    if (!this.nearest) return;
    const box = this.spot.getBoundingClientRect();
    const at = this.nearest((event.clientX - box.left) / box.width);
    if (at !== this.at) {
      this.at = at;
      this.large();
    }
  }

  step(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    this.at = Math.min(Math.max(this.at + by, 0), this.chosen.points - 1);
    this.large();
  }
}
