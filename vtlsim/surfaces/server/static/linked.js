// Payload, template and output side by side. Point at a piece of any of them, and the others show where it came from and
// where it went.

import { Characters, counted, make } from "./dom.js";
import { parse, shown } from "./payload.js";

/** A panel for one rendering; `payload` is the text that the template saw as its input, or null. */
export function panel(rendering, payload) {
  const template = new Characters(rendering.template);
  const output = new Characters(rendering.output ?? "");
  const links = rendering.links ?? [];
  const regions = regionsOf(rendering, template.length);
  const about = make("div.telling", { "aria-live": "polite" });
  const tree = payload ? parse(payload) : null;

  const left = make("pre.code.template", { tabindex: "0", "aria-label": `Template ${rendering.name}` }, templateLines(template, regions));
  const right = make("pre.code.output", { tabindex: "0", "aria-label": "Output" }, outputPieces(output, links));
  const source = tree && payload.length < 200_000 ? make("pre.code.payload", { tabindex: "0", "aria-label": "Payload" }, shown(tree)) : null;

  const root = make("section.linked", { "aria-label": "Template and output" },
    make("div.panes",
      source && make("div.pane.from", make("h4", rendering.phase === "request" ? "Request body" : "Backend's body"), source),
      make("div.pane", make("h4", "Template ", make("span.name", place(rendering))), left),
      make("div.pane", make("h4", "Output"), rendering.failure ? make("pre.failure", rendering.failure) : right)),
    about);

  if (rendering.failure) {
    for (const each of left.querySelectorAll(".region")) if (rendering.span && touches(regions[each.dataset.region], rendering.span)) each.classList.add("faulty");
    about.textContent = "The template was not rendered.";
    return root;
  }
  connect(root, left, right, source, regions, links, about, rendering, output);
  return root;
}

const place = (rendering) => rendering.origin ? `${rendering.origin[0]}${rendering.origin[1] > 1 ? `:${rendering.origin[1]}` : ""}` : rendering.name;
const touches = (region, [start, end]) => region.start < Math.max(end, start + 1) && region.end > start;

/** Pieces of the template that can be pointed at: what wrote output, and around it what was only evaluated. None overlap. */
function regionsOf(rendering, length) {
  const links = rendering.links ?? [];
  const taken = new Map();
  links.forEach((link, number) => {
    const key = `${link[0]}:${link[1]}`;
    if (!taken.has(key)) taken.set(key, { start: link[0], end: link[1], links: [], text: link.length < 6, place: null });
    taken.get(key).links.push(number);
  });
  for (const each of rendering.places ?? []) {
    const known = taken.get(`${each.span[0]}:${each.span[1]}`);
    if (known) known.place = each;
  }
  const made = [...taken.values()].sort((a, b) => a.start - b.start || b.end - a.end)
    .filter((each, at, all) => at === 0 || each.start >= all[at - 1].end);
  const free = (start, end) => made.every((each) => end <= each.start || start >= each.end);
  const others = (rendering.places ?? []).filter((each) => !taken.has(`${each.span[0]}:${each.span[1]}`));
  others.sort((a, b) => (b.span[1] - b.span[0]) - (a.span[1] - a.span[0]));
  for (const each of others.filter((one) => one.kind === "value")) {
    if (free(...each.span)) made.push({ start: each.span[0], end: each.span[1], links: [], text: false, place: each });
  }
  // The head of a loop or a branch stands for everything that was written inside it.
  for (const each of others.filter((one) => one.kind !== "value")) {
    const [start, end] = each.span;
    const first = made.filter((one) => one.start >= start && one.start < end).reduce((least, one) => Math.min(least, one.start), end);
    if (first > start && free(start, first)) {
      const inside = links.flatMap((link, number) => link[0] >= start && link[1] <= end ? [number] : []);
      made.push({ start, end: first, links: inside, text: false, place: each });
    }
  }
  made.sort((a, b) => a.start - b.start);
  return rendering.failure && !made.length ? [{ start: rendering.span?.[0] ?? 0, end: Math.min(length, rendering.span?.[1] ?? 0), links: [], text: true, place: null }] : made;
}

