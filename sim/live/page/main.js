// The page: a state, its history and its address; what is moved goes to the server, what comes back is drawn.

import { Inputs, element } from "./inputs.js";
import { Picture } from "./picture.js";
import { History, NEUTRAL, fromQuery, toQuery } from "./state.js";
import { Wire } from "./wire.js";
import { label, lang, plain, say, speak } from "./words.js";

const FIRST_OPEN = 2;
const at = (id) => document.getElementById(id);
const page = { view: fromQuery(location.hash.slice(1)), catalogue: null, inputs: null, picture: null };

async function begin() {
  speak(new URLSearchParams(location.search).get("lang") ?? "en");
  page.catalogue = await (await fetch("/catalogue.json")).json();
  page.history = new History(toQuery(page.view));
  build();
  page.wire = new Wire({
    onAnswer: answered,
    onLost: () => notice(say("lost")),
    onBack: () => notice(""),
    onGone: () => notice(say("gone")),
  });
  listen();
  show(page.view);
}

// Everything that has words in it; again when the language changes.
function build() {
  const opened = page.inputs?.opened() ?? (window.matchMedia("(min-width: 900px)").matches ? [FIRST_OPEN] : []);
  at("scenario").replaceChildren(...page.catalogue.scenarios.map((one) => element("option", { value: one.name }, label(one))));
  page.inputs = new Inputs(at("chapters"), page.catalogue.chapters, moved);
  page.inputs.open(opened);
  at("search").placeholder = say("searchHint");
  page.picture = new Picture(page.catalogue, page.picture?.chosen.key, () => page.wire && ask());
  if (page.answer) page.picture.show(page.answer);
}

function listen() {
  at("scenario").onchange = () => settle({ ...page.view, scenario: at("scenario").value });
  at("undo").onclick = () => travel(-1);
  at("redo").onclick = () => travel(1);
  at("clear").onclick = () => settle({ ...NEUTRAL, pin: page.view.pin });
  at("pin").onclick = () => settle({ ...page.view, pin: page.view.pin ? null : { scenario: page.view.scenario, changes: page.view.changes } });
  at("share").onclick = share;
  at("save").onclick = () => { at("saved").textContent = ""; at("save-box").showModal(); };
  at("lang").onclick = () => language(lang === "zh" ? "en" : "zh");
  at("search").oninput = filter;
  at("only").onchange = filter;
  for (const button of document.querySelectorAll("[data-kind]")) button.onclick = () => save(button.dataset.kind);
  window.onhashchange = () => settle(fromQuery(location.hash.slice(1)));
  window.onkeydown = shortcut;
}

function shortcut(event) {
  const typing = event.target.matches?.("input:not([type=range]):not([type=radio]):not([type=checkbox])");
  if (event.key === "/" && !typing) {
    event.preventDefault();
    at("search").focus();
  }
  if (!(event.ctrlKey || event.metaKey) || typing) return;
  const by = { z: event.shiftKey ? 1 : -1, Z: 1, y: 1 }[event.key];
  if (by) {
    event.preventDefault();
    travel(by);
  }
}

// An input was moved; while a hand is on it the address and the history wait.
function moved(name, text, settled) {
  const changes = { ...page.view.changes };
  if (text === undefined) delete changes[name];
  else changes[name] = text;
  page.view = { ...page.view, changes };
  if (settled) settle(page.view);
  else ask(false);
}

function settle(view) {
  page.view = view;
  page.history.put(toQuery(view));
  show(view);
}

function travel(by) {
  page.view = fromQuery(page.history.go(by));
  show(page.view);
}

function ask(settled = true) {
  if (page.wire.ask(toQuery(page.view), page.picture.chosen.output.name, settled)) {
    at("status").textContent = say("waiting");
    document.body.dataset.rest = "no";
  } else if (page.answer) tell(page.answer);
}

