using System.Text.Json;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Expressions.Conditions;
using AgentLab.Core.Workflows.Nodes.Outside;

namespace AgentLab.Core.Workflows.Nodes.Flow;

/// <summary>wait: for a time, until a time, or for a request.</summary>
internal sealed class Wait(TimeProvider time, Late<IWaitKeys> keys) : IWaitingKind
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    private static readonly NodePort Expired = new("expired", "expired");

    /// <inheritdoc />
    public NodeDescription Description { get; } = new()
    {
        Kind = "wait",
        Title = "Wait",
        Group = NodeGroups.Flow,
        Summary = "Waits for a time, until a time, or for a request from another program.",
        Help = """
            The wait is in the log: it survives restarts, and costs nothing meanwhile. After *a time* and *until* what came in goes out unchanged.
            *For a request* gives the step an address of its own, `/hooks/wait/…`, which `GET /api/v1/runs/{run}` tells; what is sent to it goes out. Nobody came in time: the run goes on through **expired**.
            """,
        Icon = "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.5l3 2",
        Keywords = ["delay", "sleep", "pause", "timer", "until", "callback"],
        Subtitle = "{for}",
        Effect = NodeEffect.Read,
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "for": { "type": "string", "title": "Wait", "enum": ["time", "until", "request"], "default": "time", "x-template": false },
                "amount": { "type": "number", "title": "How long", "minimum": 0, "default": 5, "x-show-if": { "for": "time" } },
                "unit": { "type": "string", "title": "Unit", "enum": ["seconds", "minutes", "hours", "days"], "default": "minutes", "x-show-if": { "for": "time" }, "x-template": false },
                "until": { "type": "string", "title": "Until", "description": "A time such as 2026-03-01T09:30:00Z; one that has passed ends the wait at once.", "examples": ["{{dateAdd data.due 1 \"days\"}}"], "x-show-if": { "for": "until" } },
                "expires_after_hours": { "type": "number", "title": "Give up after hours", "minimum": 0.01, "maximum": 8784, "default": 24, "x-show-if": { "for": "request" } }
              },
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"for": "time", "amount": 30, "unit": "minutes"}"""),
    };

    /// <inheritdoc />
    public IReadOnlyList<NodePort> Outputs(JsonElement settings) => settings.Text("for"u8) == "request" ? [.. Description.Outputs, Expired] : Description.Outputs;

    /// <inheritdoc />
    public IEnumerable<SettingFault> Check(JsonElement settings)
    {
        if (settings.Text("for"u8) != "until")
        {
            yield break;
        }

        if (settings.Text("until"u8) is not { } until)
        {
            yield return new SettingFault("/until", "setting_required", "Say until when, such as 2026-03-01T09:30:00Z.");
        }
        else if (!SettingReader.IsTemplate(until) && !Times.TryParse(until, out _))
        {
            yield return new SettingFault("/until", "time_invalid", "Write a time such as 2026-03-01T09:30:00Z.");
        }
    }

    /// <inheritdoc />
    public ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Begin(call));
    }

    /// <inheritdoc />
    public ValueTask<NodeResult> ResumeAsync(NodeCall call, WaitEnd end, CancellationToken cancellationToken)
    {
        var isRequest = call.Settings.Text("for"u8) == "request";
        return ValueTask.FromResult<NodeResult>(end.Cause switch
        {
            "delivered" => new NodeResult.Completed(end.Data ?? JsonOutput.Null) { Summary = "A request came" },
            _ when isRequest => new NodeResult.Completed(call.Data, Expired.Name) { Summary = "No request came in time" },
            _ => new NodeResult.Completed(call.Data),
        });
    }

    private NodeResult Begin(NodeCall call)
    {
        var isRequest = call.Settings.Text("for"u8) == "request";
        if (DueAt(call, out var dueAt) is { } fault)
        {
            return fault;
        }

        if (call.DryRun)
        {
            return DryRuns.Skipped(call.Data, isRequest ? "did not wait for a request" : $"did not wait until {Times.Write(dueAt, isDate: false)}");
        }

        return !isRequest && dueAt <= time.GetUtcNow()
            ? new NodeResult.Completed(call.Data)
            : new NodeResult.Waits(new NodeWait { Kind = isRequest ? "webhook" : "timer", DueAt = dueAt, Key = isRequest ? keys.Value.Of(call.RunId, call.StepId) : null });
    }

    private NodeResult.Failed? DueAt(NodeCall call, out DateTimeOffset dueAt)
    {
        dueAt = time.GetUtcNow();
        if (call.Settings.Text("for"u8) == "until")
        {
            var until = call.Settings.Text("until"u8, string.Empty);
            return !Times.TryParse(until, out dueAt) ? new NodeResult.Failed("time_invalid", "\"until\" is not a time such as 2026-03-01T09:30:00Z.")
                : dueAt - time.GetUtcNow() > Longest ? TooLong()
                : null;
        }

        var seconds = call.Settings.Text("for"u8) == "request"
            ? (call.Settings.Number("expires_after_hours"u8) ?? 24) * 3600
            : (call.Settings.Number("amount"u8) ?? 5) * call.Settings.Text("unit"u8, "minutes") switch { "seconds" => 1, "hours" => 3600, "days" => 86400, _ => 60 };
        if (!(seconds <= Longest.TotalSeconds))
        {
            return TooLong();
        }

        dueAt += TimeSpan.FromSeconds(Math.Max(seconds, 0));
        return null;
    }

    private static NodeResult.Failed TooLong() => new("wait_too_long", $"A wait is at most {Longest.TotalDays:0} days.");
}
