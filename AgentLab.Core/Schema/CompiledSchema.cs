using System.Text.Json;
using System.Text.RegularExpressions;
using AgentLab.Core.Schema;

namespace AgentLab.Core.Workflows.Definition.Schemas;

/// <summary>
/// A schema of a kind's settings or of the file format, compiled: quick to check by the thousand, and aware of templates, whose values are not known yet. Immutable; safe to
/// share. What is checked is the part of JSON Schema that <see cref="JsonSchema"/> names.
/// </summary>
internal sealed class SettingsSchema
{
    /// <summary>Compiles a schema; keywords that are not known are passed over.</summary>
    public static SettingsSchema Read(JsonElement schema) => SettingsSchemaReader.Read(schema);

    /// <summary>What does not fit, in document order, at most <paramref name="most"/>; empty when the value fits.</summary>
    /// <param name="value">The value.</param>
    /// <param name="templates">Texts that hold a template are let pass where the schema does not say <c>x-template: false</c>: their value is not known yet.</param>
    /// <param name="most">How many faults are enough.</param>
    public IReadOnlyList<PlacedFault> Check(JsonElement value, bool templates = false, int most = 20)
    {
        var check = new SettingsSchemaCheck(templates, most);
        check.Look(this, value, string.Empty, Title);
        return check.Faults;
    }

    /// <summary>What people call the value.</summary>
    public string? Title { get; internal set; }

    /// <summary>The value that stands in for a missing one.</summary>
    public JsonElement? Default { get; internal set; }

    /// <summary>The properties of an object, by name.</summary>
    public IReadOnlyDictionary<string, SettingsSchema> Properties => Members;

    /// <summary>Whether texts in it are templates; false by <c>x-template: false</c>.</summary>
    public bool IsTemplate { get; internal set; } = true;

    /// <summary>Whether it holds a secret, by <c>x-control: secret</c>: such a value leaves the instance in no file.</summary>
    public bool IsSecret { get; internal set; }

    internal Dictionary<string, SettingsSchema> Members { get; } = new(StringComparer.Ordinal);

    internal SettingsTypes Types { get; set; } = SettingsTypes.Any;

    internal string[] Required { get; set; } = [];

    /// <summary>Properties that have no schema of their own are refused.</summary>
    internal bool IsClosed { get; set; }

    internal SettingsSchema? Additional { get; set; }

    internal SettingsSchema? Items { get; set; }

    internal JsonElement[]? Choices { get; set; }

    internal SettingsSchema[]? Alternatives { get; set; }

    internal double? Minimum { get; set; }

    internal double? Maximum { get; set; }

    internal double? Above { get; set; }

    internal double? Below { get; set; }

    internal int? MinLength { get; set; }

    internal int? MaxLength { get; set; }

    internal int? MinItems { get; set; }

    internal int? MaxItems { get; set; }

    internal Regex? Pattern { get; set; }

    internal string? Format { get; set; }

    /// <summary>A form shows the property only while the one beside it has one of these values; hidden, it is not required.</summary>
    internal (string Property, JsonElement[] Values)[] ShownIf { get; set; } = [];
}

/// <summary>The types of JSON Schema.</summary>
[Flags]
internal enum SettingsTypes
{
    None = 0,
    Object = 1,
    Array = 2,
    String = 4,
    Number = 8,
    Integer = 16,
    Boolean = 32,
    Null = 64,
    Any = Object | Array | String | Number | Integer | Boolean | Null,
}
