// The shell: connection, menus, dialogs, shortcuts, copying, times. Everything that must answer without the server.
(() => {
  const root = document.documentElement;
  const $ = (selector, from = document) => from.querySelector(selector);

  // ---- Connection -------------------------------------------------------------------------------------------------
  const firstDelay = 500, longestDelay = 30000;
  let attempt = 0, down = false, wake = null;

  const say = (state, text) => {
    root.dataset.connection = state;
    for (const part of document.querySelectorAll("[data-connection-text]")) part.textContent = text;
    const banner = document.getElementById("components-reconnect-modal");
    if (!banner) return;
    banner.className = state === "live" ? "components-reconnect-hide"
      : state === "rejected" ? "components-reconnect-rejected"
      : state === "failed" ? "components-reconnect-failed" : "components-reconnect-show";
    const words = $("[data-reconnect-text]", banner);
    if (words && words.textContent !== text) words.textContent = text;
  };

  const pause = delay => new Promise(resolve => {
    const timer = setTimeout(done, delay);
    function done() { clearTimeout(timer); wake = null; resolve(); }
    wake = done;
  });

  async function reconnect() {
    attempt = 0;
    while (down) {
      attempt++;
      const ceiling = Math.min(longestDelay, firstDelay * 2 ** (attempt - 1));
      say(navigator.onLine ? "reconnecting" : "offline",
        navigator.onLine ? `Reconnecting, attempt ${attempt}` : "Offline");
      await pause(Math.max(firstDelay, ceiling * (0.5 + Math.random() / 2)));
      if (!down) return;
      try {
        if (await Blazor.reconnect()) return;
        say("rejected", "Reloading");
        location.reload();
        return;
      } catch { /* not reachable yet: the next attempt */ }
    }
  }

  // What was typed while the server was away never reached it.
  const resend = () => document.querySelectorAll("[data-composer-input]").forEach(box => { if (box.value) box.dispatchEvent(new Event("input", { bubbles: true })); });
  const hurry = () => { if (wake) wake(); };
  window.addEventListener("online", hurry);
  window.addEventListener("offline", () => { if (down) say("offline", "Offline"); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) hurry(); });

  // ---- Menus, switches, copying ------------------------------------------------------------------------------------
  async function copy(text, button) {
    try { await navigator.clipboard.writeText(text); }
    catch {
      const area = Object.assign(document.createElement("textarea"), { value: text });
      area.style.position = "fixed"; area.style.opacity = "0";
      document.body.append(area); area.select(); document.execCommand("copy"); area.remove();
    }
    button.dataset.copied = "true";
    announce("Copied");
    setTimeout(() => delete button.dataset.copied, 1500);
  }

  function announce(text) {
    const region = document.getElementById("announcer");
    if (!region) return;
    region.textContent = "";
    requestAnimationFrame(() => { region.textContent = text; });
  }

  document.addEventListener("click", event => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    for (const menu of document.querySelectorAll("details.menu[open]"))
      if (!menu.contains(target) || target.closest(".menu-item")) menu.open = false;

    const copyButton = target.closest("[data-copy]");
    if (copyButton) {
      const from = copyButton.dataset.copy;
      copy(from || copyButton.closest("[data-copy-scope]")?.querySelector("[data-copy-source]")?.textContent || "", copyButton);
      return;
    }
    const preference = target.closest("[data-set]");
    if (preference) { const [key, value] = preference.dataset.set.split("="); labPreferences.set(key, value); mark(); return; }
    const switched = target.closest("[data-switch]");
    if (switched) {
      const key = switched.dataset.switch;
      labPreferences.set(key, root.dataset[key] === "hidden" ? "shown" : "hidden");
      return;
    }
    const pane = target.closest(".pane-tabs [data-pane], [data-show-pane]");
    if (pane) { root.dataset.pane = pane.dataset.pane || pane.dataset.showPane; return; }
    if (target.closest("[data-toggle-nav]")) {
      if (matchMedia("(max-width: 720px)").matches) root.toggleAttribute("data-drawer");
      else labPreferences.set("nav", root.dataset.nav === "narrow" ? "wide" : "narrow");
      expand();
      return;
    }
    if (target.closest("[data-close-drawer]") || target.closest(".nav a")) { root.removeAttribute("data-drawer"); expand(); }
    const opens = target.closest("[data-open-dialog]");
    if (opens) { open(opens.dataset.openDialog); return; }
    if (target.closest("[data-close-dialog]")) { target.closest("dialog")?.close(); return; }
    if (target.closest("[data-reconnect-now]")) { hurry(); return; }
    if (target.closest("[data-reload]")) { location.reload(); return; }
    if (target instanceof HTMLDialogElement && target.classList.contains("dialog")) target.close();
  });

  function mark() {
    for (const item of document.querySelectorAll("[data-set]")) {
      const [key, value] = item.dataset.set.split("=");
      item.setAttribute("aria-checked", String((key === "theme" ? root.dataset.themeChoice : root.dataset[key]) === value));
    }
  }
  function expand() {
    const small = matchMedia("(max-width: 720px)").matches;
    for (const button of document.querySelectorAll("[data-toggle-nav]"))
      button.setAttribute("aria-expanded", String(small ? root.hasAttribute("data-drawer") : root.dataset.nav !== "narrow"));
  }
  document.addEventListener("toggle", event => { if (event.target.matches?.("details.menu")) mark(); }, true);

  // ---- Dialogs and shortcuts ---------------------------------------------------------------------------------------
  function open(id) {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    dialog.showModal();
    const first = $("[data-autofocus]", dialog);
    if (first) { first.focus(); first.select?.(); }
  }

  const typing = element => element instanceof HTMLElement &&
    (element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName));

  let leader = 0;
  document.addEventListener("keydown", event => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault(); open("palette"); return;
    }
    if (event.key === "Escape") {
      const menu = $("details.menu[open]");
      if (menu) { menu.open = false; $("summary", menu)?.focus(); }
      if (root.hasAttribute("data-drawer")) { root.removeAttribute("data-drawer"); expand(); $("[data-toggle-nav]")?.focus(); }
    }
    if (moveInList(event)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
    // A page with keys of its own shows those; they lead on to these.
    if (event.key === "?") { event.preventDefault(); open($("dialog.page-keys")?.id ?? "shortcuts"); return; }
    if (event.key === "[") { $("[data-toggle-nav]")?.click(); return; }
    if (event.key === "/") { const box = $("[data-page-search]"); if (box) { event.preventDefault(); box.focus(); } return; }
    if (event.key === "g") { leader = event.timeStamp; return; }
    if (leader && event.timeStamp - leader < 1200) { const link = $(`[data-go="${CSS.escape(event.key)}"]`); leader = 0; if (link) { event.preventDefault(); link.click(); } return; }
    const action = event.key.length === 1 ? $(`[data-key="${CSS.escape(event.key)}"]`) : null;
    if (action) { event.preventDefault(); action.click(); action.focus?.(); }
  });

  // Arrow keys in a listbox that an input drives (the palette): the server filters, the browser moves.
  function moveInList(event) {
    const box = event.target instanceof Element ? event.target.closest("[data-drives]") : null;
    if (!box) return false;
    const list = document.getElementById(box.dataset.drives);
    const options = [...(list?.querySelectorAll("[role=option]") ?? [])];
    const now = options.findIndex(o => o.getAttribute("aria-selected") === "true");
    const choose = index => {
      options.forEach((o, i) => o.setAttribute("aria-selected", String(i === index)));
      const chosen = options[index];
      if (chosen) { box.setAttribute("aria-activedescendant", chosen.id); chosen.scrollIntoView({ block: "nearest" }); }
    };
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (options.length) choose((Math.max(now, event.key === "ArrowDown" ? now : 0) + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length);
      return true;
    }
    if (event.key === "Enter") { event.preventDefault(); (options[now] ?? options[0])?.click(); return true; }
    return false;
  }

  // ---- Panes: widths by pointer and by keyboard, remembered -------------------------------------------------------
  function resize(handle, width) {
    const split = handle.closest("[data-split]"), side = handle.dataset.splitHandle, name = `split-${split.dataset.split}-${side}`;
    const least = Number(handle.getAttribute("aria-valuemin")), most = Number(handle.getAttribute("aria-valuemax"));
    width = Math.round(Math.min(most, Math.max(least, width)));
    root.style.setProperty("--" + name, width + "px");
    handle.setAttribute("aria-valuenow", width);
    labPreferences.set(name, width);
  }
  const paneOf = handle => handle.dataset.splitHandle === "start" ? handle.previousElementSibling : handle.nextElementSibling;
  document.addEventListener("pointerdown", event => {
    const handle = event.target instanceof Element ? event.target.closest("[data-split-handle]") : null;
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    handle.dataset.dragging = "";
    const from = event.clientX, width = paneOf(handle).offsetWidth, way = handle.dataset.splitHandle === "start" ? 1 : -1;
    const move = e => resize(handle, width + way * (e.clientX - from));
    const end = () => { delete handle.dataset.dragging; handle.removeEventListener("pointermove", move); };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", end, { once: true });
    handle.addEventListener("pointercancel", end, { once: true });
  });
  document.addEventListener("keydown", event => {
    const handle = event.target instanceof Element ? event.target.closest("[data-split-handle]") : null;
    if (!handle || !["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const way = (handle.dataset.splitHandle === "start" ? 1 : -1) * (event.key === "ArrowRight" ? 1 : -1);
    resize(handle, event.key === "Home" ? 0 : event.key === "End" ? 9999 : paneOf(handle).offsetWidth + way * 24);
  });

  // ---- Times in the viewer's zone ----------------------------------------------------------------------------------
  const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
  const dayOnly = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });
  const shown = new Set();
  class LabTime extends HTMLElement {
    static observedAttributes = ["datetime"];
    connectedCallback() { this.attachShadow && !this.shadowRoot && this.attachShadow({ mode: "open" }); shown.add(this); this.draw(); }
    disconnectedCallback() { shown.delete(this); }
    attributeChangedCallback() { if (this.shadowRoot) this.draw(); }
    draw() {
      const at = new Date(this.getAttribute("datetime"));
      if (isNaN(at)) return;
      this.title = exact.format(at);
      const seconds = (at - Date.now()) / 1000, size = Math.abs(seconds);
      const text = size < 10 ? "just now"
        : size < 60 ? relative.format(Math.round(seconds), "second")
        : size < 3600 ? relative.format(Math.round(seconds / 60), "minute")
        : size < 86400 ? relative.format(Math.round(seconds / 3600), "hour")
        : size < 604800 ? relative.format(Math.round(seconds / 86400), "day") : dayOnly.format(at);
      if (this.shadowRoot.textContent !== text) this.shadowRoot.textContent = text;
    }
  }
  class LabElapsed extends HTMLElement {
    static observedAttributes = ["since"];
    connectedCallback() { if (!this.shadowRoot) this.attachShadow({ mode: "open" }); this.timer = setInterval(() => this.draw(), 1000); this.draw(); }
    disconnectedCallback() { clearInterval(this.timer); }
    attributeChangedCallback() { if (this.shadowRoot) this.draw(); }
    draw() {
      const s = Math.max(0, Math.floor((Date.now() - new Date(this.getAttribute("since"))) / 1000));
      this.shadowRoot.textContent = s < 60 ? `${s} s` : s < 3600 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`;
    }
  }
  customElements.define("lab-time", LabTime);
  customElements.define("lab-elapsed", LabElapsed);
  setInterval(() => shown.forEach(time => time.draw()), 15000);

  function download(name, type, text) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    Object.assign(document.createElement("a"), { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  }

  // ---- The composer: Enter sends, the box grows, the draft outlives a reload ---------------------------------------
  const draftKey = box => "lab.draft." + box.dataset.draft;
  const store = (key, value) => { try { value ? sessionStorage.setItem(key, value) : sessionStorage.removeItem(key); } catch { /* no storage: no draft */ } };
  const grow = box => {
    if (CSS.supports("field-sizing", "content")) return;
    box.style.height = "auto"; box.style.height = Math.min(box.scrollHeight, innerHeight * .4) + "px";
  };
  document.addEventListener("keydown", event => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.matches?.("[data-composer-input]")) return;
    event.preventDefault();
    const form = event.target.form, button = form.querySelector("[type=submit]");
    if (!event.repeat) button.disabled ? setTimeout(() => { if (!button.disabled) form.requestSubmit(button); }, 150) : form.requestSubmit(button);
  });
  document.addEventListener("input", event => {
    if (!event.target.matches?.("[data-composer-input]")) return;
    grow(event.target); store(draftKey(event.target), event.target.value);
  });
  const composer = {
    attach(id) {
      const box = document.getElementById(id);
      if (!box) return;
      let draft = null;
      try { draft = sessionStorage.getItem(draftKey(box)); } catch { /* no storage: no draft */ }
      if (draft && !box.value) composer.set(id, draft);
      if (!matchMedia("(hover: none)").matches) box.focus({ preventScroll: true });
    },
    set(id, text) {
      const box = document.getElementById(id);
      if (!box) return;
      box.value = text;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
      box.setSelectionRange(text.length, text.length);
    },
    clear(id) {
      const box = document.getElementById(id);
      if (!box) return;
      box.value = ""; grow(box); store(draftKey(box), ""); box.focus({ preventScroll: true });
    }
  };

  // ---- Following: at the bottom it stays at the bottom, scrolled up it stays put and says that there is more --------
  const followed = new WeakSet();
  function follow(id) {
    const scroller = document.getElementById(id);
    if (!scroller || followed.has(scroller)) return;
    followed.add(scroller);
    const pill = () => scroller.parentElement.querySelector("[data-follow-pill]");
    const gap = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    const edge = later => { const rows = [...(scroller.firstElementChild?.children ?? [])].filter(row => !row.classList.contains("older")); return later ? rows.at(-1) : rows[0]; };
    let following = true, height = 0, held = null;
    const show = on => { const p = pill(); if (p) p.hidden = !on; };
    const toEnd = () => { scroller.scrollTop = scroller.scrollHeight; };
    const grown = () => {
      const taller = scroller.scrollHeight > height + 1;
      height = scroller.scrollHeight;
      // Earlier messages came in above, or later ones below: what was read stays where it was, and nothing is new.
      if (held && edge(held.later) !== held.row) {
        if (held.row.isConnected) scroller.scrollTop += held.row.getBoundingClientRect().top - held.top;
        held = null;
        return;
      }
      if (following) toEnd(); else if (taller && gap() > 60) show(true);
    };
    scroller.addEventListener("scroll", () => { following = gap() < 48; if (following) show(false); }, { passive: true });
    scroller.addEventListener("wheel", event => { if (event.deltaY < 0 && gap() > 0) following = false; }, { passive: true });
    scroller.parentElement.addEventListener("click", event => {
      if (event.target.closest("[data-follow-pill]")) { following = true; show(false); toEnd(); }
      const more = event.target.closest(".older");
      const row = more && edge(more.classList.contains("later"));
      if (row) { following = false; held = { row, later: more.classList.contains("later"), top: row.getBoundingClientRect().top }; }
    });
    const sizes = new ResizeObserver(grown);
    sizes.observe(scroller);
    if (scroller.firstElementChild) sizes.observe(scroller.firstElementChild);
    toEnd();
  }
  const scrollTo = (id, top) => requestAnimationFrame(() => { const box = document.getElementById(id); if (box) box.scrollTop = top; });

  // The layout calls ready once its circuit runs: what the server drew replaces what the browser had marked.
  function ready() { root.dataset.started = "true"; mark(); expand(); if (!down) say("live", "Live"); }

  window.lab = { ready, download, composer, follow, scrollTo, open, close: id => document.getElementById(id)?.close(), copy: text => copy(text, document.body), announce };

  // ---- Start -------------------------------------------------------------------------------------------------------
  mark();
  expand();
  if (window.Blazor) {
    Blazor.start({
      circuit: {
        reconnectionHandler: {
          onConnectionDown: () => { if (!down) { down = true; reconnect(); } },
          onConnectionUp: () => { down = false; attempt = 0; say("live", "Live"); hurry(); resend(); }
        }
      }
    });
  }
})();
