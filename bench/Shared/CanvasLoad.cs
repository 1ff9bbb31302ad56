using System.Text.Json;
using AgentLab.Core.Workflows.Definition;

namespace AgentLab.Browsing;

/// <summary>A canvas under load: a large workflow and what is done to it. The browser tests use it too.</summary>
internal static class CanvasLoad
{
    /// <summary>How far <see cref="Pan"/> may go when a workflow that fills the view is to stay wholly in sight, in pixels.</summary>
    public const int WithinSight = 12;

    /// <summary>A canvas over the page with a definition, beside the page's own code: <c>window.canvas</c>; what it tells the server is in <c>window.told</c>.</summary>
    public const string Mount = """
        async ([definition, types]) => {
          const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/js/canvas.css" });
          const styled = new Promise(resolve => style.onload = resolve);
          document.head.append(style);
          await styled;
          const host = document.createElement("div");
          host.id = "canvas-under-load";
          host.style.cssText = "position:fixed;inset:0;z-index:99";
          document.body.append(host);
          const { mount } = await import("/js/canvas.js");
          window.told = [];
          window.canvas = mount(host, { invokeMethodAsync: (method, ...rest) => { window.told.push(method); return Promise.resolve(method === "Commit" ? { rev: rest[0].baseRev + 1 } : null); } }, { types: JSON.parse(types) });
          window.canvas.load({ rev: 1, definition: JSON.parse(definition), problems: [] });
        }
        """;

    /// <summary>
    /// Pans for so many milliseconds (and thirty frames at least), so many pixels to and fro, with or without fifty patches a second, each with other states for twenty of the thousand nodes and
    /// their connections; answers with the number of frames a second. With one turn a frame the picture moves alike on a fast machine and on a slow one.
    /// </summary>
    public const string Pan = """
        ([milliseconds, reach, patched]) => new Promise(resolve => {
          const pane = document.querySelector("#canvas-under-load .react-flow__pane"), box = pane.getBoundingClientRect();
          let seq = window.lastSeq ?? 0, at = 0, frames = 0;
          const patch = () => {
            const n = [], e = [];
            seq++;
            for (let k = 0; k < 20; k++) { at = (at + 38) % 999; n.push([`set_${at + 1}`, ["running", "done", "waiting"][(at + seq) % 3], at, null, at]); e.push([`e${at + 1}`, (at + seq) % 2, at]); }
            canvas.status({ run: "load", seq, n, e });
          };
          const timer = patched ? setInterval(patch, 20) : undefined;
          const x = turn => reach * (1 - Math.cos(turn / 40)), y = turn => reach / 4 * Math.sin(turn / 25);
          const begin = performance.now(), end = begin + milliseconds;
          const step = () => {
            frames++;
            pane.dispatchEvent(new WheelEvent("wheel", { deltaX: x(frames) - x(frames - 1), deltaY: y(frames) - y(frames - 1), clientX: box.width / 2, clientY: box.height / 2, bubbles: true, cancelable: true }));
            if (performance.now() < end || frames < 30) requestAnimationFrame(step); else { clearInterval(timer); window.lastSeq = seq; resolve(1000 * frames / (performance.now() - begin)); }
          };
          requestAnimationFrame(step);
        })
        """;

    /// <summary>A trigger and nodes behind it in rows, each setting one value.</summary>
    public static WorkflowDefinition Rows(string name, int nodes, int columns = 25) => new()
    {
        Name = name,
        Nodes = [new() { Id = "start", Kind = "manual_trigger", Name = "Start" }, .. Enumerable.Range(1, nodes).Select(i => SetNode(i, i % columns, i / columns))],
        Edges = [.. Enumerable.Range(1, nodes).Select(i => new WorkflowEdge($"e{i}", i == 1 ? "start" : $"set_{i - 1}", "out", $"set_{i}", "in"))],
    };

    /// <summary>Settings of a node that sets one value.</summary>
    public static JsonElement Values(string name, string value) => JsonSerializer.SerializeToElement(new { values = new[] { new { name, value } }, keep = true });

    private static WorkflowNode SetNode(int i, int column, int row) => new()
    {
        Id = $"set_{i}",
        Kind = "set_values",
        Name = $"Set {i}",
        X = column * 336,
        Y = row * 160,
        Settings = Values($"v{i}", $"{i}"),
    };
}
