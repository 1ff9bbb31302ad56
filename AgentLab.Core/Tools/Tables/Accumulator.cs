namespace AgentLab.Core.Tools.Tables;

/// <summary>One aggregate over the rows of one group. Empty cells are passed over, except by a count of all rows.</summary>
internal sealed class Accumulator(Aggregate aggregate, bool countsRows)
{
    private const int AveragePlaces = 6;

    private int _count;
    private decimal _sum;
    private TableValue? _extreme;

    public void Add(TableValue value)
    {
        if (value.IsEmpty && !countsRows)
        {
            return;
        }

        _count++;
        switch (aggregate)
        {
            case Aggregate.Sum or Aggregate.Avg:
                _sum = Plus(_sum, value.Number);
                break;
            case Aggregate.Min when _extreme is not { } least || TableValue.Compare(value, least) < 0:
            case Aggregate.Max when _extreme is not { } most || TableValue.Compare(value, most) > 0:
                _extreme = value;
                break;
        }
    }

    /// <summary>The sum, average, least and most of nothing is empty; its count is 0.</summary>
    public TableValue Result => aggregate switch
    {
        Aggregate.Count => TableValue.Of(_count),
        Aggregate.Sum when _count > 0 => TableValue.Of(_sum),
        Aggregate.Avg when _count > 0 => TableValue.Of(Math.Round(_sum / _count, AveragePlaces, MidpointRounding.AwayFromZero)),
        Aggregate.Min or Aggregate.Max when _extreme is { } extreme => extreme,
        _ => TableValue.Empty(ColumnType.Number),
    };

    private static decimal Plus(decimal sum, decimal value)
    {
        try
        {
            return sum + value;
        }
        catch (OverflowException)
        {
            throw new ToolFailureException(ToolErrorCodes.TooLarge, "The sum is too large to write down.");
        }
    }
}
