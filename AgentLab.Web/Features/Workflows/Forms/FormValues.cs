using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentLab.Web.Features.Workflows.Forms;

/// <summary>Reads and writes single values of a form's JSON by JSON pointer, and says which of its fields are wrong or wanted.</summary>
internal static class FormValues
{
    /// <summary>The value at a pointer; null when there is none (or it is JSON's null).</summary>
    public static JsonNode? At(JsonNode? root, string pointer)
    {
        foreach (var part in Parts(pointer))
        {
            root = root switch
            {
                JsonObject group => group[part],
                JsonArray list when int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count => list[index],
                _ => null,
            };
        }

        return root;
    }

    /// <summary>A copy of the object with the value put at the pointer; null takes the property away. Groups on the way are made.</summary>
    public static JsonObject With(JsonObject root, string pointer, JsonNode? value)
    {
        var copy = (JsonObject)root.DeepClone();
        var parts = Parts(pointer);
        JsonNode here = copy;
        for (var i = 0; i < parts.Length - 1; i++)
        {
            var next = At(here, "/" + Escape(parts[i]));
            if (next is null)
            {
                next = new JsonObject();
                Put(here, parts[i], next);
            }

            here = next;
        }

        Put(here, parts[^1], value?.DeepClone());
        return copy;
    }

    /// <summary>A pointer one level deeper.</summary>
    public static string Join(string pointer, string name) => $"{pointer}/{Escape(name)}";

    /// <summary>An id for the page out of a pointer.</summary>
    public static string Id(string prefix, string pointer) => prefix + pointer.Replace('/', '-').Replace("~1", "_", StringComparison.Ordinal);

    /// <summary>The text of a value as an input shows it.</summary>
    public static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonValue single when single.GetValueKind() == JsonValueKind.String => single.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    /// <summary>Whether the fields beside it, or else those of the whole form, let a field be seen.</summary>
    public static bool Shown(SettingField field, JsonObject? group, IReadOnlyList<SettingField> beside, JsonObject? root = null, IReadOnlyList<SettingField>? all = null)
    {
        foreach (var (name, wanted) in field.ShowIf)
        {
            var inner = beside.Any(other => other.Name == name);
            var fields = inner ? beside : all ?? [];
            var value = (inner ? group : root)?[name] ?? (fields.FirstOrDefault(other => other.Name == name)?.Default is { } standard ? JsonNode.Parse(standard.GetRawText()) : null);
            if (!wanted.Any(one => JsonNode.DeepEquals(JsonNode.Parse(one.GetRawText()), value)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The pointers of required fields that are empty and have no default, in the order of the form.</summary>
    public static IEnumerable<string> Missing(IReadOnlyList<SettingField> fields, JsonObject? values, string pointer = "")
    {
        foreach (var field in fields.Where(field => Shown(field, values, fields)))
        {
            var value = values?[field.Name];
            var here = Join(pointer, field.Name);
            if (field.Required && field.Default is null && Empty(value))
            {
                yield return here;
            }
            else if (field.Control == FieldControl.Group && value is JsonObject group)
            {
                foreach (var inner in Missing(field.Fields, group, here))
                {
                    yield return inner;
                }
            }
        }
    }

    /// <summary>What a list's new item or an unset group begins with.</summary>
    public static JsonNode? Fresh(SettingField field) => field.Default is { } standard ? JsonNode.Parse(standard.GetRawText()) : field.Control switch
    {
        FieldControl.Group => new JsonObject([.. field.Fields.Where(inner => inner.Default is not null).Select(inner => KeyValuePair.Create(inner.Name, Fresh(inner)))]),
        FieldControl.List => new JsonArray(),
        FieldControl.Pairs => new JsonObject(),
        FieldControl.Number => JsonValue.Create(field.Minimum ?? 0),
        FieldControl.Switch => JsonValue.Create(false),
        FieldControl.Select => JsonValue.Create(field.Options.Count > 0 ? field.Options[0].Value : ""),
        FieldControl.Json => null,
        _ => JsonValue.Create(""),
    };

    private static bool Empty(JsonNode? value) => value switch
    {
        null => true,
        JsonArray list => list.Count == 0,
        JsonObject => false,
        _ => Text(value).Length == 0,
    };

    private static void Put(JsonNode here, string part, JsonNode? value)
    {
        if (here is JsonObject group)
        {
            if (value is null)
            {
                group.Remove(part);
            }
            else
            {
                group[part] = value;
            }
        }
        else if (here is JsonArray list && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            if (index >= list.Count)
            {
                list.Add(value);
            }
            else
            {
                list[index] = value;
            }
        }
    }

    private static string[] Parts(string pointer) =>
        [.. pointer.Split('/').Skip(1).Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];

    private static string Escape(string part) => part.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
