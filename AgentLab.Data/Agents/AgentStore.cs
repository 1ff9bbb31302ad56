using AgentLab.Core;
using AgentLab.Core.Agents;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Tools;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Agents;

/// <summary>The agents in the database: a root row each, and its versions beside it.</summary>
internal sealed class AgentStore(LabDatabase database, IToolRegistry tools, TimeProvider clock) : IAgentStore
{
    private const int MostPerPage = 100;

    /// <summary>How often a write that lost a race looks again; each time somebody else got through, so the work goes on.</summary>
    private const int MostAttempts = 20;

    private readonly string[] _knownTools = [.. tools.All.Select(tool => tool.Name)];

    /// <inheritdoc/>
    public async ValueTask<Page<Agent>> ListAsync(AgentQuery query, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var limit = Math.Clamp(query.Limit, 1, MostPerPage);
        var after = string.IsNullOrEmpty(query.Cursor) ? null : AgentCursor.Parse(query.Cursor);
        if (query.Text is { } text && !AgentRules.IsPlainText(text))
        {
            // No name holds such characters.
            return new Page<Agent>([], null);
        }

        var found = await database.ReadAsync(
            (context, token) => WithDefinition(context, Filter(context, query, actor, after)).Take(limit + 1).ToListAsync(token),
            cancellationToken);
        var items = found.Take(limit).ToList();
        var next = found.Count > limit ? new AgentCursor(items[^1].Agent.NormalizedName!, items[^1].Agent.Key).ToString() : null;
        return new Page<Agent>([.. items.Select(pair => pair.ToAgent())], next);
    }

    /// <inheritdoc/>
    public async ValueTask<Agent?> FindAsync(string idOrSlug, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(idOrSlug);
        var text = idOrSlug.ToLowerInvariant();
        var byId = Guid.TryParseExact(text, "D", out var id);
        if (!byId && !AgentSlug.IsSlug(text))
        {
            return null;
        }

        var found = await database.ReadAsync(
            (context, token) =>
            {
                var rows = Visible(context.Set<AgentRow>(), actor);
                return WithDefinition(context, byId ? rows.Where(row => row.Id == id) : rows.Where(row => row.Slug == text))
                    .FirstOrDefaultAsync(token);
            },
            cancellationToken);
        return found?.ToAgent();
    }

