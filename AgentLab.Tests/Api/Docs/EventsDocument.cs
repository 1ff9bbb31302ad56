using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AgentLab.Core.Sessions;

namespace AgentLab.Tests.Api.Docs;

/// <summary>Writes docs/events.md from the catalog and the XML docs of its records.</summary>
internal static partial class EventsDocument
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };
    private static readonly XDocument Docs = XDocument.Load(Path.ChangeExtension(typeof(EventCatalog).Assembly.Location, ".xml"));

    private const string Introduction = """
        # Events

        What happens in a session is an event: appended once, numbered 1, 2, 3 … without gaps, never changed. The live view, the API, the archive, resume and
        export all read this log. This page is written by a test from the catalog in the code; change it there.

        Every viewer gets the same bytes, over the hub, as server-sent events and in JSON pages alike:

        ```json
        {"sequence":7,"runId":"0198...","stepId":"model-1","attempt":1,"type":"model.delta","v":1,"at":"2026-01-01T12:00:00.000000Z","data":{"text":"Three orders"}}
        ```

        | member | meaning |
        |---|---|
        | `sequence` | The position in its session, from 1. |
        | `runId` | The run it belongs to; left out where there is none. |
        | `stepId`, `attempt` | The step it belongs to and the attempt of that step, from 1; left out where there is none. |
        | `type`, `v` | The stable type and the version of its data. |
        | `at` | When it was appended, UTC, to the microsecond. |
        | `data` | The content, as listed below; at most 64 KB. Larger texts are in a blob: `GET /api/v1/sessions/{id}/blobs/{hash}`. |

        Rules for readers: ignore types and members that you do not know; a later version may add them. `model.delta` is for viewers only: `model.completed` holds
        the whole answer, and after `step.restarted` the deltas of earlier attempts of that step are void.

        A member that is added leaves the version as it is. Where the meaning changes, the version rises: an event keeps the `v` and the bytes under which it was written, for every viewer and
        for ever, and AgentLab lifts older versions when it reads them itself.


        """;

    public static string Render()
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        text.Append("| type | version | meaning |\n|---|---|---|\n");
        foreach (var kind in EventCatalog.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"| [`{kind.Type}`](#{Anchor(kind.Type)}) | {kind.Version} | {Meaning(kind)} |\n");
        }

        foreach (var kind in EventCatalog.All)
        {
            Append(text, kind);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, EventKind kind)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {kind.Type}\n\nVersion {kind.Version}. {Meaning(kind)}\n\n");
        text.Append("| member | meaning |\n|---|---|\n");
        foreach (var (name, meaning) in Members(kind.DataType))
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{name}` | {meaning} |\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n<details><summary>JSON schema</summary>\n\n```json\n{Schema(kind)}\n```\n\n</details>\n");
    }

    private static string Schema(EventKind kind)
    {
        var schema = kind.Schema();
        if (schema is JsonObject root)
        {
            root["$schema"] = "https://json-schema.org/draft/2020-12/schema";
        }

        return schema.ToJsonString(Indented);
    }

    // The summary begins with the type itself, "run.started: a run began."
    private static string Meaning(EventKind kind)
    {
        var summary = Text(Member($"T:{kind.DataType.FullName}")?.Element("summary"));
        summary.ShouldStartWith($"`{kind.Type}`: ", Case.Sensitive, $"The XML docs of {kind.DataType.Name} begin with its type.");
        var meaning = summary[(kind.Type.Length + 4)..];
        return char.ToUpperInvariant(meaning[0]) + meaning[1..];
    }

    private static IEnumerable<(string Name, string Meaning)> Members(Type type)
    {
        var parameters = Member($"T:{type.FullName}")?.Elements("param").ToDictionary(p => p.Attribute("name")!.Value, Text) ?? [];
        foreach (var parameter in type.GetConstructors().MaxBy(c => c.GetParameters().Length)!.GetParameters())
        {
            parameters.ShouldContainKey(parameter.Name!, $"{type.Name}.{parameter.Name} has no XML docs.");
            yield return (JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!), parameters[parameter.Name!].Replace("|", "\\|"));
        }
    }

    private static XElement? Member(string id) => Docs.Descendants("member").FirstOrDefault(m => m.Attribute("name")?.Value == id)
        ?? throw new InvalidOperationException($"{id} has no XML docs.");

    private static string Text(XElement? element)
    {
        var text = new StringBuilder();
        foreach (var part in element?.Nodes() ?? [])
        {
            text.Append(part switch
            {
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement { Name.LocalName: "paramref" } name => $"`{JsonNamingPolicy.CamelCase.ConvertName(name.Attribute("name")!.Value)}`",
                XElement other => other.Attribute("cref")?.Value.Split('.')[^1] ?? other.Value,
                _ => part.ToString(),
            });
        }

        return Blanks().Replace(text.ToString(), " ").Trim();
    }

    private static string Anchor(string type) => type.Replace(".", "", StringComparison.Ordinal);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
