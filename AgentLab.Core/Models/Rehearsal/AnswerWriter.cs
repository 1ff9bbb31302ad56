using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentLab.Core.Models.Rehearsal;

/// <summary>Writes the answer in Markdown from what the tools returned, and says who wrote it.</summary>
internal static partial class AnswerWriter
{
    /// <summary>Ends every answer in words.</summary>
    public const string Notice = "*This is the rehearsal model: built-in rules, not a language model. Set up a provider on the Providers page for real answers.*";

    private const int LongestEcho = 160;
    private const int LongestPage = 900;
    private const int LongestPassage = 320;
    private const int MostPassages = 4;

    public static string Write(RehearsalTurn turn)
    {
        // What tables there are is only a stepping stone once a query has answered.
        var results = turn.Results.Any(r => r.Tool == TablePlanner.Query)
            ? turn.Results.Where(r => r.Tool != TablePlanner.Describe || r.Error is not null).ToList()
            : turn.Results;
        var text = new StringBuilder();
        foreach (var result in results)
        {
            text.Append(Section(turn, result).Trim()).Append("\n\n");
        }

        if (results.Count == 0)
        {
            text.Append(WithoutTools(turn)).Append("\n\n");
        }

        return text.Append(Notice).ToString();
    }

    private static string Section(RehearsalTurn turn, RehearsalResult result)
    {
        if (result.Error is { } error)
        {
            return $"The tool `{result.Tool}` did not work: {RehearsalText.Shorten(error, LongestPassage)}";
        }

        return result.Tool switch
        {
            ArithmeticPlanner.Tool => $"`{Argument(result, "expression")}` = **{Text(result.Result, "result", "value", "answer")}**",
            MomentPlanner.Tool => Moment(result),
            TablePlanner.Query => TableAnswer.Write(turn, result),
            TablePlanner.Describe => Tables(turn, result.Result),
            DocumentPlanner.Tool => Passages(result),
            PagePlanner.Tool => Page(result),
            _ => $"`{result.Tool}` returned:\n\n{Markdown.Any(result.Result)}",
        };
    }

    private static string Moment(RehearsalResult result)
    {
        var when = Text(result.Result, "readable", "local", "iso", "dateTime", "now", "time");
        return Argument(result, "timeZone") is { Length: > 0 } zone ? $"In {zone} it is **{when}**." : $"It is **{when}**.";
    }

    private static string Tables(RehearsalTurn turn, JsonElement json)
    {
        var tables = TableShape.Read(json).ToList();
        return tables.Count == 0
            ? "There is no table to read."
            : (TablePlanner.IsAboutData(turn) ? "" : "None of my rules fits this question. ") + "These tables can be asked about:\n\n" + string.Join('\n', tables.Select(t => $"- **{Markdown.Escape(t.Name)}**: {string.Join(", ", t.Columns.Select(c => Markdown.Escape(c.Name)))}"))
              + "\n\nAsk for a total, an average, a count or the top rows, by any of these columns.";
    }

    private static string Passages(RehearsalResult result)
    {
        var hits = Markdown.Rows(result.Result).Take(MostPassages).ToList();
        if (hits.Count == 0)
        {
            return $"The documents hold nothing on “{Markdown.Escape(Argument(result, "query"))}”.";
        }

        var text = new StringBuilder("From the documents:\n");
        foreach (var hit in hits)
        {
            var title = Text(hit, "title", "heading", "document", "name");
            title = Text(hit, "section") is { Length: > 0 } section && section != title ? (title.Length > 0 ? $"{title}: {section}" : section) : title;
            var source = Text(hit, "path", "source", "file", "document", "url", "id");
            var passage = Text(hit, "text", "snippet", "passage", "excerpt", "content");
            text.Append(CultureInfo.InvariantCulture, $"\n**{Markdown.Escape(title.Length > 0 ? title : "Passage")}**{(source.Length > 0 && source != title ? $" (`{source.Replace('`', '\'')}`)" : "")}\n\n> {RehearsalText.Shorten(Marks().Replace(passage, ""), LongestPassage)}\n");
        }

        return text.ToString();
    }

    private static string Page(RehearsalResult result)
    {
        var title = Text(result.Result, "title");
        var url = Argument(result, "url");
        var content = result.Result.ValueKind == JsonValueKind.String ? result.Result.GetString()! : Text(result.Result, "text", "markdown", "content", "body");
        return $"**{Markdown.Escape(title.Length > 0 ? title : "The page")}** ({url}) begins:\n\n> {RehearsalText.Shorten(content, LongestPage)}";
    }

    private static string WithoutTools(RehearsalTurn turn)
    {
        var text = new StringBuilder();
        var persona = Persona().Match(turn.Instructions) is { Success: true } match ? $" for {match.Groups[1].Value.Trim()}" : "";
        if (RehearsalRules.IsSmallTalk(turn.Question))
        {
            text.Append(CultureInfo.InvariantCulture, $"Hello. I stand in{persona} until a language model is set up.");
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"You wrote: “{Markdown.Escape(RehearsalText.Shorten(turn.Question, LongestEcho))}” I stand in{persona} and know only rules; none of them fits this.");
        }

        if (turn.Tools.Count > 0)
        {
            text.Append(" What I can use:\n\n").AppendJoin('\n', turn.Tools.Select(t => $"- `{t.Name}`: {Markdown.Escape(FirstSentence(t.Description))}"));
            text.Append("\n\nTry: ").Append(Suggestion(turn));
        }

        return text.ToString();
    }

    private static string Suggestion(RehearsalTurn turn) =>
        turn.Has(TablePlanner.Query) ? "“What is the total revenue by region?”"
        : turn.Has(DocumentPlanner.Tool) ? "“How does AgentLab store a session?”"
        : turn.Has(ArithmeticPlanner.Tool) ? "“What is 12.5% of 480?”"
        : turn.Has(MomentPlanner.Tool) ? "“What time is it in Tokyo?”"
        : $"“Use {turn.Tools[0].Name}.”";

    private static string FirstSentence(string text) => text.IndexOf(". ", StringComparison.Ordinal) is var end and > 0 ? text[..(end + 1)] : text;

    private static string Argument(RehearsalResult result, string name) =>
        result.Arguments.TryGetValue(name, out var value) ? value?.ToString() ?? "" : "";

    private static string Text(JsonElement json, params ReadOnlySpan<string> names)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? "" : json.ToString();
        }

        foreach (var name in names)
        {
            if (json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            {
                return value.ToString();
            }
        }

        return "";
    }

    [GeneratedRegex(@"\b[Yy]ou are ([^.,;:\n]{2,60})")]
    private static partial Regex Persona();

    [GeneratedRegex(@"^#+\s*|\*\*|</?mark>|[>`|]", RegexOptions.Multiline)]
    private static partial Regex Marks();
}
