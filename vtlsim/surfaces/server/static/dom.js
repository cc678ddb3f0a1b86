// Making elements. Text goes in as text, whatever it holds: there is no way from here to markup.

/** An element: `make("p.note", {title: "…"}, "text", child)`; handlers as `onclick`; null and false children are left out. */
export function make(what, about = {}, ...children) {
  if (typeof about !== "object" || about === null || about instanceof Node || Array.isArray(about)) {
    children.unshift(about);
    about = {};
  }
  const [tag, ...classes] = what.split(".");
  const made = document.createElement(tag || "div");
  if (classes.length) made.className = classes.join(" ");
  for (const [name, value] of Object.entries(about)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(made.dataset, value);
    else if (name in made && typeof value !== "string") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  put(made, children);
  return made;
}

function put(into, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    into.append(child instanceof Node ? child : String(child));
  }
}

/** Replaces what an element holds. */
export function fill(into, ...children) {
  into.replaceChildren();
  put(into, children);
}

export const byId = (id) => document.getElementById(id);

/** A text by characters as the server counts them: one per code point. */
export class Characters {
  constructor(text) {
    this.text = text;
    this.points = /[\ud800-\udfff]/.test(text) ? Array.from(text) : null;
  }
  get length() {
    return this.points ? this.points.length : this.text.length;
  }
  slice(start, end) {
    return this.points ? this.points.slice(start, end).join("") : this.text.slice(start, end);
  }
}

export function counted(number, noun, plural = noun + "s") {
  return `${number.toLocaleString("en")} ${number === 1 ? noun : plural}`;
}

export function bytes(size) {
  if (size < 10_000) return counted(size, "byte");
  return size < 1_000_000 ? `${(size / 1024).toFixed(1)} KB` : `${(size / 1024 / 1024).toFixed(1)} MB`;
}

export function duration(ms) {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 10_000 ? `${Math.round(ms).toLocaleString("en")} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Copies a text, and says so on the button that asked. */
export async function copy(text, button) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    const area = make("textarea.offscreen", { value: text });
    document.body.append(area);
    area.value = text;
    area.select();
    button.textContent = document.execCommand("copy") ? "Copied" : "Copying is not allowed here";
    area.remove();
  }
  setTimeout(() => { button.textContent = before; }, 1400);
}
