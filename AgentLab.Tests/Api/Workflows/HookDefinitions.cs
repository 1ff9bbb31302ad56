using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentLab.Tests.Api.Workflows;

/// <summary>Workflows for tests of webhooks and runs, as files.</summary>
internal static class HookDefinitions
{
    private const string Format = "agentlab.workflow/1";

    /// <summary>A webhook that answers with the body that came, by its respond node.</summary>
    public static JsonElement Echo(string slug, string? secret = null, string respond = "by_respond_node", bool timestamp = true) => Hook(
        slug,
        secret,
        respond,
        timestamp,
        Node("answer", "respond", secret is null
            ? """{"status":201,"body":{"order":"{{data.body.order}}","from":"{{data.query.from}}"},"headers":[{"name":"X-Order","value":"{{data.body.order}}"}]}"""
            : """{"status":200,"body":{"order":"{{data.body.order}}"}}"""));

    /// <summary>A webhook before one other node.</summary>
    public static JsonElement Hook(string slug, string? secret, string respond, bool timestamp, JsonObject next)
    {
        var settings = new JsonObject { ["slug"] = slug, ["method"] = "ANY", ["respond"] = respond };
        if (secret is not null)
        {
            settings["secret"] = new JsonObject { ["secret"] = secret };
            if (!timestamp)
            {
                settings["timestamp"] = false;
            }
        }

        return Workflow(slug, [Node("hook", "webhook_trigger", settings.ToJsonString()), next], "hook", next["id"]!.GetValue<string>());
    }

    /// <summary>Starts by hand, then one other node.</summary>
    public static JsonElement Manual(string name, JsonObject next, string? input = null, string? output = null) =>
        Workflow(name, [Node("start", "manual_trigger", "{}"), next], "start", next["id"]!.GetValue<string>(), input, output);

    /// <summary>Begins with a message in the Lab, then one other node.</summary>
    public static JsonElement Talk(string name, JsonObject next, string? output = null) =>
        Workflow(name, [Node("said_in_lab", "chat_trigger", "{}"), next], "said_in_lab", next["id"]!.GetValue<string>(), null, output);

    /// <summary>Starts after another workflow, then sets a value.</summary>
    public static JsonElement After(string name, string workflow, string on = "completed") => Workflow(
        name,
        [
            Node("after", "workflow_event_trigger", JsonSerializer.Serialize(new { workflow, on })),
            Node("note", "set_values", """{"values":[{"name":"seen","value":"{{data.status}} {{data.runId}}"}]}"""),
        ],
        "after",
        "note");

    public static JsonObject Node(string id, string kind, string settings) =>
        new() { ["id"] = id, ["kind"] = kind, ["name"] = id, ["settings"] = JsonNode.Parse(settings) };

    private static JsonElement Workflow(string name, JsonObject[] nodes, string from, string to, string? input = null, string? output = null)
    {
        var workflow = new JsonObject { ["format"] = Format, ["name"] = name };
        if (input is not null)
        {
            workflow["input"] = JsonNode.Parse(input);
        }

        if (output is not null)
        {
            workflow["output"] = JsonNode.Parse(output);
        }

        workflow["nodes"] = new JsonArray([.. nodes]);
        workflow["edges"] = new JsonArray(new JsonObject { ["id"] = "e1", ["from"] = from, ["fromPort"] = "out", ["to"] = to, ["toPort"] = "in" });
        return JsonSerializer.SerializeToElement(workflow);
    }
}
