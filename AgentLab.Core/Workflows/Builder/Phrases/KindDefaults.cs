namespace AgentLab.Core.Workflows.Builder.Phrases;

/// <summary>Settings for a node that is asked for by its kind alone: what it needs to be whole, for the person to fill in.</summary>
internal static class KindDefaults
{
    /// <summary>The settings.</summary>
    public static Dictionary<string, object?> Of(string kind) => kind switch
    {
        "http_request" => new() { ["method"] = "GET", ["url"] = "https://example.com/" },
        "send_webhook" => new() { ["url"] = "https://example.com/" },
        "condition" => new() { ["condition"] = Truth("{{data.ok}}") },
        "filter" => new() { ["condition"] = Truth("{{item.ok}}") },
        "while" => new() { ["condition"] = Truth("{{data.more}}") },
        "switch" => new() { ["value"] = "{{data.kind}}", ["cases"] = new List<object?> { new Dictionary<string, object?> { ["name"] = "first", ["equals"] = "first" } } },
        "sort" => new() { ["by"] = new List<object?> { new Dictionary<string, object?> { ["value"] = "{{item}}" } } },
        "aggregate" => new() { ["values"] = new List<object?> { new Dictionary<string, object?> { ["name"] = "count", ["operation"] = "count" } } },
        "json_path" => new() { ["path"] = "$" },
        "set_values" => new() { ["values"] = new List<object?> { new Dictionary<string, object?> { ["name"] = "value", ["value"] = "{{data}}" } } },
        "transform" => new() { ["output"] = "text", ["text"] = "{{data}}" },
        "approval" => new() { ["title"] = "Go on?" },
        "form" => new() { ["title"] = "Please fill in", ["schema"] = new Dictionary<string, object?> { ["type"] = "object", ["properties"] = new Dictionary<string, object?> { ["answer"] = new Dictionary<string, object?> { ["type"] = "string", ["title"] = "Answer" } } } },
        "model_prompt" => new() { ["prompt"] = "{{data}}" },
        "artifact" => new() { ["name"] = "result.txt" },
        "report" => new() { ["title"] = "Report", ["parts"] = new List<object?> { new Dictionary<string, object?> { ["content"] = "{{data}}" } } },
        "webhook_trigger" => new() { ["slug"] = "incoming" },
        _ => [],
    };

    private static Dictionary<string, object?> Truth(string left) => new() { ["left"] = left, ["operator"] = "is_true" };
}