function templateLines(template, regions) {
  const rows = [];
  let row = [];
  const write = (text, region) => {
    text.split("\n").forEach((part, number) => {
      if (number > 0) { rows.push(row); row = []; }
      if (!part) return;
      row.push(region === null ? part : make(`span.region${regions[region].text ? ".plain" : ""}`, { dataset: { region } }, part));
    });
  };
  let at = 0;
  regions.forEach((region, number) => {
    if (region.start > at) write(template.slice(at, region.start), null);
    write(template.slice(Math.max(at, region.start), region.end), number);
    at = Math.max(at, region.end);
  });
  write(template.slice(at, template.length), null);
  if (row.length || !rows.length) rows.push(row);
  return rows.map((each) => make("span.line", each.length ? each : "\u200b"));
}

function outputPieces(output, links) {
  const made = [];
  let at = 0;
  links.forEach((link, number) => {
    if (link[2] > at) made.push(output.slice(at, link[2]));
    made.push(make(`span.piece${link.length < 6 ? ".plain" : ""}`, { dataset: { link: number } }, output.slice(link[2], link[3])));
    at = link[3];
  });
  if (at < output.length) made.push(output.slice(at, output.length));
  return made.length ? made : make("span.nothing", "nothing");
}

function connect(root, left, right, source, regions, links, about, rendering, output) {
  const pieces = [...right.querySelectorAll(".piece")];
  const byRegion = new Map();
  for (const each of left.querySelectorAll(".region")) {
    const number = Number(each.dataset.region);
    byRegion.set(number, [...(byRegion.get(number) ?? []), each]);
  }
  const regionOfLink = new Map();
  regions.forEach((region, number) => region.links.forEach((link) => {
    const known = regionOfLink.get(link);
    if (known === undefined || regions[known].end - regions[known].start > region.end - region.start || region.start === links[link][0]) regionOfLink.set(link, number);
  }));
  const byPath = new Map();
  links.forEach((link, number) => { if (link[6]) byPath.set(link[6], [...(byPath.get(link[6]) ?? []), number]); });
  const values = new Map([...(source?.querySelectorAll(".v") ?? [])].map((each) => [each.dataset.path, each]));
  let held = null;
  let lit = [];

  const light = (elements, name) => elements.forEach((each) => { if (each) { each.classList.add(name); lit.push([each, name]); } });
  const dark = () => { lit.forEach(([each, name]) => each.classList.remove(name)); lit = []; };
  const into = (pane, element) => {
    if (!pane || !element) return;
    const box = pane.getBoundingClientRect();
    const own = element.getBoundingClientRect();
    if (own.top < box.top || own.bottom > box.bottom) pane.scrollTop += own.top - box.top - box.height / 3;
    if (own.left < box.left || own.left > box.right - 40) pane.scrollLeft += own.left - box.left - 40;
  };

  const explainLink = (number) => {
    const link = links[number];
    if (link.length < 6) return [make("b", "plain text"), ` of the template, ${counted(link[3] - link[2], "character")}`, round(link)];
    const text = new Characters(rendering.template).slice(link[0], link[1]);
    return [make("code", text), link[5] === null ? make("b", " has no value") : [" = ", make("code.value", cut(link[5]))],
      link[6] ? [" from ", make("code.path", link[6])] : null, round(link)];
  };
  const explainRegion = (number) => {
    const region = regions[number];
    const text = new Characters(rendering.template).slice(region.start, region.end);
    const wrote = region.links.length ? `wrote ${counted(region.links.length, "piece")} of output` : "wrote nothing itself";
    if (region.text) return [make("b", "plain text"), `, ${wrote}`];
    if (region.place?.kind === "loop") return [make("code", text.trim()), ` ran ${counted(region.place.values.reduce((sum, each) => sum + each[1], 0), "time")}, `, wrote];
    if (region.place?.kind === "taken") return [make("code", text.trim()), ` was taken ${counted(region.place.count, "time")}, `, wrote];
    const seen = region.place ? [...new Set(region.place.values.map((each) => each[1]))] : [];
    return [make("code", cut(text)), seen.length ? [" = ", seen.slice(0, 3).map((each, at) => [at ? ", " : "", each === null ? make("b", "no value") : make("code.value", cut(each, 60))]), seen.length > 3 ? ", …" : ""] : null,
      region.place && region.place.count > 1 ? `, evaluated ${region.place.count.toLocaleString("en")} times` : "", `, ${wrote}`];
  };
  const round = (link) => link[4].length ? make("span.round", `iteration ${link[4].map((each) => each + 1).join(" › ")}`) : null;

  const show = (what) => {
    dark();
    if (!what) { about.replaceChildren(make("span.hint", hint)); return; }
    if (what.link !== undefined) {
      const region = regionOfLink.get(what.link);
      light([pieces[what.link]], "lit");
      light(byRegion.get(region) ?? [], "lit");
      const from = values.get(links[what.link][6]);
      light([from], "lit");
      if (what.from !== left) into(left, byRegion.get(region)?.[0]);
      if (what.from !== right) into(right, pieces[what.link]);
      if (what.from !== source) into(source, from);
      about.replaceChildren(...flatten(explainLink(what.link)));
    } else if (what.region !== undefined) {
      const region = regions[what.region];
      light(byRegion.get(what.region) ?? [], "lit");
      light(region.links.map((each) => pieces[each]), "lit");
      const from = region.links.map((each) => values.get(links[each][6])).filter(Boolean);
      light(from, "lit");
      into(right, pieces[region.links[0]]);
      into(source, from[0]);
      about.replaceChildren(...flatten(explainRegion(what.region)));
    } else {
      const fitting = byPath.get(what.path) ?? [];
      light([values.get(what.path)], "lit");
      light(fitting.map((each) => pieces[each]), "lit");
      light(fitting.flatMap((each) => byRegion.get(regionOfLink.get(each)) ?? []), "lit");
      into(right, pieces[fitting[0]]);
      if (fitting.length) into(left, byRegion.get(regionOfLink.get(fitting[0]))?.[0]);
      about.replaceChildren(make("code.path", what.path), fitting.length ? ` was written ${counted(fitting.length, "time")}` : " was not written to the output");
    }
    if (held) about.append(make("span.held", "held"));
  };
  const hint = "Point at the output, the template or the body to see what belongs together. Click holds it.";

  const found = (target, pane) => {
    const piece = target.closest?.(".piece");
    if (piece) return { link: Number(piece.dataset.link), from: pane };
    const region = target.closest?.(".region");
    if (region) return { region: Number(region.dataset.region), from: pane };
    const value = pane === source ? target.closest?.(".v") : null;
    return value ? { path: value.dataset.path, from: pane } : null;
  };
  for (const pane of [left, right, source].filter(Boolean)) {
    pane.addEventListener("mouseover", (event) => { if (!held) show(found(event.target, pane)); });
    pane.addEventListener("mouseleave", () => { if (!held) show(null); });
    pane.addEventListener("click", (event) => { const what = found(event.target, pane); held = held && same(held, what) ? null : what; show(held ?? what); });
    pane.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const all = pane === right ? pieces.length : pane === left ? regions.length : values.size;
      if (step && all) {
        event.preventDefault();
        const key = pane === right ? "link" : pane === left ? "region" : null;
        const paths = [...values.keys()];
        const before = Number(pane.dataset.at ?? (step > 0 ? -1 : 0));
        const next = (before + step + all) % all;
        pane.dataset.at = next;
        held = null;
        show(key ? { [key]: next, from: null } : { path: paths[next], from: null });
      } else if (event.key === "Enter" && pane.dataset.at !== undefined) {
        held = pane === right ? { link: Number(pane.dataset.at) } : pane === left ? { region: Number(pane.dataset.at) } : { path: [...values.keys()][Number(pane.dataset.at)] };
        show(held);
      } else if (event.key === "Escape") {
        held = null;
        show(null);
      }
    });
  }
  show(null);
  if (rendering.leftOut) root.append(make("p.nothing", `${counted(rendering.leftOut, "further piece")} of output are not linked: there are too many.`));
}

const same = (a, b) => b && a.link === b.link && a.region === b.region && a.path === b.path;
const cut = (text, most = 160) => text.length > most ? `${text.slice(0, most)}…` : text;
const flatten = (parts) => parts.flat(Infinity).filter((each) => each !== null && each !== undefined);
