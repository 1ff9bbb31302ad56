// Joins the canvas (js/canvas.js) to its component. Gestures that have not reached the server when the page goes are kept for the page that comes next.
const key = workflow => "lab.gestures." + workflow;
const kept = workflow => { try { return JSON.parse(sessionStorage.getItem(key(workflow)) ?? "[]"); } catch { return []; } };
const keep = (workflow, list) => { try { list.length ? sessionStorage.setItem(key(workflow), JSON.stringify(list)) : sessionStorage.removeItem(key(workflow)); } catch { /* no storage: for this page only */ } };

// The circuit was lost in the midst of editing and the page loaded anew: what was drawn meanwhile goes to the server under the same names, so that nothing comes twice.
async function sendKept(workflow, dotnet, commit) {
  const list = kept(workflow);
  let base;
  for (const request of list) {
    const answer = await commit(dotnet, { ...request, baseRev: Math.max(base ?? 0, request.baseRev) });
    base = answer.rev;
  }
  keep(workflow, []);
  return list.length;
}

// The canvas measures what it draws: its style must be there first.
function style(href) {
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  const done = new Promise(resolve => { link.onload = link.onerror = resolve; });
  document.head.append(link);
  return done;
}

export async function mount(host, dotnet, options) {
  const [{ mount: open, commit }] = await Promise.all([import("/js/canvas.js"), style("/js/canvas.css")]);
  await sendKept(options.workflow, dotnet, commit);
  const canvas = open(host, dotnet, { readOnly: options.readOnly, types: JSON.parse(options.types) });
  const leave = () => keep(options.workflow, canvas.pending());
  addEventListener("pagehide", leave);
  // A panel that opens or closes changes the canvas' size: the active node stays in sight.
  const sizes = new ResizeObserver(() => canvas.panelInset({}));
  sizes.observe(host);
  const run = (name, argument) => canvas.command(name, argument);
  return {
    load: (rev, definition, problems) => canvas.load({ rev, definition: JSON.parse(definition), problems: JSON.parse(problems) }),
    apply: (rev, ops, label, undoable) => canvas.apply({ rev, ops: JSON.parse(ops), label, undoable }),
    types: list => canvas.types(JSON.parse(list)),
    problems: list => canvas.problems(JSON.parse(list)),
    status: patch => canvas.status(patch),
    clearStatus: () => canvas.clearStatus(),
    preview: (before, after, ids) => canvas.preview({ ...ids, definition: JSON.parse(after), ...(before ? { before: JSON.parse(before) } : {}) }),
    endPreview: () => canvas.endPreview(),
    readOnly: on => canvas.readOnly(on),
    select: id => { run("focusNode", id); },
    add: kind => { run("addNode", { kind }); },
    command: name => { run(name); },
    sent: () => canvas.sent(),
    firstStep: () => host.querySelector(".first-step")?.focus({ preventScroll: true }),
    dispose() { sizes.disconnect(); removeEventListener("pagehide", leave); leave(); canvas.dispose(); }
  };
}
