using System.Globalization;
using System.Text.Json;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Engine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Workflows.Triggers;

/// <summary>
/// Starts workflows by the ends of other workflows' runs. An end is noted in the transaction that ends the run and taken away only when everything that it starts was started,
/// under a key of that run and that trigger: so each is started exactly once, whatever dies in between.
/// </summary>
internal sealed partial class WorkflowEventStarter(
    IWorkflowEnds ends, IWorkflowRuns runs, IWorkflowOwners owners, ISessionReader reader, TimeProvider clock, ILogger<WorkflowEventStarter> logger) : BackgroundService
{
    /// <summary>How many runs may start one another in a row: two workflows that name each other must come to an end.</summary>
    internal const int MostInARow = 10;

    private const int Batch = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly string[] Starts = [EventCatalog.Of<RunStarted>().Type];

    /// <summary>Starts what the noted ends start. Returns how many ends are done with.</summary>
    internal async Task<int> StartDueAsync(CancellationToken cancellationToken)
    {
        var done = 0;
        foreach (var end in await ends.ReadAsync(Batch, cancellationToken))
        {
            if (await StartAsync(end, cancellationToken))
            {
                await ends.DoneAsync(end.Run, cancellationToken);
                done++;
            }
        }

        return done;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await StartDueAsync(stoppingToken);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    LogFailed(error);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program stops; what is noted is started by the next one.
        }
    }

    private async Task<bool> StartAsync(WorkflowEnd end, CancellationToken cancellationToken)
    {
        if (end.Followers.Count == 0)
        {
            return true;
        }

        var depth = await DepthAsync(end, cancellationToken) + 1;
        if (depth > MostInARow)
        {
            LogTooDeep(end.Run, MostInARow);
            return true;
        }

        var all = true;
        foreach (var follower in end.Followers)
        {
            var owner = await owners.FindAsync(follower.OwnerId, cancellationToken);
            all &= owner is null || await StartAsync(end, follower, owner, depth, cancellationToken);
        }

        return all;
    }

    private async Task<bool> StartAsync(WorkflowEnd end, WorkflowFollower follower, Actor owner, int depth, CancellationToken cancellationToken)
    {
        // What a run says is its owner's; another person's workflow learns only that it ended.
        var state = await runs.FindAsync(end.Run, owner, cancellationToken);
        var command = new StartWorkflowRun
        {
            Workflow = follower.Workflow.ToString(),
            Input = Input(end, state, depth),
            Trigger = "workflow_event",
            TriggerNode = follower.Node,
            Key = new RequestKey(string.Create(CultureInfo.InvariantCulture, $"end {end.Run} {follower.Workflow} {follower.Node}")),
        };
        var outcome = await runs.StartAsync(command, owner, cancellationToken);
        if (outcome.Ok || !outcome.Error.CanRetry)
        {
            if (!outcome.Ok)
            {
                LogRefused(follower.Workflow, end.Run, outcome.Error.Message);
            }

            return true;
        }

        return false;
    }

    /// <summary>How many runs started one another before this one; a run that no event started is the first.</summary>
    private async Task<int> DepthAsync(WorkflowEnd end, CancellationToken cancellationToken)
    {
        var events = await reader.ReadAsync(end.Session, 0, long.MaxValue, Batch, Starts, descending: true, cancellationToken);
        var started = events.FirstOrDefault(e => e.RunId == end.Run)?.Data as RunStarted;
        return started is { Trigger: "workflow_event", Plan.Input.Value: { ValueKind: JsonValueKind.Object } input }
            && input.TryGetProperty("depth", out var depth) && depth.TryGetInt32(out var number)
                ? number
                : started is { Trigger: "workflow_event" } ? MostInARow : 0;
    }

    private static JsonElement Input(WorkflowEnd end, WorkflowRunState? state, int depth)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("workflow", end.Slug);
            writer.WriteString("runId", end.Run.ToString());
            writer.WriteString("sessionId", end.Session.Value);
            writer.WriteString("status", end.Status);
            writer.WritePropertyName("output");
            (state?.Output ?? default).WriteOrNull(writer);
            writer.WritePropertyName("error");
            WriteError(writer, state?.Error);
            writer.WriteNumber("depth", depth);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    private static void WriteError(Utf8JsonWriter writer, LabError? error)
    {
        if (error is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("code", error.Code);
        writer.WriteString("message", error.Message);
        writer.WriteEndObject();
    }
}

/// <summary>Writes values that may not be there.</summary>
file static class Values
{
    public static void WriteOrNull(this JsonElement value, Utf8JsonWriter writer)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            writer.WriteNullValue();
        }
        else
        {
            value.WriteTo(writer);
        }
    }
}
