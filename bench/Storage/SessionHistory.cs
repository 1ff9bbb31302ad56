using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Bench.Storage;

/// <summary>Events of turns as an agent writes them: a question, a call of a tool, an answer that streams.</summary>
internal static class SessionHistory
{
    private const int Deltas = 28;
    private static readonly JsonElement Arguments = JsonSerializer.SerializeToElement(new { table = "orders", group = "region", sum = "amount" });
    private static readonly UsageTotals Usage = new(900, 120, 0);
    private static readonly string Answer = string.Concat(Enumerable.Range(1, Deltas).Select(Words));

    /// <summary>How many events <see cref="Turn"/> makes.</summary>
    public const int TurnEvents = 10 + Deltas + 5;

    /// <summary>A whole turn under a run of its own.</summary>
    public static NewEvent[] Turn(int number)
    {
        var run = RunId.New();
        return
        [
            new(new MessageUser($"Question {number}: which region sold most?")),
            new(new RunStarted("message", Guid.Empty, 1, new RunLimits()), run),
            .. Steps(run, 1),
            new(new RunCompleted(3, Usage.Plus(Usage), 2400), run),
        ];
    }

    /// <summary>Three steps of a run: the <paramref name="first"/> model call asks for a tool, the tool answers, the model answers.</summary>
    public static NewEvent[] Steps(RunId run, int first)
    {
        var (asking, tool, telling) = ($"model[{first}]", $"tool[{first}.1]", $"model[{first + 1}]");
        return
        [
            .. CallTool(run, asking, tool),
            new(new StepStarted("model", "default"), run, telling, 1),
            new(Request, run, telling, 1),
            .. Enumerable.Range(1, Deltas).Select(i => new NewEvent(new ModelDelta(Words(i)), run, telling, 1)),
            new(new ModelCompleted(new TextContent(Answer), [], "stop", "rehearsal", "rehearsal", Usage, 1300, 90), run, telling, 1),
            new(new StepCompleted(1300), run, telling, 1),
        ];
    }

    /// <summary>Two steps of a run that goes on after them: a model call that asks for a tool, and the tool's answer.</summary>
    public static NewEvent[] CallTool(RunId run, string asking, string tool, int deltas = 0)
    {
        var call = new ToolCall("call_" + asking, "query_table", Arguments);
        return
        [
            new(new StepStarted("model", "default"), run, asking, 1),
            new(Request, run, asking, 1),
            .. Enumerable.Range(1, deltas).Select(i => new NewEvent(new ModelDelta(Words(i)), run, asking, 1)),
            new(new ModelCompleted(TextContent.Empty, [call], "tool_calls", "rehearsal", "rehearsal", Usage, 700, 80), run, asking, 1),
            new(new StepCompleted(700), run, asking, 1),
            new(new StepStarted("tool", "query_table"), run, tool, 1),
            new(new ToolRequested(call.Id, call.Tool, Arguments, "read", true, $"{run}/{tool}"), run, tool, 1),
            new(new ToolCompleted(call.Id, call.Tool, new TextContent("""{"rows":[["north",120034.5],["south",98211]]}"""), 12), run, tool, 1),
            new(new StepCompleted(12), run, tool, 1),
        ];
    }

    /// <summary>Makes a session of at least this many events, all of its runs ended.</summary>
    public static async Task<(SessionId Id, long Head)> WriteAsync(ISessionLog log, int events, CancellationToken cancellationToken)
    {
        var (session, run) = await SessionMaker.CreateAsync(log, Guid.Empty, cancellationToken);
        var last = await log.AppendAsync((session, run), [new NewEvent(new RunCompleted(0, UsageTotals.Zero, 1), run)], cancellationToken);
        for (var turn = 1; last.Last < events; turn++)
        {
            var outcome = await log.AppendAsync(new SessionAppend(session, Turn(turn)), cancellationToken);
            last = outcome.Receipt ?? throw new InvalidOperationException($"The append was refused: {outcome.Refusal}.");
        }

        return (session, last.Last);
    }

    private static ModelRequested Request { get; } = new("default", new string('0', 64), 3, 4, ["query_table", "calculator"], null);

    private static string Words(int part) => $"part {part} of the answer, ";
}
