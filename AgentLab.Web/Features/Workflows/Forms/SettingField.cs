using System.Text.Json;

namespace AgentLab.Web.Features.Workflows.Forms;

/// <summary>How a setting is edited.</summary>
public enum FieldControl
{
    /// <summary>One line.</summary>
    Text,

    /// <summary>Several lines.</summary>
    Multiline,

    /// <summary>Several lines in a fixed width.</summary>
    Code,

    /// <summary>Any JSON value.</summary>
    Json,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Yes or no.</summary>
    Switch,

    /// <summary>One of a few.</summary>
    Select,

    /// <summary>Names with values.</summary>
    Pairs,

    /// <summary>Conditions.</summary>
    Conditions,

    /// <summary>A list of values of one shape.</summary>
    List,

    /// <summary>A group of settings.</summary>
    Group,

    /// <summary>A JSON Schema.</summary>
    Schema,

    /// <summary>The name of a secret, never the secret.</summary>
    Secret,

    /// <summary>An agent.</summary>
    Agent,

    /// <summary>A tool.</summary>
    Tool,

    /// <summary>A model.</summary>
    Model,

    /// <summary>A workflow.</summary>
    Workflow,
}

/// <summary>A value to choose, with what it is called.</summary>
public sealed record FieldOption(string Value, string Label);

/// <summary>One field of a form that is made from a JSON Schema.</summary>
public sealed record SettingField
{
    /// <summary>The property's name; empty for an item of a list.</summary>
    public required string Name { get; init; }

    /// <summary>What people see.</summary>
    public required string Title { get; init; }

    /// <summary>What it is for, in a sentence.</summary>
    public string? Help { get; init; }

    public required FieldControl Control { get; init; }

    /// <summary>The schema of the value.</summary>
    public required JsonElement Schema { get; init; }

    /// <summary>It must be there and not empty.</summary>
    public bool Required { get; init; }

    /// <summary>What stands in for it while it is empty.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>A value that works, shown while it is empty.</summary>
    public string? Example { get; init; }

    /// <summary>What can be chosen.</summary>
    public IReadOnlyList<FieldOption> Options { get; init; } = [];

    /// <summary>Folded away until wanted.</summary>
    public bool Advanced { get; init; }

    /// <summary>Its texts may hold templates.</summary>
    public bool Templates { get; init; }

    /// <summary>Only whole numbers.</summary>
    public bool Whole { get; init; }

    /// <summary>The schema names no type: a number, a text or anything else may stand in it.</summary>
    public bool AnyType { get; init; }

    /// <summary>The value is a list.</summary>
    public bool IsList { get; init; }

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    public int? MaxLength { get; init; }

    /// <summary>It is shown only while other fields have one of these values.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> ShowIf { get; init; } = new Dictionary<string, IReadOnlyList<JsonElement>>();

    /// <summary>The fields of a group.</summary>
    public IReadOnlyList<SettingField> Fields { get; init; } = [];

    /// <summary>What a list holds.</summary>
    public SettingField? Item { get; init; }

    /// <summary>The words in the bounds of a number: "1 to 10".</summary>
    public string? Bounds => (Minimum, Maximum) switch
    {
        ({ } least, { } most) => $"{least:0.###} to {most:0.###}",
        ({ } least, null) => $"{least:0.###} or more",
        (null, { } most) => $"at most {most:0.###}",
        _ => null,
    };
}
