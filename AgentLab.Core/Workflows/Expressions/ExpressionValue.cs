using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentLab.Core.Workflows.Expressions;

/// <summary>What a value is.</summary>
internal enum ValueType
{
    /// <summary>Missing or null; the two are told apart nowhere.</summary>
    Null,

    Boolean,

    Number,

    Text,

    List,

    Object,
}

/// <summary>A value inside an expression: JSON as it came, or a text, number or truth value that was computed. Never anything of .NET that has members.</summary>
internal readonly struct ExpressionValue
{
    private readonly JsonElement _element;
    private readonly string? _text;
    private readonly decimal _number;

    private ExpressionValue(ValueType type, string? text = null, decimal number = 0) => (Type, _text, _number) = (type, text, number);

    private ExpressionValue(JsonElement element) => (_element, Type) = (element, TypeOf(element));

    /// <summary>Missing or null.</summary>
    public static ExpressionValue Null => default;

    public ValueType Type { get; }

    /// <summary>Whether it is there and not null.</summary>
    public bool Exists => Type != ValueType.Null;

    /// <summary>The JSON that it is; default when it was computed.</summary>
    public JsonElement Element => _element;

    /// <summary>As Handlebars decides: null, false, 0, an empty text and an empty list are not true.</summary>
    public bool IsTrue => Type switch
    {
        ValueType.Null => false,
        ValueType.Boolean => Boolean,
        ValueType.Number => !TryNumber(out var number) || number != 0,
        ValueType.Text => Text.Length > 0,
        ValueType.List => _element.GetArrayLength() > 0,
        _ => true,
    };

    /// <summary>The truth value of a boolean.</summary>
    public bool Boolean => IsJson ? _element.ValueKind == JsonValueKind.True : _number != 0;

    /// <summary>The text of a text.</summary>
    /// <exception cref="ExpressionException">It holds half a surrogate pair: JSON can hold one, and no text can.</exception>
    public string Text => _text ?? Read(_element);

    private bool IsJson => _element.ValueKind != JsonValueKind.Undefined;

    public static ExpressionValue Of(JsonElement? element) => element is { } value ? new(value) : default;

    public static ExpressionValue Of(string? text) => text is null ? default : new(ValueType.Text, text);

    public static ExpressionValue Of(decimal number) => new(ValueType.Number, number: number);

    public static ExpressionValue Of(bool value) => new(ValueType.Boolean, number: value ? 1 : 0);

    public static ValueType TypeOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => ValueType.Boolean,
        JsonValueKind.Number => ValueType.Number,
        JsonValueKind.String => ValueType.Text,
        JsonValueKind.Array => ValueType.List,
        JsonValueKind.Object => ValueType.Object,
        _ => ValueType.Null,
    };

    /// <summary>The number, when it is one that fits 28 digits.</summary>
    public bool TryNumber(out decimal number)
    {
        number = _number;
        return Type == ValueType.Number && (!IsJson || _element.TryGetDecimal(out number));
    }

    /// <summary>Appends the value as people read it: a text as it is, lists and objects as JSON, null as nothing.</summary>
    public void AppendTo(StringBuilder output)
    {
        switch (Type)
        {
            case ValueType.Null:
                break;
            case ValueType.Text:
                output.Append(Text);
                break;
            case ValueType.Boolean:
                output.Append(Boolean ? "true" : "false");
                break;
            case ValueType.Number when !IsJson:
                output.Append(Written());
                break;
            default:
                output.Append(_element.GetRawText());
                break;
        }
    }

    /// <summary>The value as people read it.</summary>
    public override string ToString() => Type switch
    {
        ValueType.Null => string.Empty,
        ValueType.Text => Text,
        ValueType.Boolean => Boolean ? "true" : "false",
        ValueType.Number when !IsJson => Written(),
        _ => _element.GetRawText(),
    };

    /// <summary>About how many bytes it takes.</summary>
    public long Size() => Type switch
    {
        ValueType.Text when _text is not null => _text.Length,
        ValueType.Text or ValueType.List or ValueType.Object => System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(_element).Length,
        _ => 8,
    };

    public void WriteTo(Utf8JsonWriter writer)
    {
        if (IsJson)
        {
            _element.WriteTo(writer);
            return;
        }

        switch (Type)
        {
            case ValueType.Text:
                writer.WriteStringValue(_text);
                break;
            case ValueType.Number:
                writer.WriteRawValue(Written(), skipInputValidation: true);
                break;
            case ValueType.Boolean:
                writer.WriteBooleanValue(Boolean);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    /// <summary>The value as JSON.</summary>
    public JsonElement ToJson()
    {
        if (IsJson)
        {
            return _element;
        }

        var value = this;
        return JsonOutput.Build(value, static (writer, it) => it.WriteTo(writer));
    }

    /// <summary>What people call the type: "a text".</summary>
    public static string Name(ValueType type) => type switch
    {
        ValueType.Null => "missing",
        ValueType.Boolean => "a truth value",
        ValueType.Number => "a number",
        ValueType.Text => "a text",
        ValueType.List => "a list",
        _ => "an object",
    };

    private static string Read(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new ExpressionException("value_unreadable", "A value holds a broken character. Replace it where it comes from.");
        }
    }

    /// <summary>Without the zeros that arithmetic leaves behind a point.</summary>
    private string Written() => _number.ToString("0.############################", CultureInfo.InvariantCulture);
}
