using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentLab.Tests.Core.Workflows.Definition;

/// <summary>Two hundred workflow files that somebody made to break something. The same ones each time.</summary>
internal static class HostileFiles
{
    private const string Sound = """
        {"format":"agentlab.workflow/1","name":"Hostile","description":"d","tags":["t"],"input":{"type":"object"},"output":{"x":"{{nodes.a}}"},"limits":{"seconds":60},
        "nodes":[{"id":"s","kind":"manual_trigger","name":"Start","x":0,"y":0,"settings":{}},
        {"id":"a","kind":"transform","name":"A","x":320,"y":0,"settings":{"text":"x"},"retry":{"attempts":2,"delaySeconds":1,"maxDelaySeconds":2},"timeoutSeconds":5,"onError":"continue","comment":"c","group":"g"}],
        "edges":[{"id":"e","from":"s","fromPort":"out","to":"a","toPort":"in"}],
        "groups":[{"id":"g","name":"G","x":1,"y":1,"width":10,"height":10,"color":"grey"}],"notes":[{"id":"n","text":"N","x":1,"y":1,"width":10,"height":10,"color":"amber"}]}
        """;

    private static readonly string[] Texts =
        ["name", "description", "tags/0", "nodes/1/name", "nodes/1/comment", "nodes/1/settings/text", "groups/0/name", "notes/0/text", "output/x", "input/description"];

    private static readonly string[] Scripts =
    [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
    ];

    private static readonly string[] UnknownKinds =
    [
        "shell", "exec", "code", "javascript", "python", "eval", "__proto__", "constructor", "toString", "../../manual_trigger", "System.Diagnostics.Process", "MANUAL_TRIGGER",
        "manual_trigger ", " ", "<script>", "file:///etc/passwd", "n8n-nodes-base.executeCommand", "transform\\u0000", "тransform", "transform;drop table workflows",
    ];

    private static readonly string[] PathIds =
    [
        "../a", "/etc/passwd", "C:\\\\x", "a/b", "a.b", "%2e%2e", "a b", "a\\u0000b", "", "1a", "_a", "ä", "a-b", "con:", "a\\nb",
    ];

    private static readonly string[] Broken =
    [
        "", " ", "null", "true", "[]", "{", "{\"format\":\"agentlab.workflow/1\",}", "// x\n{}", "{\"format\":\"agentlab.workflow/1\",\"name\":NaN}", "{}{}",
    ];

    /// <summary>How many are refused.</summary>
    public const int Refused = 170;

    /// <summary>How many are let in because they hold nothing but texts.</summary>
    public const int OnlyText = 30;

    public static IReadOnlyList<(string Name, string Text)> All { get; } =
    [
        .. Enumerable.Range(1, 20).Select(Cycle),
        .. Huge(),
        .. Deep(),
        .. WrongTypes(),
        .. UnknownKinds.Select((kind, i) => ($"unknown kind {i}", Sound.Replace("\"transform\"", $"\"{kind}\"", StringComparison.Ordinal))),
        .. Texts.SelectMany(_ => Scripts, (path, script) => ($"script in {path}", With(path, script))),
        .. Duplicates(),
        .. Texts.Select(path => ($"half a character in {path}", With(path, "HALF").Replace("HALF", "a\\ud800b", StringComparison.Ordinal))),
        .. Numbers(),
        .. Prototypes(),
        .. PathIds.Select((id, i) => ($"path id {i}", Sound.Replace("\"id\":\"a\"", $"\"id\":\"{id}\"", StringComparison.Ordinal))),
        .. Templates(),
        .. Broken.Select((text, i) => ($"broken {i}", text)),
    ];

    /// <summary>Those that hold nothing but texts: they may be let in, since texts do no harm.</summary>
    public static bool IsOnlyText(string name) => name.StartsWith("script in", StringComparison.Ordinal) || name.StartsWith("template", StringComparison.Ordinal);

    private static string With(string path, object? value)
    {
        var root = JsonNode.Parse(Sound)!;
        var parts = path.Split('/');
        var parent = parts[..^1].Aggregate(root, (at, part) => at is JsonArray list ? list[int.Parse(part, CultureInfo.InvariantCulture)]! : at[part]!);
        var node = JsonSerializer.SerializeToNode(value);
        if (parent is JsonArray items)
        {
            items[int.Parse(parts[^1], CultureInfo.InvariantCulture)] = node;
        }
        else
        {
            parent[parts[^1]] = node;
        }

        return root.ToJsonString();
    }

    private static string WithRaw(string path, string raw) => With(path, "@RAW@").Replace("\"@RAW@\"", raw, StringComparison.Ordinal);

    private static (string, string) Cycle(int length)
    {
        var nodes = Enumerable.Range(0, length).Select(i => $$"""{"id":"n{{i}}","kind":"transform","name":"N","settings":{"text":"x"} }""");
        var edges = Enumerable.Range(0, length).Select(i => $$"""{"id":"e{{i}}","from":"n{{i}}","fromPort":"out","to":"n{{(i + 1) % length}}","toPort":"in"}""");
        return ($"cycle of {length}", File(string.Join(',', nodes), string.Join(',', edges)));
    }

    private static string File(string nodes, string edges = "", string more = "") => $$"""{"format":"agentlab.workflow/1","name":"Hostile","nodes":[{{nodes}}],"edges":[{{edges}}]{{more}} }""";

