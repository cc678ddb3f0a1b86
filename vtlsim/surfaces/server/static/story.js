// One exchange, told from top to bottom: what the client sent, what became of it, what the backend said, what went back.

import { bytes, copy, counted, duration, fill, make } from "./dom.js";
import * as diff from "./diff.js";
import { panel } from "./linked.js";
import { block } from "./payload.js";

const STATIONS = [
  ["arrived", "The client asked", ["ResourceMatched", "ApiKeyChecked", "AuthorizationSupplied", "RequestValidated"]],
  ["transformed", "The request was transformed", ["TemplateSelected", "BodyConverted:request", "ParametersMapped:request", "BodyRendered:request", "RenderFailed:request", "BodyPassed:request", "OverridesApplied:request", "MockAnswered"]],
  ["sent", "The backend was sent", ["RequestAssembled"]],
  ["answered", "The backend answered", ["BackendAnswered", "BackendFailed"]],
  ["returned", "The answer was transformed", ["ResponseSelected", "ProxyResponseRead", "ResponseTemplateSelected", "BodyConverted:response", "ParametersMapped:response", "BodyRendered:response", "RenderFailed:response", "BodyPassed:response", "OverridesApplied:response"]],
  ["given", "The client got", ["ResponseAssembled", "GatewayResponseMade"]],
];

const FATE = {
  forwarded: ["kept", "passed on as it is"],
  mapped: ["mapped", "written by a mapping or an override"],
  added: ["added", "added by API Gateway"],
  dropped: ["dropped", "API Gateway takes it off"],
  not_forwarded: ["not passed", "this type of integration does not pass it on"],
  replaced: ["replaced", "a mapping writes it anew"],
  remapped: ["renamed", "API Gateway gives it another name"],
  forbidden: ["forbidden", "may not be written: the request is refused"],
  not_delivered: ["lost", "may be mapped, and does not arrive"],
};

export const statusClass = (status) => `s${Math.floor(status / 100)}`;

export function tell(into, found, actions) {
  const { summary } = found;
  document.title = `${summary.method} ${summary.path} ${summary.status} · vtlsim`;
  const stations = found.trace.length ? tellJourney(found) : tellTurnedAway(found);
  fill(into, heading(found, actions), found.edited && edited(actions), stations);
}

export function nothing(into, state) {
  document.title = "vtlsim";
  const starts = (state?.apis ?? []).flatMap((api) => api.stages.map((stage) => [api, `${state.address}/${[api.base, stage].filter(Boolean).join("/")}`]));
  const [api, start] = starts[0] ?? [];
  const [method, path] = api?.routes.find((each) => !each[1].includes("{")) ?? api?.routes[0] ?? [];
  const command = start ? `curl -i ${method && !["GET", "ANY"].includes(method) ? `-X ${method} ` : ""}'${start}${(path ?? "/").replace("/*", "/")}'` : null;
  fill(into, make("div.empty",
    make("h2", "No exchange yet"),
    make("p", "Send a request to the gateway, and its story appears here."),
    command && make("pre.body", command),
    starts.length > 0 && make("table.routes", make("tbody", starts.flatMap(([each, begin]) => each.routes.map((route) =>
      make("tr", make("td.method", route[0]), make("td", make("code", begin + route[1])), make("td.muted", route[2]))))))));
}

export function failed(into, message) {
  fill(into, make("div.empty", make("h2", "This exchange cannot be shown"), make("p", message)));
}

