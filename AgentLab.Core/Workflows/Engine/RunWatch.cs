using System.Text.Json;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>Where whoever started a run waits for its answer, in the process that runs it.</summary>
internal sealed class RunWatch
{
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the respond node answered.</summary>
    public WorkflowResponse? Answer { get; set; }

    /// <summary>What the run answered when it was completed.</summary>
    public JsonElement? Output { get; set; }

    /// <summary>When the run ended.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Whether the run is over or waits.</summary>
    public bool Over { get; private set; }

    /// <summary>Whether there is an answer, or the run is over.</summary>
    public bool HasAnswer => _told.Task.IsCompleted;

    /// <summary>Completes when the run has answered, has ended or waits.</summary>
    public Task Told => _told.Task;

    /// <summary>The answer is durable.</summary>
    public void Tell() => _told.TrySetResult();

    /// <summary>How the run stands as far as it told here; null when the log knows more (it failed, was stopped or waits).</summary>
    public WorkflowRunState? End(WorkflowRunState started)
    {
        if (!HasAnswer)
        {
            return started;
        }

        return Output is { } output
            ? started with { Status = "completed", Output = output, Response = Answer, EndedAt = EndedAt }
            : Answer is { } answer && !Over ? started with { Output = answer.Body, Response = answer } : null;
    }

    /// <summary>The run is over or waits; nothing more comes from here.</summary>
    public void Close()
    {
        Over = true;
        _told.TrySetResult();
    }
}
