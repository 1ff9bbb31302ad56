using System.Text.Json;

namespace AgentLab.Core.Workflows.Expressions.JsonPaths;

/// <summary>
/// JSON path (RFC 9535): names, indices, slices, wildcards, descendants and filters with comparisons, <c>&amp;&amp;</c>, <c>||</c>, <c>!</c>, <c>length()</c> and <c>count()</c>.
/// Without the functions that run regular expressions. Bounded in length, depth, work and results.
/// </summary>
public sealed class JsonPath
{
    private readonly PathQuery _query;

    private JsonPath(PathQuery query) => _query = query;

    /// <summary>Whether the path can find at most one value: names and indices only.</summary>
    public bool IsSingular => _query.IsSingular;

    /// <summary>Reads a path.</summary>
    /// <exception cref="ExpressionException"><c>path_syntax</c> or <c>path_too_large</c>.</exception>
    public static JsonPath Parse(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Length <= ExpressionLimits.PathCharacters
            ? new JsonPath(new JsonPathParser(path.Trim()).Parse())
            : throw new ExpressionException("path_too_large", $"The path is longer than {ExpressionLimits.PathCharacters:N0} characters.");
    }

    /// <summary>What the path finds, in document order.</summary>
    /// <exception cref="ExpressionException">It finds too much, or takes too much work.</exception>
    public IReadOnlyList<JsonElement> Find(JsonElement root)
    {
        try
        {
            return new JsonPathEvaluator(root).Find(_query, root);
        }
        catch (InvalidOperationException)
        {
            // A text of half a surrogate pair: JSON can hold one, and no text can.
            throw new ExpressionException("value_unreadable", "The value holds a broken character. Replace it where it comes from.");
        }
    }
}
