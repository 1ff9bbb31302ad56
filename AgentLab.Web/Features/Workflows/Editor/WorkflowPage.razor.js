// What the editor needs from the browser beside the canvas: keys that work from every focus, text put where the caret is.
export function listen(root, page) {
  const onKey = event => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key === "Enter") {
      event.preventDefault();
      // A field tells of its text when it is left.
      if (document.activeElement instanceof HTMLElement && document.activeElement.matches("input, textarea, select")) document.activeElement.dispatchEvent(new Event("change", { bubbles: true }));
      page.invokeMethodAsync("RunPressed");
    } else if (event.key === "Escape" && event.target instanceof Element && event.target.closest(".dock")) {
      event.preventDefault();
      page.invokeMethodAsync("EscapePressed");
    }
  };
  // Kinds are dragged from the palette onto the canvas, which knows them by this type.
  const onDrag = event => {
    const kind = event.target instanceof Element ? event.target.closest("[data-node-kind]") : null;
    if (!kind || !event.dataTransfer) return;
    event.dataTransfer.setData("application/x-agentlab-node", kind.dataset.nodeKind);
    event.dataTransfer.effectAllowed = "copy";
  };
  document.addEventListener("keydown", onKey);
  root.addEventListener("dragstart", onDrag);
  return { dispose() { document.removeEventListener("keydown", onKey); root.removeEventListener("dragstart", onDrag); } };
}

export function insert(id, text) {
  const box = document.getElementById(id);
  if (!box) return;
  const [from, to] = [box.selectionStart ?? box.value.length, box.selectionEnd ?? box.value.length];
  box.setRangeText(text, from, to, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}

// The panel may be on its way still: it is looked for until it is there, two seconds at most.
export function focusField(pointer, until = performance.now() + 2000) {
  const input = document.querySelector(`.dock [data-field="${CSS.escape(pointer)}"] :is(input, textarea, select)`);
  if (!input) {
    if (performance.now() < until) requestAnimationFrame(() => focusField(pointer, until));
    return;
  }
  input.scrollIntoView({ block: "center" });
  input.focus({ preventScroll: true });
}