    /// <inheritdoc/>
    public async ValueTask<Agent?> FindVersionAsync(Guid id, int version, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            (context, token) => (
                from agent in context.Set<AgentRow>()
                join saved in context.Set<AgentVersionRow>() on agent.Key equals saved.AgentKey
                where agent.Id == id && saved.Version == version
                select new Found(agent, saved)).FirstOrDefaultAsync(token),
            cancellationToken);
        return found?.ToAgent();
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AgentVersion>> VersionsAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            (context, token) => (
                from agent in Visible(context.Set<AgentRow>(), actor)
                join saved in context.Set<AgentVersionRow>() on agent.Key equals saved.AgentKey
                where agent.Id == id
                orderby saved.Version descending
                select saved).ToListAsync(token),
            cancellationToken);
        return [.. rows.Select(row => new AgentVersion(row.Version, UtcMicroseconds.ToTime(row.SavedAt), row.SavedBy, DefinitionJson.Read(row.Definition)))];
    }

    /// <inheritdoc/>
    public async Task<Outcome<Agent>> CreateAsync(AgentDefinition definition, AgentStatus status, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (!actor.MayEdit)
        {
            return Outcome<Agent>.Failure(LabError.Forbidden("Only editors and administrators make agents."));
        }

        var faults = AgentRules.Validate(definition, _knownTools);
        if (faults.Count > 0 || !Enum.IsDefined(status))
        {
            return Outcome<Agent>.Failure([.. faults, .. StatusFaults(status)]);
        }

        var clean = AgentRules.Clean(definition);
        return await WriteAsync(
            async (context, token) => await NameIsTakenAsync(context, clean.Name, null, token)
                ? Outcome<Agent>.Failure(NameTaken(clean.Name))
                : Outcome<Agent>.Success(await AgentInserts.AddAsync(
                    context, clean, status, AgentSlug.Of(clean.Name), actor.UserId, UtcMicroseconds.Now(clock), token)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Outcome<Agent>> UpdateAsync(
        Guid id, int expectedVersion, AgentDefinition definition, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(id, actor, (context, found, token) => SaveAsync(context, found, expectedVersion, definition, actor, token), cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome<Agent>> SetStatusAsync(Guid id, AgentStatus status, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            actor,
            (_, found, _) =>
            {
                if (!Enum.IsDefined(status))
                {
                    return Task.FromResult(Outcome<Agent>.Failure([.. StatusFaults(status)]));
                }

                if (found.Agent.Status != status)
                {
                    found.Agent.Status = status;
                    found.Agent.UpdatedAt = UtcMicroseconds.Now(clock);
                }

                return Task.FromResult(Outcome<Agent>.Success(found.ToAgent()));
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome<Agent>> SetOfferedAsync(Guid id, bool offered, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            actor,
            (_, found, _) =>
            {
                if (offered && found.Agent.Status != AgentStatus.Active)
                {
                    return Task.FromResult(Outcome<Agent>.Failure(new LabError(
                        "agent_not_active", $"The agent {found.Agent.Name} is {found.Agent.Status.ToString().ToLowerInvariant()}. Activate it, then offer it.")));
                }

                if (found.Agent.Offered != offered)
                {
                    found.Agent.Offered = offered;
                    found.Agent.UpdatedAt = UtcMicroseconds.Now(clock);
                }

                return Task.FromResult(Outcome<Agent>.Success(found.ToAgent()));
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome<Agent>> DeleteAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            actor,
            (_, found, _) =>
            {
                if (!actor.IsAdministrator)
                {
                    return Task.FromResult(Outcome<Agent>.Failure(LabError.Forbidden("Only administrators delete agents; you can disable or archive it.")));
                }

                var now = UtcMicroseconds.Now(clock);
                found.Agent.Status = AgentStatus.Archived;
                found.Agent.NormalizedName = null;
                found.Agent.UpdatedAt = now;
                found.Agent.DeletedAt = now;
                return Task.FromResult(Outcome<Agent>.Success(found.ToAgent()));
            },
            cancellationToken);

    private async Task<Outcome<Agent>> SaveAsync(
        LabDbContext context, Found found, int expectedVersion, AgentDefinition definition, Actor actor, CancellationToken cancellationToken)
    {
        var row = found.Agent;
        if (row.Version != expectedVersion)
        {
            return Outcome<Agent>.Failure(new LabError(
                "version_conflict",
                $"The agent was saved meanwhile: it is at version {row.Version}, the change was made to version {expectedVersion}. Load it again and repeat the change.",
                Field: "version"));
        }

        var faults = AgentRules.Validate(definition, _knownTools);
        if (faults.Count > 0)
        {
            return Outcome<Agent>.Failure(faults);
        }

        var clean = AgentRules.Clean(definition);
        var json = DefinitionJson.Write(clean);
        if (json.AsSpan().SequenceEqual(DefinitionJson.Write(DefinitionJson.Read(found.Saved.Definition))))
        {
            return Outcome<Agent>.Success(found.ToAgent());
        }

        if (await NameIsTakenAsync(context, clean.Name, row.Id, cancellationToken))
        {
            return Outcome<Agent>.Failure(NameTaken(clean.Name));
        }

        row.Version++;
        row.Name = clean.Name;
        row.NormalizedName = AgentRules.NormalizeName(clean.Name);
        row.Type = clean.Type;
        row.UpdatedAt = UtcMicroseconds.Now(clock);
        var saved = new AgentVersionRow { AgentKey = row.Key, Version = row.Version, Definition = json, SavedAt = row.UpdatedAt, SavedBy = actor.UserId };
        context.Add(saved);
        return Outcome<Agent>.Success(new Found(row, saved).ToAgent());
    }

    /// <summary>Finds the agent for a change; what the actor may not see is not found, what is another's is forbidden.</summary>
    private Task<Outcome<Agent>> ChangeAsync(
        Guid id, Actor actor, Func<LabDbContext, Found, CancellationToken, Task<Outcome<Agent>>> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return WriteAsync(
            async (context, token) =>
            {
                var rows = Visible(context.Set<AgentRow>(), actor).Where(row => row.Id == id);
                var found = await WithDefinition(context, rows).FirstOrDefaultAsync(token);
                if (found is null)
                {
                    return Outcome<Agent>.Failure(LabError.NotFound("agent"));
                }

                return actor.MayEdit && actor.Owns(found.Agent.OwnerId)
                    ? await change(context, found, token)
                    : Outcome<Agent>.Failure(LabError.Forbidden("Only its owner, as an editor, and administrators change an agent; you can duplicate it."));
            },
            cancellationToken);
    }

    /// <summary>A write that collided with another one looks again: what it then sees decides, so that a lost race reads like a late request.</summary>
    private async Task<Outcome<Agent>> WriteAsync(
        Func<LabDbContext, CancellationToken, Task<Outcome<Agent>>> write, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await database.WriteAsync(write, cancellationToken);
            }
            catch (DbUpdateException error) when (attempt < MostAttempts && (error is DbUpdateConcurrencyException || UniqueViolation.Is(error)))
            {
                // The next attempt reads what the other write left.
            }
        }
    }

    private static IQueryable<AgentRow> Filter(LabDbContext context, AgentQuery query, Actor actor, AgentCursor? after)
    {
        var rows = Visible(context.Set<AgentRow>(), actor);
        rows = query.Status is { } status ? rows.Where(row => row.Status == status) : rows.Where(row => row.Status != AgentStatus.Archived);
        if (query.Offered)
        {
            rows = rows.Where(row => row.Offered && row.Status == AgentStatus.Active);
        }

        if (query.Type is { } type)
        {
            rows = rows.Where(row => row.Type == type);
        }

        if (!string.IsNullOrWhiteSpace(query.Text))
        {
            var part = AgentRules.NormalizeName(query.Text);
            rows = rows.Where(row => row.NormalizedName!.Contains(part));
        }

        if (after is var (name, key))
        {
            rows = rows.Where(row => row.NormalizedName!.CompareTo(name) > 0 || (row.NormalizedName == name && row.Key > key));
        }

        return rows;
    }

    /// <summary>The one predicate of who sees which agents: a draft is its owner's and the administrators', the rest is everyone's.</summary>
    private static IQueryable<AgentRow> Visible(IQueryable<AgentRow> rows, Actor actor)
    {
        var there = rows.Where(row => row.DeletedAt == null);
        return actor.IsAdministrator ? there : there.Where(row => row.Status != AgentStatus.Draft || row.OwnerId == actor.UserId);
    }

    /// <summary>The agents, each with its newest version, by name.</summary>
    private static IQueryable<Found> WithDefinition(LabDbContext context, IQueryable<AgentRow> rows) =>
        from agent in rows
        join saved in context.Set<AgentVersionRow>() on new { agent.Key, agent.Version } equals new { Key = saved.AgentKey, saved.Version }
        orderby agent.NormalizedName, agent.Key
        select new Found(agent, saved);

    private static Task<bool> NameIsTakenAsync(LabDbContext context, string name, Guid? but, CancellationToken cancellationToken)
    {
        var normalized = AgentRules.NormalizeName(name);
        return context.Set<AgentRow>().AnyAsync(row => row.NormalizedName == normalized && row.Id != but, cancellationToken);
    }

    private static LabError NameTaken(string name) =>
        new("name_taken", $"There is an agent called \"{name}\" already (upper and lower case count as the same). Choose another name.", Field: "name");

    private static IEnumerable<LabError> StatusFaults(AgentStatus status)
    {
        if (!Enum.IsDefined(status))
        {
            yield return LabError.Invalid("status", $"The status must be one of {string.Join(", ", Enum.GetNames<AgentStatus>()).ToLowerInvariant()}.");
        }
    }
}
