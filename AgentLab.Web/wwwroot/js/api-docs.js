// The page at /docs/api: lists the operations of the OpenAPI document and lets one try them. Everything is built as nodes: nothing of the document becomes HTML.
const list = document.getElementById("docs-list");
const main = document.getElementById("content");
const filter = document.getElementById("docs-filter");
const verbs = ["get", "post", "put", "patch", "delete"];
const maxShown = 200_000;

const node = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
};

const paragraphs = text => (text ?? "").split(/\n\s*\n/).filter(Boolean).map(part =>
  node("p", {}, ...part.split(/(`[^`]+`)/).map(piece => piece.startsWith("`") ? node("code", {}, piece.slice(1, -1)) : piece)));

const verb = method => node("span", { class: `verb verb-${method}` }, method.toUpperCase());

function operationsOf(spec) {
  const operations = [];
  for (const [path, methods] of Object.entries(spec.paths ?? {})) {
    for (const method of verbs.filter(v => methods[v])) {
      const operation = methods[method];
      operations.push({
        id: operation.operationId ?? `${method}-${path}`, path, method,
        tag: operation.tags?.[0] ?? "Other", summary: operation.summary ?? operation.operationId ?? path,
        parameters: [...(methods.parameters ?? []), ...(operation.parameters ?? [])], ...operation,
      });
    }
  }
  return operations;
}

const resolve = (spec, schema) => schema?.$ref ? resolve(spec, schema.$ref.split("/").slice(1).reduce((at, key) => at?.[key.replaceAll("~1", "/")], spec)) : schema;

const typeOf = schema => [schema?.type ?? []].flat().find(t => t !== "null");

function example(spec, raw, depth = 0) {
  const schema = resolve(spec, raw) ?? {};
  if (schema.examples?.length) return schema.examples[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum.find(value => value !== null);
  const choice = (schema.oneOf ?? schema.anyOf ?? []).find(option => option.type !== "null");
  if (choice) return example(spec, choice, depth);
  switch (typeOf(schema)) {
    case "array": return [];
    case "integer": case "number": return 0;
    case "boolean": return false;
    case "string": return "";
    default:
      return depth > 3 ? {} : Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, value]) => [name, nullable(spec, value) ? null : example(spec, value, depth + 1)]));
  }
}

function nullable(spec, raw) {
  const schema = resolve(spec, raw) ?? {};
  const isNull = type => [type ?? []].flat().includes("null");
  return typeOf(schema) !== "string" && (isNull(schema.type) || (schema.oneOf ?? []).some(option => isNull(option.type)));
}

function showList(operations) {
  const wanted = filter.value.trim().toLowerCase();
  const shown = operations.filter(o => `${o.method} ${o.path} ${o.summary}`.toLowerCase().includes(wanted));
  const tags = [...new Set(shown.map(o => o.tag))].sort();
  list.replaceChildren(...tags.flatMap(tag => [
    node("h2", {}, tag),
    node("ul", {}, ...shown.filter(o => o.tag === tag).map(o => node("li", {},
      node("a", { href: `#${o.id}`, title: `${o.method.toUpperCase()} ${o.path}`, "aria-current": location.hash === `#${o.id}` ? "true" : false },
        verb(o.method), node("span", { class: "truncate" }, o.summary))))),
  ]));
  if (shown.length === 0) list.replaceChildren(node("p", { class: "faint small" }, "No operation has these words."));
}

function showIntroduction(spec) {
  main.replaceChildren(node("h1", {}, `${spec.info.title} API`), ...paragraphs(spec.info.description),
    node("p", {}, "Choose an operation to read about it and to try it. Your browser's sign-in is used; with an access token in the form, that is used instead."));
}

function field(id, label, hint, control) {
  return node("div", { class: "field" }, node("label", { for: id }, label), control, hint ? node("span", { class: "field-hint" }, hint) : null);
}