    private static IEnumerable<(string, string)> Huge()
    {
        yield return ("huge: nodes", File(string.Join(',', Enumerable.Range(0, 2_001).Select(i => $$"""{"id":"n{{i}}","kind":"transform","name":"N"}"""))));
        yield return ("huge: edges", File("", string.Join(',', Enumerable.Range(0, 8_001).Select(i => $$"""{"id":"e{{i}}","from":"s","fromPort":"out","to":"s","toPort":"in"}"""))));
        yield return ("huge: groups", File("", "", ",\"groups\":[" + string.Join(',', Enumerable.Range(0, 501).Select(i => $$"""{"id":"g{{i}}","name":"G","x":1,"y":1,"width":1,"height":1}""")) + "]"));
        yield return ("huge: notes", File("", "", ",\"notes\":[" + string.Join(',', Enumerable.Range(0, 501).Select(i => $$"""{"id":"g{{i}}","text":"G","x":1,"y":1,"width":1,"height":1}""")) + "]"));
        yield return ("huge: file", File("", "", ",\"description\":\"" + new string('x', 4 * 1024 * 1024) + "\""));
        yield return ("huge: settings", With("nodes/1/settings/text", new string('x', 70_000)));
        yield return ("huge: pinned", With("nodes/1/pinned", new string('x', 70_000)));
        yield return ("huge: name", With("name", new string('x', 101)));
        yield return ("huge: tags", With("tags", Enumerable.Range(0, 21).Select(i => $"t{i}")));
        yield return ("huge: output", With("output", Enumerable.Range(0, 40_000)));
    }

    private static IEnumerable<(string, string)> Deep()
    {
        foreach (var depth in (int[])[63, 65, 200, 5_000, 100_000])
        {
            yield return ($"deep: lists {depth}", WithRaw("nodes/1/settings/json", new string('[', depth) + new string(']', depth)));
            yield return ($"deep: objects {depth}", WithRaw("input/default", string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth)));
        }
    }

    private static IEnumerable<(string, string)> WrongTypes()
    {
        object?[] wrong = [null, -1.5, "text", new[] { 1 }];
        foreach (var path in (string[])["nodes", "edges", "groups", "nodes/0", "nodes/1/kind", "nodes/1/settings", "edges/0", "limits", "nodes/1/retry", "nodes/1/id"])
        {
            foreach (var value in wrong)
            {
                // What a place does take: nothing for a retry, any list for lists.
                yield return ($"wrong type {value ?? "null"} at {path}", (path, value) switch
                {
                    ("nodes/1/retry", null) => With(path, true),
                    ("nodes/1/id", "text") => With(path, new { a = 1 }),
                    ("nodes/1/kind", "text") => With(path, new { a = 1 }),
                    _ => With(path, value),
                });
            }
        }
    }

    private static IEnumerable<(string, string)> Duplicates()
    {
        foreach (var property in (string[])["\"name\":\"Hostile\"", "\"nodes\":[", "\"id\":\"a\"", "\"kind\":\"transform\"", "\"text\":\"x\"", "\"attempts\":2", "\"from\":\"s\"", "\"width\":10", "\"seconds\":60", "\"type\":\"object\""])
        {
            var name = property[..(property.IndexOf(':', StringComparison.Ordinal) + 1)];
            yield return ($"twice {name}", Sound.Replace(property, $"{name}1,{property}", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<(string, string)> Numbers()
    {
        (string Path, string Raw)[] numbers =
        [
            ("nodes/1/x", "1e400"), ("nodes/1/y", "-1e400"), ("nodes/1/x", "1e30"), ("nodes/1/timeoutSeconds", "0"), ("nodes/1/timeoutSeconds", "2147483648"), ("nodes/1/timeoutSeconds", "1.5"),
            ("nodes/1/retry/attempts", "11"), ("nodes/1/retry/delaySeconds", "-1"), ("limits/seconds", "0"), ("limits/steps", "1e9"), ("limits/tokens", "9223372036854775808"), ("limits/cost", "1e40"),
            ("groups/0/width", "0"), ("notes/0/height", "-5"), ("limits/parallel", "65"),
        ];
        return numbers.Select(number => ($"number {number.Raw} at {number.Path}", WithRaw(number.Path, number.Raw)));
    }

    private static IEnumerable<(string, string)> Prototypes()
    {
        foreach (var path in (string[])["", "nodes/1/", "nodes/1/settings/", "input/", "output/", "limits/", "groups/0/"])
        {
            yield return ($"prototype at {path}", With(path + "@P@", new { polluted = true }).Replace("@P@", "__proto__", StringComparison.Ordinal));
        }

        foreach (var id in (string[])["constructor", "hasOwnProperty", "toString"])
        {
            yield return ($"prototype id {id}", Sound.Replace("\"id\":\"a\"", $"\"id\":\"{id}\"", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<(string, string)> Templates()
    {
        string[] bombs =
        [
            string.Concat(Enumerable.Repeat("{{#each data}}", 200)), string.Concat(Enumerable.Repeat("{{#each data}}", 15)) + "x" + string.Concat(Enumerable.Repeat("{{/each}}", 15)),
            new string('{', 50_000), "{{" + new string('(', 20_000), "{{nodes." + new string('a', 40_000) + "}}", "{{constructor.constructor \"return process\"}}", "{{__proto__.x}}",
            "{{#with \"x\" as |a|}}{{a.GetType.Assembly}}{{/with}}", new StringBuilder().Insert(0, "{{upper ", 5_000).ToString(), "{{lookup . \"constructor\"}}",
        ];
        return bombs.Select((bomb, i) => ($"template {i}", With("nodes/1/settings/text", bomb)));
    }
}