function heading(found, actions) {
  const { summary, resource } = found;
  const facts = [
    new Date(summary.time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" }),
    resource?.path && `resource ${resource.path}`,
    resource?.type,
    `${duration(summary.duration)}${summary.latency ? `, ${duration(summary.latency)} of them the backend's` : ""}`,
  ].filter(Boolean);
  const copies = found.copies ?? {};
  return make("header.heading",
    make("h2", make("span.method", summary.method), " ", make("span.path", summary.path), " ",
      summary.status ? make(`span.status.${statusClass(summary.status)}`, summary.status) : null),
    make("p.muted", facts.join(" · ")),
    make("div.actions",
      found.trace.length > 0 && make("button.primary", { type: "button", id: "edit", onclick: actions.edit, title: "e" }, "Edit and run again"),
      copies.case && make("button", { type: "button", onclick: (event) => copy(copies.case, event.target) }, "Copy as test case"),
      copies.curl && make("button", { type: "button", onclick: (event) => copy(copies.curl, event.target) }, "Copy as curl"),
      copies.log && make("button", { type: "button", onclick: (event) => copy(copies.log, event.target) }, "Copy as TestInvoke log")));
}

function edited(actions) {
  return make("div.banner", { role: "status" }, "This is your edited run. Nothing was written to a file or to the list. ",
    make("button", { type: "button", onclick: actions.back }, "Back to what happened"));
}

function tellTurnedAway(found) {
  return make("ol.journey",
    station("arrived", "The client asked", [message(found.request)]),
    station("given refused", `Turned away: ${found.summary.status}`, [make("p.verdict", `${found.note}.`), found.backend?.body && block(found.backend.body)]));
}

function tellJourney(found) {
  const groups = new Map(STATIONS.map(([name]) => [name, []]));
  found.trace.forEach((each, at) => {
    const phase = each.data.phase ? `${each.finding}:${each.data.phase}` : each.finding;
    const [name] = STATIONS.find(([, , kinds]) => kinds.includes(phase) || kinds.includes(each.finding)) ?? ["given"];
    groups.get(name).push([each, at]);
  });
  const made = [];
  for (const [name, title] of STATIONS) {
    const findings = groups.get(name);
    if (!findings.length) continue;
    const refused = findings.find(([each]) => each.refused);
    const told = findings.flatMap(([each, at]) => tellFinding(each, at, found));
    if (name === "arrived") {
      made.push(station(name + (refused ? " refused" : ""), title, [message(found.request), told]));
    } else if (name === "sent") {
      const sent = found.integrationRequest;
      made.push(station(name + (refused ? " refused" : ""), refused ? "The backend was not asked" : title, [
        sent ? address(sent.method, sent.uri, codes(findings[0][0].codes, found.rules)) : null, told, fates(findings[0][0].data.headers, "the backend"),
        sent && bodies(sent.body, found.request.body, "What the backend got", "client", "backend")]));
    } else if (name === "answered") {
      const { backend } = found;
      made.push(station(name + (refused ? " refused" : ""), refused ? "The backend did not answer" : title, backend?.status
        ? [make("p.line-of-status", make(`span.status.${statusClass(backend.status)}`, backend.status), ` in ${duration(backend.latency)}`), headers(backend.headers), bodies(backend.body)]
        : told));
    } else if (name === "given") {
      const response = found.response;
      const last = findings[findings.length - 1][0];
      const before = found.backend?.body;
      made.push(station(`given${last.finding === "GatewayResponseMade" ? " refused" : ""}`,
        last.finding === "GatewayResponseMade" ? "API Gateway answered itself" : title, [
          response && make("p.line-of-status", make(`span.status.${statusClass(response.status)}`, response.status), last.finding === "ResponseAssembled" && codes(last.codes, found.rules)),
          found.summary.status !== response?.status && !found.edited ? make("p.note", `The client got ${found.summary.status}; told again from the journal, it is ${response?.status}. Masked secrets can make this difference.`) : null,
          told,
          last.finding === "ResponseAssembled" ? fates(last.data.headers, "the client") : response && headers(response.headers),
          response && bodies(response.body, last.finding === "ResponseAssembled" ? before : null, "What the client got", "backend", "client")]));
    } else {
      made.push(station(name + (refused ? " refused" : ""), refused ? title.replace("transformed", "turned back") : title, told));
    }
  }
  return make("ol.journey", made);
}

function station(kind, title, content) {
  const classes = kind.split(" ").map((each) => `.${each}`).join("");
  return make(`li.station${classes}`, make("h3", title), content);
}

function tellFinding(each, at, found) {
  const rendering = found.renderings.find((one) => one.finding === at);
  if (rendering) {
    const payload = rendering.phase === "request" ? found.request.body?.text : found.backend?.body?.text;
    return [
      make("div.finding.wide", make("span.title", each.title),
        make("p.verdict", rendering.failure ? "the template was not rendered" : `${bytes(new Blob([rendering.output]).size)} written`, codes(each.codes, found.rules))),
      panel(rendering, payload),
      (rendering.cautions ?? []).map((one) => make("p.caution", make("b", `Line ${one.line}: `), `${one.message}. `, one.help)),
    ];
  }
  if (each.verdict === "none" && !each.facts.length) return [];
  const headers_ = each.finding === "RequestAssembled" || each.finding === "ResponseAssembled";
  // The headers' own table tells what became of each.
  const ofHeader = (fact) => /^the (client|backend)'s /.test(fact) || each.data.headers.some((one) => fact.startsWith(`${one.sent_as}: `));
  const facts = headers_ ? each.facts.filter((fact) => !ofHeader(fact)) : each.facts;
  const verdict = headers_ && !each.refused ? null : each.verdict;
  const shownCodes = headers_ && !each.refused ? [] : each.codes; // else they stand beside the address or the status
  if (verdict === null && !facts.length) return [];
  return [make(`div.finding${each.refused ? ".refused" : ""}`,
    make("span.title", each.title),
    make("div", verdict && make("p.verdict", verdict), facts.length > 0 && list(facts, each.finding === "ResourceMatched" && !each.refused ? 0 : 4), codes(shownCodes, found.rules)))];
}

function list(facts, most) {
  if (facts.length <= most) return make("ul.facts", facts.map((fact) => make("li", fact)));
  return make("details.facts", make("summary", counted(facts.length, "detail")), make("ul.facts", facts.map((fact) => make("li", fact))));
}

function codes(found, rules) {
  if (!found.length) return null;
  return make("span.codes", found.map((code) => make("abbr", { title: `${rules?.[code] ?? ""} — vtlsim explain ${code}` }, code)));
}

const address = (method, uri, after = null) => make("p.address", make("span.method", method), " ", make("code", uri), after);

function message(request) {
  return [
    address(request.method, request.target),
    headers(request.headers),
    bodies(request.body),
  ];
}

function headers(pairs) {
  return make("details.headers", make("summary", counted(pairs.length, "header")),
    make("table", make("tbody", pairs.map(([name, value]) => make("tr", make("th", { scope: "row" }, name), make("td", value || make("i.muted", "empty")))))));
}

function fates(found, receiver) {
  const arrived = found.filter((each) => each.sent_as !== null).length;
  const gone = found.length - arrived;
  return make("details.headers", { open: found.some((each) => each.verdict === "forbidden") },
    make("summary", `${counted(arrived, "header")} to ${receiver}${gone ? `, ${gone} not passed on` : ""}`),
    make("table", make("tbody", found.map((each) => {
      const [word, why] = FATE[each.verdict] ?? [each.verdict, ""];
      return make(`tr.${each.sent_as === null ? "gone" : each.verdict}`,
        make("th", { scope: "row" }, each.name, each.sent_as !== null && each.sent_as !== each.name && make("span.renamed", ` → ${each.sent_as}`)),
        make("td", each.value || make("i.muted", "empty")),
        make("td.fate", make(`span.fate.${each.verdict}`, { title: why }, word)));
    }))));
}

/** A body, and where there was one before it a comparison. */
function bodies(after, before = null, title = null, from = "before", to = "after") {
  if (!after.size && !before?.size) return null;
  const plain = () => block(after, title ?? "body");
  const comparable = before && before.text && after.text !== undefined && !after.cut && !before.cut;
  if (!comparable) return make("details.bodies", { open: after.size < 4_000 }, make("summary", `Body, ${bytes(after.size)}`), plain());
  const holder = make("div", plain());
  const choose = (event, what) => {
    for (const each of event.target.parentElement.children) each.setAttribute("aria-pressed", String(each === event.target));
    fill(holder, what());
  };
  return make("details.bodies", { open: after.size < 20_000 }, make("summary", `Body, ${bytes(after.size)}`),
    make("div.tabs", { role: "group", "aria-label": "How the body is shown" },
      make("button", { type: "button", "aria-pressed": "true", onclick: (event) => choose(event, plain) }, "As sent"),
      make("button", { type: "button", "aria-pressed": "false", onclick: (event) => choose(event, () => diff.shown(before.text, after.text, from, to)) }, `Compared with the ${from}'s`)),
    holder);
}
