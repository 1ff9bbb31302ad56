using System.Buffers;
using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Engine.State;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>What a run's settings, loops and outputs come to. Everything here follows from the state alone.</summary>
internal sealed class Evaluation(RunIdentity run, ISettingsCompiler compiler, IAttachmentReader attachments, Func<Slot, INodeJournal> journals) : IStateRules
{
    private static readonly JsonElement Null = JsonElement.Parse("null");

    private readonly JsonElement _run = Describe(run);
    private readonly Dictionary<string, ICompiledSettings> _results = new(StringComparer.Ordinal);

    /// <summary>The node's settings with its templates' values.</summary>
    /// <exception cref="ExpressionException">A template is not well formed or gave no value.</exception>
    public JsonElement Settings(Slot slot) => Settings(slot, slot.Data());

    /// <summary>One execution of a node.</summary>
    public NodeCall Call(Slot slot)
    {
        var data = slot.Data();
        return Call(slot, KeptSettings(slot), data);
    }

    /// <summary>The settings, computed once for a step.</summary>
    public JsonElement KeptSettings(Slot slot) => slot.Settings.ValueKind == JsonValueKind.Undefined ? slot.Settings = Settings(slot) : slot.Settings;

    /// <summary>The input of another workflow: the setting <c>input</c>, or what came in.</summary>
    public JsonElement InnerInput(Slot slot)
    {
        var settings = KeptSettings(slot);
        return settings.TryGetProperty("input", out var input) && input.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? input : slot.Data();
    }

    /// <inheritdoc />
    public LoopPlan Plan(Slot loop)
    {
        try
        {
            return ((ILoopKind)loop.Node.Kind).Plan(Call(loop));
        }
        catch (Exception e) when (e is not ExpressionException)
        {
            throw Broke(e);
        }
    }

    /// <inheritdoc />
    public bool Continues(Slot loop, int iteration, JsonElement newest)
    {
        try
        {
            return ((ILoopKind)loop.Node.Kind).Continues(Call(loop, Settings(loop, newest), newest), iteration);
        }
        catch (Exception e) when (e is not ExpressionException)
        {
            throw Broke(e);
        }
    }

    /// <summary>A kind that threw where it may not: a fault of its own, which stays with its node.</summary>
    public static ExpressionException Broke(Exception e) => new("node_broke", $"The node broke: {e.GetType().Name}: {e.Message}");

    /// <inheritdoc />
    public JsonElement Result(Frame iteration, string template)
    {
        if (!_results.TryGetValue(template, out var compiled))
        {
            compiled = compiler.CompileValue(JsonSerializer.SerializeToElement(template));
            _results.Add(template, compiled);
        }

        return compiled.Evaluate(Scope(iteration, OrNull(iteration.LastValue()), iteration.Output));
    }

    /// <inheritdoc />
    public JsonElement Output(Activation ended)
    {
        if (ended.Answer is { } answer)
        {
            return RespondValue.Read(answer.Value).Body;
        }

        if (ended.Stopped is { } stopped)
        {
            return stopped.Value;
        }

        var last = OrNull(ended.Top.LastValue());
        return ended.Workflow.Output is { } output ? output.Evaluate(Scope(ended.Top, last, ended.Top.Output)) : last;
    }

    private JsonElement Settings(Slot slot, JsonElement data) =>
        slot.Node.Settings is { } settings ? settings.Evaluate(Scope(slot.Frame, data, slot.Output)) : throw slot.Node.Fault!;

    private NodeCall Call(Slot slot, JsonElement settings, JsonElement data) => new()
    {
        Node = slot.Node.Node,
        Settings = settings,
        Data = data,
        Scope = Scope(slot.Frame, data, slot.Output),
        SessionId = run.SessionId,
        RunId = run.RunId,
        StepId = slot.StepId,
        Attempt = slot.Attempt,
        IdempotencyKey = string.Concat(run.RunText, "/", slot.StepId),
        OwnerId = run.OwnerId,
        ProjectId = run.ProjectId,
        DryRun = run.DryRun,
        Decision = slot.Told,
        Journal = journals(slot),
        Attachments = attachments,
    };

    private ExpressionScope Scope(Frame frame, JsonElement data, Func<string, JsonElement?> node) => new()
    {
        Input = frame.Activation.Input,
        Data = data,
        Node = node,
        Item = frame.Loop is null ? null : OrNull(frame.Item),
        Index = frame.Loop is null ? null : frame.Iteration,
        Run = _run,
    };

    private static JsonElement OrNull(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? Null : value;

    private static JsonElement Describe(RunIdentity run)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, run.RunId.Value);
            writer.WriteString("startedAt"u8, run.StartedAt.UtcDateTime);
            writer.WriteString("workflow"u8, run.Workflow.Name);
            writer.WriteString("session"u8, run.SessionId.Value);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}

/// <summary>Which run this is, and for whom it works.</summary>
internal sealed record RunIdentity(SessionId SessionId, RunId RunId, Guid OwnerId, Guid ProjectId, WorkflowReference Workflow, DateTimeOffset StartedAt, bool DryRun)
{
    /// <summary>The run's id as text, once.</summary>
    public string RunText { get; } = RunId.ToString();
}

/// <summary>The value of a respond node: <c>{"status", "headers", "body"}</c>.</summary>
internal static class RespondValue
{
    /// <summary>The answer in it; a value of another shape is a body with status 200.</summary>
    public static WorkflowResponse Read(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("body", out var body) || !value.TryGetProperty("status", out var status)
            || status.ValueKind != JsonValueKind.Number || !status.TryGetInt32(out var number) || number is < 200 or > 599)
        {
            return new WorkflowResponse(200, new Dictionary<string, string>(), value);
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (value.TryGetProperty("headers", out var given) && given.ValueKind == JsonValueKind.Object)
        {
            foreach (var header in given.EnumerateObject())
            {
                headers[header.Name] = header.Value.ValueKind == JsonValueKind.String ? header.Value.GetString()! : header.Value.GetRawText();
            }
        }

        return new WorkflowResponse(number, headers, body);
    }
}
