using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Tasks;
using AgentLab.Data.Databases;
using AgentLab.Data.Workflows;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AgentLab.Data.Tasks;

/// <summary>The tasks in the database.</summary>
internal sealed class TaskStore(LabDatabase database, IOptions<TaskOptions> options, TimeProvider time) : ITaskStore
{
    private const int MostPerPage = 100;

    /// <inheritdoc />
    public Task<LabTask?> AddAsync(LabTask task, IdempotencyKey? request, CancellationToken cancellationToken)
    {
        var key = request is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Principal}\n{request.Key}")));
        return WriteRetries.RunAsync(() => database.WriteAsync(
            async (context, token) =>
            {
                if (key is not null && await context.Set<TaskRow>().FirstOrDefaultAsync(row => row.RequestKey == key, token) is { } earlier)
                {
                    return earlier.RequestHash == request!.BodyHash ? TaskMapping.Task(earlier) : null;
                }

                var row = TaskMapping.NewRow(task, options.Value.Ageing);
                (row.RequestKey, row.RequestHash) = (key, request?.BodyHash);
                context.Add(row);
                return task;
            },
            cancellationToken));
    }

    /// <inheritdoc />
    public async ValueTask<LabTask?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var row = await database.ReadAsync((context, token) => context.Set<TaskRow>().FirstOrDefaultAsync(task => task.Id == id, token), cancellationToken);
        return row is null ? null : TaskMapping.Task(row);
    }

    /// <inheritdoc />
    public Task<LabTask?> ChangeAsync(Guid id, Func<LabTask, LabTask?> change, CancellationToken cancellationToken) => WriteRetries.RunAsync(() => database.WriteAsync(
        async (context, token) =>
        {
            if (await context.Set<TaskRow>().AsTracking().FirstOrDefaultAsync(task => task.Id == id, token) is not { } row)
            {
                return null;
            }

            if (change(TaskMapping.Task(row)) is not { } changed)
            {
                return TaskMapping.Task(row);
            }

            TaskMapping.Write(row, changed, options.Value.Ageing, UtcMicroseconds.Now(time));
            return TaskMapping.Task(row);
        },
        cancellationToken));

    /// <inheritdoc />
    public Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken) => WriteRetries.RunAsync(() => database.WriteAsync(
        async (context, token) =>
        {
            if (await context.Set<TaskRow>().AsTracking().FirstOrDefaultAsync(task => task.Id == id, token) is not { } row)
            {
                return true;
            }

            if (row.Status is LabTaskStatus.Running or LabTaskStatus.Waiting)
            {
                return false;
            }

            await context.Set<TaskAttemptRow>().Where(attempt => attempt.TaskKey == row.Key).ExecuteDeleteAsync(token);
            context.Remove(row);
            return true;
        },
        cancellationToken));

    /// <inheritdoc />
    public async ValueTask<Page<LabTask>> ListAsync(TaskQuery query, Actor actor, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(query.Limit, 1, MostPerPage);
        var after = string.IsNullOrEmpty(query.Cursor) ? (long?)null : Position(query.Cursor);
        var rows = await database.ReadAsync(
            (context, token) => Filter(Visible(context, actor), query, after).OrderByDescending(task => task.Key).Take(limit + 1).ToListAsync(token), cancellationToken);
        var next = rows.Count > limit ? rows[limit - 1].Key.ToString(CultureInfo.InvariantCulture) : null;
        return new Page<LabTask>([.. rows.Take(limit).Select(TaskMapping.Task)], next);
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<TaskAttempt>> AttemptsAsync(Guid id, int max, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            (context, token) => (from attempt in context.Set<TaskAttemptRow>()
                                 join task in context.Set<TaskRow>() on attempt.TaskKey equals task.Key
                                 where task.Id == id
                                 orderby attempt.Number descending
                                 select attempt).Take(max).ToListAsync(token),
            cancellationToken);
        return [.. rows.Select(TaskMapping.Attempt)];
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyDictionary<LabTaskStatus, int>> CountAsync(Actor actor, CancellationToken cancellationToken) => await database.ReadAsync(
        async (context, token) => (IReadOnlyDictionary<LabTaskStatus, int>)await Visible(context, actor).GroupBy(task => task.Status)
            .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, token),
        cancellationToken);

    private static IQueryable<TaskRow> Visible(LabDbContext context, Actor actor) =>
        actor.IsAdministrator ? context.Set<TaskRow>() : context.Set<TaskRow>().Where(task => task.OwnerId == actor.UserId);

    private static IQueryable<TaskRow> Filter(IQueryable<TaskRow> rows, TaskQuery query, long? after)
    {
        rows = query.Status is { } status ? rows.Where(task => task.Status == status) : rows;
        rows = query.Worker is { } worker ? rows.Where(task => task.WorkerId == worker) : rows;
        rows = query.ProjectId is { } project ? rows.Where(task => task.ProjectId == project) : rows;
        rows = query.Priority is { } priority ? rows.Where(task => task.Priority == priority) : rows;
        rows = query.Repeats is { } repeats ? rows.Where(task => task.Cron != null == repeats) : rows;
        if (!string.IsNullOrWhiteSpace(query.Text))
        {
            var part = query.Text.Trim().ToUpperInvariant();
            rows = rows.Where(task => task.NormalizedTitle.Contains(part));
        }

        return after is { } key ? rows.Where(task => task.Key < key) : rows;
    }

    private static long Position(string cursor) =>
        long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
            ? key
            : throw new FormatException("The cursor is not one that this list gave out. Leave it out to start at the first page.");
}
