using System.Text.Json;
using System.Text;
using AgentLab.Core.Schema;

namespace AgentLab.Core.Workflows.Definition.Files;

/// <summary>
/// Looks through JSON before anything is made of it: well formed, not too deep, no property twice, no half of a character, no name by which a browser's objects are
/// poisoned. What passes can be read, compared and written without surprises.
/// </summary>
internal static class JsonSoundness
{
    /// <summary>The first thing that is wrong, or null.</summary>
    public static PlacedFault? Look(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = WorkflowBounds.Depth });
        var levels = new Stack<Level>();
        try
        {
            while (reader.Read())
            {
                if (Step(ref reader, levels) is { } fault)
                {
                    return fault;
                }
            }

            return null;
        }
        catch (JsonException wrong)
        {
            return new PlacedFault(Where(levels), "json", Explain(wrong));
        }
    }

    private static PlacedFault? Step(ref Utf8JsonReader reader, Stack<Level> levels)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                levels.Push(new Level(new HashSet<string>(StringComparer.Ordinal)));
                return null;
            case JsonTokenType.StartArray:
                levels.Push(new Level(null));
                return null;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                levels.Pop();
                Count(levels);
                return null;
            case JsonTokenType.PropertyName:
                return Name(ref reader, levels);
            case JsonTokenType.String:
                var sound = Text(ref reader) is not null;
                Count(levels);
                return sound ? null : new PlacedFault(Where(levels), "text", "The text holds half a character (a lone surrogate): write it anew.");
            default:
                Count(levels);
                return null;
        }
    }

    private static PlacedFault? Name(ref Utf8JsonReader reader, Stack<Level> levels)
    {
        var level = levels.Peek();
        if (Text(ref reader) is not { } name)
        {
            return new PlacedFault(Where(levels), "text", "A property's name holds half a character (a lone surrogate): write it anew.");
        }

        level.Name = name;
        if (name == "__proto__")
        {
            return new PlacedFault(Where(levels), "name", "A property may not be called \"__proto__\": rename it.");
        }

        return level.Names!.Add(name) ? null : new PlacedFault(Where(levels), "duplicate", $"The property \"{Short(name)}\" is there twice: keep one.");
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static void Count(Stack<Level> levels)
    {
        if (levels.TryPeek(out var level) && level.Names is null)
        {
            level.Index++;
        }
    }

    private static string Where(Stack<Level> levels)
    {
        var pointer = new StringBuilder();
        foreach (var level in levels.Reverse())
        {
            pointer.Append(level.Names is null ? JsonPointer.Join(string.Empty, level.Index) : level.Name is null ? string.Empty : JsonPointer.Join(string.Empty, Short(level.Name)));
        }

        return pointer.ToString();
    }

    private static string Explain(JsonException wrong) => wrong.Message.Contains("maximum configured depth", StringComparison.OrdinalIgnoreCase)
        ? $"It is nested deeper than {WorkflowBounds.Depth} levels: flatten it."
        : $"It is not well-formed JSON near line {(wrong.LineNumber ?? 0) + 1}, position {(wrong.BytePositionInLine ?? 0) + 1}.";

    private static string Short(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 60), "…");

    private sealed class Level(HashSet<string>? names)
    {
        public HashSet<string>? Names { get; } = names;

        public string? Name { get; set; }

        public int Index { get; set; }
    }
}
