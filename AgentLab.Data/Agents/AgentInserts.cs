using AgentLab.Core.Agents;
using AgentLab.Data.Projects;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Agents;

/// <summary>Writes the rows of a new agent inside a transaction of the caller's.</summary>
internal static class AgentInserts
{
    /// <param name="context">The context of the transaction.</param>
    /// <param name="definition">A clean and valid definition whose name is free.</param>
    /// <param name="status">Its first status.</param>
    /// <param name="slug">The slug that it gets if no other agent has or had it; else the next with a number.</param>
    /// <param name="owner">Who owns it.</param>
    /// <param name="now">The present time in UTC microseconds.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public static async Task<Agent> AddAsync(
        LabDbContext context, AgentDefinition definition, AgentStatus status, string slug, Guid owner, long now, CancellationToken cancellationToken)
    {
        var row = new AgentRow
        {
            Id = Guid.CreateVersion7(),
            Slug = await FreeSlugAsync(context, slug, cancellationToken),
            Name = definition.Name,
            NormalizedName = AgentRules.NormalizeName(definition.Name),
            Status = status,
            Type = definition.Type,
            Version = 1,
            OwnerId = owner,
            ProjectId = Project.DefaultId,
            CreatedAt = now,
            UpdatedAt = now,
        };
        context.Add(row);
        // The version needs the key that the database gives.
        await context.SaveChangesAsync(cancellationToken);
        var saved = new AgentVersionRow
        {
            AgentKey = row.Key,
            Version = 1,
            Definition = DefinitionJson.Write(definition),
            SavedAt = now,
            SavedBy = owner,
        };
        context.Add(saved);
        return new Found(row, saved).ToAgent();
    }

    private static async Task<string> FreeSlugAsync(LabDbContext context, string slug, CancellationToken cancellationToken)
    {
        var numbered = $"{slug}-";
        var taken = await context.Set<AgentRow>().Where(row => row.Slug == slug || row.Slug.StartsWith(numbered))
            .Select(row => row.Slug).ToListAsync(cancellationToken);
        return AgentSlug.Free(slug, taken.ToHashSet(StringComparer.Ordinal));
    }
}
