using System.Data.Common;
using System.Globalization;
using System.Text;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Data.Blobs;
using AgentLab.Data.Databases;
using AgentLab.Data.Sessions.Log;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Sessions;

/// <summary>Reads sessions: lists through EF Core, one session and its events by hand-written SQL, since every stream begins with them.</summary>
internal sealed class SessionReader(LabDatabase database, ILabConnections connections) : ISessionReader
{
    private const int MaxPage = 100;
    private const int MaxEvents = 5000;
    private const int MaxAttempts = 3;

    private const string SummaryText =
        "SELECT owner_id, project_id, agent_id, agent_version, agent_name, title, status, active_run_id, head, messages, input_tokens, output_tokens, cost_nanos, "
        + "created_at, updated_at, workflow_id, workflow_version, workflow_name FROM sessions WHERE id = @id AND deleted_at IS NULL";

    /// <inheritdoc />
    public async ValueTask<SessionSummary?> FindAsync(SessionId id, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await FindOnceAsync(id, cancellationToken);
            }
            catch (DbException e) when (e.IsTransient && attempt < MaxAttempts)
            {
                // A pooled connection from before the database was restarted: the next one is new.
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask<Page<SessionSummary>> ListAsync(SessionQuery query, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(query.Limit, 1, MaxPage);
        var rows = await database.ReadAsync(
            (context, token) => Filter(context.Set<SessionRow>().Where(s => s.DeletedAt == null), query)
                .OrderByDescending(s => s.UpdatedAt).ThenByDescending(s => s.Key).Take(limit + 1).ToListAsync(token),
            cancellationToken);
        var next = rows.Count > limit ? string.Create(CultureInfo.InvariantCulture, $"{rows[limit - 1].UpdatedAt}-{rows[limit - 1].Key}") : null;
        return new Page<SessionSummary>([.. rows.Take(limit).Select(Summary)], next);
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<SessionEvent>> ReadAsync(
        SessionId id, long after, long through, int max, IReadOnlyCollection<string>? types, bool descending, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ReadOnceAsync(id, after, through, max, types, descending, cancellationToken);
            }
            catch (DbException e) when (e.IsTransient && attempt < MaxAttempts)
            {
                // A pooled connection from before the database was restarted: the next one is new.
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<ArtifactSummary>> ArtifactsAsync(SessionId id, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            (context, token) => context.Set<ArtifactRow>()
                .Where(a => context.Set<SessionRow>().Any(s => s.Key == a.SessionKey && s.Id == id.Value && s.DeletedAt == null))
                .OrderBy(a => a.Sequence).ToListAsync(token),
            cancellationToken);
        return [.. rows.Select(Summary)];
    }

    /// <inheritdoc />
    public async ValueTask<Page<ArtifactSummary>> ArtifactsAsync(SessionId id, long after, int limit, CancellationToken cancellationToken)
    {
        var most = Math.Clamp(limit, 1, MaxPage);
        var rows = await database.ReadAsync(
            (context, token) => context.Set<ArtifactRow>()
                .Where(a => a.Sequence > after && context.Set<SessionRow>().Any(s => s.Key == a.SessionKey && s.Id == id.Value && s.DeletedAt == null))
                .OrderBy(a => a.Sequence).Take(most + 1).ToListAsync(token),
            cancellationToken);
        var next = rows.Count > most ? rows[most - 1].Sequence.ToString(CultureInfo.InvariantCulture) : null;
        return new Page<ArtifactSummary>([.. rows.Take(most).Select(Summary)], next);
    }

    /// <inheritdoc />
    public async ValueTask<Blob?> BlobAsync(SessionId id, string hash, CancellationToken cancellationToken)
    {
        var row = await database.ReadAsync(
            (context, token) => (
                from session in context.Set<SessionRow>()
                join link in context.Set<SessionBlobRow>() on session.Key equals link.SessionKey
                join blob in context.Set<BlobRow>() on link.Hash equals blob.Sha256
                where session.Id == id.Value && session.DeletedAt == null && link.Hash == hash
                select blob).FirstOrDefaultAsync(token),
            cancellationToken);
        return row is null ? null : new Blob(hash, row.ContentType, row.Content);
    }

    private async ValueTask<List<SessionEvent>> ReadOnceAsync(
        SessionId id, long after, long through, int max, IReadOnlyCollection<string>? types, bool descending, CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenReadAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = EventsText(types?.Count ?? 0, descending, connections.Kind);
        Bind(command, "@id", id.Value);
        Bind(command, "@after", after);
        Bind(command, "@through", through);
        Bind(command, "@max", Math.Clamp(max, 1, MaxEvents));
        var number = 0;
        foreach (var type in types ?? [])
        {
            Bind(command, $"@type{number++}", type);
        }

        var events = new List<SessionEvent>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            events.Add(Event(row));
        }

        return events;
    }

    /// <inheritdoc />
    public async ValueTask<AppendOutcome?> FindRequestAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        var row = await database.ReadAsync(
            (context, token) => context.Set<IdempotencyRow>()
                .FirstOrDefaultAsync(r => r.Principal == key.Principal && r.Route == key.Route && r.RequestKey == key.Key, token),
            cancellationToken);
        return row is null ? null : ReceiptJson.Outcome(new RecordedRequest(row.BodyHash, row.Answer), key);
    }

