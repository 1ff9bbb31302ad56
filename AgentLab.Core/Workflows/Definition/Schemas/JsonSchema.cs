using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentLab.Core.Workflows.Definition.Schemas;

/// <summary>
/// A compiled JSON Schema (draft 2020-12) of the subset that <c>docs/workflows.md</c> names: no references, no combinations but <c>anyOf</c> and <c>oneOf</c> (both as "at
/// least one"), and patterns that take time in proportion to the text. Immutable; safe to share.
/// </summary>
public sealed class JsonSchema
{
    internal JsonSchema()
    {
    }

    /// <summary>Reads a schema as far as it can be used; keywords that are not known are passed over.</summary>
    public static JsonSchema Read(JsonElement schema) => new SchemaReader(null).Read(schema);

    /// <summary>Reads a schema that somebody wrote: what lies outside the subset is named, with pointers into the schema.</summary>
    public static (JsonSchema Schema, IReadOnlyList<SchemaFault> Faults) ReadStrictly(JsonElement schema)
    {
        var faults = new List<SchemaFault>();
        return (new SchemaReader(faults).Read(schema), faults);
    }

    /// <summary>What does not fit, in document order, at most <paramref name="most"/>; empty when the value fits.</summary>
    /// <param name="value">The value.</param>
    /// <param name="templates">Texts that hold a template are let pass where the schema does not say <c>x-template: false</c>: their value is not known yet.</param>
    /// <param name="most">How many faults are enough.</param>
    public IReadOnlyList<SchemaFault> Check(JsonElement value, bool templates = false, int most = 20)
    {
        var check = new SchemaCheck(templates, most);
        check.Look(this, value, string.Empty, Title);
        return check.Faults;
    }

    /// <summary>What people call the value.</summary>
    public string? Title { get; internal set; }

    /// <summary>The value that stands in for a missing one.</summary>
    public JsonElement? Default { get; internal set; }

    /// <summary>The properties of an object, by name.</summary>
    public IReadOnlyDictionary<string, JsonSchema> Properties => Members;

    /// <summary>Whether texts in it are templates; false by <c>x-template: false</c>.</summary>
    public bool IsTemplate { get; internal set; } = true;

    /// <summary>Whether it holds a secret, by <c>x-control: secret</c>: such a value leaves the instance in no file.</summary>
    public bool IsSecret { get; internal set; }

    internal Dictionary<string, JsonSchema> Members { get; } = new(StringComparer.Ordinal);

    internal SchemaTypes Types { get; set; } = SchemaTypes.Any;

    internal string[] Required { get; set; } = [];

    /// <summary>Properties that have no schema of their own are refused.</summary>
    internal bool IsClosed { get; set; }

    internal JsonSchema? Additional { get; set; }

    internal JsonSchema? Items { get; set; }

    internal JsonElement[]? Choices { get; set; }

    internal JsonSchema[]? Alternatives { get; set; }

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
internal enum SchemaTypes
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
