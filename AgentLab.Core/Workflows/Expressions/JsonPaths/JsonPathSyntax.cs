using System.Text.Json;

namespace AgentLab.Core.Workflows.Expressions.JsonPaths;

/// <summary>A query: <c>$</c> or <c>@</c>, and what follows.</summary>
internal sealed record PathQuery(bool FromRoot, IReadOnlyList<QuerySegment> Segments)
{
    /// <summary>Whether it finds at most one value.</summary>
    public bool IsSingular => Segments.All(s => !s.IsDescendant && s.Selectors is [NameSelector or IndexSelector]);
}

/// <summary><c>.name</c>, <c>[selector, selector]</c>, or either after <c>..</c>.</summary>
internal sealed record QuerySegment(bool IsDescendant, IReadOnlyList<QuerySelector> Selectors);

internal abstract record QuerySelector;

internal sealed record NameSelector(string Name) : QuerySelector;

internal sealed record IndexSelector(long Index) : QuerySelector;

internal sealed record SliceSelector(long? Start, long? End, long Step) : QuerySelector;

internal sealed record WildcardSelector : QuerySelector;

internal sealed record FilterSelector(PathFilter Filter) : QuerySelector;

internal abstract record PathFilter;

internal sealed record AnyFilter(IReadOnlyList<PathFilter> Parts) : PathFilter;

internal sealed record AllFilter(IReadOnlyList<PathFilter> Parts) : PathFilter;

internal sealed record NotFilter(PathFilter Inner) : PathFilter;

internal sealed record ExistsFilter(PathQuery Query) : PathFilter;

internal sealed record CompareFilter(PathOperand Left, string Operator, PathOperand Right) : PathFilter;

internal abstract record PathOperand;

internal sealed record LiteralOperand(JsonElement Value) : PathOperand;

internal sealed record QueryOperand(PathQuery Query) : PathOperand;

/// <summary><c>length(x)</c>.</summary>
internal sealed record LengthOperand(PathOperand Of) : PathOperand;

/// <summary><c>count(query)</c>.</summary>
internal sealed record CountOperand(PathQuery Query) : PathOperand;
