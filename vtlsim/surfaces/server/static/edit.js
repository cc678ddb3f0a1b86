// Editing an exchange in the page: method, path, headers, body and templates, and running it again.

import { fill, make } from "./dom.js";

/** A form over an exchange. `run` takes the edit and gives a promise. */
export function form(found, run, close) {
  const { request } = found;
  const named = new Map(found.renderings.map((each) => [each.name, each]));
  const text = (label, value, rows) => {
    const area = make("textarea", { rows: String(rows), spellcheck: "false", wrap: "off" });
    area.value = value;
    return [make("label.field", make("span", label), area), area];
  };
  const method = make("input", { "aria-label": "Method", size: "7", spellcheck: "false" });
  method.value = request.method;
  const path = make("input", { "aria-label": "Path and query", spellcheck: "false" });
  path.value = request.path + (request.target.includes("?") ? `?${request.target.split("?").slice(1).join("?")}` : "");
  const height = (content, least, most) => Math.min(most, Math.max(least, content.split("\n").length + 1));
  const headerText = request.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  const [headerField, headers] = text("Headers", headerText, height(headerText, 4, 10));
  const binary = request.body.base64 !== undefined || request.body.cut;
  const [bodyField, body] = text("Body", request.body.text ?? "", height(request.body.text ?? "", 6, 16));
  if (binary) {
    body.disabled = true;
    body.value = "This body is binary or large: it is sent again as it was.";
  }
  const templates = [...named.values()].map((each) => [each, ...text(`Template ${each.name}`, each.template, height(each.template, 6, 24))]);
  const send = make("input", { type: "checkbox" });
  const status = make("p.form-status", { role: "status" });
  const made = make("form.edit", {
    "aria-label": "Edit and run again",
    onsubmit: async (event) => {
      event.preventDefault();
      fill(status, "Running…");
      const edit = { method: method.value, path: path.value, headers: fields(headers.value), send: send.checked, templates: {} };
      if (!binary) edit.body = body.value;
      for (const [each, , area] of templates) if (area.value !== each.template) edit.templates[each.name] = area.value;
      try {
        await run(edit);
        fill(status, "Done. What came of it is below.");
      } catch (error) {
        fill(status, make("span.refused", error.message));
      }
    },
    onkeydown: (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) made.requestSubmit();
      if (event.key === "Escape") close();
    },
  },
    make("div.line", method, path),
    make("div.columns", make("div", headerField, bodyField), templates.length > 0 && make("div", templates.map(([, field]) => field))),
    make("div.line.submit",
      make("button.primary", { type: "submit", title: "Ctrl+Enter" }, "Run"),
      make("button", { type: "button", onclick: close }, "Close"),
      make("label.check", send, " Ask the backend again"),
      make("span.muted", "Otherwise its recorded answer is used."), status));
  return made;
}

function fields(text) {
  return text.split("\n").map((line) => line.replace(/\r$/, "")).filter((line) => line.trim()).map((line) => {
    const at = line.indexOf(":");
    return at < 0 ? [line.trim(), ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  });
}
