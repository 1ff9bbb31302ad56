using System.Text;
using System.Text.Json;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using JsonContent = AgentLab.Core.Sessions.Events.JsonContent;

namespace AgentLab.Web.Features.Sessions;

/// <summary>Lets a call of the API stay until a run ends, a bounded time long; the run itself does not depend on it.</summary>
internal sealed class RunWaiter(ISessionFeed feed, ISessionReader reader, ISignInSessions signIns, TimeProvider time)
{
    /// <summary>The longest that a call may wait, in seconds.</summary>
    public const int MaxSeconds = 30;

    private const int Batch = 100;

    /// <summary>The problem for a run that takes longer than the call could wait.</summary>
    public static ProblemHttpResult StillRunning(CommandReceipt receipt) => ErrorTable.Problem(
        ErrorCodes.StillRunning,
        $"The run goes on. Read /api/v1/sessions/{receipt.Session.Id.Value}/events after {receipt.Sequence}, or the session's status.",
        new Dictionary<string, object?>
        {
            ["id"] = receipt.Session.Id.Value,
            ["runId"] = receipt.RunId?.Value,
            ["epoch"] = receipt.Epoch,
            ["sequence"] = receipt.Sequence,
        });

    /// <summary>
    /// The response for a receipt: at once when <paramref name="seconds"/> is 0, else when its run has ended or waits for a person; null when the time is up.
    /// </summary>
    public async Task<CommandResponse?> AnswerAsync(CommandReceipt receipt, Caller caller, int seconds, CancellationToken cancellationToken)
    {
        var response = CommandResponse.Of(receipt);
        if (seconds == 0 || receipt.RunId is not { } runId)
        {
            return response;
        }

        using var cursor = await feed.OpenAsync(receipt.Session.Id, SessionPosition.After(receipt.Sequence), caller.Viewer(signIns), cancellationToken);
        if (cursor is null)
        {
            return response;
        }

        var start = time.GetTimestamp();
        TextContent? answer = null;
        while (true)
        {
            foreach (var e in await cursor.ReadAsync(Batch, cancellationToken))
            {
                if (e.Event.RunId != runId)
                {
                    continue;
                }

                response = response with { Head = e.Sequence };
                switch (e.Event.Data)
                {
                    case ModelCompleted { ToolCalls.Count: 0 } model:
                        answer = model.Answer;
                        break;
                    case RunCompleted completed:
                        var words = receipt.Session.Workflow is null
                            ? await WholeAsync(receipt.Session.Id, answer, cancellationToken)
                            : await WordsAsync(receipt.Session.Id, completed.Output, cancellationToken);
                        return response with { Status = SessionStatus.Completed, Answer = words };
                    case RunFailed failed:
                        return response with { Status = SessionStatus.Failed, Error = new RunFault(failed.Code, failed.Message, failed.CanRetry) };
                    case RunCancelled:
                        return response with { Status = SessionStatus.Cancelled };
                    case RunPaused paused:
                        return response with { Status = SessionStatus.Waiting, Error = new RunFault(paused.Reason, paused.Message, CanRetry: false) };
                    default:
                        break;
                }
            }

            var left = TimeSpan.FromSeconds(seconds) - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || (cursor.Position >= cursor.Head && !await cursor.WaitAsync(left, cancellationToken)))
            {
                return null;
            }
        }
    }

    private async ValueTask<string> WordsAsync(SessionId id, JsonContent? output, CancellationToken cancellationToken) =>
        output?.Blob is { } hash && await reader.BlobAsync(id, hash, cancellationToken) is { } blob
            ? AnswerText.Of(JsonElement.Parse(blob.Content.Span))
            : AnswerText.Of(output?.Value ?? default);

    private async ValueTask<string> WholeAsync(SessionId id, TextContent? answer, CancellationToken cancellationToken) =>
        answer?.Blob is { } hash && await reader.BlobAsync(id, hash, cancellationToken) is { } blob
            ? Encoding.UTF8.GetString(blob.Content.Span)
            : answer?.Text ?? "";
}
