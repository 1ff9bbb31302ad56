using System.Text.Json;

namespace AgentLab.Core.Tools.Tables;

/// <summary>The arguments of table_query: data, never SQL or code.</summary>
internal sealed record TableQuery(
    string Table,
    IReadOnlyList<SelectItem>? Select,
    IReadOnlyList<Condition>? Where,
    IReadOnlyList<string>? GroupBy,
    IReadOnlyList<OrderItem>? OrderBy,
    int? Limit);

/// <summary>A column of the result: a column of the table, or an aggregate over one.</summary>
internal sealed record SelectItem(string Column, Aggregate? Aggregate, string? As);

/// <summary>A condition that a row must meet; all conditions must hold.</summary>
internal sealed record Condition(string Column, ConditionOperator Operator, JsonElement? Value);

internal sealed record OrderItem(string Column, bool? Descending);

internal enum Aggregate
{
    None,
    Count,
    Sum,
    Avg,
    Min,
    Max,
}

internal enum ConditionOperator
{
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Contains,
    In,
}
