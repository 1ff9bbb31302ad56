using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Expressions.Conditions;

namespace AgentLab.Core.Schema;

/// <summary>One look at a value under a schema.</summary>
internal sealed class SchemaCheck(SchemaUse use, int most)
{
    private readonly List<SchemaFault> _faults = [];

    public IReadOnlyList<SchemaFault> Faults => _faults;

    public void Look(CompiledSchema schema, JsonElement value, string at, string? title, bool template = true)
    {
        template &= use == SchemaUse.Settings && schema.IsTemplate;
        if (_faults.Count >= most || (template && IsTemplate(value)))
        {
            return;
        }

        if (!Fits(schema.Types, value))
        {
            Fault(at, title, "type", SchemaWords.MustBe(schema.Types, use) + (template ? ", or a template" : string.Empty));
        }
        else if (schema.Choices is { } choices && !choices.Any(choice => JsonElement.DeepEquals(choice, value)))
        {
            Fault(at, title, "choice", SchemaWords.MustBeOneOf(choices));
        }
        else if (schema.Alternatives.Any(forms => !forms.Any(one => FitsForm(one, value, template))))
        {
            Fault(at, title, "form", "has none of the forms that are allowed");
        }
        else
        {
            LookInside(schema, value, at, title, template);
        }
    }

