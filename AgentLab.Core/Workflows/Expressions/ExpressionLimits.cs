namespace AgentLab.Core.Workflows.Expressions;

/// <summary>The bounds of expressions. What they bound is work and not time, so that an expression that ends today ends tomorrow, on any machine.</summary>
public static class ExpressionLimits
{
    /// <summary>Bytes of one template in UTF-8: 64 KB.</summary>
    public const int TemplateBytes = 64 * 1024;

    /// <summary>Bytes of what one evaluation gives: 1 MB.</summary>
    public const int OutputBytes = 1024 * 1024;

    /// <summary>How deep blocks and calls may be nested: 16.</summary>
    public const int Depth = 16;

    /// <summary>Rounds of <c>#each</c> in one evaluation, over all of them: 100,000.</summary>
    public const int Iterations = 100_000;

    /// <summary>Units of work in one evaluation; each is far below a microsecond.</summary>
    public const int Work = 2_000_000;

    /// <summary>How deep groups of conditions may be nested: 5.</summary>
    public const int ConditionDepth = 5;

    /// <summary>Conditions in one setting, groups included: 200.</summary>
    public const int Conditions = 200;

    /// <summary>Characters of a regular expression: 1,000.</summary>
    public const int PatternCharacters = 1_000;

    /// <summary>Characters of a JSON path: 2,000.</summary>
    public const int PathCharacters = 2_000;

    /// <summary>What one JSON path may find: 100,000 values.</summary>
    public const int PathResults = 100_000;

    /// <summary>How deep a value may be nested.</summary>
    public const int JsonDepth = 64;
}

/// <summary>What an evaluation has left of its bounds.</summary>
internal sealed class WorkBudget
{
    private int _work = ExpressionLimits.Work;
    private int _iterations = ExpressionLimits.Iterations;

    /// <summary>Takes one unit, and more for every so many bytes, characters or members that are looked through.</summary>
    /// <exception cref="ExpressionException">Nothing is left.</exception>
    public void Spend(long size = 0)
    {
        _work -= 1 + (int)Math.Min(size / 32, ExpressionLimits.Work);
        if (_work < 0)
        {
            throw new ExpressionException("template_too_long", "The expression takes too much work. Give it less to look through, or split it over several nodes.");
        }
    }

    /// <summary>Takes one round of a loop.</summary>
    /// <exception cref="ExpressionException">Nothing is left.</exception>
    public void Iterate()
    {
        Spend();
        if (--_iterations < 0)
        {
            throw new ExpressionException("template_too_long", $"The template goes round more than {ExpressionLimits.Iterations:N0} times. Limit the list before it.");
        }
    }
}
