using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentLab.Core.Workflows.Builder.Phrases;

/// <summary>Reads what a workflow does: one clause, one node.</summary>
internal static partial class ActionPhrases
{
    private static readonly (Regex Form, Func<PhrasePlan, Match, PhraseFlow, string, PhraseFlow?> Do)[] Rules =
    [
        (WaitTime(), Wait), (WaitRequest(), (p, m, f, w) => Node(p, f, w, "wait", "Wait for a request", new() { ["for"] = "request" }, "data.body")),
        (Approval(), Approve), (Mail(), Unsent), (Send(), SendTo), (Http(), Request),
        (Deduplicate(), (p, m, f, w) => Node(p, List(f), w, "deduplicate", "Remove duplicates", WithItems(f, null, ("by", m.Groups["by"].Success ? ConditionPhrase.Reference(m.Groups["by"].Value, "item") : "{{item}}")), null)),
        (Filter(), Keep), (Sort(), InOrder), (Limit(), First), (Count(), Counted), (Sum(), Summed), (Save(), Saved), (Report(), Reported), (Answer(), Answered), (Set(), SetTo), (Stop(), Stopped),
        (SubWorkflow(), (p, m, f, w) => Node(p, f, w, "sub_workflow", $"Run {PhraseText.Noun(m.Groups["name"].Value).Trim('"', '“', '”')}", new() { ["workflow"] = TriggerPhrases.Slug(m.Groups["name"].Value) }, "input")),
        (Tool(), UseTool), (AskPerson(), Form), (Ask(), AskAgent), (Write(), Prompt),
    ];

    /// <summary>Whether a text begins with something to do.</summary>
    public static bool Begins(string text) => Verb().IsMatch(text);

    /// <summary>Adds what a clause asks for; the flow behind it, or the flow as it was when the clause became nothing.</summary>
    public static PhraseFlow Read(PhrasePlan plan, string clause, PhraseFlow flow)
    {
        foreach (var (form, make) in Rules)
        {
            if (form.Match(clause) is { Success: true } match && make(plan, match, flow, clause) is { } next)
            {
                return next;
            }
        }

        if (ByName(plan, clause, flow) is { } named)
        {
            return named;
        }

        plan.CannotMap(clause, "None of my rules fits these words.", "Say it with a verb that I know: ask, get, post, send, wait, filter, sort, count, save, answer, if, for each.");
        return flow;
    }

    /// <summary>The action for a kind that is named: "an aggregate", "a merge".</summary>
    public static PhraseFlow? ByName(PhrasePlan plan, string words, PhraseFlow flow, string? name = null, string? before = null)
    {
        var noun = PhraseText.Noun(NodeWord().Replace(words.Trim(), string.Empty));
        var stems = PhraseText.Stems(noun);
        var kinds = plan.View.Kinds.Values;
        var kind = kinds.FirstOrDefault(k => stems.SetEquals(PhraseText.Stems(k.Title)) || stems.SetEquals(PhraseText.Stems(k.Name)));
        if (kind is null && BlockPhrases.Called(plan.View, noun) is { } block)
        {
            return BlockPhrases.Add(plan, block, words, flow, name, before);
        }

        if (stems.Count is 0 or > 5)
        {
            return null;
        }

        kind ??= kinds.FirstOrDefault(k => stems.Count == 1 && k.Keywords.Any(word => PhraseText.Stems(word).SetEquals(stems)) && !k.IsTrigger);
        if (kind is null)
        {
            return null;
        }

        var id = plan.Add(kind.Name, name ?? kind.Title, KindDefaults.Of(kind.Name), flow, words, before);
        return id is null ? flow : new PhraseFlow([id], flow.Fields, flow.IsList);
    }

    private static PhraseFlow? Node(PhrasePlan plan, PhraseFlow flow, string words, string kind, string name, Dictionary<string, object?> settings, string? fields, bool list = false, string? port = null)
    {
        var id = plan.Add(kind, name, settings, flow, words);
        return id is null ? flow : new PhraseFlow([port is null ? id : $"{id}.{port}"], fields ?? flow.Fields, fields is null ? flow.IsList || list : list);
    }

    private static PhraseFlow List(PhraseFlow flow) => flow with { IsList = true };

    /// <summary>The items that a list's node works on: what flows when that is a list, else the field that the words name.</summary>
    public static string Items(PhraseFlow flow, string? noun)
    {
        var named = noun is null ? string.Empty : PhraseText.Noun(noun).Trim();
        return named.StartsWith("{{", StringComparison.Ordinal) ? named
            : flow.IsList || named.Length == 0 || GeneralItems().IsMatch(named) ? $"{{{{{flow.Whole}}}}}"
            : $"{{{{{flow.Fields}.{PhraseText.Field(named)}}}}}";
    }

    private static Dictionary<string, object?> WithItems(PhraseFlow flow, string? noun, params (string Name, object? Value)[] settings)
    {
        var all = new Dictionary<string, object?> { ["items"] = Items(flow, noun) };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return all;
    }

    private static PhraseFlow? Wait(PhrasePlan plan, Match match, PhraseFlow flow, string words)
    {
        var amount = match.Groups["amount"].Value.ToLowerInvariant() switch { "a" or "an" or "one" => "1", "two" => "2", "three" => "3", "five" => "5", "ten" => "10", "half an" => "0.5", var n => n };
        if (!decimal.TryParse(amount, NumberStyles.Number, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var unit = match.Groups["unit"].Value.ToLowerInvariant()[0] switch { 's' => "seconds", 'm' => "minutes", 'h' => "hours", 'w' => "weeks", _ => "days" };
        (number, unit) = unit == "weeks" ? (number * 7, "days") : (number, unit);
        return Node(plan, flow, words, "wait", FormattableString.Invariant($"Wait {number:0.##} {(number == 1 ? unit[..^1] : unit)}"), new() { ["for"] = "time", ["amount"] = number, ["unit"] = unit }, null);
    }

    private static PhraseFlow? Approve(PhrasePlan plan, Match match, PhraseFlow flow, string words)
    {
        var what = PhraseText.Noun(match.Groups["what"].Value);
        var title = what.Length == 0 || what is "it" or "this" or "that" ? "Go on?" : $"Approve {what}?";
        var name = what.Length == 0 || what is "it" or "this" or "that" ? "Ask a person" : $"Approve {what}";
        var fields = flow.Fields.StartsWith("data", StringComparison.Ordinal) ? "data.data" + flow.Fields[4..] : flow.Fields;
        return Node(plan, flow, words, "approval", name, new() { ["title"] = title, ["details"] = $"{{{{{flow.Whole}}}}}" }, fields, flow.IsList, "approved");
    }

    private static PhraseFlow? Form(PhrasePlan plan, Match match, PhraseFlow flow, string words)
    {
        var what = match.Groups["what"].Value.Trim();
        var field = PhraseText.Field(what);
        field = field.Length is 0 or > 60 ? "answer" : field;
        var fields = new Dictionary<string, object?> { [field] = new Dictionary<string, object?> { ["type"] = "string", ["title"] = PhraseText.Title(what.Length == 0 ? "Answer" : PhraseText.Noun(what)) } };
        return Node(plan, flow, words, "form", PhraseText.Title(words), new()
        {
            ["title"] = PhraseText.Title(what.Length == 0 ? words : what),
            ["schema"] = new Dictionary<string, object?> { ["type"] = "object", ["properties"] = fields },
        }, "data");
    }

    private static PhraseFlow Unsent(PhrasePlan plan, Match match, PhraseFlow flow, string words)
    {
        plan.CannotMap(words, "AgentLab cannot send mail or messages yet.", "A webhook to your mail or message service: say “send it to https://…” with its address.");
        return flow;
    }

    private static PhraseFlow? SendTo(PhrasePlan plan, Match match, PhraseFlow flow, string words)
    {
        var url = match.Groups["url"].Value;
        return Node(plan, flow, words, "send_webhook", $"Send to {Host(url)}", new() { ["url"] = url, ["data"] = $"{{{{{flow.Whole}}}}}" }, null);
    }

    private static PhraseFlow? Request(PhrasePlan plan, Match match, PhraseFlow flow, string words)
    {
        var url = match.Groups["url"].Value;
        var method = match.Groups["method"].Value.ToUpperInvariant() switch { "POST" => "POST", "PUT" => "PUT", "PATCH" => "PATCH", "DELETE" => "DELETE", _ => "GET" };
        var settings = new Dictionary<string, object?> { ["method"] = method, ["url"] = url };
        if (method is "POST" or "PUT" or "PATCH")
        {
            settings["body"] = $"{{{{{flow.Whole}}}}}";
        }

        return Node(plan, flow, words, "http_request", $"{char.ToUpperInvariant(method[0])}{method[1..].ToLowerInvariant()} {Host(url)}", settings, "data.body", list: false);
    }

    private static PhraseFlow? Keep(PhrasePlan plan, Match match, PhraseFlow flow, string words)
    {
        var condition = ConditionPhrase.Read(match.Groups["condition"].Value, "item") ?? StateOf(match.Groups["condition"].Value);
        if (condition is null)
        {
            plan.CannotMap(words, "I cannot read the condition.", "Say it as “filter the orders where total is over 100”.");
            return flow;
        }

        return Node(plan, flow, words, "filter", $"Only {LeadingIs().Replace(match.Groups["condition"].Value.Trim(), string.Empty)}", WithItems(flow, match.Groups["items"].Value, ("condition", condition)), "data", list: true);
    }

    /// <summary>"keep those that are late".</summary>
    private static Dictionary<string, object?>? StateOf(string words) => ConditionPhrase.Read($"item {words}", "item");

    private static PhraseFlow? InOrder(PhrasePlan plan, Match match, PhraseFlow flow, string words)
    {
        var descending = match.Groups["down"].Success;
        var by = new Dictionary<string, object?> { ["value"] = ConditionPhrase.Reference(match.Groups["by"].Value, "item"), ["descending"] = descending };
        return Node(plan, flow, words, "sort", $"Sort by {PhraseText.Noun(match.Groups["by"].Value)}", WithItems(flow, match.Groups["items"].Value, ("by", new List<object?> { by })), "data", list: true);
    }

    private static PhraseFlow? First(PhrasePlan plan, Match match, PhraseFlow flow, string words)
    {
        var last = match.Groups["from"].Value.StartsWith("last", StringComparison.OrdinalIgnoreCase);
        return int.TryParse(match.Groups["count"].Value, out var count) && count <= 100_000
            ? Node(plan, flow, words, "limit", $"{(last ? "Last" : "First")} {count.ToString(CultureInfo.InvariantCulture)}", WithItems(flow, match.Groups["items"].Value, ("count", count), ("from", last ? "last" : "first")), "data", list: true)
            : null;
    }

    private static PhraseFlow? Counted(PhrasePlan plan, Match match, PhraseFlow flow, string words)
    {
        var count = new Dictionary<string, object?> { ["name"] = "count", ["operation"] = "count" };
        return Grouped(plan, flow, words, match, count, "Count");
    }

    private static PhraseFlow? Summed(PhrasePlan plan, Match match, PhraseFlow flow, string words)
    {
        var operation = match.Groups["operation"].Value.ToLowerInvariant() switch { "average" => "average", "maximum" or "highest" or "max" => "max", "minimum" or "lowest" or "min" => "min", _ => "sum" };
        var field = PhraseText.Field(match.Groups["field"].Value);
        var figure = new Dictionary<string, object?> { ["name"] = field, ["operation"] = operation, ["value"] = ConditionPhrase.Reference(match.Groups["field"].Value, "item") };
        return Grouped(plan, flow, words, match, figure, char.ToUpperInvariant(operation[0]) + operation[1..] + " of " + field);
    }

    private static PhraseFlow? Grouped(PhrasePlan plan, PhraseFlow flow, string words, Match match, Dictionary<string, object?> figure, string name)
    {
        var settings = WithItems(flow, match.Groups["items"].Value, ("values", new List<object?> { figure }));
        var group = match.Groups["group"];
        if (group.Success)
        {
            settings["group_by"] = ConditionPhrase.Reference(group.Value, "item");
            name += $" per {PhraseText.Noun(group.Value)}";
        }

        return Node(plan, flow, words, "aggregate", name, settings, "data", list: group.Success);
    }

    private static PhraseFlow? Saved(PhrasePlan plan, Match match, PhraseFlow flow, string words)
    {
        var kind = match.Groups["kind"].Value.ToLowerInvariant() switch { "table" or "csv" or "spreadsheet" => "table", "json" => "json", "file" => "file", _ => "text" };
        if (match.Groups["kind"].Value.Equals("report", StringComparison.OrdinalIgnoreCase))
        {
            return Reported(plan, match, flow, words);
        }

        var named = match.Groups["name"].Value.Trim().Trim('"', '“', '”').Replace('/', '-').Replace('\\', '-');
        var name = named.Length > 0 ? named : kind switch { "table" => "table.csv", "json" => "result.json", _ => "result.txt" };
        kind = kind != "text" ? kind : Path.GetExtension(name).ToLowerInvariant() switch { ".json" => "json", ".csv" => "table", _ => "text" };
        return Node(plan, flow, words, "artifact", $"Save {name}", new() { ["name"] = name, ["kind"] = kind, ["content"] = $"{{{{{flow.Whole}}}}}" }, null);
    }

    private static PhraseFlow? Reported(PhrasePlan plan, Match match, PhraseFlow flow, string words)
    {
        var named = match.Groups["name"].Value.Trim().Trim('"', '“', '”');
        named = PhraseText.Noun(named);
        var title = PhraseText.Title(named.Length > 0 ? named : "Report");
        var part = new Dictionary<string, object?> { ["content"] = $"{{{{{flow.Whole}}}}}" };
        return Node(plan, flow, words, "report", named.Length > 0 ? $"Report: {named}" : "Write a report", new() { ["title"] = title, ["parts"] = new List<object?> { part } }, null);
    }

    private static PhraseFlow? Answered(PhrasePlan plan, Match match, PhraseFlow flow, string words)
    {
        var what = match.Groups["what"].Value.Trim();
        var quoted = what.Length > 1 && what[0] is '"' or '“';
        var body = quoted ? what.Trim('"', '“', '”') : what.StartsWith("{{", StringComparison.Ordinal) ? what
            : what.Length == 0 || GeneralAnswer().IsMatch(what) ? $"{{{{{flow.Whole}}}}}" : what;
        return Node(plan, flow, words, "respond", "Answer", new() { ["body"] = body }, null);
    }

    private static PhraseFlow? SetTo(PhrasePlan plan, Match match, PhraseFlow flow, string words)
    {
        var value = match.Groups["value"].Value.Trim().Trim('"', '“', '”');
        var pair = new Dictionary<string, object?> { ["name"] = PhraseText.Field(match.Groups["name"].Value), ["value"] = value };
        return ((string)pair["name"]!).Length == 0 ? null : Node(plan, flow, words, "set_values", $"Set {PhraseText.Noun(match.Groups["name"].Value)}", new() { ["values"] = new List<object?> { pair } }, flow.Fields);
    }

    private static PhraseFlow? Stopped(PhrasePlan plan, Match match, PhraseFlow flow, string words)
    {
        var fails = match.Groups["fail"].Success;
        var message = match.Groups["message"].Value.Trim().Trim('"', '“', '”');
        var settings = new Dictionary<string, object?> { ["as"] = fails ? "failed" : "completed" };
        if (message.Length > 0)
        {
            settings["message"] = message;
        }

        return plan.Add("stop", fails ? "Fail" : "Stop", settings, flow, words) is null ? flow : new PhraseFlow([], flow.Fields);
    }

    private static PhraseFlow? UseTool(PhrasePlan plan, Match match, PhraseFlow flow, string words)
    {
        var stems = PhraseText.Stems(match.Groups["name"].Value);
        var tool = plan.View.Tools.FirstOrDefault(t => stems.SetEquals(PhraseText.Stems(t.Title)) || stems.SetEquals(PhraseText.Stems(t.Name)));
        return tool.Name is null ? null : Node(plan, flow, words, "tool_call", tool.Title, new() { ["tool"] = tool.Name, ["arguments"] = new Dictionary<string, object?>() }, "data");
    }

    private static PhraseFlow? AskAgent(PhrasePlan plan, Match match, PhraseFlow flow, string words)
    {
        var rest = match.Groups["rest"].Value.Trim();
        foreach (var (slug, name) in plan.View.Agents.OrderByDescending(agent => agent.Name.Length))
        {
            var called = Regex.Match(rest, $@"^(?:the\s+)?(?:agent\s+)?(?:{Regex.Escape(name)}|{Regex.Escape(slug)})(?:\s+agent)?\b(?:\s+(?:to|about|for|if|whether))?\s*(?<task>.*)$", RegexOptions.IgnoreCase | RegexOptions.Singleline);
            if (called.Success)
            {
                var task = called.Groups["task"].Value.Trim();
                return Node(plan, flow, words, "agent", $"Ask {name}", new() { ["agent"] = slug, ["message"] = Message(task.Length == 0 ? "Look at this and say what matters." : task, flow) }, "input");
            }
        }

        if (Model().Match(rest) is { Success: true } model)
        {
            return Ask(plan, flow, words, PhraseText.Title(model.Groups["task"].Value), model.Groups["task"].Value);
        }

        var who = Who().Match(rest).Groups[1].Value.Trim();
        var agents = plan.View.Agents.Count == 0 ? "There are no agents yet." : $"There are: {string.Join(", ", plan.View.Agents.Take(8).Select(agent => agent.Name))}.";
        plan.CannotMap(
            words, $"There is no agent called “{(who.Length == 0 ? rest : who)}”. {agents}",
            "A model prompt that writes the question is proposed in its place; follow it with “send it to https://…” to reach somebody outside, or say “ask a person” for a form.");
        return Ask(plan, flow, words, words, $"Write a short message: {words}.");
    }

    private static PhraseFlow? Prompt(PhrasePlan plan, Match match, PhraseFlow flow, string words) => Ask(plan, flow, words, words, words);

    private static PhraseFlow? Ask(PhrasePlan plan, PhraseFlow flow, string words, string name, string prompt) =>
        Node(plan, flow, words, "model_prompt", PhraseText.Title(name), new() { ["prompt"] = Message(prompt, flow) }, "input");

    private static string Message(string task, PhraseFlow flow) =>
        task.Contains("{{", StringComparison.Ordinal) ? PhraseText.Sentence(task) : $"{PhraseText.Sentence(task)}\n\n{{{{{flow.Whole}}}}}";

    private static string Host(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.Host : "an address";
}
