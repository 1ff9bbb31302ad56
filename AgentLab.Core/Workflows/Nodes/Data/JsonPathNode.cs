using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Expressions.JsonPaths;

namespace AgentLab.Core.Workflows.Nodes.Data;

/// <summary>json_path: the parts of a value that a JSON path finds.</summary>
internal sealed class JsonPathNode : PureKind
{
    public override NodeDescription Description { get; } = new()
    {
        Kind = "json_path",
        Title = "JSON path",
        Group = NodeGroups.Data,
        Summary = "Finds parts of a value by a JSON path.",
        Help = """
            The path follows RFC 9535: `$.orders[0].id`, `$.orders[*].total`, `$..email`, `$.orders[?@.total > 100 && @.country == "DE"].id`, with `length()` and `count()`.
            **All** gives a list, **first** the first that is found, or null.
            """,
        Icon = "M5 5h5v5H5zM14 14h5v5h-5zM7.5 10v6.5H14M14 7.5h5",
        Keywords = ["jsonpath", "query", "find", "extract", "select", "path"],
        Subtitle = "{path}",
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "from": { "title": "From", "default": "{{data}}", "x-control": "text" },
                "path": { "type": "string", "title": "Path", "minLength": 1, "maxLength": 2000, "examples": ["$.orders[?@.total > 100].id"], "x-control": "code" },
                "result": { "type": "string", "title": "Give", "enum": ["all", "first"], "default": "all", "x-template": false }
              },
              "required": ["path"],
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"from": "{{data}}", "path": "$.orders[?@.total > 100].id", "result": "all"}"""),
    };

    public override IEnumerable<SettingFault> Check(JsonElement settings)
    {
        if (settings.Text("path"u8) is not { } path || SettingReader.IsTemplate(path))
        {
            return [];
        }

        try
        {
            JsonPath.Parse(path);
            return [];
        }
        catch (ExpressionException fault)
        {
            return [new SettingFault("/path", fault.Code, fault.Message)];
        }
    }

    protected override NodeResult Run(NodeCall call)
    {
        var found = JsonPath.Parse(call.Settings.Text("path"u8, "$")).Find(call.Settings.TryGetProperty("from"u8, out var from) ? from : call.Data);
        return call.Settings.Text("result"u8) == "first"
            ? NodeResult.Of(found.Count > 0 ? found[0] : JsonOutput.Null)
            : new NodeResult.Completed(JsonOutput.List(found)) { Summary = $"{found.Count} found" };
    }
}
