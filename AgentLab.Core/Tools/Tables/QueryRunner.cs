namespace AgentLab.Core.Tools.Tables;

/// <summary>The rows that a query kept, and how many it found.</summary>
internal sealed record QueryRows(IReadOnlyList<TableValue[]> Rows, int TotalRows);

/// <summary>Runs a plan over a table's rows as they come: memory holds the groups, or at most as many rows as are asked for.</summary>
internal sealed class QueryRunner(QueryPlan plan, TableProfile profile)
{
    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private readonly List<Row> _rows = [];
    private int _found;

    public async Task<QueryRows> RunAsync(TableReader reader, CancellationToken cancellationToken)
    {
        await foreach (var cells in reader.RowsAsync(cancellationToken))
        {
            if (!plan.Filters.All(filter => filter.Accepts(cells[filter.Index])))
            {
                continue;
            }

            if (plan.IsGrouped)
            {
                Gather(cells);
            }
            else
            {
                Keep(cells);
            }
        }

        if (plan.IsGrouped)
        {
            CloseGroups();
        }

        Shrink();
        return new QueryRows([.. _rows.Select(row => row.Values)], _found);
    }

    private void Gather(string[] cells)
    {
        var key = KeyOf(cells);
        if (!_groups.TryGetValue(key, out var group))
        {
            if (_groups.Count == TableLimits.MaxGroups)
            {
                throw new ToolFailureException(ToolErrorCodes.TooLarge, $"There are more than {TableLimits.MaxGroups} groups: group by a column with fewer values.");
            }

            group = new Group([.. plan.Outputs.Select(output => output.Index < 0 ? default : Cell(cells, output.Index))], NewAccumulators());
            _groups.Add(key, group);
        }

        for (var index = 0; index < plan.Outputs.Count; index++)
        {
            var source = plan.Outputs[index].Index;
            group.Accumulators[index].Add(source < 0 ? default : Cell(cells, source));
        }
    }

    /// <summary>Each part is led by its length, so that no two groups share a key.</summary>
    private string KeyOf(string[] cells) => string.Concat(plan.GroupBy.Select(index =>
    {
        var key = Cell(cells, index).Key;
        return $"{key.Length}:{key}";
    }));

    private Accumulator[] NewAccumulators() => [.. plan.Outputs.Select(output => new Accumulator(output.Aggregate, countsRows: output.Index < 0))];

    private void CloseGroups()
    {
        if (_groups.Count == 0 && plan.GroupBy.Length == 0)
        {
            // As in every query language: the count of no rows is one row that says 0.
            _groups.Add("", new Group(new TableValue[plan.Outputs.Count], NewAccumulators()));
        }

        foreach (var group in _groups.Values)
        {
            TableValue[] values = [.. plan.Outputs.Select((output, index) => output.Aggregate == Aggregate.None ? group.First[index] : group.Accumulators[index].Result)];
            _rows.Add(new Row(values, [.. plan.Order.Select(order => values[order.Index])], _found++));
        }
    }

    private void Keep(string[] cells)
    {
        _found++;
        if (plan.Order.Count == 0 && _rows.Count >= plan.Limit)
        {
            return;
        }

        TableValue[] values = [.. plan.Outputs.Select(output => Cell(cells, output.Index))];
        _rows.Add(new Row(values, [.. plan.Order.Select(order => order.IsSource ? Cell(cells, order.Index) : values[order.Index])], _found));
        if (_rows.Count >= Math.Max(4 * plan.Limit, 1_000))
        {
            Shrink();
        }
    }

    /// <summary>Orders what is kept and drops what can no longer be among the first.</summary>
    private void Shrink()
    {
        if (plan.Order.Count > 0)
        {
            _rows.Sort(Compare);
        }

        if (_rows.Count > plan.Limit)
        {
            _rows.RemoveRange(plan.Limit, _rows.Count - plan.Limit);
        }
    }

    private int Compare(Row left, Row right)
    {
        for (var index = 0; index < plan.Order.Count; index++)
        {
            var comparison = TableValue.Compare(left.Keys[index], right.Keys[index]);
            if (comparison != 0)
            {
                // Empty cells stay last in both directions.
                var turns = plan.Order[index].Descending && !left.Keys[index].IsEmpty && !right.Keys[index].IsEmpty;
                return turns ? -comparison : comparison;
            }
        }

        return left.Position.CompareTo(right.Position);
    }

    private TableValue Cell(string[] cells, int index)
    {
        TableValue.TryRead(profile.Columns[index].Type, cells[index], out var value);
        return value;
    }

    private sealed record Group(TableValue[] First, Accumulator[] Accumulators);

    private sealed record Row(TableValue[] Values, TableValue[] Keys, int Position);
}