    private void LookInside(CompiledSchema schema, JsonElement value, string at, string? title, bool template)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                LookAtObject(schema, value, at, title, template);
                break;
            case JsonValueKind.Array:
                LookAtList(schema, value, at, title, template);
                break;
            case JsonValueKind.String:
                LookAtText(schema, value.GetString()!, at, title);
                break;
            case JsonValueKind.Number:
                LookAtNumber(schema, value, at, title);
                break;
        }
    }

    private bool FitsForm(CompiledSchema schema, JsonElement value, bool template)
    {
        var inner = new SchemaCheck(use, 1);
        inner.Look(schema, value, string.Empty, null, template);
        return inner._faults.Count == 0;
    }

    private void LookAtObject(CompiledSchema schema, JsonElement value, string at, string? title, bool template)
    {
        foreach (var required in schema.Required)
        {
            var member = schema.Members.GetValueOrDefault(required);
            if (IsMissing(required, member, schema, value))
            {
                Fault(JsonPointer.Join(at, required), member?.Title, "required", use == SchemaUse.Value ? "is missing" : "is missing: fill it in");
            }
        }

        CheckCount(schema.MinMembers, schema.MaxMembers, value.GetPropertyCount(), at, title, "members");
        foreach (var property in value.EnumerateObject())
        {
            var pointer = JsonPointer.Join(at, property.Name);
            if (schema.Members.TryGetValue(property.Name, out var member))
            {
                if (use != SchemaUse.Value || property.Value.ValueKind != JsonValueKind.Null)
                {
                    Look(member, property.Value, pointer, member.Title, template);
                }
            }
            else if (schema.IsClosed)
            {
                Fault(pointer, null, "unknown", SchemaWords.Unknown(schema, use));
            }
            else if (schema.Additional is { } additional)
            {
                Look(additional, property.Value, pointer, null, template);
            }
        }
    }

    private bool IsMissing(string name, CompiledSchema? member, CompiledSchema parent, JsonElement value)
    {
        if (value.TryGetProperty(name, out var given))
        {
            // Types that nobody named do not say that null is meant.
            return use == SchemaUse.Value && given.ValueKind == JsonValueKind.Null && (member is null or { Types: SchemaTypes.Any } || !member.Types.HasFlag(SchemaTypes.Null));
        }

        return use == SchemaUse.Value || (member?.Default is null && IsShown(member, parent, value));
    }

    private static bool IsShown(CompiledSchema? member, CompiledSchema parent, JsonElement value) => member is null || member.ShownIf.All(condition =>
    {
        var given = value.TryGetProperty(condition.Property, out var there) ? there : parent.Members.GetValueOrDefault(condition.Property)?.Default;
        return given is { } actual && condition.Values.Any(wanted => JsonElement.DeepEquals(wanted, actual));
    });

    private void LookAtList(CompiledSchema schema, JsonElement value, string at, string? title, bool template)
    {
        CheckCount(schema.MinItems, schema.MaxItems, value.GetArrayLength(), at, title, "items");
        if (schema.IsUnique && value.EnumerateArray().Select(item => item.GetRawText()).Distinct(StringComparer.Ordinal).Count() < value.GetArrayLength())
        {
            Fault(at, title, "unique", "holds an item twice");
        }

        if (schema.Items is not { } items)
        {
            return;
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (_faults.Count >= most)
            {
                return;
            }

            Look(items, item, JsonPointer.Join(at, index++), items.Title, template);
        }
    }

    private void LookAtText(CompiledSchema schema, string text, string at, string? title)
    {
        if (schema.MinLength is not null || schema.MaxLength is not null)
        {
            // Characters as people see them; a text that fits by the quick count fits by the slow one too.
            var isShort = text.Length <= (schema.MaxLength ?? int.MaxValue) && (text.Length == 0 || schema.MinLength is null or <= 1);
            var length = isShort ? text.Length : new StringInfo(text).LengthInTextElements;
            if (length == 0 && schema.MinLength > 0 && use != SchemaUse.Value)
            {
                Fault(at, title, "required", "is empty: fill it in");
                return;
            }

            CheckCount(schema.MinLength, schema.MaxLength, length, at, title, "characters");
        }

        if (schema.Pattern is { } pattern && !Matches(text, pattern))
        {
            Fault(at, title, "pattern", use == SchemaUse.Value ? $"does not match the pattern {pattern}" : "does not have the form that is asked for");
        }

        if (schema.Format is { } format && SchemaFormats.Fault(format, text) is { } fault)
        {
            Fault(at, title, "format", fault);
        }
    }

    private static bool Matches(string text, string pattern)
    {
        try
        {
            return Patterns.Matches(text, pattern, ignoreCase: false);
        }
        catch (ExpressionException)
        {
            // A pattern that cannot be used is the schema's fault and is named where the schema is looked at; nobody's value can mend it.
            return true;
        }
    }

    private void LookAtNumber(CompiledSchema schema, JsonElement value, string at, string? title)
    {
        if (!value.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            Fault(at, title, "range", "is a number too large to use");
            return;
        }

        if (number < schema.Minimum || number > schema.Maximum || number <= schema.Above || number >= schema.Below)
        {
            Fault(at, title, "range", SchemaWords.MustBeWithin(schema, number, use));
        }

        if (schema.Step is > 0 and var step && Math.Abs(Math.IEEERemainder(number, step)) > step * 1e-9)
        {
            Fault(at, title, "multiple", FormattableString.Invariant($"must be a multiple of {step}"));
        }
    }

    private void CheckCount(int? least, int? greatest, int count, string at, string? title, string unit)
    {
        if (count < least || count > greatest)
        {
            Fault(at, title, "length", count < least
                ? FormattableString.Invariant($"needs at least {least:N0} {unit}")
                : FormattableString.Invariant($"has {count:N0} {unit}, at most {greatest:N0} are allowed"));
        }
    }

    private static bool Fits(SchemaTypes types, JsonElement value) => types == SchemaTypes.Any || value.ValueKind switch
    {
        JsonValueKind.Object => types.HasFlag(SchemaTypes.Object),
        JsonValueKind.Array => types.HasFlag(SchemaTypes.Array),
        JsonValueKind.String => types.HasFlag(SchemaTypes.String),
        JsonValueKind.True or JsonValueKind.False => types.HasFlag(SchemaTypes.Boolean),
        JsonValueKind.Number => types.HasFlag(SchemaTypes.Number) || (types.HasFlag(SchemaTypes.Integer) && value.TryGetDouble(out var number) && double.IsInteger(number)),
        _ => types.HasFlag(SchemaTypes.Null),
    };

    private static bool IsTemplate(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        var raw = JsonMarshal.GetRawUtf8Value(value);
        return raw.IndexOf("{{"u8) >= 0 || (raw.Contains((byte)'\\') && value.GetString()!.Contains("{{", StringComparison.Ordinal));
    }

    private void Fault(string at, string? title, string code, string phrase)
    {
        if (_faults.Count < most)
        {
            _faults.Add(new SchemaFault(at, code, phrase) { Title = title });
        }
    }
}
