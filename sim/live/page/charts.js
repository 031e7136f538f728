// Fans and intervals as SVG. A series is {q: [five levels][points], m: [points]}; the base lies in grey beneath the state.

const SVG = "http://www.w3.org/2000/svg";

function put(parent, name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

const known = (values) => values.filter((value) => value !== null);

// Round ends and steps of an axis that holds all values; those of shares and counts begin at 0.
function axis(values, steps, zero) {
  let low = Math.min(...values, zero ? 0 : Infinity);
  let high = Math.max(...values, zero ? 0 : -Infinity);
  if (!(low <= high)) [low, high] = [0, 1];
  if (low === high) [low, high] = low === 0 ? [0, 1] : [Math.min(low, 0), Math.max(high, 0)];
  const raw = (high - low) / steps;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((m) => m >= raw * 0.999);
  const first = Math.floor(low / step + 1e-9) * step;
  const last = Math.ceil(high / step - 1e-9) * step;
  const ticks = [];
  for (let k = 0; first + k * step <= last + step / 2; k += 1) ticks.push(first + k * step);
  return { low: first, high: last, ticks };
}

function path(points) {
  return points.map(([x, y], k) => `${k ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

// Over time: bands of 90 % and 50 % and the median's line; of few points (years) bars in their place.
function bands(parent, series, x, y, kind, shift) {
  const at = series.q[0].map((_, k) => k);
  if (kind === "chance" && at.length <= 4) {
    for (const k of at) {
      put(parent, "path", { d: path([[x(k) + shift, y(0)], [x(k) + shift, y(series.m[k])]]), class: "thick" });
      put(parent, "circle", { cx: x(k) + shift, cy: y(series.m[k]), r: 3, class: "dot" });
    }
    return;
  }
  if (kind === "chance") {
    put(parent, "path", { d: path(at.map((k) => [x(k), y(series.m[k])])), class: "line" });
    for (const k of at) put(parent, "circle", { cx: x(k), cy: y(series.m[k]), r: 2.2, class: "dot" });
    return;
  }
  if (at.length <= 4) {
    for (const k of at) {
      const here = x(k) + shift;
      put(parent, "path", { d: path([[here, y(series.q[0][k])], [here, y(series.q[4][k])]]), class: "thin" });
      put(parent, "path", { d: path([[here, y(series.q[1][k])], [here, y(series.q[3][k])]]), class: "thick" });
      put(parent, "circle", { cx: here, cy: y(series.q[2][k]), r: 3, class: "dot" });
    }
    return;
  }
  for (const [low, high] of [[0, 4], [1, 3]]) {
    const edge = [...at.map((k) => [x(k), y(series.q[low][k])]), ...at.toReversed().map((k) => [x(k), y(series.q[high][k])])];
    put(parent, "path", { d: `${path(edge)}Z`, class: "band" });
  }
  put(parent, "path", { d: path(at.map((k) => [x(k), y(series.q[2][k])])), class: "line" });
}

/* Draw into `place`:
   size {width, height}; ticks: labels along x; state, base (or null): series; kind: "chance" or "number";
   format: of numbers on the axis; zero: whether the axis holds 0; steps: of the axis; bare: no axis but its ends;
   caption: what the axis is of, above it. */
export function chart(place, { size, ticks, state, base, kind, format, zero, steps = 4, bare = false, at = -1, margin = 0, caption = "" }) {
  const { width, height } = size;
  const every = [state, base].filter(Boolean).flatMap((s) => (kind === "chance" ? s.m : [...s.q[0], ...s.q[4]]));
  const scale = axis(known(every), bare ? 2 : steps, zero || kind === "chance");
  const words = scale.ticks.map(format);
  const left = bare ? 4 : Math.max(margin, 12 + 6.6 * Math.max(...words.map((word) => [...word].reduce((n, c) => n + (c > "⺀" ? 1.8 : 1), 0))));
  const [right, top, bottom] = [bare ? 4 : 12, bare ? 4 : caption ? 20 : 10, bare ? 14 : 22];
  const x = (k) => left + (width - left - right) * (ticks.length > 4 ? k / (ticks.length - 1) : (k + 0.5) / ticks.length);
  const y = (value) => top + (height - top - bottom) * (1 - (value - scale.low) / (scale.high - scale.low));
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("aria-hidden", "true");
  if (caption) put(svg, "text", { x: left, y: 11, class: "tick start" }, caption);
  scale.ticks.forEach((value, k) => {
    if (bare && value !== 0) return;
    put(svg, "path", { d: path([[left, y(value)], [width - right, y(value)]]), class: value === 0 ? "zero" : "grid" });
    if (!bare) put(svg, "text", { x: left - 6, y: y(value) + 4, class: "tick end" }, words[k]);
  });
  const some = ticks.length > 4 ? ticks.map((_, k) => k % 4 === 0) : ticks.map(() => true);
  ticks.forEach((word, k) => {
    if (!some[k]) return;
    const text = bare ? short(word, (width - left - right) / ticks.length) : word;
    put(svg, "text", { x: x(k), y: height - 5, class: `tick ${k === 0 && ticks.length > 4 ? "start" : "middle"}` }, text);
  });
  if (at >= 0) put(svg, "path", { d: path([[x(at), top], [x(at), height - bottom]]), class: "cursor" });
  if (base) bands(put(svg, "g", { class: "base" }), base, x, y, kind, bare ? -4 : -7);
  bands(put(svg, "g", { class: "state" }), state, x, y, kind, base ? (bare ? 4 : 7) : 0);
  place.replaceChildren(svg);
  return { nearest: (where) => nearest(ticks.map((_, k) => x(k)), where * width) };
}

// Of a quarter its year; of any other label as many letters as there is room for.
function short(word, room) {
  if (/^\d{4}Q[1-4]$/.test(word)) return word.slice(0, 4);
  const most = Math.max(Math.floor(room / 6.6), 3);
  return word.length <= most ? word : `${word.slice(0, most - 1)}…`;
}

function nearest(places, where) {
  return places.reduce((best, place, k) => (Math.abs(place - where) < Math.abs(places[best] - where) ? k : best), 0);
}
