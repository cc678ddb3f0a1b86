// Bodies as people read them: JSON laid out, every value with its JsonPath. Numbers and strings stay as they were sent.

import { make } from "./dom.js";

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const ATOM = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;
const DEEPEST = 200;

/** A tree of {kind, raw, path, entries: [[key, value]]}, or null for what is no JSON. */
export function parse(text) {
  let at = 0;
  const read = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (!found) return null;
    at = pattern.lastIndex;
    return found[0];
  };
  const value = (path, depth) => {
    if (depth > DEEPEST) throw new SyntaxError("too deep");
    read(SPACE);
    const first = text[at];
    if (first === "{" || first === "[") {
      at += 1;
      const close = first === "{" ? "}" : "]";
      const entries = [];
      read(SPACE);
      while (text[at] !== close) {
        if (entries.length) {
          if (text[at] !== ",") throw new SyntaxError("a comma is missing");
          at += 1;
          read(SPACE);
        }
        let key = null;
        let step = `[${entries.length}]`;
        if (close === "}") {
          key = read(STRING);
          if (key === null) throw new SyntaxError("a name is missing");
          const name = JSON.parse(key);
          step = PLAIN.test(name) ? `.${name}` : `['${name.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}']`;
          read(SPACE);
          if (text[at] !== ":") throw new SyntaxError("a colon is missing");
          at += 1;
        }
        entries.push([key, value(path + step, depth + 1)]);
        read(SPACE);
      }
      at += 1;
      return { kind: first, entries, path };
    }
    const string = read(STRING);
    if (string !== null) return { kind: "string", raw: string, path };
    const atom = read(ATOM);
    if (!atom) throw new SyntaxError("no value");
    return { kind: /^[tfn]/.test(atom) ? "word" : "number", raw: atom, path };
  };
  try {
    const tree = value("$", 0);
    read(SPACE);
    return at === text.length ? tree : null;
  } catch {
    return null;
  }
}

/** The lines of a tree, laid out. Short arrays and objects of plain values stay on one line. */
export function lines(tree) {
  const made = [];
  const flat = (node) => !node.entries || (node.entries.every(([, each]) => !each.entries) && length(node) < 72);
  const length = (node) => node.raw ? node.raw.length
    : node.entries.reduce((sum, [key, each]) => sum + (key ? key.length + 2 : 0) + length(each) + 2, 2);
  const inline = (node) => {
    if (node.raw) return node.raw;
    const close = node.kind === "{" ? "}" : "]";
    return node.kind + node.entries.map(([key, each]) => (key ? `${key}: ` : "") + inline(each)).join(", ") + close;
  };
  const write = (node, indent, before, after) => {
    if (flat(node)) { made.push(indent + before + inline(node) + after); return; }
    made.push(indent + before + node.kind);
    node.entries.forEach(([key, each], number) => {
      const comma = number < node.entries.length - 1 ? "," : "";
      write(each, indent + "  ", key ? `${key}: ` : "", comma);
    });
    made.push(indent + (node.kind === "{" ? "}" : "]") + after);
  };
  write(tree, "", "", "");
  return made;
}

/** A tree as elements; each value is a span with its path in `data-path`. */
export function shown(tree) {
  const write = (node, indent) => {
    if (!node.entries) return make(`span.v.${node.kind}`, { dataset: { path: node.path } }, node.raw);
    const close = node.kind === "{" ? "}" : "]";
    if (!node.entries.length) return make("span.v", { dataset: { path: node.path } }, node.kind + close);
    const inner = `${indent}  `;
    const oneLine = node.entries.length < 6 && node.entries.every(([, each]) => !each.entries)
      && lines(node).length === 1;
    const parts = node.entries.flatMap(([key, each], number) => [
      oneLine ? "" : `\n${inner}`,
      key ? make("span.k", key) : "", key ? ": " : "",
      write(each, inner),
      number < node.entries.length - 1 ? (oneLine ? ", " : ",") : "",
    ]);
    return make("span.v", { dataset: { path: node.path } }, node.kind, parts, oneLine ? "" : `\n${indent}`, close);
  };
  return write(tree, "");
}

/** A body as a block to read. */
export function block(body, named = "body") {
  if (body.base64 !== undefined) {
    const data = Uint8Array.from(atob(body.base64).slice(0, 1024), (each) => each.charCodeAt(0));
    return make("pre.body.binary", { tabindex: "0", "aria-label": `${named}, binary` }, hex(data), data.length < body.size ? "\n…" : "");
  }
  if (!body.text) return make("p.nothing", "empty");
  const tree = body.cut ? null : parse(body.text);
  return make("pre.body", { tabindex: "0", "aria-label": named },
    tree && body.text.length < 200_000 ? shown(tree) : body.text, body.cut ? "\n…" : "");
}

function hex(data) {
  const rows = [];
  for (let at = 0; at < data.length; at += 16) {
    const row = [...data.slice(at, at + 16)];
    const codes = row.map((each) => each.toString(16).padStart(2, "0")).join(" ").padEnd(48);
    const text = row.map((each) => each >= 32 && each < 127 ? String.fromCharCode(each) : "·").join("");
    rows.push(`${at.toString(16).padStart(4, "0")}  ${codes}  ${text}`);
  }
  return rows.join("\n");
}