function show(spec, operation) {
  const body = operation.requestBody?.content;
  const json = body?.["application/json"];
  const upload = body?.["multipart/form-data"];
  const inputs = operation.parameters.map((parameter, index) => {
    const schema = resolve(spec, parameter.schema);
    const id = `p-${index}`;
    const control = node("input", { id, name: parameter.name, "data-in": parameter.in, required: parameter.required === true, autocomplete: "off",
      placeholder: schema?.enum ? schema.enum.join(", ") : "" });
    return field(id, `${parameter.name} (${parameter.in})${parameter.required ? " *" : ""}`, parameter.description, control);
  });
  const text = json ? node("textarea", { id: "p-body", spellcheck: "false" }) : null;
  if (text) text.value = JSON.stringify(example(spec, json.schema), null, 2);
  const file = upload && !json ? node("input", { id: "p-file", type: "file" }) : null;
  const streams = Object.values(operation.responses ?? {}).some(r => r.content?.["text/event-stream"]);
  const follow = streams ? node("input", { type: "checkbox", id: "p-stream" }) : null;
  const token = node("input", { id: "p-token", type: "password", autocomplete: "off", placeholder: "the browser's sign-in is used" });
  const send = node("button", { type: "submit", class: "button button-primary" }, "Send");
  const stop = node("button", { type: "button", class: "button", hidden: true }, "Stop");
  const answer = node("section", { class: "docs-answer", "aria-live": "polite", "aria-label": "Answer" });
  const form = node("form", { class: "docs-form", novalidate: true },
    ...inputs,
    text ? field("p-body", "Body (JSON)", null, text) : null,
    file ? field("p-file", "File", "Text, Markdown, CSV or JSON.", file) : null,
    follow ? node("label", { class: "check" }, follow, "Follow as server-sent events") : null,
    field("p-token", "Access token", null, token),
    node("div", { class: "row-wrap" }, send, stop));
  form.addEventListener("submit", event => {
    event.preventDefault();
    run({ operation, form, text, file, follow, token, send, stop, answer });
  });
  main.replaceChildren(
    node("h1", {}, operation.summary),
    node("div", { class: "docs-path" }, verb(operation.method), operation.path),
    ...paragraphs(operation.description),
    node("h2", {}, "Try it"), form, answer,
    node("h2", {}, "Answers"),
    node("div", { class: "table-wrap" }, node("table", { class: "table" }, node("tbody", {}, ...Object.entries(operation.responses ?? {}).sort().map(([status, response]) =>
      node("tr", {}, node("td", { class: "mono" }, status), node("td", {}, response.description || "-"), node("td", { class: "mono small" }, Object.keys(response.content ?? {}).join(", "))))))),
    ...schemas(spec, json?.schema, "Request"), ...schemas(spec, answerSchema(operation), "Response"));
  document.title = `${operation.summary} - AgentLab API`;
  main.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

const answerSchema = operation => Object.entries(operation.responses ?? {}).find(([status]) => status.startsWith("2"))?.[1].content?.["application/json"]?.schema;

function schemas(spec, raw, title) {
  const schema = resolve(spec, raw);
  const properties = Object.entries(schema?.properties ?? {});
  if (properties.length === 0) return [];
  return [node("h2", {}, title), node("div", { class: "table-wrap" }, node("table", { class: "table" }, node("tbody", {}, ...properties.map(([name, value]) => {
    const type = resolve(spec, value) ?? {};
    return node("tr", {}, node("td", { class: "mono" }, name), node("td", { class: "mono small" }, typeName(spec, value)), node("td", {}, value.description ?? type.description ?? ""));
  }))))];
}

function typeName(spec, raw) {
  const schema = resolve(spec, raw) ?? {};
  if (schema.enum) return schema.enum.filter(value => value !== null).join(" | ");
  if (typeOf(schema) === "array") return `${typeName(spec, schema.items)}[]`;
  const choice = (schema.oneOf ?? []).find(option => option.type !== "null");
  return choice ? typeName(spec, choice) : schema.format ?? typeOf(schema) ?? "any";
}

function requestOf({ operation, form, text, file, follow, token }) {
  let path = operation.path;
  const query = new URLSearchParams();
  const headers = new Headers({ Accept: follow?.checked ? "text/event-stream" : "application/json" });
  for (const input of form.querySelectorAll("input[data-in]")) {
    const value = input.value.trim();
    if (input.dataset.in === "path") path = path.replace(`{${input.name}}`, encodeURIComponent(value));
    else if (value && input.dataset.in === "query") query.set(input.name, value);
    else if (value) headers.set(input.name, value);
  }
  if (token.value) headers.set("Authorization", `Bearer ${token.value.trim()}`);
  const request = { method: operation.method.toUpperCase(), headers, credentials: "same-origin" };
  if (text) {
    headers.set("Content-Type", "application/json");
    request.body = text.value;
  } else if (file?.files[0]) {
    request.body = new FormData();
    request.body.append("file", file.files[0]);
  }
  return { url: query.size ? `${path}?${query}` : path, request };
}

async function run(context) {
  const { send, stop, answer, form } = context;
  const missing = [...form.querySelectorAll("input[required]")].find(input => !input.value.trim());
  if (missing) {
    missing.setAttribute("aria-invalid", "true");
    missing.focus();
    return;
  }
  form.querySelectorAll("[aria-invalid]").forEach(input => input.removeAttribute("aria-invalid"));
  const cancel = new AbortController();
  const status = node("span", {}, "Sending");
  const output = node("pre", { tabindex: "0" });
  stop.onclick = () => cancel.abort();
  stop.hidden = false;
  send.disabled = true;
  answer.replaceChildren(node("header", {}, status), output);
  answer.classList.add("shown");
  const started = performance.now();
  try {
    const { url, request } = requestOf(context);
    const response = await fetch(url, { ...request, signal: cancel.signal });
    status.className = response.ok ? "docs-ok" : "docs-bad";
    status.textContent = `${response.status} ${response.statusText}`;
    status.after(node("span", { class: "muted num" }, `${Math.round(performance.now() - started)} ms`),
      node("span", { class: "muted mono" }, response.headers.get("Content-Type") ?? ""));
    await read(response, output);
  } catch (error) {
    if (error.name !== "AbortError") {
      status.className = "docs-bad";
      status.textContent = "The request could not be sent.";
      output.textContent = error.message;
    }
  } finally {
    stop.hidden = true;
    send.disabled = false;
  }
}

async function read(response, output) {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += part.value;
    output.textContent = text.length > maxShown ? `${text.slice(0, maxShown)}\n(cut off here)` : text;
    if (text.length > maxShown) return void reader.cancel();
    if (response.headers.get("Content-Type")?.startsWith("text/event-stream")) output.scrollTop = output.scrollHeight;
  }
  try { output.textContent = JSON.stringify(JSON.parse(text), null, 2).slice(0, maxShown); } catch { /* not JSON: as it came */ }
}

async function start() {
  const response = await fetch("/openapi/v1.json");
  if (!response.ok) throw new Error(`The description could not be read: ${response.status}`);
  const spec = await response.json();
  const operations = operationsOf(spec);
  const navigate = () => {
    showList(operations);
    const chosen = operations.find(o => `#${o.id}` === location.hash);
    chosen ? show(spec, chosen) : showIntroduction(spec);
  };
  filter.addEventListener("input", () => showList(operations));
  window.addEventListener("hashchange", navigate);
  navigate();
}

start().catch(error => main.replaceChildren(node("p", { class: "notice notice-failed", role: "alert" }, error.message)));
