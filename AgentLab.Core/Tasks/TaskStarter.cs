using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Core.Workflows.Triggers;

namespace AgentLab.Core.Tasks;

/// <summary>
/// Opens the run of an attempt, under a key of that attempt: however often it is opened, and by whomever, there is one run. The append that starts the run names it in the task's row.
/// </summary>
internal sealed class TaskStarter(ITaskStore store, ISessionCommands sessions, IWorkflowRuns runs, IWorkflowVersions versions, IWorkflowOwners owners)
{
    /// <summary>In the name of the instance: a cancelled or overdue task is stopped whoever owns it.</summary>
    private static readonly Actor Instance = new(Guid.Empty, ActorRole.Admin);

    /// <summary>Opens the run. Null when that was done, or the task was cancelled meanwhile; else why it cannot be.</summary>
    public async Task<LabError?> StartAsync(LabTask task, CancellationToken cancellationToken)
    {
        if (await owners.FindAsync(task.OwnerId, cancellationToken) is not { } owner)
        {
            return new LabError("owner_gone", "The account on whose behalf it runs is gone or switched off.");
        }

        var error = task.Worker.Kind == TaskWorkerKind.Agent
            ? (await sessions.StartAsync(Message(task), owner, cancellationToken)).Error
            : (await runs.StartAsync(await RunAsync(task, cancellationToken), owner, cancellationToken)).Error;
        if (error is null && await store.FindAsync(task.Id, cancellationToken) is { CancelRequested: true } cancelled)
        {
            await StopAsync(cancelled, cancellationToken);
        }

        return error is { Code: "not_found" } ? error with { Message = $"The {Kind(task)} {task.Worker.Name} is gone, or the task's owner may not see it any more." } : error;
    }

    /// <summary>Asks the task's run to stop.</summary>
    public async Task StopAsync(LabTask task, CancellationToken cancellationToken)
    {
        if (task.SessionId is { } session)
        {
            await sessions.StopAsync(session, Instance, cancellationToken);
        }
    }

    private static string Kind(LabTask task) => task.Worker.Kind == TaskWorkerKind.Agent ? "agent" : "workflow";

    private static RequestKey Key(LabTask task) => new(string.Create(CultureInfo.InvariantCulture, $"task {task.Id} {task.Starts}"));

    private static StartSession Message(LabTask task)
    {
        var text = new StringBuilder(task.Title).Append("\n\n").Append(task.Description);
        if (task.Context is { } context)
        {
            text.Append("\n\nContext:\n\n```json\n").Append(context.GetRawText()).Append("\n```");
        }

        return new StartSession(task.Worker.Id.ToString(), text.ToString()) { Task = new TaskReference(task.Id, task.Starts), Title = task.Title, Key = Key(task) };
    }

    private async Task<StartWorkflowRun> RunAsync(LabTask task, CancellationToken cancellationToken)
    {
        var definition = (await versions.ResolveAsync(task.Worker.Id.ToString(), null, cancellationToken))?.Definition;
        return new StartWorkflowRun
        {
            Workflow = task.Worker.Id.ToString(),
            Input = Input(task, definition),
            Trigger = "task",
            Task = new TaskReference(task.Id, task.Starts),
            Key = Key(task),
        };
    }

    /// <summary>The context's values; with them what the task says of itself, unless the workflow's schema says exactly what it takes.</summary>
    private static JsonElement Input(LabTask task, WorkflowDefinition? definition)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            if (definition?.Input is null)
            {
                writer.WriteStartObject("task");
                writer.WriteString("id", task.Id);
                writer.WriteString("title", task.Title);
                writer.WriteString("description", task.Description);
                writer.WriteNumber("priority", task.Priority);
                writer.WriteEndObject();
            }

            foreach (var member in task.Context?.EnumerateObject() ?? default)
            {
                if (definition?.Input is not null || member.Name != "task")
                {
                    member.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
