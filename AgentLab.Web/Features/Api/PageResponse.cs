using AgentLab.Core.Sessions;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

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

    /// <summary>What is said of a cursor that a list did not give out.</summary>
    public const string NotACursor = "This is not a cursor of this list.";

    /// <summary>The page with each item as clients see it.</summary>
    public static PageResponse<TOut> Select<TIn, TOut>(this Page<TIn> page, Func<TIn, TOut> select) =>
        new() { Items = [.. page.Items.Select(select)], NextCursor = page.NextCursor };

    /// <summary>The page that a store is reading, or what is wrong with the cursor that it was asked for.</summary>
    public static async Task<Results<Ok<PageResponse<TOut>>, ProblemHttpResult>> AnswerAsync<TIn, TOut>(this ValueTask<Page<TIn>> reading, Func<TIn, TOut> select)
    {
        try
        {
            return TypedResults.Ok((await reading).Select(select));
        }
        catch (FormatException)
        {
            return ErrorTable.Invalid("cursor", NotACursor);
        }
    }
}