function show(view) {
  ask(); // first, so that the server is at work while the rest is shown
  const scenario = page.catalogue.scenarios.find((one) => one.name === view.scenario);
  const query = toQuery(view);
  const neutral = query === toQuery({ ...NEUTRAL, pin: view.pin });
  history.replaceState(null, "", `${location.pathname}${location.search}${query === toQuery(NEUTRAL) ? "" : `#${query}`}`);
  at("scenario").value = view.scenario;
  page.inputs.show(view.changes, scenario?.changes ?? []);
  filter();
  at("undo").disabled = !page.history.back;
  at("redo").disabled = !page.history.forth;
  at("clear").disabled = neutral;
  at("pin").textContent = say(view.pin ? "unpin" : "pin");
  at("pin").setAttribute("aria-pressed", String(view.pin !== null));
  at("key-state").textContent = scenario && neutral ? label(scenario) : named(view);
  at("key-base").textContent = `${say("base")} ${view.pin ? `${say("pinned")}: ${named(view.pin)}` : say("baseline")}`;
}

// A state in a few words: its scenario and how many changes.
function named({ scenario, changes }) {
  const one = page.catalogue.scenarios.find((each) => each.name === scenario);
  const count = Object.keys(changes).length;
  return `${one ? label(one) : scenario}${count ? ` + ${say("changed")(count)}` : ""}`;
}

function answered(answer) {
  if (answer.refused || answer.failed) {
    notice(answer.refused ?? answer.failed);
    at("status").textContent = "";
    document.body.dataset.rest = "refused";
    return;
  }
  notice("");
  page.answer = answer;
  page.picture.show(answer);
  tell(answer);
  document.body.dataset.waited = (performance.now() - answer.asked).toFixed(1);
}

// How sure what is on screen is, and whether it is still becoming surer.
function tell(answer) {
  const words = precision(answer);
  at("status").textContent = `${words} · ${say(answer.done ? "rested" : "sharpening")}`;
  if (answer.done) at("told").textContent = `${words}. ${at("spotlight").getAttribute("aria-label")}`;
  if (answer.done && page.wire.idle) document.body.dataset.rest = "yes";
  document.body.dataset.draws = answer.draws;
  document.body.dataset.move = answer.move;
}

function precision({ draws, error, error_at: [cell, kind] }) {
  const panel = page.picture.panels.find(({ first, points }) => cell >= first && cell < first + points);
  const where = `${page.picture.title(panel)}${panel.points > 1 ? ` ${panel.ticks[cell - panel.first]}` : ""}`;
  const size = error === null ? "–" : `${plain(100 * error, error * 10)}${lang === "zh" ? "" : " "}%`;
  return `${draws.toLocaleString("en")} ${say("draws")} · ${say("error")} ${size} (${say("figure")[kind]}${lang === "zh" ? "：" : " of "}${where})`;
}

function filter() {
  const words = at("search").value;
  at("nothing").hidden = page.inputs.filter(words, at("only").checked);
}

function language(next) {
  const query = new URLSearchParams(location.search);
  if (next === "zh") query.set("lang", "zh");
  else query.delete("lang");
  history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}${location.hash}`);
  speak(next);
  build();
  show(page.view);
}

function notice(text) {
  at("notice").textContent = text;
  at("notice").hidden = text === "";
}

async function share() {
  const address = `${location.origin}${location.pathname}${location.search}#${toQuery(page.view)}`;
  at("address").value = address;
  at("copied").textContent = "";
  at("share-box").showModal();
  at("address").select();
  try {
    await navigator.clipboard.writeText(address);
    at("copied").textContent = say("copied");
  } catch { /* the address is selected, to be copied by hand */ }
}

async function save(kind) {
  const told = at("saved");
  told.textContent = say("working");
  const name = at("name").value.trim();
  const answer = await fetch(`/download/${kind}?${new URLSearchParams({ ".name": name })}&${toQuery(page.view)}`);
  if (!answer.ok) {
    told.textContent = await answer.text();
    return;
  }
  const link = element("a", { href: URL.createObjectURL(await answer.blob()), download: `${name}.${kind}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  told.textContent = `${say("done")} ${name}.${kind}`;
}

begin();
