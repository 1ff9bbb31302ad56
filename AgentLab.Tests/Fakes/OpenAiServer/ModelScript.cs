using System.Text.Json;

namespace AgentLab.Tests.Fakes.OpenAiServer;

/// <summary>A tool call that the scripted model makes; the arguments are sent as they are, broken JSON too.</summary>
public sealed record ScriptedCall(string Id, string Name, string Arguments);

/// <summary>
/// How the server answers one request. Immutable: each method returns a longer script, played in order.
/// A script without an end of its own ends properly, with finish reason, usage and [DONE].
/// </summary>
public sealed record ModelScript
{
    private ModelScript()
    {
    }

    /// <summary>An answer of no words.</summary>
    public static ModelScript Empty { get; } = new();

    internal IReadOnlyList<ScriptStep> Steps { get; private init; } = [];

    internal int Status { get; private init; } = 200;

    internal TimeSpan? RetryAfter { get; private init; }

    internal string? Body { get; private init; }

    internal string? Location { get; private init; }

    internal int? InputTokens { get; private init; }

    internal int? OutputTokens { get; private init; }

    internal bool ReportsUsage { get; private init; } = true;

    internal string? FinishReason { get; private init; }

    /// <summary>The text, word by word, with a pause before each one after the first.</summary>
    public static ModelScript Says(string text, TimeSpan pause = default) => Empty.Say(text, pause);

    /// <summary>Tool calls in parallel, their pieces interleaved.</summary>
    public static ModelScript Calls(params ScriptedCall[] calls) => Empty.Call(calls);

    /// <summary>One tool call.</summary>
    public static ModelScript Calls(string name, string arguments, string id = "call_1") => Calls(new ScriptedCall(id, name, arguments));

    /// <summary>An HTTP error.</summary>
    public static ModelScript Fails(int status, string? message = null, TimeSpan? retryAfter = null) => new()
    {
        Status = status,
        RetryAfter = retryAfter,
        Body = message is null ? null : JsonSerializer.Serialize(new { error = new { message, type = "test" } }),
    };

    /// <summary>This body with status 200, whatever it is.</summary>
    public static ModelScript Raw(string body) => new() { Body = body };

    /// <summary>A redirect.</summary>
    public static ModelScript Redirects(string location) => new() { Status = 307, Location = location };

    /// <summary>Sends the headers of nothing: the request hangs until its client gives up.</summary>
    public static ModelScript Hangs() => Empty.Hang();

    /// <summary>Adds words.</summary>
    public ModelScript Say(string text, TimeSpan pause = default) => With(new ScriptStep.Say(text, pause));

    /// <summary>Adds tool calls.</summary>
    public ModelScript Call(params ScriptedCall[] calls) => With(new ScriptStep.Call(calls));

    /// <summary>Waits for the task: the way for a test to act in the middle of an answer.</summary>
    public ModelScript WaitFor(Task gate) => With(new ScriptStep.Wait(gate));

    /// <summary>Says nothing more and keeps the connection until its client gives up.</summary>
    public ModelScript Hang() => With(new ScriptStep.Hang());

    /// <summary>Breaks the connection off.</summary>
    public ModelScript Cut() => With(new ScriptStep.Cut());

    /// <summary>Ends the answer cleanly for HTTP, but without finish reason and [DONE].</summary>
    public ModelScript Stop() => With(new ScriptStep.Stop());

    /// <summary>Sends this as a chunk's data.</summary>
    public ModelScript Chunk(string data) => With(new ScriptStep.Chunk(data));

    /// <summary>Reports these tokens; without it the words are counted.</summary>
    public ModelScript Usage(int input, int output) => this with { InputTokens = input, OutputTokens = output };

    /// <summary>Reports no tokens.</summary>
    public ModelScript WithoutUsage() => this with { ReportsUsage = false };

    /// <summary>Ends for this reason, such as "length".</summary>
    public ModelScript Finish(string reason) => this with { FinishReason = reason };

    private ModelScript With(ScriptStep step) => this with { Steps = [.. Steps, step] };
}

internal abstract record ScriptStep
{
    internal sealed record Say(string Text, TimeSpan Pause) : ScriptStep;

    internal sealed record Call(IReadOnlyList<ScriptedCall> Calls) : ScriptStep;

    internal sealed record Wait(Task Gate) : ScriptStep;

    internal sealed record Hang : ScriptStep;

    internal sealed record Cut : ScriptStep;

    internal sealed record Stop : ScriptStep;

    internal sealed record Chunk(string Data) : ScriptStep;
}
