using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Sessions;

/// <summary>The rows of letters between nodes.</summary>
internal sealed class RunLetters(LabDatabase database) : IRunLetters
{
    /// <inheritdoc />
    public async ValueTask LeaveAsync(RunLetter letter, CancellationToken cancellationToken) => await database.WriteAsync(
        (context, _) =>
        {
            context.Add(new RunLetterRow
            {
                Id = letter.Id,
                RunId = letter.RunId.Value,
                StepId = letter.StepId,
                Content = letter.Content.ToArray(),
                CreatedAt = UtcMicroseconds.From(letter.At),
            });
            return Task.CompletedTask;
        },
        cancellationToken);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<RunLetter>> OfNodeAsync(string node, int max, CancellationToken cancellationToken) => await database.ReadAsync(
        async (context, token) =>
        {
            var rows = await (
                from letter in context.Set<RunLetterRow>()
                join run in context.Set<RunRow>() on letter.RunId equals run.Id
                where letter.Answer == null && run.Node == node && run.Status == RunStatus.Running
                orderby letter.CreatedAt, letter.Id
                select letter).Take(max).ToListAsync(token);
            return (IReadOnlyList<RunLetter>)
                [.. rows.Select(l => new RunLetter(l.Id, new RunId(l.RunId), l.StepId, l.Content, UtcMicroseconds.ToTime(l.CreatedAt)))];
        },
        cancellationToken);

    /// <inheritdoc />
    public async ValueTask AnswerAsync(Guid letter, string answer, CancellationToken cancellationToken) => await database.WriteAsync(
        (context, token) => Row(context, letter).ExecuteUpdateAsync(set => set.SetProperty(l => l.Answer, answer), token), cancellationToken);

    /// <inheritdoc />
    public async ValueTask<string?> TakeAnswerAsync(Guid letter, CancellationToken cancellationToken)
    {
        var answer = await database.ReadAsync((context, token) => Row(context, letter).Select(l => l.Answer).FirstOrDefaultAsync(token), cancellationToken);
        if (answer is not null)
        {
            await database.WriteAsync((context, token) => Row(context, letter).ExecuteDeleteAsync(token), cancellationToken);
        }

        return answer;
    }

    /// <inheritdoc />
    public async ValueTask<bool> WithdrawAsync(Guid letter, CancellationToken cancellationToken) => await database.WriteAsync(
        (context, token) => Row(context, letter).Where(l => l.Answer == null).ExecuteDeleteAsync(token), cancellationToken) > 0;

    /// <inheritdoc />
    public async ValueTask PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var at = UtcMicroseconds.From(before);
        await database.WriteAsync((context, token) => context.Set<RunLetterRow>().Where(l => l.CreatedAt < at).ExecuteDeleteAsync(token), cancellationToken);
    }

    private static IQueryable<RunLetterRow> Row(LabDbContext context, Guid letter) => context.Set<RunLetterRow>().Where(l => l.Id == letter);
}
