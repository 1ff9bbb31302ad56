using System.Text.Json;

namespace AgentLab.Core.Workflows.Nodes;

/// <summary>Reads settings that were checked against their schema. What is absent or null is absent.</summary>
internal static class SettingReader
{
    /// <summary>The text of a setting; null when it is absent or no text.</summary>
    public static string? Text(this JsonElement settings, ReadOnlySpan<byte> name) =>
        settings.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>The text of a setting, or what stands in for it.</summary>
    public static string Text(this JsonElement settings, ReadOnlySpan<byte> name, string otherwise) => settings.Text(name) ?? otherwise;

    /// <summary>The whole number of a setting, or what stands in for it.</summary>
    public static int Whole(this JsonElement settings, ReadOnlySpan<byte> name, int otherwise) =>
        settings.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && Math.Abs(number) <= int.MaxValue ? (int)number : otherwise;

    /// <summary>The number of a setting; null when it is absent.</summary>
    public static double? Number(this JsonElement settings, ReadOnlySpan<byte> name) =>
        settings.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) ? number : null;

    /// <summary>Whether a setting is true; what stands in for it when it is absent.</summary>
    public static bool IsTrue(this JsonElement settings, ReadOnlySpan<byte> name, bool otherwise = false) => settings.Member(name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => otherwise,
    };

    /// <summary>A setting that is there and not null.</summary>
    public static JsonElement? Member(this JsonElement settings, ReadOnlySpan<byte> name) =>
        settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    /// <summary>The items of a list; none when it is absent or no list.</summary>
    public static JsonElement.ArrayEnumerator Items(this JsonElement settings, ReadOnlySpan<byte> name) =>
        settings.Member(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : default;

    /// <summary>The pairs of a setting with <c>x-control: pairs</c>: a list of <c>{"name", "value"}</c>.</summary>
    public static IEnumerable<(string Name, JsonElement Value)> Pairs(this JsonElement settings, string name)
    {
        if (settings.ValueKind != JsonValueKind.Object || !settings.TryGetProperty(name, out var pairs) || pairs.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var pair in pairs.EnumerateArray())
        {
            if (pair.Text("name"u8) is { Length: > 0 } key)
            {
                yield return (key, pair.Member("value"u8) ?? Expressions.JsonOutput.Null);
            }
        }
    }

    /// <summary>Whether a text still has templates in it, so that it cannot be judged before it is evaluated.</summary>
    public static bool IsTemplate(string text) => text.Contains("{{", StringComparison.Ordinal);
}
