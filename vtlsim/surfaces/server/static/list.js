// The list of exchanges: newest first, filtered here, kept live by the server's events.

import { duration, fill, make } from "./dom.js";
import { statusClass } from "./story.js";

const MOST = 2_000;

export class List {
  constructor(into, onChoose) {
    this.into = into;
    this.onChoose = onChoose;
    this.all = [];
    this.chosen = null;
    this.paused = false;
    this.waiting = [];
    this.filter = { path: "", template: "", status: "", refused: false };
    into.addEventListener("click", (event) => {
      const row = event.target.closest("li[data-id]");
      if (row) this.choose(Number(row.dataset.id));
    });
  }

  replace(exchanges) {
    this.all = exchanges;
    this.waiting = [];
    this.draw();
  }

  append(exchanges) {
    const known = new Set(this.all.map((each) => each.id));
    this.all = this.all.concat(exchanges.filter((each) => !known.has(each.id)));
    this.draw();
  }

  arrive(exchanges) {
    if (this.paused) {
      this.waiting = this.waiting.concat(exchanges).slice(-MOST);
      return;
    }
    const known = new Set(this.all.slice(0, 500).map((each) => each.id));
    const fresh = exchanges.filter((each) => !known.has(each.id)).sort((a, b) => b.id - a.id);
    this.all = fresh.concat(this.all).sort((a, b) => b.id - a.id).slice(0, MOST);
    this.draw();
  }

  resume() {
    this.paused = false;
    const waiting = this.waiting;
    this.waiting = [];
    this.arrive(waiting);
  }

  get shown() {
    const { path, template, status, refused } = this.filter;
    const within = (text, part) => !part || text.toLowerCase().includes(part.toLowerCase());
    return this.all.filter((each) => within(each.path, path) && within(each.template, template)
      && (!status || String(each.status)[0] === status[0]) && (!refused || each.refusal || each.note));
  }

  choose(id, { scroll = false } = {}) {
    this.chosen = id;
    this.mark();
    if (scroll) this.into.querySelector(`li[data-id="${id}"]`)?.scrollIntoView({ block: "nearest" });
    this.onChoose(id);
  }

  step(by) {
    const shown = this.shown;
    if (!shown.length) return;
    const at = shown.findIndex((each) => each.id === this.chosen);
    const next = at < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, at + by));
    this.choose(shown[next].id, { scroll: true });
  }

  mark() {
    for (const row of this.into.children) {
      const chosen = Number(row.dataset.id) === this.chosen;
      row.classList.toggle("chosen", chosen);
      row.setAttribute?.("aria-selected", String(chosen));
    }
    if (this.chosen) this.into.setAttribute("aria-activedescendant", `x${this.chosen}`);
  }

  draw() {
    const shown = this.shown.slice(0, 500);
    const top = this.into.scrollTop;
    const before = this.into.scrollHeight;
    fill(this.into, shown.length ? shown.map(row) : make("li.none", this.all.length ? "Nothing fits the filter." : "Nothing yet."));
    if (top > 0) this.into.scrollTop = top + this.into.scrollHeight - before;
    this.mark();
  }
}

function row(each) {
  const at = new Date(each.time).toLocaleTimeString(undefined, { hour12: false });
  const about = each.note || each.refusal || names(each.template);
  return make("li", { id: `x${each.id}`, role: "option", dataset: { id: each.id } },
    make(`span.status.${statusClass(each.status)}`, each.status),
    make("span.what", make("span.method", each.method), " ", make("span.path", { title: each.path }, each.path)),
    make("span.time", duration(each.duration)),
    make("span.about", { title: about }, about, each.cautions ? make("span.warned", { title: "warnings" }, ` ⚠ ${each.cautions}`) : null),
    make("time.at", { datetime: new Date(each.time).toISOString() }, at));
}

/** The last part of each template's name: files without their folders. */
const names = (template) => template.split(", ").map((each) => each.split("/").pop()).join(", ");
