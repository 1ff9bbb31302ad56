namespace AgentLab.Core.Tools.Tables;

/// <summary>A column of the result.</summary>
/// <param name="Name">As the result calls it.</param>
/// <param name="Index">The place of its source column, or -1 for the count of all rows.</param>
/// <param name="Aggregate">None for a plain column.</param>
internal sealed record OutputColumn(string Name, int Index, Aggregate Aggregate);

/// <summary>Orders rows by a column of the result or, when <paramref name="IsSource"/>, of the table.</summary>
internal sealed record RowOrder(int Index, bool IsSource, bool Descending);

/// <summary>A query whose names and types have been checked against its table.</summary>
internal sealed class QueryPlan
{
    private const string AllRows = "*";

    private QueryPlan(IReadOnlyList<OutputColumn> outputs, IReadOnlyList<RowFilter> filters, int[] groupBy, bool isGrouped, IReadOnlyList<RowOrder> order, int limit)
    {
        Outputs = outputs;
        Filters = filters;
        GroupBy = groupBy;
        IsGrouped = isGrouped;
        Order = order;
        Limit = limit;
    }

    public IReadOnlyList<OutputColumn> Outputs { get; }

    public IReadOnlyList<RowFilter> Filters { get; }

    public int[] GroupBy { get; }

    /// <summary>True when rows are gathered into groups: there are aggregates or a groupBy.</summary>
    public bool IsGrouped { get; }

    public IReadOnlyList<RowOrder> Order { get; }

    public int Limit { get; }

    /// <exception cref="ToolFailureException">A name or a combination is wrong; the sentence says what to write instead.</exception>
    public static QueryPlan Bind(TableQuery query, TableProfile profile)
    {
        var select = query.Select ?? [];
        int[] groupBy = [.. (query.GroupBy ?? []).Select(profile.IndexOf).Distinct()];
        var isGrouped = groupBy.Length > 0 || select.Any(item => item.Aggregate is not (null or Aggregate.None));
        var outputs = isGrouped ? BindGrouped(select, groupBy, profile) : BindPlain(select, profile);
        return new QueryPlan(
            Distinct(outputs),
            [.. (query.Where ?? []).Select(condition => RowFilter.Bind(condition, profile))],
            groupBy,
            isGrouped,
            [.. (query.OrderBy ?? []).Select(item => BindOrder(item, outputs, isGrouped, profile))],
            query.Limit ?? TableLimits.DefaultResultRows);
    }

    private static List<OutputColumn> BindPlain(IReadOnlyList<SelectItem> select, TableProfile profile)
    {
        if (select.Count == 0 || select is [{ Column: AllRows }])
        {
            return [.. profile.Columns.Select((column, index) => new OutputColumn(column.Name, index, Aggregate.None))];
        }

        return [.. select.Select(item => BindItem(item, profile))];
    }

    private static List<OutputColumn> BindGrouped(IReadOnlyList<SelectItem> select, int[] groupBy, TableProfile profile)
    {
        var outputs = select.Select(item => BindItem(item, profile)).ToList();
        foreach (var output in outputs)
        {
            if (output.Aggregate == Aggregate.None && !groupBy.Contains(output.Index))
            {
                throw new ToolFailureException(
                    ToolErrorCodes.Refused,
                    $"The column {output.Name} is neither in groupBy nor has an aggregate: add it to groupBy, or give it one of count, sum, avg, min, max.");
            }
        }

        // A group without its name tells nothing: what is grouped by leads, unless it was selected anyway.
        outputs.InsertRange(0, groupBy
            .Where(index => !outputs.Any(output => output.Aggregate == Aggregate.None && output.Index == index))
            .Select(index => new OutputColumn(profile.Columns[index].Name, index, Aggregate.None)));
        if (select.Count == 0)
        {
            outputs.Add(new OutputColumn("count", -1, Aggregate.Count));
        }

        return outputs;
    }

    private static OutputColumn BindItem(SelectItem item, TableProfile profile)
    {
        var aggregate = item.Aggregate ?? Aggregate.None;
        if (item.Column == AllRows)
        {
            return aggregate == Aggregate.Count
                ? new OutputColumn(item.As ?? "count", -1, aggregate)
                : throw new ToolFailureException(ToolErrorCodes.Refused, "\"*\" stands for all rows and can only be counted. Name the columns instead.");
        }

        var index = profile.IndexOf(item.Column);
        var column = profile.Columns[index];
        if (aggregate is Aggregate.Sum or Aggregate.Avg && column.Type != ColumnType.Number)
        {
            throw new ToolFailureException(ToolErrorCodes.Refused, $"The column {column.Name} holds {Describe(column.Type)}: only numbers have a sum or an average.");
        }

        var own = aggregate == Aggregate.None ? column.Name : $"{aggregate.ToString().ToLowerInvariant()}_{column.Name}";
        return new OutputColumn(string.IsNullOrWhiteSpace(item.As) ? own : item.As, index, aggregate);
    }

    private static RowOrder BindOrder(OrderItem item, List<OutputColumn> outputs, bool isGrouped, TableProfile profile)
    {
        var descending = item.Descending ?? false;
        var index = outputs.FindIndex(output => output.Name.Equals(item.Column, StringComparison.OrdinalIgnoreCase));
        if (index >= 0)
        {
            return new RowOrder(index, IsSource: false, descending);
        }

        if (!isGrouped)
        {
            return new RowOrder(profile.IndexOf(item.Column), IsSource: true, descending);
        }

        // "order by total" beside one aggregate of total can only mean that one.
        var aggregates = outputs.Where(output => output.Index >= 0 && profile.Columns[output.Index].Name.Equals(item.Column, StringComparison.OrdinalIgnoreCase)).ToArray();
        return aggregates.Length == 1
            ? new RowOrder(outputs.IndexOf(aggregates[0]), IsSource: false, descending)
            : throw new ToolFailureException(
                ToolErrorCodes.NotFound,
                $"The result cannot be ordered by \"{item.Column}\". Its columns are {string.Join(", ", outputs.Select(output => output.Name))}.");
    }

    private static List<OutputColumn> Distinct(List<OutputColumn> outputs)
    {
        var repeated = outputs.GroupBy(output => output.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        return repeated is null
            ? outputs
            : throw new ToolFailureException(ToolErrorCodes.Refused, $"Two columns of the result are called \"{repeated.Key}\": give one of them another name with \"as\".");
    }

    private static string Describe(ColumnType type) => type == ColumnType.Date ? "dates" : "text";
}
