using System.Text;
using System.Text.RegularExpressions;
using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Agents;

/// <summary>What an agent's definition must be, checked alike for the page, the API and the starter agents.</summary>
public static partial class AgentRules
{
    /// <summary>The longest name, in characters.</summary>
    public const int NameLength = 100;

    /// <summary>The longest description, in characters.</summary>
    public const int DescriptionLength = 500;

    /// <summary>The longest instructions, in characters.</summary>
    public const int InstructionsLength = 32_000;

    /// <summary>The longest text of a skill, in characters.</summary>
    public const int SkillLength = 8_000;

    /// <summary>The most skills.</summary>
    public const int MostSkills = 20;

    /// <summary>The most suggestions.</summary>
    public const int MostSuggestions = 6;

    /// <summary>The longest suggestion, in characters.</summary>
    public const int SuggestionLength = 200;

    /// <summary>The longest model reference, in characters.</summary>
    public const int ModelLength = 264;

    private const decimal MostCost = 1_000_000m;

    /// <summary>
    /// The definition as it is kept: name, description, instructions, skills and suggestions without blanks at their ends, empty suggestions and
    /// repeated tools left out, nothing null. Applied again it changes nothing.
    /// </summary>
    public static AgentDefinition Clean(AgentDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return definition with
        {
            Name = Trim(definition.Name),
            Description = Trim(definition.Description),
            Instructions = Trim(definition.Instructions),
            Model = Trim(definition.Model),
            Tools = [.. (definition.Tools ?? []).Select(Trim).Distinct(StringComparer.Ordinal)],
            Skills = [.. (definition.Skills ?? []).Select(skill => new Skill(Trim(skill?.Name), Trim(skill?.Text)))],
            Limits = definition.Limits ?? new RunLimits(),
            Approvals = Clean(definition.Approvals ?? new ApprovalPolicy()),
            Suggestions = [.. (definition.Suggestions ?? []).Select(Trim).Where(text => text.Length > 0)],
        };
    }

    /// <summary>Every fault at once, each with its field (<c>skills[2].text</c>) and what is allowed; empty when the definition is sound.</summary>
    /// <param name="definition">The definition; blanks at the ends of its texts do not count.</param>
    /// <param name="knownTools">The names of the tools that there are.</param>
    public static IReadOnlyList<LabError> Validate(AgentDefinition definition, IReadOnlyCollection<string> knownTools)
    {
        ArgumentNullException.ThrowIfNull(knownTools);
        var clean = Clean(definition);
        var faults = new List<LabError>();
        CheckName(clean.Name, "name", "The name", faults);
        CheckLength(clean.Description, DescriptionLength, "description", "The description", faults);
        CheckLength(clean.Instructions, InstructionsLength, "instructions", "The instructions", faults);
        if (!Enum.IsDefined(clean.Type))
        {
            faults.Add(LabError.Invalid("type", $"The type must be one of {string.Join(", ", Enum.GetNames<AgentType>()).ToLowerInvariant()}."));
        }

        if (clean.Model.Length > ModelLength || !ModelReference().IsMatch(clean.Model))
        {
            faults.Add(LabError.Invalid("model", "The model must be empty (the instance's default) or a reference such as openai/gpt-4o-mini: the provider's id, a slash and the model."));
        }

        if (clean.Temperature is { } temperature && temperature is not (>= 0 and <= 2))
        {
            faults.Add(LabError.Invalid("temperature", "The temperature must be from 0 to 2, or empty to leave it to the model."));
        }

        CheckTools(clean.Tools, knownTools, faults);
        CheckSkills(clean.Skills, faults);
        CheckLimits(clean.Limits, faults);
        CheckApprovals(clean.Approvals, knownTools, faults);
        CheckSuggestions(clean.Suggestions, faults);
        return faults;
    }

