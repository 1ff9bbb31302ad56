using System.Text;
using System.Text.Json;
using AgentLab.Core;
using AgentLab.Core.Agents;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Nodes.ActionBlocks;
using AgentLab.Data.Agents;
using AgentLab.Data.Databases;
using AgentLab.Data.Projects;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Workflows.ActionBlocks;

/// <summary>The action blocks in the database. Everybody who signed in sees those of the project.</summary>
internal sealed class ActionBlockStore(LabDatabase database, ActionBlockRules rules, TimeProvider clock) : IActionBlocks
{
    private const int MostPerPage = 100;

    /// <summary>How many a project may have: the palette and the builder read all of them at once.</summary>
    private const int MostBlocks = 500;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ActionBlock>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var rows = await database.ReadAsync((context, token) => ByName(Blocks(context)).ToListAsync(token), cancellationToken);
        return [.. rows.Select(ToBlock)];
    }

    /// <inheritdoc/>
    public async ValueTask<Page<ActionBlock>> PageAsync(string? text, string? cursor, int limit, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var after = string.IsNullOrEmpty(cursor) ? null : AgentCursor.Parse(cursor);
        if (text is not null && !AgentRules.IsPlainText(text))
        {
            // No name holds such characters.
            return new Page<ActionBlock>([], null);
        }

        var most = Math.Clamp(limit, 1, MostPerPage);
        var found = await database.ReadAsync(
            (context, token) => ByName(Filter(Blocks(context), text, after)).Take(most + 1).ToListAsync(token), cancellationToken);
        var rows = found.Take(most).ToList();
        var next = found.Count > most ? new AgentCursor(rows[^1].NormalizedName, rows[^1].Key).ToString() : null;
        return new Page<ActionBlock>([.. rows.Select(ToBlock)], next);
    }

    /// <inheritdoc/>
    public async ValueTask<ActionBlock?> FindAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var row = await database.ReadAsync((context, token) => Blocks(context).FirstOrDefaultAsync(block => block.Id == id, token), cancellationToken);
        return row is null ? null : ToBlock(row);
    }

    /// <inheritdoc/>
    public async Task<Outcome<ActionBlock>> SaveAsync(ActionBlock block, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(actor);
        if (!actor.MayEdit)
        {
            return Outcome<ActionBlock>.Failure(LabError.Forbidden("Only editors and administrators keep action blocks."));
        }

        var faults = rules.Check(block);
        if (faults.Count > 0)
        {
            return Outcome<ActionBlock>.Failure(faults);
        }

        var clean = block with
        {
            Name = block.Name.Trim(),
            Description = block.Description.Trim(),
            Keywords = [.. block.Keywords.Select(word => word.Trim()).Distinct(StringComparer.OrdinalIgnoreCase)],
        };
        return await WriteRetries.RunAsync(() => database.WriteAsync((context, token) => SaveAsync(context, clean, actor, token), cancellationToken));
    }

    /// <inheritdoc/>
    public Task<Outcome<ActionBlock>> DeleteAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return WriteRetries.RunAsync(() => database.WriteAsync(
            async (context, token) =>
            {
                var row = await Blocks(context).FirstOrDefaultAsync(block => block.Id == id, token);
                if (row is null || Refusal(row, actor) is { })
                {
                    return Outcome<ActionBlock>.Failure(row is null ? LabError.NotFound("action block") : Refusal(row, actor)!);
                }

                context.Remove(row);
                return Outcome<ActionBlock>.Success(ToBlock(row));
            },
            cancellationToken));
    }

    private async Task<Outcome<ActionBlock>> SaveAsync(LabDbContext context, ActionBlock block, Actor actor, CancellationToken cancellationToken)
    {
        var normalized = AgentRules.NormalizeName(block.Name);
        var row = await context.Set<ActionBlockRow>().AsTracking().FirstOrDefaultAsync(kept => kept.Id == block.Id, cancellationToken);
        if (row is not null && Refusal(row, actor) is { } refusal)
        {
            return Outcome<ActionBlock>.Failure(refusal);
        }

        if (await Blocks(context).AnyAsync(other => other.NormalizedName == normalized && other.Id != block.Id, cancellationToken))
        {
            return Outcome<ActionBlock>.Failure(NameTaken(block.Name));
        }

        if (row is null && await Blocks(context).CountAsync(cancellationToken) >= MostBlocks)
        {
            return Outcome<ActionBlock>.Failure(new LabError("conflict", $"A project has at most {MostBlocks} action blocks. Delete one that nobody uses any more."));
        }

        var now = UtcMicroseconds.Now(clock);
        if (row is null)
        {
            row = New(block.Id, actor.UserId, now);
            context.Add(row);
        }

        Describe(row, block, normalized, now);
        return Outcome<ActionBlock>.Success(ToBlock(row));
    }

    private static ActionBlockRow New(Guid id, Guid owner, long now) => new()
    {
        Id = id,
        OwnerId = owner,
        ProjectId = Project.DefaultId,
        Name = string.Empty,
        NormalizedName = string.Empty,
        Description = string.Empty,
        Kind = string.Empty,
        Settings = [],
        Keywords = string.Empty,
        CreatedAt = now,
    };

    private static void Describe(ActionBlockRow row, ActionBlock block, string normalized, long now)
    {
        row.Name = block.Name;
        row.NormalizedName = normalized;
        row.Description = block.Description;
        row.Kind = block.Kind;
        row.Settings = Encoding.UTF8.GetBytes(block.Settings.GetRawText());
        row.Keywords = WorkflowText.Tags(block.Keywords);
        row.UpdatedAt = now;
    }

    /// <summary>The blocks of the one project that there is.</summary>
    private static IQueryable<ActionBlockRow> Blocks(LabDbContext context) =>
        context.Set<ActionBlockRow>().Where(block => block.ProjectId == Project.DefaultId);

    private static IQueryable<ActionBlockRow> ByName(IQueryable<ActionBlockRow> blocks) => blocks.OrderBy(block => block.NormalizedName).ThenBy(block => block.Key);

    private static IQueryable<ActionBlockRow> Filter(IQueryable<ActionBlockRow> blocks, string? text, AgentCursor? after)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            var part = AgentRules.NormalizeName(text);
            blocks = blocks.Where(block => block.NormalizedName.Contains(part));
        }

        if (after is var (name, key))
        {
            blocks = blocks.Where(block => block.NormalizedName.CompareTo(name) > 0 || (block.NormalizedName == name && block.Key > key));
        }

        return blocks;
    }

    private static ActionBlock ToBlock(ActionBlockRow row) =>
        new(row.Id, row.Name, row.Description, row.Kind, JsonElement.Parse(row.Settings), WorkflowText.ReadTags(row.Keywords));

    private static LabError? Refusal(ActionBlockRow row, Actor actor) => actor.MayEdit && actor.Owns(row.OwnerId)
        ? null
        : LabError.Forbidden("Only the editor who added it and administrators change an action block.");

    private static LabError NameTaken(string name) =>
        new("name_taken", $"There is an action block called \"{name}\" already (upper and lower case count as the same). Choose another name.", Field: "name");
}
