using System.Text.Json;

namespace AgentLab.Core.Schema;

/// <summary>The phrases of faults: models and programs read the names of JSON, people who fill in settings read theirs.</summary>
internal static class SchemaWords
{
    private const int MostChoices = 20;
    private const int Longest = 300;

    private static readonly (SchemaTypes Type, string Json, string Plain)[] Types =
    [
        (SchemaTypes.String, "a string", "a text"), (SchemaTypes.Number, "a number", "a number"), (SchemaTypes.Integer, "an integer", "a whole number"),
        (SchemaTypes.Boolean, "a boolean", "true or false"), (SchemaTypes.Array, "an array", "a list"), (SchemaTypes.Object, "an object", "an object"), (SchemaTypes.Null, "null", "null"),
    ];

    public static string MustBe(SchemaTypes types, SchemaUse use) => "must be " + string.Join(" or ", Types
        .Where(one => types.HasFlag(one.Type) && !(one.Type == SchemaTypes.Integer && types.HasFlag(SchemaTypes.Number)))
        .Select(one => use == SchemaUse.Value ? one.Json : one.Plain));

    public static string MustBeOneOf(JsonElement[] choices) => choices.Length == 1
        ? $"must be {Short(choices[0].ToString())}"
        : $"must be one of {Short(string.Join(", ", choices.Take(MostChoices).Select(choice => choice.ToString())))}{(choices.Length > MostChoices ? " …" : string.Empty)}";

    /// <summary>Whoever fills in a setting wants to know the whole range, a program what it did wrong.</summary>
    public static string MustBeWithin(CompiledSchema schema, double number, SchemaUse use)
    {
        var least = schema.Above is { } above ? FormattableString.Invariant($"more than {above}") : schema.Minimum is { } minimum ? FormattableString.Invariant($"at least {minimum}") : null;
        var greatest = schema.Below is { } below ? FormattableString.Invariant($"less than {below}") : schema.Maximum is { } maximum ? FormattableString.Invariant($"at most {maximum}") : null;
        var isBelow = number < schema.Minimum || number <= schema.Above;
        return "must be " + (use == SchemaUse.Value ? (isBelow ? least : greatest) : least is null || greatest is null ? least ?? greatest : $"{least} and {greatest}");
    }

    public static string Unknown(CompiledSchema schema, SchemaUse use) => use switch
    {
        SchemaUse.Value when schema.Members.Count == 0 => "is not known: no arguments are taken",
        SchemaUse.Value => $"is not known (known are {Short(string.Join(", ", schema.Members.Keys))})",
        _ => "is not known here: take it out",
    };

    private static string Short(string text) => text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "…");
}
