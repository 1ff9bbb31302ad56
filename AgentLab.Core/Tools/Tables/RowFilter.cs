using System.Text.Json;

namespace AgentLab.Core.Tools.Tables;

/// <summary>One condition bound to a column: its value is read once as the column's type, so that a wrong one is named before any row is read.</summary>
internal sealed class RowFilter
{
    private readonly ColumnProfile _column;
    private readonly ConditionOperator _operator;
    private readonly string? _part;
    private readonly TableValue[] _values;

    private RowFilter(int index, ColumnProfile column, ConditionOperator @operator, string? part, TableValue[] values)
    {
        Index = index;
        _column = column;
        _operator = @operator;
        _part = part;
        _values = values;
    }

    /// <summary>The place of the column.</summary>
    public int Index { get; }

    public static RowFilter Bind(Condition condition, TableProfile profile)
    {
        var index = profile.IndexOf(condition.Column);
        var column = profile.Columns[index];
        var value = condition.Value ?? JsonElement.Parse("null");
        return condition.Operator switch
        {
            ConditionOperator.Contains => new(index, column, condition.Operator, Scalar(column, condition.Operator, value), []),
            ConditionOperator.In => new(index, column, condition.Operator, null, [.. List(column, value).Select(one => Read(column, condition.Operator, one))]),
            _ => new(index, column, condition.Operator, null, [ReadOrEmpty(column, condition.Operator, value)]),
        };
    }

    public bool Accepts(string text)
    {
        if (_operator == ConditionOperator.Contains)
        {
            return text.Contains(_part!, StringComparison.OrdinalIgnoreCase);
        }

        TableValue.TryRead(_column.Type, text, out var cell);
        return _operator switch
        {
            ConditionOperator.Eq => AreEqual(cell, _values[0]),
            ConditionOperator.Ne => !AreEqual(cell, _values[0]),
            ConditionOperator.In => Array.Exists(_values, value => AreEqual(cell, value)),
            _ => !cell.IsEmpty && IsOrdered(TableValue.Compare(cell, _values[0])),
        };
    }

    private bool IsOrdered(int comparison) => _operator switch
    {
        ConditionOperator.Lt => comparison < 0,
        ConditionOperator.Le => comparison <= 0,
        ConditionOperator.Gt => comparison > 0,
        _ => comparison >= 0,
    };

    private static bool AreEqual(TableValue one, TableValue other) => one.IsEmpty == other.IsEmpty && TableValue.Compare(one, other) == 0;

    /// <summary>eq and ne take null or an empty text for "is empty".</summary>
    private static TableValue ReadOrEmpty(ColumnProfile column, ConditionOperator @operator, JsonElement value) =>
        @operator is ConditionOperator.Eq or ConditionOperator.Ne && IsNothing(value)
            ? TableValue.Empty(column.Type)
            : Read(column, @operator, value);

    private static bool IsNothing(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0);

    private static TableValue Read(ColumnProfile column, ConditionOperator @operator, JsonElement value)
    {
        var text = Scalar(column, @operator, value);
        return TableValue.TryRead(column.Type, text, out var read) && !read.IsEmpty
            ? read
            : throw Wrong(column, @operator, column.Type switch
            {
                ColumnType.Number => $"needs a number, not \"{text}\"",
                ColumnType.Date => $"needs a date such as 2026-03-31, not \"{text}\"",
                _ => "needs a text",
            });
    }

    private static JsonElement.ArrayEnumerator List(ColumnProfile column, JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray()
        : throw Wrong(column, ConditionOperator.In, "needs an array of values");

    private static string Scalar(ColumnProfile column, ConditionOperator @operator, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Trim(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => throw Wrong(column, @operator, "needs one value"),
    };

    private static ToolFailureException Wrong(ColumnProfile column, ConditionOperator @operator, string what)
    {
        var name = @operator.ToString().ToLowerInvariant();
        return new(ToolErrorCodes.Refused, $"The condition {column.Name} {name} {what}.");
    }
}
