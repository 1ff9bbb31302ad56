using System.Text.Json;

namespace AgentLab.Core.Schema;

/// <summary>What a value that is checked is used for.</summary>
internal enum SchemaUse
{
    /// <summary>A value as it will be used: a run's input, a form, a model's answer, a tool's arguments. Null counts as absent, which is how models and templates leave things out.</summary>
    Value,

    /// <summary>A node's settings before they are evaluated: texts that hold a template are let pass, defaults stand in for what is missing, and what a form hides is not asked for.</summary>
    Settings,

    /// <summary>A file: as settings, without templates.</summary>
    File,
}

/// <summary>
/// A schema, compiled: quick to check by the thousand. Keywords that are not known are passed over; <see cref="JsonSchema.Unsupported"/> names them. Immutable once it is read; safe to share.
/// </summary>
internal sealed class CompiledSchema
{
    /// <summary>Compiles a schema; one that is no object lets everything pass.</summary>
    public static CompiledSchema Read(JsonElement schema) => SchemaReader.Read(schema);

    /// <summary>What does not fit, in document order, at most <paramref name="most"/>; empty when the value fits.</summary>
    public IReadOnlyList<SchemaFault> Check(JsonElement value, SchemaUse use, int most = 20)
    {
        var check = new SchemaCheck(use, most);
        check.Look(this, value, string.Empty, Title);
        return check.Faults;
    }

    /// <summary>What people call the value.</summary>
    public string? Title { get; set; }

    /// <summary>The value that stands in for a missing one.</summary>
    public JsonElement? Default { get; set; }

    /// <summary>Whether texts in it are templates; false by <c>x-template: false</c>.</summary>
    public bool IsTemplate { get; set; } = true;

    /// <summary>Whether it holds a secret, by <c>x-control: secret</c>: such a value leaves the instance in no file.</summary>
    public bool IsSecret { get; set; }

    /// <summary>The properties of an object, by name.</summary>
    public Dictionary<string, CompiledSchema> Members { get; } = new(StringComparer.Ordinal);

    public SchemaTypes Types { get; set; } = SchemaTypes.Any;

    public string[] Required { get; set; } = [];

    /// <summary>Properties that have no schema of their own are refused.</summary>
    public bool IsClosed { get; set; }

    public CompiledSchema? Additional { get; set; }

    public CompiledSchema? Items { get; set; }

    public JsonElement[]? Choices { get; set; }

    /// <summary>Of each of these lists, one form must fit.</summary>
    public List<CompiledSchema[]> Alternatives { get; } = [];

    public double? Minimum { get; set; }

    public double? Maximum { get; set; }

    public double? Above { get; set; }

    public double? Below { get; set; }

    public double? Step { get; set; }

    public int? MinLength { get; set; }

    public int? MaxLength { get; set; }

    public int? MinItems { get; set; }

    public int? MaxItems { get; set; }

    public int? MinMembers { get; set; }

    public int? MaxMembers { get; set; }

    public bool IsUnique { get; set; }

    public string? Pattern { get; set; }

    public string? Format { get; set; }

    /// <summary>A form shows the property only while the one beside it has one of these values; hidden, it is not required.</summary>
    public (string Property, JsonElement[] Values)[] ShownIf { get; set; } = [];
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
