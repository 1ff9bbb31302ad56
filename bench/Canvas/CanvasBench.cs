using System.Text.Json;
using AgentLab.Bench.Browsing;
using AgentLab.Bench.Fanout;
using AgentLab.Bench.Measure;
using AgentLab.Bench.Storage;
using AgentLab.Browsing;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Web.Features.Workflows.Editor;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Bench.Canvas;

/// <summary>The canvas with a large workflow, in Chromium: how soon it stands, what a frame costs while a run is watched, what a drag sends.</summary>
internal static class CanvasBench
{
    /// <summary>Nodes of the large workflow.</summary>
    public const int Nodes = 1_000;

    /// <summary>Nodes of the small one, the reference.</summary>
    public const int Few = 10;

    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        await using var folder = new BenchFolder(options);
        await using var lab = await LabServer.StartAsync(folder, cancellationToken);
        await using var browser = await LabBrowser.StartAsync();
        var figures = new List<Figure>();
        if (options.Wants("open"))
        {
            figures.AddRange(await OpenRuns.MeasureAsync(options, lab, browser, cancellationToken));
        }

        if (options.Wants("pan"))
        {
            figures.AddRange(await PanRuns.MeasureAsync(options, lab, browser));
        }

        if (options.Wants("drag"))
        {
            figures.AddRange(await DragRuns.MeasureAsync(options, lab, browser, cancellationToken));
        }

        return new BenchResult("canvas", options.Rounds, options.Seconds, figures)
        {
            Notes =
            [
                $"Chromium without a window and without a GPU, 1440 × 900, on the same cores as the server. The workflow is a trigger and {Nodes - 1:#,0} nodes in rows of 25, each with a setting, each connected to the next.",
                "Opening: from the request of `/workflows/{slug}` to the frame in which its nodes are drawn, cache warm; sign-in, page, circuit and canvas are in it.",
                "Script a frame: CPU time of the page's scripts from one animation frame to the next, from the browser's trace: the mean over a stretch. Fifty patches a second each name twenty nodes and twenty connections, every time with another state. With few frames a second each of them draws more patches.",
                "All in view: the picture moves so little that all nodes stay in sight. At the other sizes it travels over the rows, and nodes come and go.",
                "A drag is thirty moves of the mouse on a selection of 50 nodes. Messages are WebSocket messages from the page to the server, less heartbeats.",
            ],
        }.Publish(options);
    }

    /// <summary>What a canvas is mounted with: the large workflow and the kinds of nodes, both as JSON.</summary>
    public static object[] Load(LabServer lab) =>
    [
        JsonSerializer.Serialize(CanvasLoad.Rows("A thousand", Nodes - 1), WorkflowJson.Compact.WorkflowDefinition),
        lab.Services.GetRequiredService<NodeTypeTable>().Json,
    ];
}
