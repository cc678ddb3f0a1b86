// Asking the server. What changes something carries the page's token.

const token = document.querySelector('meta[name="token"]').content;

async function ask(path, options = {}) {
  const answer = await fetch(`api/${path}`, { credentials: "omit", ...options });
  const found = await answer.json().catch(() => ({ message: `the server answered ${answer.status}` }));
  if (!answer.ok) throw new Error(found.message || `the server answered ${answer.status}`);
  return found;
}

export const state = () => ask("state");
export const exchange = (id) => ask(`exchanges/${id}`);

export function exchanges(wanted) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted)) if (value) query.set(name, value);
  return ask(`exchanges?${query}`);
}

export function rerun(id, edit) {
  return ask(`exchanges/${id}/rerun`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Vtlsim-Token": token },
    body: JSON.stringify(edit),
  });
}

export const clear = () => ask("exchanges", { method: "DELETE", headers: { "X-Vtlsim-Token": token } });

/** Listens: handlers by the name of the event, besides `open` and `lost`. */
export function listen(handlers) {
  const source = new EventSource("api/events");
  source.onopen = () => handlers.open();
  source.onerror = () => handlers.lost();
  for (const [name, handler] of Object.entries(handlers)) {
    if (name !== "open" && name !== "lost") source.addEventListener(name, (event) => handler(JSON.parse(event.data)));
  }
  return source;
}
