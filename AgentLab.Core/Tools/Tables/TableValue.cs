using System.Globalization;
using System.Text.Json.Nodes;

namespace AgentLab.Core.Tools.Tables;

/// <summary>What all values of a column are.</summary>
internal enum ColumnType
{
    Number,
    Date,
    Text,
}

/// <summary>One cell, typed as its column. Empty cells compare after all others.</summary>
internal readonly record struct TableValue
{
    private static readonly string[] DateFormats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    private TableValue(ColumnType type, decimal number, DateTimeOffset date, string? text)
    {
        Type = type;
        Number = number;
        Date = date;
        Text = text;
    }

    public ColumnType Type { get; }

    public decimal Number { get; }

    public DateTimeOffset Date { get; }

    /// <summary>The cell as it was written; null when it is empty.</summary>
    public string? Text { get; }

    public bool IsEmpty => Text is null;

    public static TableValue Empty(ColumnType type) => new(type, 0, default, null);

    public static TableValue Of(decimal number) => new(ColumnType.Number, number, default, Write(number));

    /// <summary>Reads a cell of a column whose type is known. A text that is blank is empty.</summary>
    /// <returns>False when the text is not of that type.</returns>
    public static bool TryRead(ColumnType type, string text, out TableValue value)
    {
        value = Empty(type);
        if (string.IsNullOrWhiteSpace(text))
        {
            return true;
        }

        switch (type)
        {
            case ColumnType.Number when TryNumber(text, out var number):
                value = new TableValue(type, number, default, text);
                return true;
            case ColumnType.Date when TryDate(text, out var date):
                value = new TableValue(type, 0, date, text);
                return true;
            case ColumnType.Text:
                value = new TableValue(type, 0, default, text);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Plain decimals only. Digits behind a leading zero are an identifier or a postcode, not a number.</summary>
    public static bool TryNumber(string text, out decimal number)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        var digits = text.AsSpan().TrimStart('-');
        number = 0;
        return !(digits.Length > 1 && digits[0] == '0' && char.IsAsciiDigit(digits[1])) && decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>ISO 8601 dates and times; without an offset they count as UTC.</summary>
    public static bool TryDate(string text, out DateTimeOffset date)
    {
        date = default;
        return text.Length is >= 10 and <= 40
            && DateTimeOffset.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date);
    }

    public static int Compare(TableValue left, TableValue right) => (left.IsEmpty, right.IsEmpty) switch
    {
        (true, true) => 0,
        (true, false) => 1,
        (false, true) => -1,
        _ => left.Type switch
        {
            ColumnType.Number => left.Number.CompareTo(right.Number),
            ColumnType.Date => left.Date.CompareTo(right.Date),
            _ => string.Compare(left.Text, right.Text, StringComparison.OrdinalIgnoreCase),
        },
    };

    /// <summary>Equal for cells that belong to one group.</summary>
    public string Key => Type switch
    {
        _ when IsEmpty => "",
        ColumnType.Number => Write(Number),
        ColumnType.Date => Date.UtcTicks.ToString(CultureInfo.InvariantCulture),
        _ => Text!,
    };

    public JsonNode? ToJson() => Type switch
    {
        _ when IsEmpty => null,
        ColumnType.Number => JsonValue.Create(Trim(Number)),
        _ => JsonValue.Create(Text!.Length <= TableLimits.MaxCellCharacters ? Text : Text[..TableLimits.MaxCellCharacters] + "…"),
    };

    public string ToCsv() => IsEmpty ? "" : Type == ColumnType.Number ? Write(Number) : Text!;

    /// <summary>Division by a one with 28 places drops trailing zeros.</summary>
    private static decimal Trim(decimal number) => number / 1.0000000000000000000000000000m;

    private static string Write(decimal number) => Trim(number).ToString(CultureInfo.InvariantCulture);
}
