using AgentLab.Core.Identity;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Core.Sessions;

/// <summary>Talking to a workflow: each message starts a run of it.</summary>
internal sealed partial class SessionCommands
{
    /// <summary>Whether people talk to the workflow here: only then is there a message in its session.</summary>
    private static bool Talks(SessionSummary session) => session is { Workflow.Version: > 0, Messages: > 0 };

    private async Task<Outcome<CommandReceipt>> StartWorkflowAsync(
        StartSession command, string text, IdempotencyKey? key, Actor actor, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(command.Agent))
        {
            return Outcome<CommandReceipt>.Failure(LabError.Invalid("workflow", "Give an agent or a workflow, not both."));
        }

        return command.Attachments.Count > 0
            ? Outcome<CommandReceipt>.Failure(NoFiles())
            : await OpenAsync(command.Workflow!, null, new Utterance(new MessageUser(text), SessionTitle.Of(text), null), key, actor, cancellationToken);
    }

    private async Task<Outcome<CommandReceipt>> SayAsync(
        SessionSummary session, SendMessage command, string text, IdempotencyKey? key, Actor actor, CancellationToken cancellationToken)
    {
        if (command.Attachments.Count > 0)
        {
            return Outcome<CommandReceipt>.Failure(NoFiles());
        }

        if (command.Replaces is { } replaced && await MessageAtAsync(session.Id, replaced, cancellationToken) is null)
        {
            return Outcome<CommandReceipt>.Failure(LabError.Invalid("replaces", "There is no message of yours at this sequence."));
        }

        return await SayAsync(session, new MessageUser(text, null, command.Replaces), key, actor, cancellationToken);
    }

    private Task<Outcome<CommandReceipt>> SayAsync(
        SessionSummary session, MessageUser message, IdempotencyKey? key, Actor actor, CancellationToken cancellationToken) =>
        OpenAsync(session.Workflow!.Id.ToString("D"), session.Workflow.Version, new Utterance(message, session.Title, session), key, actor, cancellationToken);

    private async Task<Outcome<CommandReceipt>> OpenAsync(
        string workflow, int? version, Utterance said, IdempotencyKey? key, Actor actor, CancellationToken cancellationToken)
    {
        if (talks.FirstOrDefault() is not { } talk)
        {
            return Outcome<CommandReceipt>.Failure(LabError.NotFound("workflow"));
        }

        var opened = await talk.OpenAsync(workflow, version, said, key, actor, cancellationToken);
        if (!opened.Ok)
        {
            return Outcome<CommandReceipt>.Failure(opened.Errors);
        }

        var outcome = opened.Value.Outcome;
        return outcome.Landed
            ? await ReceiptAsync(outcome, outcome.Receipt.RunId, cancellationToken)
            : Outcome<CommandReceipt>.Failure(CommandErrors.Of(outcome.Refusal.Value));
    }

    private static LabError NoFiles() => LabError.Invalid("attachments", "A workflow takes no files with a message. Send the message without them.");
}
