using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentLab.Core.Schema;

namespace AgentLab.Core.Workflows.Definition.Rules;

/// <summary>
/// Finds what looks like a key or a password that was pasted into a definition, where everybody who sees the workflow reads it and every export takes it along. It goes by the
/// forms that the well-known services give their keys, and by what fields are called.
/// </summary>
internal static class PastedSecrets
{
    private const int ShortestValue = 12;
    private const int MostFound = 20;

    private static readonly string[] Beginnings =
        ["sk-", "sk_", "rk_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "AKIA", "ASIA", "AIza", "xox", "eyJ", "PRIVATE KEY", "bearer", "basic"];

    /// <summary>Quick looks first: most definitions hold none of these, and most texts of those that do hold none either.</summary>
    private static readonly SearchValues<string> Hints = SearchValues.Create(
        [.. Beginnings, "key", "token", "secret", "passw", "pwd", "passphrase", "authorization"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> FormHints = SearchValues.Create(Beginnings, StringComparison.OrdinalIgnoreCase);

    // Anybody's text is looked at: in linear time, whatever it is.
    private static readonly Regex Forms = new(
        @"(?<sure>(?<pem>-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b)|\b(?:sk-[A-Za-z0-9_-]{20,}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|gh[oprsu]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|glpat-[A-Za-z0-9_-]{20,}|AIza[A-Za-z0-9_-]{35}|xox[abeoprs]-[A-Za-z0-9-]{10,}|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*)|\b(?<login>[Bb]earer\s+[A-Za-z0-9._~+/=-]{20,}|[Bb]asic\s+[A-Za-z0-9+/=]{12,})",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    private static readonly Regex KeyNames = new(
        @"^(?:(?:proxy-)?authorization|(?:x-)?(?:[a-z0-9]+[-_])*(?:api[-_]?key|access[-_]?key|access[-_]?token|auth[-_]?token|secret[-_]?key|client[-_]?secret|token|secret|password|passwd|pwd)|apikey|passphrase)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <summary>What was found in a node: problems that stand in the way of nothing.</summary>
    public static IEnumerable<WorkflowProblem> Of(WorkflowNode node)
    {
        foreach (var (field, what) in Find(node.Settings).Concat(node.Pinned is { } pinned ? Find(pinned, "pinned") : []).Concat(Said(node.Comment, "comment")))
        {
            yield return new WorkflowProblem("secret_pasted", Words(what, field.StartsWith('/')), node.Id, field, ProblemSeverity.Warning);
        }
    }

    /// <summary>What was found outside of nodes.</summary>
    public static IEnumerable<WorkflowProblem> OfHead(WorkflowDefinition definition)
    {
        var found = Said(definition.Description, "description")
            .Concat(definition.Input is { } input ? Find(input, "input") : [])
            .Concat(definition.Output is { } output ? Find(output, "output") : [])
            .Concat(definition.Notes.SelectMany(note => Said(note.Text, $"notes.{WorkflowNames.Short(note.Id)}")));
        return found.Select(one => new WorkflowProblem("secret_pasted", Words(one.What, isSetting: false), null, one.Field, ProblemSeverity.Warning));
    }

    /// <summary>All of a definition.</summary>
    public static IEnumerable<WorkflowProblem> Of(WorkflowDefinition definition) => OfHead(definition).Concat(definition.Nodes.SelectMany(Of));

    private static string Words(string what, bool isSetting) =>
        $"This looks like {what}, for everybody to read: keep it as a secret (AgentLab:Secrets:NAME){(isSetting ? " and name it here: {\"secret\": \"NAME\"}" : string.Empty)}.";

    private static List<(string Field, string What)> Find(JsonElement value, string at = "")
    {
        var found = new List<(string, string)>();
        if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.String && value.GetRawText().AsSpan().ContainsAny(Hints))
        {
            Walk(value, at, null, found);
        }

        return found;
    }

    private static void Walk(JsonElement value, string at, string? called, List<(string Field, string What)> found)
    {
        if (found.Count >= MostFound)
        {
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                // {"name": "X-Api-Key", "value": "…"}: a header, a query's or a form's field.
                var name = value.TryGetProperty("name"u8, out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
                foreach (var member in value.EnumerateObject())
                {
                    Walk(member.Value, JsonPointer.Join(at, member.Name), member.NameEquals("value"u8) && name is not null ? name : member.Name, found);
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    Walk(item, JsonPointer.Join(at, index++), called, found);
                }

                break;
            case JsonValueKind.String when Kind(value.GetString()!) is { } what || IsKeyOf(called, value.GetString()!, out what):
                found.Add((at, what));
                break;
        }
    }

    private static IEnumerable<(string Field, string What)> Said(string? text, string field) => text is not null && text.AsSpan().ContainsAny(Hints) && Kind(text) is { } what ? [(field, what)] : [];

    /// <summary>What a text looks like by its form; null for nothing of the kind.</summary>
    private static string? Kind(string text)
    {
        if (!text.AsSpan().ContainsAny(FormHints))
        {
            return null;
        }

        foreach (Match match in Forms.Matches(text))
        {
            // Words can have the form of a key as well; digits tell them apart.
            var isKey = match.Groups["sure"].Success || match.Value.Any(char.IsAsciiDigit);
            if (isKey)
            {
                return match.Groups["pem"].Success ? "a private key"
                    : match.Groups["login"].Success ? "a token or password for signing in"
                    : "a service's access key";
            }
        }

        return null;
    }

    private static bool IsKeyOf(string? called, string text, out string what)
    {
        what = $"the value of \"{WorkflowNames.Short(called)}\" written out";
        return called is not null && text.Length >= ShortestValue && !text.Contains("{{", StringComparison.Ordinal) && !text.Any(char.IsWhiteSpace)
            && text.Any(char.IsAsciiDigit) && KeyNames.IsMatch(called);
    }
}
