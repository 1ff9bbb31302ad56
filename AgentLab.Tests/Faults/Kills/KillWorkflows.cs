using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentLab.Tests.Faults.Kills;

/// <summary>Workflows that hold every kind of node, with their effects on a server outside; each is run while its process is killed.</summary>
internal static class KillWorkflows
{
    /// <summary>Runs by hand, through everything that acts, waits or asks.</summary>
    public const string Acts = "kill-acts";

    /// <summary>Runs inside a step of <see cref="Acts"/>.</summary>
    public const string Part = "kill-part";

    /// <summary>Begins with a message in the Lab.</summary>
    public const string Talks = "kill-talks";

    /// <summary>Begins with a request.</summary>
    public const string Hook = "kill-hook";

    /// <summary>Begins when a run of <see cref="Acts"/> has ended.</summary>
    public const string Follows = "kill-follows";

    private const string Answer = """
        {"body": {
          "marker": "{{input.marker}}", "words": "{{nodes.kept}}", "items": "{{nodes.each}}", "counted": "{{nodes.count}}", "polled": "{{nodes.again}}", "shaky": "{{nodes.shaky.body}}",
          "tool": "{{nodes.tool}}", "answer": "{{nodes.ask}}", "rehearsed": "{{nodes.rehearse}}", "prompt": "{{nodes.prompt}}", "part": "{{nodes.sub}}", "called": "{{nodes.call}}",
          "decision": "{{nodes.ok.decision}}", "form": "{{nodes.fill}}", "text": "{{nodes.note}}"}}
        """;

    /// <summary>All of them, in the order in which they can be made.</summary>
    /// <param name="outside">The address of the server that they act on.</param>
    public static IReadOnlyList<JsonObject> All(string outside) => [OfPart(outside), OfActs(outside), OfTalks(outside), OfHook(outside), OfFollows(outside)];

    /// <summary>The kinds that are in them.</summary>
    public static IEnumerable<string> Kinds() => All("http://127.0.0.1").SelectMany(workflow => workflow["nodes"]!.AsArray()).Select(node => node!["kind"]!.GetValue<string>()).Distinct();

    /// <summary>Publishes a workflow.</summary>
    public static async Task PublishAsync(HttpClient client, JsonObject definition)
    {
        using var made = await client.PostAsync("/api/v1/workflows", System.Net.Http.Json.JsonContent.Create(new { definition }));
        var body = await made.Content.ReadAsStringAsync();
        made.IsSuccessStatusCode.ShouldBeTrue(body);
        using var published = await client.PostAsync($"/api/v1/workflows/{JsonElement.Parse(body).GetProperty("id")}/publish", null);
        published.IsSuccessStatusCode.ShouldBeTrue(await published.Content.ReadAsStringAsync());
    }

    /// <summary>A workflow of nodes and of paths such as <c>a > b:port > c</c>.</summary>
    public static JsonObject Workflow(string name, IEnumerable<JsonObject> nodes, params string[] paths)
    {
        var edges = new JsonArray();
        foreach (var parts in paths.Select(path => path.Split('>', StringSplitOptions.TrimEntries)))
        {
            for (var i = 1; i < parts.Length; i++)
            {
                var from = parts[i - 1].Split(':');
                edges.Add(new JsonObject
                {
                    ["id"] = $"e{edges.Count + 1}", ["from"] = from[0], ["fromPort"] = from.Length > 1 ? from[1] : "out", ["to"] = parts[i].Split(':')[0], ["toPort"] = "in",
                });
            }
        }

        return new JsonObject { ["format"] = "agentlab.workflow/1", ["name"] = name, ["nodes"] = new JsonArray([.. nodes]), ["edges"] = edges };
    }

    /// <summary>A node.</summary>
    public static JsonObject Node(string id, string kind, string settings = "{}", string? more = null)
    {
        var node = new JsonObject { ["id"] = id, ["kind"] = kind, ["name"] = id, ["settings"] = JsonNode.Parse(settings) };
        foreach (var (name, value) in JsonNode.Parse(more ?? "{}")!.AsObject())
        {
            node[name] = value!.DeepClone();
        }

        return node;
    }

    /// <summary>A request that may be made again under its key.</summary>
    public static JsonObject Keyed(string id, string url, string body, string? more = null) =>
        Node(id, "http_request", $$"""{"method": "POST", "url": "{{url}}", "idempotent": true, "body": {{body}} }""", more);

    private static JsonObject OfPart(string outside) => Workflow(
        "Kill part",
        [Node("start", "manual_trigger"), Keyed("inside", $"{outside}/keyed", """{"of": "{{input.marker}}"}"""), Node("out", "set_values", """{"values": [{"name": "got", "value": "{{data.body}}"}], "keep": false}""")],
        "start > inside > out");

