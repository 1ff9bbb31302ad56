using System.Text.Json;
using AgentLab.Core;
using AgentLab.Core.Approvals;
using AgentLab.Core.Sessions;
using AgentLab.Web.Features.Lab.View;
using AgentLab.Web.Features.Workflows;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;
using JsonContent = AgentLab.Core.Sessions.Events.JsonContent;
using RunOptions = AgentLab.Core.Agents.Runs.RunOptions;

namespace AgentLab.Web.Features.Lab;

/// <summary>The conversation of one session and what a person can do in it.</summary>
public sealed partial class SessionPane : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private Composer? _composer;
    private MessageTurn? _editing;
    private string? _problem;
    private string? _title;
    private string? _titleProblem;
    private bool _wasRunning;

    [Parameter, EditorRequired]
    public OpenSession Open { get; set; } = default!;

    [Parameter, EditorRequired]
    public Person Person { get; set; } = default!;

    /// <summary>Told of a changed summary; null when the session was deleted.</summary>
    [Parameter]
    public Func<SessionSummary?, Task> OnSummary { get; set; } = _ => Task.CompletedTask;

    [Inject]
    private IApprovals Approvals { get; set; } = default!;

    [Inject]
    private ISessionCommands Commands { get; set; } = default!;

    [Inject]
    private IOptions<RunOptions> Limits { get; set; } = default!;

    [Inject]
    private IAttachmentStore Attachments { get; set; } = default!;

    [Inject]
    private Browser Browser { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private string AgentName => Open.Summary?.WorkerName ?? "the agent";

    /// <summary>Whether it takes messages: an agent's session does, a workflow's when somebody began to talk to it here.</summary>
    private bool Talks => Open.Summary is not { Workflow: not null, Messages: 0 };

    /// <summary>A workflow takes no files with a message.</summary>
    private Func<string, string, Stream, CancellationToken, Task<Outcome<Attachment>>>? Upload => Open.Summary?.Workflow is null ? UploadAsync : null;

    private Func<ApprovalAnswer, Task<string?>>? Answer => Person.Actor.MayEdit ? AnswerAsync : null;

    private string Path => $"/lab/{Open.Id}";

    private string Address => Navigation.ToAbsoluteUri(Path).ToString();

    private bool Idle => Open.State == FollowState.Live && Open.Conversation.ActiveRun is null;

    private string Counts => $"{Show.Count(Open.Usage.InputTokens)} tokens in, {Show.Count(Open.Usage.OutputTokens)} out, cost, time of the newest run";

    private Func<Task>? Stop => Open.Conversation.ActiveRun is null ? null : StopAsync;

    /// <inheritdoc />
    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            try
            {
                await Js.InvokeVoidAsync("lab.follow", _leaving.Token, "conversation-scroll");
            }
            catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException)
            {
                return;
            }
        }

        var running = Open.Conversation.ActiveRun is not null;
        if (_wasRunning && !running)
        {
            await Browser.AnnounceAsync($"The answer of {AgentName} ended: {EventWords.Of(Open.Status).Word}");
        }

        _wasRunning = running;
    }

    private IEnumerable<(bool Replaced, List<Turn> Turns)> Groups()
    {
        List<Turn>? replaced = null;
        foreach (var turn in Open.Shown)
        {
            if (turn.Replaced)
            {
                (replaced ??= []).Add(turn);
                continue;
            }

            if (replaced is not null)
            {
                yield return (true, replaced);
                replaced = null;
            }

            yield return (false, [turn]);
        }

        if (replaced is not null)
        {
            yield return (true, replaced);
        }
    }

    private Func<MessageTurn, Task>? EditOf(Turn turn) => Idle && Talks && turn is MessageTurn ? EditAsync : null;

    private Func<Task>? RetryOf(Turn turn) => Idle && Talks && turn == Open.Conversation.LastRun ? RetryAsync : null;

    private async Task<LabError?> SendAsync(ComposedMessage message)
    {
        var command = new SendMessage(Open.Id, message.Text) { Attachments = message.Attachments, Replaces = _editing?.Sequence, Key = message.Key };
        var sent = await Commands.SendAsync(command, Person.Actor, _leaving.Token);
        if (sent.Ok)
        {
            _editing = null;
            if (Open.HasLater)
            {
                await NewestAsync();
            }

            await OnSummary(sent.Value.Session);
        }

        return sent.Error;
    }

    private Task<Outcome<Attachment>> UploadAsync(string name, string type, Stream content, CancellationToken ct) =>
        Attachments.SaveAsync(name, type, content, Person.Actor, ct);

    private Task StopAsync() => DoAsync(ct => Commands.StopAsync(Open.Id, Person.Actor, ct));

    private Task RetryAsync() => DoAsync(ct => Commands.RetryAsync(Open.Id, new RequestKey(Guid.NewGuid().ToString("N")), Person.Actor, ct));

    private Task DecideAsync(OutcomeDecision decision) => DoAsync(ct => Commands.DecideAsync(Open.Id, decision, Person.Actor, ct));

    private async Task<string?> AnswerAsync(ApprovalAnswer answer)
    {
        var decided = await Approvals.DecideAsync(answer, Person.Actor, _leaving.Token);
        return decided.Ok ? null : WorkflowWords.Of(decided.Errors);
    }

    private async Task<JsonElement?> LoadAsync(JsonContent content) => content.Value
        ?? (content.Blob is { } hash && await Open.TextAsync(hash, _leaving.Token) is { } text ? JsonElement.Parse(text) : null);

    private async Task DoAsync(Func<CancellationToken, Task<Outcome<CommandReceipt>>> command)
    {
        var done = await command(_leaving.Token);
        _problem = done.Error?.Message;
        StateHasChanged();
    }

    private async Task EditAsync(MessageTurn message)
    {
        _editing = message;
        await _composer!.FillAsync(message.Text);
        StateHasChanged();
    }

    private async Task CancelEditAsync()
    {
        _editing = null;
        await _composer!.FillAsync("");
    }

    private async Task OlderAsync()
    {
        await Open.ShowOlderAsync(_leaving.Token);
        StateHasChanged();
    }

    private async Task NewestAsync()
    {
        Open.ShowNewest();
        StateHasChanged();
        await Browser.ScrollToEndAsync("conversation-scroll", _leaving.Token);
    }

    private Task<string?> WholeAsync(string hash) => Open.TextAsync(hash, _leaving.Token);

    private async Task AskRenameAsync()
    {
        _title = Open.Summary?.Title;
        _titleProblem = null;
        StateHasChanged();
        await Browser.OpenAsync("rename-session", _leaving.Token);
    }

    private async Task RenameAsync()
    {
        var renamed = await Commands.RenameAsync(Open.Id, (_title ?? "").Trim(), Person.Actor, _leaving.Token);
        _titleProblem = renamed.Error?.Message;
        if (renamed.Ok)
        {
            await Browser.CloseAsync("rename-session", _leaving.Token);
            await OnSummary(renamed.Value);
        }
    }

    private async Task DeleteAsync()
    {
        var deleted = await Commands.DeleteAsync(Open.Id, Person.Actor, _leaving.Token);
        await Browser.CloseAsync("delete-session", _leaving.Token);
        _problem = deleted.Error?.Message;
        if (deleted.Ok)
        {
            await OnSummary(null);
        }
    }
}
