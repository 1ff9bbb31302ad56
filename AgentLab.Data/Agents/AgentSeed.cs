using AgentLab.Core.Agents;
using AgentLab.Core.Tools;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Agents;

/// <summary>
/// Makes the starter agents at the first start; each once in the life of a database, so that one that an administrator deletes stays deleted. One whose
/// tools this program lacks waits for a program that has them.
/// </summary>
internal sealed partial class AgentSeed(LabDatabase database, IToolRegistry tools, TimeProvider clock, ILogger<AgentSeed> logger) : IHostedService
{
    /// <summary>The fact of the instance that names the starter agents made so far, joined by commas.</summary>
    internal const string Fact = "starter_agents";

    /// <summary>The instance itself owns them: administrators alone change them.</summary>
    private static readonly Guid Owner = Guid.Empty;

    /// <summary>Runs after the database has started: that happens before any hosted part's own start.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var fitting = StarterAgents.All.Where(starter => starter.Definition.Tools.All(tool => tools.Find(tool) is not null)).ToList();
        try
        {
            var made = await database.WriteAsync((context, token) => SeedAsync(context, fitting, token), cancellationToken);
            if (made.Count > 0)
            {
                LogSeeded(string.Join(", ", made));
            }
        }
        catch (DbUpdateException error) when (UniqueViolation.Is(error))
        {
            LogAnotherNode();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<List<string>> SeedAsync(LabDbContext context, List<StarterAgent> fitting, CancellationToken cancellationToken)
    {
        var done = (await InstanceRows.GetAsync(context, Fact, cancellationToken))?.Split(',') ?? [];
        var due = fitting.Where(starter => !done.Contains(starter.Slug, StringComparer.Ordinal)).ToList();
        var made = new List<string>();
        if (due.Count == 0)
        {
            return made;
        }

        // First of all, so that of two nodes that start at once one is refused before it makes anything.
        await InstanceRows.SetAsync(context, Fact, string.Join(',', [.. done, .. due.Select(starter => starter.Slug)]), cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        foreach (var (slug, definition) in due)
        {
            var clean = AgentRules.Clean(definition);
            var name = AgentRules.NormalizeName(clean.Name);
            if (!await context.Set<AgentRow>().AnyAsync(row => row.NormalizedName == name, cancellationToken))
            {
                var agent = await AgentInserts.AddAsync(context, clean, AgentStatus.Active, slug, Owner, UtcMicroseconds.Now(clock), cancellationToken);
                await context.SaveChangesAsync(cancellationToken);
                made.Add(agent.Slug);
            }
        }

        return made;
    }
}
