using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Outside;

/// <summary>What nodes give in a dry run in place of changing something outside.</summary>
internal static class DryRuns
{
    /// <summary>A request that was not sent.</summary>
    public static NodeResult Described(string method, Uri uri, JsonElement? body)
    {
        var output = JsonOutput.Build((method, uri, body), static (writer, it) =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("dryRun"u8, true);
            writer.WriteString("method"u8, it.method);
            writer.WriteString("url"u8, it.uri.AbsoluteUri);
            writer.WritePropertyName("body"u8);
            (it.body ?? JsonOutput.Null).WriteTo(writer);
            writer.WriteEndObject();
        });
        return new NodeResult.Completed(output) { Summary = Line($"Dry run: {method} {uri.Host} was not sent") };
    }

    /// <summary>Something that was not done, with the value that goes on.</summary>
    public static NodeResult.Completed Skipped(JsonElement output, string what, string port = "out") => new(output, port) { Summary = Line("Dry run: " + what) };

    private static string Line(string text) => text.Length <= 200 ? text : text[..199] + "…";
}
