using System.Globalization;
using AgentLab.Core.Agents;
using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Web.Features.Agents;

/// <summary>What a person edits of an agent: text in boxes, until it is saved as a definition.</summary>
internal sealed class AgentForm
{
    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    public AgentType Type { get; set; }

    public string Instructions { get; set; } = "";

    public string Model { get; set; } = "";

    public string Temperature { get; set; } = "";

    public HashSet<string> Tools { get; } = new(StringComparer.Ordinal);

    public List<SkillForm> Skills { get; } = [];

    public string Tokens { get; set; } = "";

    public string Cost { get; set; } = "";

    public string Steps { get; set; } = "";

    public string Seconds { get; set; } = "";

    /// <summary>Which calls wait for a person.</summary>
    public AskWhen Ask { get; set; }

    /// <summary>The tools that ask in any case.</summary>
    public HashSet<string> AskTools { get; } = new(StringComparer.Ordinal);

    /// <summary>Hours to answer.</summary>
    public string AskHours { get; set; } = "72";

    /// <summary>One prompt a line.</summary>
    public string Suggestions { get; set; } = "";

    /// <summary>The boxes filled from a definition.</summary>
    public static AgentForm From(AgentDefinition definition)
    {
        var form = new AgentForm
        {
            Name = definition.Name,
            Description = definition.Description,
            Type = definition.Type,
            Instructions = definition.Instructions,
            Model = definition.Model,
            Temperature = Text(definition.Temperature),
            Tokens = Text(definition.Limits.Tokens),
            Cost = Text(definition.Limits.Cost),
            Steps = Text(definition.Limits.Steps),
            Seconds = Text(definition.Limits.Seconds),
            Ask = definition.Approvals.Ask,
            AskHours = Text(definition.Approvals.ExpiresAfterHours),
            Suggestions = string.Join('\n', definition.Suggestions),
        };
        form.Tools.UnionWith(definition.Tools);
        form.AskTools.UnionWith(definition.Approvals.Tools);
        form.Skills.AddRange(definition.Skills.Select(skill => new SkillForm { Name = skill.Name, Text = skill.Text }));
        return form;
    }

    /// <summary>The definition, or what is wrong by field; values within their bounds are the store's to check.</summary>
    public (AgentDefinition? Definition, Dictionary<string, string> Faults) Read()
    {
        var faults = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var definition = new AgentDefinition
        {
            Name = Name.Trim(),
            Description = Description.Trim(),
            Type = Type,
            Instructions = Instructions.ReplaceLineEndings("\n"),
            Model = Model.Trim(),
            Temperature = (double?)Number(Temperature, "temperature", "The temperature", faults),
            Tools = [.. Tools.Order(StringComparer.Ordinal)],
            Skills = [.. Skills.Where(skill => skill.Name.Length + skill.Text.Length > 0).Select(skill => new Skill(skill.Name.Trim(), skill.Text.ReplaceLineEndings("\n").Trim()))],
            Limits = new RunLimits(
                (long?)Number(Tokens, "limits.tokens", "The limit of tokens", faults, whole: true),
                Number(Cost, "limits.cost", "The limit of cost", faults),
                (int?)Number(Steps, "limits.steps", "The limit of steps", faults, whole: true),
                (int?)Number(Seconds, "limits.seconds", "The limit of seconds", faults, whole: true)),
            Approvals = new ApprovalPolicy
            {
                Ask = Ask,
                Tools = [.. AskTools.Where(Tools.Contains).Order(StringComparer.Ordinal)],
                ExpiresAfterHours = (double)(Number(AskHours, "approvals.expiresAfterHours", "The time to answer", faults) ?? 72),
            },
            Suggestions = Suggestions.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        };
        return faults.Count == 0 ? (definition, faults) : (null, faults);
    }

    private static decimal? Number(string text, string field, string what, Dictionary<string, string> faults, bool whole = false)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (decimal.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number is >= 0 and <= int.MaxValue && (!whole || number == decimal.Truncate(number)))
        {
            return number;
        }

        faults[field] = $"{what} must be a {(whole ? "whole " : "")}number from 0 to {int.MaxValue}, or empty.";
        return null;
    }

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";
}

/// <summary>A skill in the form.</summary>
internal sealed class SkillForm
{
    public string Name { get; set; } = "";

    public string Text { get; set; } = "";
}
