using System.Text.Json;

namespace AgentLab.Core.Models.Rehearsal;

/// <summary>A column and values seen in it.</summary>
internal sealed record TableColumn(string Name, string Type, IReadOnlyList<string> Samples)
{
    public bool IsDate => Type.Contains("date", StringComparison.OrdinalIgnoreCase) || Type.Contains("time", StringComparison.OrdinalIgnoreCase);

    public bool IsId => Name.EndsWith("_id", StringComparison.OrdinalIgnoreCase) || Name.Equals("id", StringComparison.OrdinalIgnoreCase);

    public bool IsNumber => !IsDate && !IsId && ((ReadOnlySpan<string>)["int", "num", "dec", "real", "float", "double", "money"]).IndexOfAny(Type) >= 0;

    public bool IsText => !IsDate && !IsNumber && !IsId;

    public List<string> Stems => RehearsalText.IdentifierStems(Name);
}

/// <summary>A table as describe_tables tells of it.</summary>
internal sealed record TableShape(string Name, IReadOnlyList<TableColumn> Columns)
{
    /// <summary>The table that comes with AgentLab, for agents that may query but not describe.</summary>
    public static TableShape Orders { get; } = new("orders",
    [
        new("order_id", "text", []), new("order_date", "date", []), new("customer", "text", []), new("region", "text", []),
        new("product", "text", []), new("category", "text", []), new("quantity", "integer", []), new("unit_price", "number", []),
        new("total", "number", []), new("status", "text", ["pending", "shipped", "delivered", "late", "cancelled"]), new("delivery_days", "integer", []),
    ]);

    /// <summary>Every table in a description, whatever its outer form: an object with a name and a list of columns.</summary>
    public static IEnumerable<TableShape> Read(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            return json.EnumerateArray().SelectMany(Read);
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var name = Text(json, "name", "table");
        return name is not null && json.TryGetProperty("columns", out var columns) && columns.ValueKind == JsonValueKind.Array
            ? [new TableShape(name, [.. columns.EnumerateArray().Select(Column).OfType<TableColumn>()])]
            : json.EnumerateObject().SelectMany(p => Read(p.Value));
    }

    private static TableColumn? Column(JsonElement column)
    {
        if (column.ValueKind == JsonValueKind.String)
        {
            return new TableColumn(column.GetString()!, "text", []);
        }

        var name = column.ValueKind == JsonValueKind.Object ? Text(column, "name", "column") : null;
        return name is null ? null : new TableColumn(name, Text(column, "type") ?? "text", [.. Samples(column)]);
    }

    private static IEnumerable<string> Samples(JsonElement column)
    {
        foreach (var property in column.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Array))
        {
            foreach (var value in property.Value.EnumerateArray().Where(v => v.ValueKind is JsonValueKind.String or JsonValueKind.Number))
            {
                yield return value.ToString();
            }
        }
    }

    private static string? Text(JsonElement json, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
            {
                return value.GetString();
            }
        }

        return null;
    }
}

internal static class TextSearch
{
    /// <summary>The index of the first word that the text contains, in any case; -1 when there is none.</summary>
    public static int IndexOfAny(this ReadOnlySpan<string> words, string text)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (text.Contains(words[i], StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }
}
