using AgentLab.Core.Sessions;

namespace AgentLab.Web.Features.Api;

/// <summary>One page of a list.</summary>
internal sealed record PageResponse<T>
{
    /// <summary>The items.</summary>
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>Hand it back as <c>cursor</c> for the next page; null on the last.</summary>
    public required string? NextCursor { get; init; }
}

/// <summary>The bounds of lists.</summary>
internal static class Paging
{
    public const int DefaultLimit = 20;
    public const int MaxLimit = 100;

    /// <summary>The page with each item as clients see it.</summary>
    public static PageResponse<TOut> Select<TIn, TOut>(this Page<TIn> page, Func<TIn, TOut> select) =>
        new() { Items = [.. page.Items.Select(select)], NextCursor = page.NextCursor };
}
