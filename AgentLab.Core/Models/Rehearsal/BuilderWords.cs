using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentLab.Core.Workflows.Builder.Tools;

namespace AgentLab.Core.Models.Rehearsal;

/// <summary>What the rehearsal model says at the end of a builder's turn.</summary>
internal static class BuilderWords
{
    private const int MostNames = 12;
    private const int MostLines = 8;

    /// <summary>The whole answer.</summary>
    public static string Answer(RehearsalTurn turn, bool isQuestion)
    {
        var text = new StringBuilder();
        var edits = turn.Results.Where(result => result.Error is null && Member(result.Result, "action").Length > 0).ToList();
        var made = edits.Where(result => result.Tool != BuilderToolNames.CannotMap).ToList();
        if (made.Count > 0)
        {
            Proposed(text, made);
        }
        else if (edits.Count == 0 && turn.Results.FirstOrDefault(result => result.Error is not null) is { Error: { } error })
        {
            text.Append(error).Append("\n\n");
        }
        else if (edits.Count == 0)
        {
            text.Append(isQuestion ? Described(turn) : Help());
        }
        else
        {
            text.Append("I propose no change: none of this fits my rules.\n\n");
        }

        Unmapped(text, edits.Where(result => result.Tool == BuilderToolNames.CannotMap));
        Failed(text, turn.Results.Where(result => result.Error is not null && made.Count > 0));
        Open(text, turn, made);
        return text.Append(AnswerWriter.Notice).ToString();
    }

    private static void Proposed(StringBuilder text, List<RehearsalResult> made)
    {
        var added = made.Where(result => IsAdded(result)).Select(NameOf).ToList();
        var others = made.Where(result => !IsAdded(result)).Select(result => Member(result.Result, "done")).ToList();
        if (added.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"I propose {Count(added.Count, "new node")}: ")
                .AppendJoin(" → ", added.Take(MostNames).Select(name => $"**{Markdown.Escape(name)}**")).Append(added.Count > MostNames ? " → …" : string.Empty).Append(".\n\n");
        }

        if (others.Count > 0)
        {
            text.Append(added.Count > 0 ? "And:\n" : "I propose:\n").AppendJoin('\n', others.Take(MostLines).Select(line => $"- {Markdown.Escape(line)}"))
                .Append(others.Count > MostLines ? string.Create(CultureInfo.InvariantCulture, $"\n- and {others.Count - MostLines} more") : string.Empty).Append("\n\n");
        }

        text.Append("Nothing changes until you accept it.\n\n");
    }

    private static void Unmapped(StringBuilder text, IEnumerable<RehearsalResult> unmapped)
    {
        var lines = unmapped.Take(MostLines).Select(result =>
            $"- “{Markdown.Escape(Member(result.Result, "phrase"))}”: {Markdown.Escape(Member(result.Result, "reason"))} {Markdown.Escape(Member(result.Result, "nearest"))}".TrimEnd()).ToList();
        if (lines.Count > 0)
        {
            text.Append("Not mapped:\n").AppendJoin('\n', lines).Append("\n\n");
        }
    }

    private static void Failed(StringBuilder text, IEnumerable<RehearsalResult> failed)
    {
        var lines = failed.Take(MostLines).Select(result => $"- {Markdown.Escape(RehearsalText.Shorten(result.Error!, 300))}").Distinct().ToList();
        if (lines.Count > 0)
        {
            text.Append("This did not work:\n").AppendJoin('\n', lines).Append("\n\n");
        }
    }

    /// <summary>What the check says of the new nodes: for the person to fill in.</summary>
    private static void Open(StringBuilder text, RehearsalTurn turn, List<RehearsalResult> made)
    {
        var nodes = made.Where(result => IsAdded(result)).ToDictionary(result => Member(result.Result, "node"), NameOf, StringComparer.Ordinal);
        var check = turn.Results.LastOrDefault(result => result.Tool == BuilderToolNames.Check)?.Result ?? default;
        var lines = Items(check, "problems").Where(problem => Member(problem, "severity") == "error" && nodes.ContainsKey(Member(problem, "node")))
            .Select(problem => $"- **{Markdown.Escape(nodes[Member(problem, "node")])}**: {Markdown.Escape(Member(problem, "message"))}").Take(MostLines).ToList();
        if (lines.Count > 0)
        {
            text.Append("Still to fill in:\n").AppendJoin('\n', lines).Append("\n\n");
        }
    }

    private static string Described(RehearsalTurn turn)
    {
        var look = turn.Results.FirstOrDefault(result => result.Tool == BuilderToolNames.Look)?.Result ?? default;
        var nodes = Items(look, "nodes").ToList();
        if (nodes.Count == 0)
        {
            return "The canvas is empty. " + Help();
        }

        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"**{Markdown.Escape(Member(look, "name"))}** has {Count(nodes.Count, "node")}:\n");
        foreach (var node in nodes.Take(40))
        {
            var next = Items(look, "edges").Where(edge => Member(edge, "from").Split('.')[0] == Member(node, "id"))
                .Select(edge => nodes.FirstOrDefault(other => Member(other, "id") == Member(edge, "to"))).Select(other => Markdown.Escape(Member(other, "name"))).Distinct().ToList();
            text.Append(CultureInfo.InvariantCulture, $"- **{Markdown.Escape(Member(node, "name"))}** (`{Member(node, "kind")}`){(next.Count > 0 ? " → " + string.Join(", ", next) : string.Empty)}\n");
        }

        return text.Append(nodes.Count > 40 ? "- …\n\n" : "\n").ToString();
    }

    private static string Help() => """
        Describe the workflow in plain sentences, for example:

        - “When a webhook arrives, if total is over 100 then ask a person to approve, else answer with ok.”
        - “Get https://example.com/orders, filter the orders where status is late, sort by total descending, save as a table.”
        - “For each order, ask the analyst to explain it.”
        - “Add a wait of 2 hours after the approval.”
        - “Then use the action block of our team by its name.”


        """.ReplaceLineEndings("\n");

    private static bool IsAdded(RehearsalResult result) => result.Tool is BuilderToolNames.AddNode or BuilderToolNames.AddBlock;

    private static string NameOf(RehearsalResult result) =>
        result.Arguments.TryGetValue("name", out var name) && name?.ToString() is { Length: > 0 } given ? given : Member(result.Result, "node");

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? string.Empty : "s")}");

    private static IEnumerable<JsonElement> Items(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    private static string Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;
}
