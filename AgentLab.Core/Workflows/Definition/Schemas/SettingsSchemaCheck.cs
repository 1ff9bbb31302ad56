using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using AgentLab.Core.Schema;

namespace AgentLab.Core.Workflows.Definition.Schemas;

/// <summary>One look at a value under a schema.</summary>
internal sealed class SettingsSchemaCheck(bool templates, int most)
{
    private readonly List<PlacedFault> _faults = [];

    public IReadOnlyList<PlacedFault> Faults => _faults;

    public void Look(SettingsSchema schema, JsonElement value, string at, string? name, bool template = true)
    {
        template &= schema.IsTemplate;
        if (_faults.Count >= most || (templates && template && IsTemplate(value)))
        {
            return;
        }

        if (!Fits(schema.Types, value))
        {
            Fault(at, "type", $"{Called(at, name)} must be {TypeNames(schema.Types)}{(templates && template ? ", or a template" : string.Empty)}.");
            return;
        }

        if (schema.Choices is { } choices && !choices.Any(choice => JsonElement.DeepEquals(choice, value)))
        {
            Fault(at, "choice", $"{Called(at, name)} must be {Listed(choices)}.");
            return;
        }

        if (schema.Alternatives is { } alternatives && !alternatives.Any(one => FitsAlternative(one, value, template)))
        {
            Fault(at, "form", $"{Called(at, name)} has none of the forms that are allowed.");
            return;
        }

        LookInside(schema, value, at, name, template);
    }

