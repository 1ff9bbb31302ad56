using System.Text.Json;
using AgentLab.Core.Approvals;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Web.Hosting;

namespace AgentLab.Web.Features.Workflows.CommandLine;

/// <summary>Prints the events of a run, answers its questions, and knows when it has come to its end or can come no further here.</summary>
internal sealed class RunPrinter(IServiceProvider services, Actor actor, WorkflowRunReceipt run, ApprovalHand hand)
{
    private const int Batch = 100;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(30);

    /// <summary>Prints until the end. Returns the exit code.</summary>
    public async Task<int> PrintAsync(TextWriter output, CancellationToken cancellationToken)
    {
        using var cursor = await services.GetRequiredService<ISessionFeed>()
            .OpenAsync(run.SessionId, SessionPosition.Start, new LocalCommand.Viewer(), cancellationToken);
        if (cursor is null)
        {
            return await LocalCommand.SayAsync("The session is gone.", 1);
        }

        while (true)
        {
            foreach (var e in await cursor.ReadAsync(Batch, cancellationToken))
            {
                await output.WriteLineAsync(e.ToString().AsMemory(), cancellationToken);
                if (e.Event.RunId == run.RunId && await CodeAsync(e.Event.Data, output, cancellationToken) is { } code)
                {
                    await output.FlushAsync(cancellationToken);
                    return code;
                }
            }

            await output.FlushAsync(cancellationToken);
            await cursor.WaitAsync(Poll, cancellationToken);
        }
    }

    private async Task<int?> CodeAsync(EventData? data, TextWriter output, CancellationToken cancellationToken)
    {
        switch (data)
        {
            case RunCompleted:
                return 0;
            case RunFailed failed:
                return await LocalCommand.SayAsync($"The run failed: {failed.Message}", 1);
            case RunCancelled:
                return await LocalCommand.SayAsync("The run was cancelled.", 1);
            case RunOutcomeUnknown:
                return await LocalCommand.SayAsync("The run waits for a person to say what became of a step. Nobody is there to say so.", 1);
            case NodeWaiting { Kind: "webhook" } waiting:
                return await LocalCommand.SayAsync($"The run waits at '{waiting.Node}' for a request, and nothing listens here. Run it on a server, or give the wait a time limit.", 1);
            case ApprovalRequested asked:
                await output.FlushAsync(cancellationToken);
                return await AnswerAsync(asked, cancellationToken);
            default:
                return null;
        }
    }

    private async Task<int?> AnswerAsync(ApprovalRequested asked, CancellationToken cancellationToken)
    {
        if (hand == ApprovalHand.Ask && Console.IsInputRedirected)
        {
            return await LocalCommand.SayAsync(
                $"The run waits for an answer to \"{asked.Title}\", and nobody is at a terminal. Say --approve yes or --approve no to answer every question.", 1);
        }

        var approved = hand == ApprovalHand.Yes || (hand == ApprovalHand.Ask && await AskAsync(asked, cancellationToken));
        JsonElement? data = asked.Kind == "form" && approved ? JsonElement.Parse("{}") : null;
        var answer = new ApprovalAnswer(asked.ApprovalId, approved, asked.Hash, data, "Answered on the command line.");
        var outcome = await services.GetRequiredService<IApprovals>().DecideAsync(answer, actor, cancellationToken);
        return outcome.Ok
            ? null
            : await LocalCommand.SayAsync($"The question \"{asked.Title}\" cannot be answered here: {string.Join(" ", outcome.Errors.Select(error => error.Message))}", 1);
    }

    /// <summary>Asks on the error output: the standard output belongs to the events.</summary>
    private static async Task<bool> AskAsync(ApprovalRequested asked, CancellationToken cancellationToken)
    {
        await Console.Error.WriteLineAsync($"{asked.Title}{Environment.NewLine}{asked.Message}".AsMemory(), cancellationToken);
        if (asked.Details is { } details)
        {
            await Console.Error.WriteLineAsync((details.Value?.GetRawText() ?? details.Preview ?? string.Empty).AsMemory(), cancellationToken);
        }

        await Console.Error.WriteAsync("Approve? [y/N] ".AsMemory(), cancellationToken);
        var line = await Console.In.ReadLineAsync(cancellationToken);
        return line?.Trim() is { Length: > 0 } word && word.StartsWith("y", StringComparison.OrdinalIgnoreCase);
    }
}
