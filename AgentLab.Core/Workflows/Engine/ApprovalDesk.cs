using AgentLab.Core.Identity;
using AgentLab.Core.Schema;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Takes people's answers to what runs ask: by whom it may be answered, in time, once, and to exactly the details that the person saw.</summary>
internal sealed class ApprovalDesk(IRunWaits waits, ISessionReader reader, RunWaker waker, TimeProvider time)
{
    private const int MaxReason = 1000;
    private const int WakeTries = 100;

    /// <summary>Records the answer; the run goes on.</summary>
    public async Task<Outcome<RunWait>> DecideAsync(ApprovalAnswer answer, Actor actor, CancellationToken cancellationToken)
    {
        if (await waits.FindByApprovalAsync(answer.ApprovalId, cancellationToken) is not { } wait || !actor.Owns(wait.OwnerId) || !actor.MayEdit)
        {
            return Outcome<RunWait>.Failure(LabError.NotFound("question"));
        }

        if (!wait.Open)
        {
            return Outcome<RunWait>.Failure(Decided());
        }

        if (wait.DueAt <= time.GetUtcNow())
        {
            return Outcome<RunWait>.Failure(new LabError("approval_expired", "The time to answer is over."));
        }

        var asked = await QuestionAsync(wait, cancellationToken);
        if (asked is null || !string.Equals(asked.Hash, answer.Hash, StringComparison.OrdinalIgnoreCase))
        {
            return Outcome<RunWait>.Failure(new LabError("approval_changed", "The answer is to other details than those that are asked about. Load the question again."));
        }

        if (Problems(asked, answer) is { Count: > 0 } errors)
        {
            return Outcome<RunWait>.Failure(errors);
        }

        var cause = !answer.Approved ? "rejected" : asked.Form is null ? "approved" : "submitted";
        var end = new WakeEnd(cause, answer.ApprovalId, asked.Hash, answer.Data ?? default, actor.UserId, answer.Reason);
        return await waker.WakeAsync(wait, end, token => OpenAsync(answer.ApprovalId, token), WakeTries, cancellationToken) switch
        {
            WakeAnswer.Taken => Outcome<RunWait>.Success(wait),
            WakeAnswer.NotWaiting => Outcome<RunWait>.Failure(Decided()),
            _ => Outcome<RunWait>.Failure(RunWaker.Unreachable()),
        };
    }

    private static List<LabError> Problems(ApprovalRequested asked, ApprovalAnswer answer)
    {
        var errors = new List<LabError>();
        if (answer.Reason is { Length: > MaxReason })
        {
            errors.Add(LabError.Invalid("reason", $"A reason is at most {MaxReason} characters."));
        }

        if (answer.Approved && asked.Form is { } form)
        {
            if (answer.Data is not { } data)
            {
                errors.Add(LabError.Invalid("data", "The form's values are missing."));
            }
            else
            {
                errors.AddRange(JsonSchema.Check(form, data).Select(f => RunStart.Invalid("data", f)));
            }
        }

        return errors;
    }

    private async ValueTask<RunWait?> OpenAsync(Guid approval, CancellationToken cancellationToken) =>
        await waits.FindByApprovalAsync(approval, cancellationToken) is { Open: true } wait ? wait : null;

    /// <summary>The question stands right behind the wait, in the same append.</summary>
    private async ValueTask<ApprovalRequested?> QuestionAsync(RunWait wait, CancellationToken cancellationToken)
    {
        var events = await reader.ReadAsync(wait.SessionId, wait.Sequence, wait.Sequence + 1, 1, null, descending: false, cancellationToken);
        return events is [{ Data: ApprovalRequested asked }] && asked.ApprovalId == wait.ApprovalId ? asked : null;
    }

    private static LabError Decided() => new("approval_decided", "The question was answered already.");
}