    /// <summary>By hand: every opening of a stream and every command asks for it, and a context of EF Core costs tens of KB each time.</summary>
    private async ValueTask<SessionSummary?> FindOnceAsync(SessionId id, CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenReadAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = SummaryText;
        Bind(command, "@id", id.Value);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Summary(row, id) : null;
    }

    private static IQueryable<SessionRow> Filter(IQueryable<SessionRow> rows, SessionQuery query)
    {
        if (query.OwnerId is { } owner)
        {
            rows = rows.Where(s => s.OwnerId == owner);
        }

        if (query.AgentId is { } agent)
        {
            rows = rows.Where(s => s.AgentId == agent);
        }

        if (query.WorkflowId is { } workflow)
        {
            rows = rows.Where(s => s.WorkflowId == workflow);
        }

        if (query.Status is { } status)
        {
            rows = rows.Where(s => s.Status == status);
        }

        if (!string.IsNullOrWhiteSpace(query.Text))
        {
            // A title holds no control characters, and PostgreSQL refuses to look for one.
            var text = string.Concat(query.Text.Where(c => !char.IsControl(c))).Trim().ToUpperInvariant();
            rows = rows.Where(s => s.NormalizedTitle.Contains(text));
        }

        if (query.Cursor is { } cursor)
        {
            var (at, key) = Position(cursor);
            rows = rows.Where(s => s.UpdatedAt < at || (s.UpdatedAt == at && s.Key < key));
        }

        return rows;
    }

    private static (long At, long Key) Position(string cursor)
    {
        var dash = cursor.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            && long.TryParse(cursor.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            && long.TryParse(cursor.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var key)
            ? (at, key)
            : throw new FormatException("The cursor is not one that this list gave out.");
    }

    private static string EventsText(int types, bool descending, DatabaseKind kind)
    {
        var text = new StringBuilder("SELECT ");
        text.Append(kind == DatabaseKind.SqlServer ? "TOP (@max) " : string.Empty);
        text.Append("e.sequence, e.run_id, e.step_id, e.attempt, e.type, e.v, e.at, e.data FROM session_events e ");
        text.Append("WHERE e.session_key = (SELECT s.row_key FROM sessions s WHERE s.id = @id AND s.deleted_at IS NULL) ");
        text.Append("AND e.sequence > @after AND e.sequence <= @through ");
        if (types > 0)
        {
            text.Append("AND e.type IN (").AppendJoin(", ", Enumerable.Range(0, types).Select(i => $"@type{i}")).Append(") ");
        }

        text.Append(descending ? "ORDER BY e.sequence DESC" : "ORDER BY e.sequence");
        text.Append(kind == DatabaseKind.SqlServer ? string.Empty : " LIMIT @max");
        return text.ToString();
    }

    private static void Bind(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private static SessionEvent Event(DbDataReader row) => new(
        row.GetInt64(0),
        row.IsDBNull(1) ? null : new RunId(row.GetGuid(1)),
        row.IsDBNull(2) ? null : row.GetString(2),
        row.GetInt32(3),
        row.GetString(4),
        row.GetInt32(5),
        UtcMicroseconds.ToTime(row.GetInt64(6)),
        row.GetFieldValue<byte[]>(7));

    private static ArtifactSummary Summary(ArtifactRow row) =>
        new(row.Id, row.Sequence, row.Name, row.Kind, row.ContentType, row.Size, UtcMicroseconds.ToTime(row.CreatedAt));

    private static SessionSummary Summary(DbDataReader row, SessionId id) => new()
    {
        Id = id,
        OwnerId = row.GetGuid(0),
        ProjectId = row.GetGuid(1),
        AgentId = row.IsDBNull(2) ? null : row.GetGuid(2),
        AgentVersion = row.IsDBNull(3) ? null : row.GetInt32(3),
        AgentName = row.IsDBNull(4) ? null : row.GetString(4),
        Workflow = row.IsDBNull(15) ? null : new WorkflowReference(row.GetGuid(15), row.GetInt32(16), row.GetString(17)),
        Title = row.GetString(5),
        Status = (SessionStatus)row.GetInt32(6),
        ActiveRunId = row.IsDBNull(7) ? null : new RunId(row.GetGuid(7)),
        Head = row.GetInt64(8),
        Messages = row.GetInt32(9),
        Usage = new UsageTotals(row.GetInt64(10), row.GetInt64(11), row.GetInt64(12) / 1_000_000_000m),
        CreatedAt = UtcMicroseconds.ToTime(row.GetInt64(13)),
        UpdatedAt = UtcMicroseconds.ToTime(row.GetInt64(14)),
    };

    private static SessionSummary Summary(SessionRow row) => new()
    {
        Id = SessionId.Parse(row.Id),
        OwnerId = row.OwnerId,
        ProjectId = row.ProjectId,
        AgentId = row.AgentId,
        AgentVersion = row.AgentVersion,
        AgentName = row.AgentName,
        Workflow = row.WorkflowId is { } workflow ? new WorkflowReference(workflow, row.WorkflowVersion ?? 0, row.WorkflowName ?? string.Empty) : null,
        Title = row.Title,
        Status = row.Status,
        ActiveRunId = row.ActiveRunId is { } run ? new RunId(run) : null,
        Head = row.Head,
        Messages = row.Messages,
        Usage = new UsageTotals(row.InputTokens, row.OutputTokens, row.CostNanos / 1_000_000_000m),
        CreatedAt = UtcMicroseconds.ToTime(row.CreatedAt),
        UpdatedAt = UtcMicroseconds.ToTime(row.UpdatedAt),
    };
}
