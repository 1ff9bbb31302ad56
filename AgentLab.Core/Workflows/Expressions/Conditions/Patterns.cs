using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace AgentLab.Core.Workflows.Expressions.Conditions;

/// <summary>Regular expressions of people and models: matched in linear time, with a limit on top, and kept once they are compiled.</summary>
internal static class Patterns
{
    private const int MostKept = 500;

    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    private static readonly ConcurrentDictionary<(string, bool), Regex> Kept = new();

    /// <exception cref="ExpressionException">The expression is not one, or too large; or the match took too long.</exception>
    public static bool Matches(string text, string pattern, bool ignoreCase)
    {
        try
        {
            return Compile(pattern, ignoreCase).IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new ExpressionException("pattern_too_slow", "The regular expression took too long on this text. Make it simpler.");
        }
    }

    /// <exception cref="ExpressionException">The expression is not one, or too large.</exception>
    public static Regex Compile(string pattern, bool ignoreCase)
    {
        if (Kept.TryGetValue((pattern, ignoreCase), out var kept))
        {
            return kept;
        }

        if (pattern.Length > ExpressionLimits.PatternCharacters)
        {
            throw new ExpressionException("pattern_too_large", $"The regular expression is longer than {ExpressionLimits.PatternCharacters:N0} characters.");
        }

        try
        {
            var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
            var regex = new Regex(pattern, options, MatchLimit);
            if (Kept.Count >= MostKept)
            {
                Kept.Clear();
            }

            return Kept[(pattern, ignoreCase)] = regex;
        }
        catch (ArgumentException wrong)
        {
            throw new ExpressionException("pattern_syntax", $"The regular expression is not right: {wrong.Message}");
        }
        catch (NotSupportedException)
        {
            throw new ExpressionException("pattern_syntax", "The regular expression is too large, or looks ahead, looks back or refers to a group: those are not known here.");
        }
    }
}
