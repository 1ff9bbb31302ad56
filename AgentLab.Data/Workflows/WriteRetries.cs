using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Workflows;

/// <summary>A write that collided with another one looks again: what it then sees decides, so that a lost race reads like a late request.</summary>
internal static class WriteRetries
{
    /// <summary>How often; each time somebody else got through, so the work goes on.</summary>
    private const int MostAttempts = 20;

    public static async Task<T> RunAsync<T>(Func<Task<T>> attempt)
    {
        for (var number = 1; ; number++)
        {
            try
            {
                return await attempt();
            }
            catch (DbUpdateException error) when (number < MostAttempts && (error is DbUpdateConcurrencyException || UniqueViolation.Is(error)))
            {
                // The next attempt reads what the other write left.
            }
        }
    }
}