    private void LookInside(SettingsSchema schema, JsonElement value, string at, string? name, bool template)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                LookAtObject(schema, value, at, template);
                break;
            case JsonValueKind.Array:
                LookAtList(schema, value, at, name, template);
                break;
            case JsonValueKind.String:
                LookAtText(schema, value.GetString()!, at, name);
                break;
            case JsonValueKind.Number:
                LookAtNumber(schema, value, at, name);
                break;
        }
    }

    private bool FitsAlternative(SettingsSchema schema, JsonElement value, bool template)
    {
        var inner = new SettingsSchemaCheck(templates, 1);
        inner.Look(schema, value, string.Empty, null, template);
        return inner._faults.Count == 0;
    }

    private void LookAtObject(SettingsSchema schema, JsonElement value, string at, bool template)
    {
        foreach (var required in schema.Required)
        {
            var member = schema.Members.GetValueOrDefault(required);
            if (!value.TryGetProperty(required, out _) && member?.Default is null && IsShown(member, schema, value))
            {
                var pointer = JsonPointer.Join(at, required);
                Fault(pointer, "required", $"{Called(pointer, member?.Title)} is missing: fill it in.");
            }
        }

        foreach (var property in value.EnumerateObject())
        {
            if (schema.Members.TryGetValue(property.Name, out var member))
            {
                Look(member, property.Value, JsonPointer.Join(at, property.Name), member.Title, template);
            }
            else if (schema.IsClosed)
            {
                var pointer = JsonPointer.Join(at, property.Name);
                Fault(pointer, "unknown", $"{Called(pointer, null)} is not known here: take it out.");
            }
            else if (schema.Additional is { } additional)
            {
                Look(additional, property.Value, JsonPointer.Join(at, property.Name), null, template);
            }
        }
    }

    private static bool IsShown(SettingsSchema? member, SettingsSchema parent, JsonElement value) => member is null || member.ShownIf.All(condition =>
    {
        var given = value.TryGetProperty(condition.Property, out var there) ? there : parent.Members.GetValueOrDefault(condition.Property)?.Default;
        return given is { } actual && condition.Values.Any(wanted => JsonElement.DeepEquals(wanted, actual));
    });

    private void LookAtList(SettingsSchema schema, JsonElement value, string at, string? name, bool template)
    {
        var count = value.GetArrayLength();
        if (count < schema.MinItems || count > schema.MaxItems)
        {
            Fault(at, "length", $"{Called(at, name)} must have {Between(schema.MinItems, schema.MaxItems)} entries; it has {count}.");
        }

        if (schema.Items is { } items)
        {
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                Look(items, item, JsonPointer.Join(at, index++), items.Title, template);
            }
        }
    }

    private void LookAtText(SettingsSchema schema, string text, string at, string? name)
    {
        if (schema.MinLength is not null || schema.MaxLength is not null)
        {
            // The standard counts code points.
            var length = text.Length - text.Count(char.IsLowSurrogate);
            if (length == 0 && schema.MinLength > 0)
            {
                Fault(at, "required", $"{Called(at, name)} is empty: fill it in.");
                return;
            }

            if (length < schema.MinLength || length > schema.MaxLength)
            {
                Fault(at, "length", $"{Called(at, name)} must have {Between(schema.MinLength, schema.MaxLength)} characters; it has {length:N0}.");
            }
        }

        if (schema.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            Fault(at, "pattern", $"{Called(at, name)} does not have the form that is asked for.");
        }

        if (schema.Format is { } format && SchemaFormats.Fault(format, text) is { } fault)
        {
            Fault(at, "format", $"{Called(at, name)} {fault}.");
        }
    }

    private void LookAtNumber(SettingsSchema schema, JsonElement value, string at, string? name)
    {
        if (!value.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            Fault(at, "range", $"{Called(at, name)} is a number too large to use.");
            return;
        }

        if (number < schema.Minimum || number > schema.Maximum || number <= schema.Above || number >= schema.Below)
        {
            Fault(at, "range", $"{Called(at, name)} must be {Between(schema)}.");
        }
    }

    private static string Between(SettingsSchema schema)
    {
        var least = (schema.Above, schema.Minimum) switch
        {
            ({ } above, _) => string.Create(CultureInfo.InvariantCulture, $"more than {above}"),
            (_, { } minimum) => string.Create(CultureInfo.InvariantCulture, $"at least {minimum}"),
            _ => null,
        };
        var greatest = (schema.Below, schema.Maximum) switch
        {
            ({ } below, _) => string.Create(CultureInfo.InvariantCulture, $"less than {below}"),
            (_, { } maximum) => string.Create(CultureInfo.InvariantCulture, $"at most {maximum}"),
            _ => null,
        };
        return least is not null && greatest is not null ? $"{least} and {greatest}" : least ?? greatest!;
    }

    private static string Between(int? least, int? greatest) => (least, greatest) switch
    {
        ({ } min, { } max) when min == max => string.Create(CultureInfo.InvariantCulture, $"{min:N0}"),
        ({ } min, { } max) => string.Create(CultureInfo.InvariantCulture, $"{min:N0} to {max:N0}"),
        ({ } min, _) => string.Create(CultureInfo.InvariantCulture, $"at least {min:N0}"),
        (_, var max) => string.Create(CultureInfo.InvariantCulture, $"at most {max:N0}"),
    };

    private static bool Fits(SettingsTypes types, JsonElement value) => types == SettingsTypes.Any || value.ValueKind switch
    {
        JsonValueKind.Object => types.HasFlag(SettingsTypes.Object),
        JsonValueKind.Array => types.HasFlag(SettingsTypes.Array),
        JsonValueKind.String => types.HasFlag(SettingsTypes.String),
        JsonValueKind.True or JsonValueKind.False => types.HasFlag(SettingsTypes.Boolean),
        JsonValueKind.Number => types.HasFlag(SettingsTypes.Number) || (types.HasFlag(SettingsTypes.Integer) && value.TryGetDouble(out var number) && double.IsInteger(number)),
        _ => types.HasFlag(SettingsTypes.Null),
    };

    private static string TypeNames(SettingsTypes types)
    {
        var names = new List<string>();
        Add(SettingsTypes.String, "a text");
        Add(SettingsTypes.Number, "a number");
        Add(types.HasFlag(SettingsTypes.Number) ? SettingsTypes.None : SettingsTypes.Integer, "a whole number");
        Add(SettingsTypes.Boolean, "true or false");
        Add(SettingsTypes.Array, "a list");
        Add(SettingsTypes.Object, "an object");
        Add(SettingsTypes.Null, "null");
        return string.Join(" or ", names);

        void Add(SettingsTypes type, string name)
        {
            if (type != SettingsTypes.None && types.HasFlag(type))
            {
                names.Add(name);
            }
        }
    }

    private static bool IsTemplate(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        var raw = JsonMarshal.GetRawUtf8Value(value);
        return raw.IndexOf("{{"u8) >= 0 || (raw.Contains((byte)'\\') && value.GetString()!.Contains("{{", StringComparison.Ordinal));
    }

    private static string Listed(JsonElement[] choices) => choices.Length == 1
        ? Short(choices[0].ToString())
        : "one of " + Short(string.Join(", ", choices.Take(8).Select(choice => choice.ToString()))) + (choices.Length > 8 ? " …" : string.Empty);

    private static string Called(string at, string? title) => (title, at) switch
    {
        ({ Length: > 0 }, _) => $"\"{Short(title)}\"",
        (_, "") => "The value",
        _ => $"\"{Short(at[1..].Replace('/', '.'))}\"",
    };

    private static string Short(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "…");

    private void Fault(string at, string code, string message)
    {
        if (_faults.Count < most)
        {
            _faults.Add(new PlacedFault(at, code, message));
        }
    }
}
