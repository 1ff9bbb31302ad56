using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Gallery;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Workflows;

/// <summary>
/// Makes the starter workflows of the gallery at the first start, published, so that everyone sees and runs them; each once in the life of a database, so that one that an administrator
/// deletes stays deleted.
/// </summary>
internal sealed partial class WorkflowSeed(
    LabDatabase database, IWorkflowGallery gallery, IWorkflowRules rules, TimeProvider clock, ILogger<WorkflowSeed> logger) : IHostedService
{
    /// <summary>The fact of the instance that names the starter workflows made so far, joined by commas.</summary>
    internal const string Fact = "starter_workflows";

    /// <summary>The instance itself owns them: administrators alone change them.</summary>
    private static readonly Guid Owner = Guid.Empty;

    /// <summary>Runs after the database has started: that happens before any hosted part's own start.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // What this program's own rules refuse waits for a program that has mended it.
        var fitting = gallery.List.Where(template => template.IsStarter && rules.Validate(template.Definition).All(p => p.Severity != ProblemSeverity.Error)).ToList();
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

    private async Task<List<string>> SeedAsync(LabDbContext context, List<GalleryTemplate> fitting, CancellationToken cancellationToken)
    {
        var done = (await InstanceRows.GetAsync(context, Fact, cancellationToken))?.Split(',') ?? [];
        var due = fitting.Where(template => !done.Contains(template.Id, StringComparer.Ordinal)).ToList();
        var made = new List<string>();
        if (due.Count == 0)
        {
            return made;
        }

        // First of all, so that of two nodes that start at once one is refused before it makes anything.
        await InstanceRows.SetAsync(context, Fact, string.Join(',', [.. done, .. due.Select(template => template.Id)]), cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        foreach (var template in due)
        {
            if (!await WorkflowWrites.NameIsTakenAsync(context, template.Definition.Name, Owner, null, cancellationToken)
                && await AddAsync(context, template, cancellationToken) is { } slug)
            {
                made.Add(slug);
            }
        }

        return made;
    }

    private async Task<string?> AddAsync(LabDbContext context, GalleryTemplate template, CancellationToken cancellationToken)
    {
        var now = UtcMicroseconds.Now(clock);
        var added = await WorkflowWrites.AddAsync(context, template.Definition, template.Id, Owner, now, cancellationToken);
        var row = added.Row;
        if (await WorkflowTriggerRows.SetAsync(context, row, template.Definition, cancellationToken) is null)
        {
            row.PublishedVersion = 1;
            row.PublishedHash = row.DraftHash;
            context.Add(new WorkflowVersionRow
            {
                WorkflowKey = row.Key,
                Version = 1,
                Definition = added.Draft,
                Note = "Came with AgentLab",
                PublishedAt = now,
                PublishedBy = Owner,
            });
        }

        await context.SaveChangesAsync(cancellationToken);
        return row.Slug;
    }
}
