// The page: the list on the left, one exchange on the right, kept up to date by the server's events.

import { byId, fill, make } from "./dom.js";
import { form } from "./edit.js";
import { List } from "./list.js";
import * as server from "./server.js";
import * as story from "./story.js";

const into = byId("story");
let state = null;
let found = null;
let original = null;
let editor = null;

const list = new List(byId("exchanges"), (id) => {
  if (location.hash !== `#${id}`) history.replaceState(null, "", `#${id}`);
  open(id);
});

async function open(id) {
  try {
    const got = await server.exchange(id);
    if (list.chosen !== id) return;
    editor = null;
    found = original = got;
    draw();
    into.scrollTop = 0;
  } catch (error) {
    if (list.chosen === id) story.failed(into, error.message);
  }
}

const actions = { edit: () => edit(), back: () => { found = original; editor = null; draw(); } };

function draw() {
  story.tell(into, found, actions);
  if (editor) into.querySelector(".heading").after(editor);
}

function edit() {
  if (!original || !original.trace.length) return;
  if (!editor) {
    editor = form(original, async (changes) => {
      found = { ...await server.rerun(original.summary.id, changes), edited: true };
      draw();
      into.querySelector(".banner")?.scrollIntoView({ block: "nearest" });
    }, () => { editor = null; draw(); byId("edit")?.focus(); });
    draw();
  }
  editor.querySelector("textarea, input")?.focus();
}

// -- the list ---------------------------------------------------------------------------------------------------------

const wanted = () => ({ path: list.filter.path, template: list.filter.template, status: list.filter.status, refused: list.filter.refused || "" });

async function reload() {
  const got = await server.exchanges({ ...wanted(), limit: 200 });
  list.replace(got.exchanges);
  byId("older").hidden = got.exchanges.length < 200;
  if (list.chosen === null) {
    const asked = Number(location.hash.slice(1));
    if (asked > 0) list.choose(asked, { scroll: true });
    else if (got.exchanges.length) list.choose(got.exchanges[0].id);
    else story.nothing(into, state);
  }
}

let filtering = 0;
function filter() {
  list.filter = {
    path: byId("by-path").value,
    template: byId("by-template").value,
    status: document.querySelector('input[name="status"]:checked').value,
    refused: byId("by-refused").checked,
  };
  list.draw();
  clearTimeout(filtering);
  filtering = setTimeout(() => reload().catch(report), 200);
}
byId("filters").addEventListener("input", filter);
byId("filters").addEventListener("submit", (event) => event.preventDefault());

byId("older").addEventListener("click", async () => {
  const last = list.all[list.all.length - 1];
  const got = await server.exchanges({ ...wanted(), before: last?.id, limit: 200 });
  list.append(got.exchanges);
  byId("older").hidden = got.exchanges.length < 200;
});

function pause() {
  const button = byId("pause");
  if (list.paused) list.resume();
  else list.paused = true;
  button.setAttribute("aria-pressed", String(list.paused));
  showPaused();
}
function showPaused() {
  byId("pause").textContent = list.paused ? `Resume${list.waiting.length ? ` (${list.waiting.length} new)` : ""}` : "Pause";
}
byId("pause").addEventListener("click", pause);
byId("clear").addEventListener("click", () => server.clear().catch(report));
byId("keys").addEventListener("click", () => byId("help").showModal());

// -- what the server says ---------------------------------------------------------------------------------------------

function live(word, kind) {
  const at = byId("live");
  at.textContent = word;
  at.className = `live ${kind}`;
}

function report(error) {
  live(error.message, "lost");
}

function show(next) {
  state = next;
  const apis = state.apis.map((api) => `${api.name || "api"} at /${[api.base, api.stages[0]].filter(Boolean).join("/")}${api.stages.length > 1 ? " …" : "/"}`);
  byId("served").textContent = apis.join(" · ");
  const made = [];
  for (const definition of state.definitions) {
    const errors = definition.troubles.filter((each) => each.severity === "error");
    if (!errors.length) continue;
    made.push(make("section.trouble",
      make("p", make("b", definition.name), definition.stale ? " is broken on disk. The last good one is served." : " has templates that do not parse. Requests that use them get 500."),
      errors.slice(0, 5).map((each) => make("pre", each.text)),
      errors.length > 5 && make("p", `and ${errors.length - 5} more`)));
  }
  if (state.journal.trouble) made.push(make("section.trouble", make("p", make("b", "The journal cannot be written: "), state.journal.trouble, ". Answers are not affected; the newest exchanges are kept in memory.")));
  fill(byId("troubles"), made);
}

let lost = false;
server.listen({
  open: () => {
    live("live", "on");
    if (lost) Promise.all([server.state().then(show), reload()]).catch(report);
    lost = false;
  },
  lost: () => { lost = true; live("not connected", "lost"); },
  exchanges: ({ exchanges, more }) => {
    const first = list.chosen === null;
    list.arrive(exchanges);
    if (list.paused) showPaused();
    if (more) reload().catch(report);
    if (first && !list.paused && list.all.length) list.choose(list.all[0].id);
  },
  state: show,
  again: () => reload().catch(report),
  cleared: () => {
    list.chosen = null;
    found = original = editor = null;
    history.replaceState(null, "", location.pathname);
    list.replace([]);
    story.nothing(into, state);
  },
});

addEventListener("hashchange", () => {
  const id = Number(location.hash.slice(1));
  if (id > 0 && id !== list.chosen) list.choose(id, { scroll: true });
});

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  const typing = event.target.matches("input:not([type=radio]):not([type=checkbox]), textarea");
  if (typing) {
    if (event.key === "Escape" && event.target.closest("#filters")) event.target.blur();
    return;
  }
  const inList = event.target === byId("exchanges");
  const act = {
    j: () => list.step(1), k: () => list.step(-1), p: pause, e: edit, "/": () => byId("by-path").focus(), "?": () => byId("help").showModal(),
    ...(inList ? { ArrowDown: () => list.step(1), ArrowUp: () => list.step(-1), Enter: () => into.focus() } : {}),
  }[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

try {
  show(await server.state());
  await reload();
} catch (error) {
  report(error);
}
