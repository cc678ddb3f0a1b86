// Two texts, line by line: what stayed, what went, what came.

import { make } from "./dom.js";
import { lines, parse } from "./payload.js";

const MOST_LINES = 2_000;

/** Rows of ["same" | "gone" | "new", line]; JSON is compared laid out. */
export function difference(before, after) {
  const laid = (text) => {
    const tree = parse(text);
    return tree ? lines(tree) : text.replace(/\n$/, "").split("\n");
  };
  const from = laid(before).slice(0, MOST_LINES);
  const to = laid(after).slice(0, MOST_LINES);
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start += 1;
  let end = 0;
  while (end < from.length - start && end < to.length - start && from[from.length - 1 - end] === to[to.length - 1 - end]) end += 1;
  const a = from.slice(start, from.length - end);
  const b = to.slice(start, to.length - end);
  const longest = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      longest[i][j] = a[i] === b[j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  const rows = from.slice(0, start).map((line) => ["same", line]);
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { rows.push(["same", a[i]]); i += 1; j += 1; }
    else if (i < a.length && (j === b.length || longest[i + 1][j] >= longest[i][j + 1])) { rows.push(["gone", a[i]]); i += 1; }
    else { rows.push(["new", b[j]]); j += 1; }
  }
  return rows.concat(from.slice(from.length - end).map((line) => ["same", line]));
}

const MARK = { same: " ", gone: "−", new: "+" };
const WORD = { same: "", gone: "gone: ", new: "new: " };

export function shown(before, after, from, to) {
  const rows = difference(before, after);
  if (rows.every(([kind]) => kind === "same")) return make("p.nothing", "No difference");
  return make("div.diff", { tabindex: "0" },
    make("p.legend", make("span.gone", "−"), ` ${from}   `, make("span.new", "+"), ` ${to}`),
    rows.map(([kind, line]) => make(`div.row.${kind}`,
      make("span.mark", { "aria-hidden": "true" }, MARK[kind]), make("span.unseen", WORD[kind]), make("code", line || " "))));
}
