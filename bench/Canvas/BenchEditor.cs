using AgentLab.Bench.Fanout;
using AgentLab.Browsing;
using AgentLab.Core.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Bench.Canvas;

/// <summary>Workflows to be opened in the editor, and the window in which they are.</summary>
internal static class BenchEditor
{
    public const int Width = 1440;
    public const int Height = 900;

    /// <summary>Makes a workflow of so many nodes; its slug.</summary>
    public static async Task<string> SlugAsync(LabServer lab, string name, int nodes, CancellationToken cancellationToken)
    {
        var store = lab.Services.GetRequiredService<IWorkflowStore>();
        var made = await store.CreateAsync(CanvasLoad.Rows(name, nodes - 1, columns: nodes < 100 ? 10 : 25), await lab.ActorAsync(cancellationToken), cancellationToken);
        return made.Value?.Summary.Slug ?? throw new InvalidOperationException(string.Join(" ", made.Errors.Select(e => $"{e.Field}: {e.Message}")));
    }
}
