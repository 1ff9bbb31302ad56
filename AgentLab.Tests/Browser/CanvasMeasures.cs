namespace AgentLab.Tests.Browser;

/// <summary>Scripts that measure the canvas as it is drawn.</summary>
internal static class CanvasMeasures
{
    private const string Colors = """
        const parse = c => { const m = c.match(/[\d.]+/g).map(Number); return { r: m[0], g: m[1], b: m[2], a: m[3] ?? 1 }; };
        const light = c => { const f = v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }; return .2126 * f(c.r) + .7152 * f(c.g) + .0722 * f(c.b); };
        const ratio = (a, b) => { const [x, y] = [light(parse(a)), light(parse(b))].sort((p, q) => q - p); return (x + .05) / (y + .05); };
        """;

    /// <summary>Name and contrast of each line and sign of the canvas with what lies behind it.</summary>
    public const string Contrasts = "() => {" + Colors + """
          const found = new Map(), canvas = getComputedStyle(document.querySelector(".agentlab-canvas")).backgroundColor;
          const note = (what, value) => found.set(what, Math.min(value, found.get(what) ?? 21));
          for (const wire of document.querySelectorAll(".wire-line")) note("a connection", ratio(getComputedStyle(wire).stroke, canvas));
          for (const head of document.querySelectorAll(".wire-head")) note("an arrow", ratio(getComputedStyle(head).fill, canvas));
          for (const step of document.querySelectorAll(".step")) { note("a node's border beside the canvas", ratio(getComputedStyle(step).borderTopColor, canvas)); note("a node's border beside its surface", ratio(getComputedStyle(step).borderTopColor, getComputedStyle(step).backgroundColor)); }
          for (const port of document.querySelectorAll(".react-flow__handle")) note("a port", ratio(getComputedStyle(port, "::after").borderTopColor, canvas));
          for (const plus of document.querySelectorAll(".open-plus svg")) note("a plus", ratio(getComputedStyle(plus).borderTopColor, canvas));
          for (const state of document.querySelectorAll(".step-status svg")) note("a state's sign", ratio(getComputedStyle(state).color, getComputedStyle(state.closest(".step")).backgroundColor));
          for (const icon of document.querySelectorAll(".step-icon")) note("an icon", ratio(getComputedStyle(icon).color, getComputedStyle(icon).backgroundColor));
          for (const box of document.querySelectorAll(".controls, .minimap:not([hidden]), .dock .input")) note("a control's border", ratio(getComputedStyle(box).borderTopColor, getComputedStyle(box).backgroundColor));
          return [...found];
        }
        """;

    /// <summary>Sizes in pixels: of a node's name, of the smallest text, of a port as it is drawn and as it is hit, of the plus on an output.</summary>
    public const string Sizes = """
        () => {
          const size = e => parseFloat(getComputedStyle(e).fontSize), root = document.querySelector(".canvas-area"), zoom = new DOMMatrix(getComputedStyle(root.querySelector(".react-flow__viewport")).transform).a;
          const texts = [...root.querySelectorAll("*")].filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && e.getBoundingClientRect().width > 2);
          const handle = root.querySelector(".react-flow__handle"), box = handle.getBoundingClientRect(), inset = parseFloat(getComputedStyle(handle, "::after").top);
          return { name: size(root.querySelector(".step-name")), least: Math.min(...texts.map(size)), hit: box.width / zoom, port: box.width / zoom - 2 * inset, plus: root.querySelector(".open-plus").getBoundingClientRect().width / zoom };
        }
        """;

    /// <summary>Pairs of labels, counts and nodes that lie over each other.</summary>
    public const string Overlaps = """
        () => {
          const box = e => e.getBoundingClientRect(), over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
          const area = document.querySelector(".canvas-area"), all = s => [...area.querySelectorAll(s)].filter(e => box(e).width > 1), found = [];
          const check = (ones, others, apart) => { for (const one of ones) for (const other of others) if (one !== other && apart(one, other) && over(box(one), box(other))) found.push(`${one.className.baseVal ?? one.className} "${one.textContent.trim()}" over ${other.className.baseVal ?? other.className} "${other.textContent.trim()}"`); };
          check(all(".step"), all(".step"), () => true);
          check(all(".wire-count"), all(".step, .open-plus"), () => true);
          check(all(".port-label"), all(".port-label, .step-text, .step-icon"), () => true);
          check(all(".badge"), all(".step-name, .step-status b, .step-icon"), () => true);
          check(all(".open-plus"), all(".step, .note"), () => true);
          check(all(".controls, .minimap, .notice"), all(".step"), () => true);
          return found;
        }
        """;

    /// <summary>What is drawn in the color of failures.</summary>
    public const string Red = """
        () => {
          const probe = Object.assign(document.createElement("i"), { style: "color:var(--failed)" });
          document.body.append(probe);
          const red = getComputedStyle(probe).color;
          probe.remove();
          return [...document.querySelectorAll(".desk, .desk *")].filter(e => { const s = getComputedStyle(e), b = e.getBoundingClientRect(); return b.width > 0 && e.checkVisibility({ visibilityProperty: true }) && [s.color, s.backgroundColor, s.stroke, s.fill, s.borderTopWidth === "0px" ? "" : s.borderTopColor].includes(red); }).map(e => `${e.tagName} ${e.className.baseVal ?? e.className} ${e.textContent.trim().slice(0, 30)}`);
        }
        """;
}