    private static JsonObject OfActs(string outside) => Workflow(
        "Kill acts",
        [
            Node("start", "manual_trigger"),
            Node("words", "split", """{"text": "b;a;c;a", "separator": ";"}"""),
            Node("unique", "deduplicate"),
            Node("order", "sort", """{"by": [{"value": "{{item}}"}]}"""),
            Node("few", "limit", """{"count": 3}"""),
            Node("kept", "filter", """{"condition": {"left": "{{item}}", "operator": "not_equals", "right": "z"}}"""),
            Node("fan", "parallel"),
            Keyed("first", $"{outside}/keyed", """{"of": "{{input.marker}}"}"""),
            Node("once", "http_request", $$$"""{"method": "POST", "url": "{{{outside}}}/unkeyed", "body": {"of": "{{input.marker}}"}}""", """{"onError": "continue"}"""),
            Node("each", "loop", """{"items": "{{data}}", "parallel": 2, "result": "{{nodes.item.body}}"}"""),
            Keyed("item", $"{outside}/keyed", """{"of": "{{input.marker}}", "item": "{{item}}"}"""),
            Node("count", "aggregate", """{"values": [{"name": "items", "operation": "count"}]}"""),
            Node("again", "while", """{"condition": {"left": "{{index}}", "operator": "less", "right": 2}, "result": "{{nodes.poll.body}}"}"""),
            Node("poll", "http_request", $$$"""{"method": "GET", "url": "{{{outside}}}/read", "query": [{"name": "of", "value": "{{input.marker}}"}]}"""),
            Keyed("shaky", $"{outside}/shaky", """{"of": "{{input.marker}}"}""", """{"retry": {"attempts": 10, "delaySeconds": 0.2, "maxDelaySeconds": 0.4}}"""),
            Node("tool", "tool_call", """{"tool": "calculator", "arguments": {"expression": "6 * 7"}}"""),
            Node("ask", "agent", """{"agent": "worker", "message": "Do {{input.marker}}."}"""),
            Node("rehearse", "agent", """{"agent": "rehearser", "message": "What is 6 * 7?"}"""),
            Node("prompt", "model_prompt", """{"prompt": "Sum up {{input.marker}}."}"""),
            Node("sub", "sub_workflow", $$$"""{"workflow": "{{{Part}}}", "input": {"marker": "{{input.marker}}"}}"""),
            Node("join", "merge"),
            Node("pause", "wait", """{"for": "time", "amount": 0.3, "unit": "seconds"}"""),
            Node("call", "wait", """{"for": "request"}"""),
            Node("ok", "approval", """{"title": "Go on with {{input.marker}}?", "details": {"of": "{{input.marker}}"}}"""),
            Node("fill", "form", """{"title": "Which size?", "schema": {"type": "object", "properties": {"size": {"type": "string"}}, "required": ["size"]}}"""),
            Node("route", "switch", """{"value": "{{data.size}}", "cases": [{"name": "small", "equals": "small"}]}"""),
            Node("check", "condition", """{"condition": {"left": "{{data.size}}", "operator": "equals", "right": "small"}}"""),
            Node("pick", "json_path", """{"path": "$.size", "result": "first"}"""),
            Node("text", "transform", """{"text": "Size {{data}}"}"""),
            Node("note", "set_values", """{"values": [{"name": "text", "value": "{{data}}"}], "keep": false}"""),
            Node("doc", "artifact", """{"name": "note.txt", "content": "{{data.text}}"}"""),
            Node("paper", "report", """{"title": "Report of {{input.marker}}", "parts": [{"heading": "Note", "content": "{{nodes.note.text}}"}]}"""),
            Node("notify", "send_webhook", $$$"""{"url": "{{{outside}}}/hook", "event": "kill.done", "data": {"of": "{{input.marker}}"}, "honours_keys": true}"""),
            Node("answer", "respond", Answer),
        ],
        "start > words > unique > order > few > kept > fan > first > join", "fan > once > join", "fan > each:done > count > join", "each:each > item", "fan > again:done > join",
        "again:each > poll", "fan > shaky > join", "fan > tool > join", "fan > ask > join", "fan > rehearse > join", "fan > prompt > join", "fan > sub > join",
        "join > pause > call > ok:approved > fill > route:small > check:true > pick > text > note > doc > paper > notify > answer");

    private static JsonObject OfTalks(string outside)
    {
        var talks = Workflow(
            "Kill talks",
            [Node("said", "chat_trigger"), Node("ask", "agent", """{"agent": "worker", "message": "Do {{data.message}}."}"""), Keyed("told", $"{outside}/keyed", """{"of": "{{input.message}}"}""")],
            "said > ask > told");
        talks["output"] = JsonNode.Parse("""{"text": "{{nodes.ask}}"}""");
        return talks;
    }

    private static JsonObject OfHook(string outside) => Workflow(
        "Kill hook",
        [Node("came", "webhook_trigger", $$"""{"slug": "{{Hook}}"}"""), Keyed("hooked", $"{outside}/keyed", """{"of": "{{input.body.marker}}"}"""), Node("answer", "respond", """{"body": "{{data.body}}"}""")],
        "came > hooked > answer");

    private static JsonObject OfFollows(string outside) => Workflow(
        "Kill follows",
        [
            Node("after", "workflow_event_trigger", $$"""{"workflow": "{{Acts}}", "on": "any"}"""), Keyed("followed", $"{outside}/followed", """{"of": "{{input.runId}}"}"""),
            Node("end", "stop", """{"as": "completed", "value": "{{input.runId}}"}"""),
        ],
        "after > followed > end");
}
