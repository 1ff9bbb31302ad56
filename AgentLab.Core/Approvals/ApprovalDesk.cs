using AgentLab.Core.Identity;
using AgentLab.Core.Schema;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Tools;
using AgentLab.Core.Tools.Schema;
using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Core.Approvals;

/// <summary>Takes people's answers to what runs ask: by whom it may be answered, in time, once, and to exactly the details that the person saw.</summary>
internal sealed class ApprovalDesk(
    IApprovalStore store, IRunWaits waits, ISessionReader reader, IToolRegistry tools, RunWaker waker, TimeProvider time) : IApprovals
{
    private const int MaxReason = 1000;
    private const int WakeTries = 100;

    private static readonly string[] Asked = [EventCatalog.Of<ApprovalRequested>().Type];

    /// <inheritdoc />
    public async Task<Outcome<Approval>> DecideAsync(ApprovalAnswer answer, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(actor);
        if (await waits.FindByApprovalAsync(answer.ApprovalId, cancellationToken) is not { } wait || !actor.Owns(wait.OwnerId))
        {
            return Outcome<Approval>.Failure(LabError.NotFound("question"));
        }

        if (!actor.MayEdit)
        {
            return Outcome<Approval>.Failure(LabError.Forbidden("Your role may read what is asked but not answer it."));
        }

        if (!wait.Open)
        {
            return Outcome<Approval>.Failure(await OverAsync(answer.ApprovalId, cancellationToken));
        }

        if (wait.DueAt <= time.GetUtcNow())
        {
            return Outcome<Approval>.Failure(Expired());
        }

        var asked = await QuestionAsync(wait, cancellationToken);
        if (asked is null || !string.Equals(asked.Hash, answer.Hash, StringComparison.OrdinalIgnoreCase))
        {
            return Outcome<Approval>.Failure(new LabError("approval_changed", "The answer is to other details than those that are asked about. Load the question again."));
        }

        return Problems(asked, answer) is { Count: > 0 } errors
            ? Outcome<Approval>.Failure(errors)
            : await WakeAsync(wait, End(asked, answer, actor), actor, cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask<Approval?> FindAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } entry && actor.Owns(entry.Wait.OwnerId) ? await ReadAsync(entry, cancellationToken) : null;

    /// <inheritdoc />
    public async ValueTask<Page<Approval>> ListAsync(ApprovalQuery query, Actor actor, CancellationToken cancellationToken)
    {
        var entries = await store.ListAsync(query, actor.IsAdministrator && !query.Mine ? null : actor.UserId, cancellationToken);
        var items = new List<Approval>();
        foreach (var entry in entries.Take(query.Limit))
        {
            if (await ReadAsync(entry, cancellationToken) is { } item)
            {
                items.Add(item);
            }
        }

        return new Page<Approval>(items, entries.Count > query.Limit ? entries[query.Limit - 1].Position : null);
    }

    /// <inheritdoc />
    public ValueTask<int> CountOpenAsync(Actor actor, int most, CancellationToken cancellationToken) => store.CountOpenAsync(actor.UserId, most, cancellationToken);

    private async Task<Outcome<Approval>> WakeAsync(RunWait wait, WakeEnd end, Actor actor, CancellationToken cancellationToken)
    {
        var id = wait.ApprovalId!.Value;
        switch (await waker.WakeAsync(wait, end, token => OpenAsync(id, token), WakeTries, cancellationToken))
        {
            case WakeAnswer.Taken:
                return await FindAsync(id, actor, CancellationToken.None) is { } decided
                    ? Outcome<Approval>.Success(decided)
                    : Outcome<Approval>.Failure(LabError.NotFound("question"));
            case WakeAnswer.NotWaiting:
                return Outcome<Approval>.Failure(await OverAsync(id, CancellationToken.None));
            default:
                return Outcome<Approval>.Failure(RunWaker.Unreachable());
        }
    }

    private static WakeEnd End(ApprovalRequested asked, ApprovalAnswer answer, Actor actor)
    {
        var cause = !answer.Approved ? "rejected" : asked.Form is null ? "approved" : "submitted";
        var edited = answer is { Approved: true, Data: { } data } && asked.Form is null
            ? ApprovalHash.Of(new ApprovalQuestion(asked.Title, asked.Message, data, null, asked.Tool))
            : null;
        return new WakeEnd(cause, answer.ApprovalId, asked.Hash, answer.Data ?? default, actor.UserId, answer.Reason, edited, answer.ForSession);
    }

    private List<LabError> Problems(ApprovalRequested asked, ApprovalAnswer answer)
    {
        var errors = new List<LabError>();
        if (answer.Reason is { Length: > MaxReason })
        {
            errors.Add(LabError.Invalid("reason", $"A reason is at most {MaxReason} characters."));
        }

        if (answer.ForSession && (asked.Tool is null || !answer.Approved))
        {
            errors.Add(LabError.Invalid("forSession", "Only the approval of a tool's call can count for the session."));
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

        if (answer is { Approved: true, Data: { } arguments } && asked.Tool is { } tool)
        {
            errors.AddRange(ArgumentProblems(tool, arguments));
        }

        return errors;
    }

    private IEnumerable<LabError> ArgumentProblems(string name, System.Text.Json.JsonElement arguments)
    {
        if (System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(arguments).Length > ToolApprovals.MostArgumentBytes)
        {
            return [LabError.Invalid("arguments", $"Edited arguments take at most {ToolApprovals.MostArgumentBytes / 1024} KB.")];
        }

        return tools.Find(name) is { } tool
            ? ArgumentValidator.Validate(tool.Schema, arguments).Select(problem => LabError.Invalid("arguments", $"The arguments are not right: {problem}."))
            : [LabError.Invalid("arguments", $"There is no tool \"{name}\" any more: its arguments cannot be checked. Approve them as they are, or reject the call.")];
    }

    private async ValueTask<Approval?> ReadAsync(ApprovalEntry entry, CancellationToken cancellationToken)
    {
        var wait = entry.Wait;
        if (await QuestionAsync(wait, cancellationToken) is not { } asked)
        {
            return null;
        }

        var decided = entry.DecidedSequence is { } at && await reader.ReadAsync(wait.SessionId, at - 1, at, 1, null, descending: false, cancellationToken) is [{ Data: ApprovalDecided answer }]
            ? answer
            : null;
        var details = asked.Details is { } content ? await JsonContents.ReadAsync(content, reader, wait.SessionId, cancellationToken) : (System.Text.Json.JsonElement?)null;
        return new Approval { Asked = asked, Details = details, Entry = entry, Decided = decided };
    }

    private async ValueTask<RunWait?> OpenAsync(Guid approval, CancellationToken cancellationToken) =>
        await waits.FindByApprovalAsync(approval, cancellationToken) is { Open: true } wait ? wait : null;

    /// <summary>The question stands where the wait began, or right behind it, in the same append.</summary>
    private async ValueTask<ApprovalRequested?> QuestionAsync(RunWait wait, CancellationToken cancellationToken)
    {
        var events = await reader.ReadAsync(wait.SessionId, wait.Sequence - 1, wait.Sequence + 1, 2, Asked, descending: false, cancellationToken);
        return events.Select(e => e.Data).OfType<ApprovalRequested>().FirstOrDefault(asked => asked.ApprovalId == wait.ApprovalId);
    }

    /// <summary>Why a question takes no answer any more.</summary>
    private async ValueTask<LabError> OverAsync(Guid approval, CancellationToken cancellationToken) => (await store.FindAsync(approval, cancellationToken))?.Decision switch
    {
        "expired" => Expired(),
        "withdrawn" => new LabError("approval_decided", "The run ended before anyone answered."),
        _ => new LabError("approval_decided", "The question was answered already."),
    };

    private static LabError Expired() => new("approval_expired", "The time to answer is over.");
}