    /// <summary>The form of a name by which it is unique and searched: composed, upper case.</summary>
    /// <exception cref="ArgumentException">The text is not well-formed Unicode.</exception>
    public static string NormalizeName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Trim().Normalize(NormalizationForm.FormC).ToUpperInvariant();
    }

    /// <summary>Whether the text could stand in a name: well-formed Unicode without control characters.</summary>
    public static bool IsPlainText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var used) != System.Buffers.OperationStatus.Done || Rune.IsControl(rune))
            {
                return false;
            }

            rest = rest[used..];
        }

        return true;
    }

    private static string Trim(string? text) => text?.Trim() ?? string.Empty;

    private static void CheckName(string name, string field, string subject, List<LabError> faults)
    {
        if (name.Length is 0 or > NameLength)
        {
            faults.Add(LabError.Invalid(field, $"{subject} must have 1 to {NameLength} characters; it has {name.Length}."));
        }
        else if (!IsPlainText(name))
        {
            faults.Add(LabError.Invalid(field, $"{subject} must be one line of text without control characters."));
        }
    }

    private static void CheckLength(string text, int longest, string field, string subject, List<LabError> faults)
    {
        if (text.Length > longest)
        {
            faults.Add(LabError.Invalid(field, FormattableString.Invariant($"{subject} must have at most {longest:N0} characters; there are {text.Length:N0}.")));
        }
    }

    private static void CheckTools(IReadOnlyList<string> tools, IReadOnlyCollection<string> knownTools, List<LabError> faults, string field = "tools")
    {
        var unknown = tools.Where(tool => !knownTools.Contains(tool, StringComparer.Ordinal)).ToList();
        if (unknown.Count == 0)
        {
            return;
        }

        var offer = knownTools.Count == 0 ? "there are no tools" : $"there are {string.Join(", ", knownTools.Order(StringComparer.Ordinal))}";
        var named = string.Join(", ", unknown.Take(5).Select(tool => $"\"{Shorten(tool)}\""));
        faults.Add(LabError.Invalid(field, $"Unknown: {named}{(unknown.Count > 5 ? " and more" : string.Empty)}. Take it out or choose another: {offer}."));
    }

    private static void CheckSkills(IReadOnlyList<Skill> skills, List<LabError> faults)
    {
        if (skills.Count > MostSkills)
        {
            faults.Add(LabError.Invalid("skills", $"An agent has at most {MostSkills} skills; there are {skills.Count}."));
            return;
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < skills.Count; i++)
        {
            var (name, text) = skills[i];
            CheckName(name, $"skills[{i}].name", "A skill's name", faults);
            if (name.Length > 0 && !names.Add(name))
            {
                faults.Add(LabError.Invalid($"skills[{i}].name", $"Two skills are called \"{Shorten(name)}\": rename one of them."));
            }

            if (text.Length is 0 or > SkillLength)
            {
                faults.Add(LabError.Invalid(
                    $"skills[{i}].text", FormattableString.Invariant($"A skill's text must have 1 to {SkillLength:N0} characters; it has {text.Length:N0}.")));
            }
        }
    }

    private static ApprovalPolicy Clean(ApprovalPolicy policy) => policy with { Tools = [.. (policy.Tools ?? []).Select(Trim).Distinct(StringComparer.Ordinal)] };

    private static void CheckApprovals(ApprovalPolicy policy, IReadOnlyCollection<string> knownTools, List<LabError> faults)
    {
        if (!Enum.IsDefined(policy.Ask))
        {
            faults.Add(LabError.Invalid("approvals.ask", "When to ask must be irreversible, effects, all or never."));
        }

        if (policy.ExpiresAfterHours is not (>= ApprovalPolicy.LeastHours and <= ApprovalPolicy.MostHours))
        {
            faults.Add(LabError.Invalid("approvals.expiresAfterHours", FormattableString.Invariant(
                $"The time to answer must be from {ApprovalPolicy.LeastHours} to {ApprovalPolicy.MostHours:N0} hours.")));
        }

        CheckTools(policy.Tools, knownTools, faults, "approvals.tools");
    }

    private static void CheckLimits(RunLimits limits, List<LabError> faults)
    {
        CheckLimit(limits.Tokens is null or > 0, "limits.tokens", "The limit of tokens must be at least 1, or empty for none.", faults);
        CheckLimit(
            limits.Cost is null or (> 0 and <= MostCost), "limits.cost", "The limit of cost must be more than 0 and at most 1,000,000, or empty for none.", faults);
        CheckLimit(limits.Steps is null or > 0, "limits.steps", "The limit of steps must be at least 1, or empty for none.", faults);
        CheckLimit(limits.Seconds is null or > 0, "limits.seconds", "The limit of seconds must be at least 1, or empty for none.", faults);
    }

    private static void CheckLimit(bool sound, string field, string message, List<LabError> faults)
    {
        if (!sound)
        {
            faults.Add(LabError.Invalid(field, message));
        }
    }

    private static void CheckSuggestions(IReadOnlyList<string> suggestions, List<LabError> faults)
    {
        if (suggestions.Count > MostSuggestions)
        {
            faults.Add(LabError.Invalid("suggestions", $"An agent has at most {MostSuggestions} suggested prompts; there are {suggestions.Count}."));
        }

        for (var i = 0; i < Math.Min(suggestions.Count, MostSuggestions); i++)
        {
            CheckLength(suggestions[i], SuggestionLength, $"suggestions[{i}]", "A suggested prompt", faults);
        }
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 60), "…");

    [GeneratedRegex(@"\A(?:[a-z0-9][a-z0-9-]{0,62}(?:/[^\s\p{C}]{1,200})?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex ModelReference();
}
