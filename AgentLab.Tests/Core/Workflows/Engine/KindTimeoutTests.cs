using AgentLab.Core.Tools;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Tests.Core.Workflows.Nodes;
using AgentLab.Tests.Fakes;
using AgentLab.Tests.Fakes.Workflows;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Workflows.Engine;

/// <summary>Each kind that can take too long is cut off at its timeout, inside the engine; of each other kind it is said why there is nothing to cut off.</summary>
public sealed class KindTimeoutTests
{
    private const string Pure = "it computes from its inputs at once, on the run's own thread";
    private const string Waits = "it waits on purpose, and says in its own settings when it gives up";
    private const string Holds = "the nodes inside it have timeouts of their own, and may wait for days";

    /// <summary>A length that no other timer has.</summary>
    private const int Seconds = 4_321;

    /// <summary>The kinds without a timeout, and why.</summary>
    private static readonly Dictionary<string, string> Without = new()
    {
        ["aggregate"] = Pure, ["artifact"] = Pure, ["chat_trigger"] = Pure, ["condition"] = Pure, ["deduplicate"] = Pure, ["filter"] = Pure, ["json_path"] = Pure, ["limit"] = Pure,
        ["manual_trigger"] = Pure, ["merge"] = Pure, ["parallel"] = Pure, ["report"] = Pure, ["respond"] = Pure, ["set_values"] = Pure, ["sort"] = Pure, ["split"] = Pure, ["stop"] = Pure,
        ["switch"] = Pure, ["transform"] = Pure, ["webhook_trigger"] = Pure, ["workflow_event_trigger"] = Pure,
        ["approval"] = Waits, ["form"] = Waits, ["wait"] = Waits,
        ["loop"] = Holds, ["while"] = Holds, ["sub_workflow"] = Holds,
    };

    /// <summary>The kinds with one, and settings under which they never come back: <c>URL</c> is a server that does not answer.</summary>
    private static readonly Dictionary<string, string> With = new()
    {
        ["agent"] = """{"agent": "agent", "message": "Go on."}""",
        ["model_prompt"] = """{"prompt": "Go on."}""",
        ["tool_call"] = """{"tool": "hangs"}""",
        ["http_request"] = """{"url": "URL"}""",
        ["send_webhook"] = """{"url": "URL"}""",
    };

    public static TheoryData<string> Hanging { get; } = [.. With.Keys];

    [Fact]
    public void Kinds_All_HaveATimeoutOrAReasonWhyNot()
    {
        var kinds = Palette.Create();

        With.Keys.Concat(Without.Keys).Order(StringComparer.Ordinal).ShouldBe(Palette.Golden.Order(StringComparer.Ordinal));
        With.Keys.ShouldAllBe(kind => kinds.Find(kind)!.HasTimeout);
        foreach (var (name, reason) in Without)
        {
            var kind = kinds.Find(name)!;
            kind.HasTimeout.ShouldBeFalse(name);
            (reason switch
            {
                Pure => kind.Effect(kind.Description.Example).Pure,
                Waits => kind is IWaitingKind,
                _ => kind.Description.Role is NodeRole.Loop or NodeRole.SubWorkflow,
            }).ShouldBeTrue(name);
        }
    }

    [Fact]
    public void Timeout_OnAKindWithoutOne_IsAWarningWithItsMend()
    {
        using var services = new ServiceCollection().AddAgentLabNodes().AddWorkflowDefinitions().BuildServiceProvider();
        var drawn = new Drawn()
            .Node("pause", "wait", with: n => n with { TimeoutSeconds = 5 })
            .Node("call", "http_request", """{"url": "https://example.org"}""", n => n with { TimeoutSeconds = 5 }).Path("start > pause > call").Done();

        var problem = services.GetRequiredService<IWorkflowRules>().Validate(drawn).ShouldHaveSingleItem();

        (problem.Code, problem.Severity, problem.Node, problem.Field).ShouldBe(("timeout_unused", ProblemSeverity.Warning, "pause", "timeoutSeconds"));
        ((SetNode)problem.Mend!.ShouldHaveSingleItem()).Node.TimeoutSeconds.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Hanging))]
    public async Task Kind_OverItsTimeout_IsCutOffAndGoesOutThroughItsErrorPort(string kind)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        async Task HangAsync(CancellationToken token)
        {
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stopped.TrySetResult();
        }

        await using var server = await LoopbackServer.StartAsync(context => HangAsync(context.RequestAborted));
        var time = new HeldTimers(TimeSpan.FromSeconds(Seconds));
        await using var host = await WorkflowHost.StartAsync(
            new ScriptedModel((_, token) => Never(HangAsync, token)), services => services.AddSingleton(Hangs(HangAsync)).AddSingleton<TimeProvider>(time));
        var drawn = new Drawn()
            .Node("slow", kind, With[kind].Replace("URL", server.Url, StringComparison.Ordinal), n => n with { TimeoutSeconds = Seconds, Retry = new NodeRetry(1, 0, 0), OnError = OnNodeError.Port })
            .Node("late").Path("start > slow:error > late");

        var run = await host.RunAsync(drawn);
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(1));
        time.Fire();
        var state = await host.SettleAsync(run);

        state.Status.ShouldBe("completed", state.Error?.Message);
        state.Output!.Value.GetProperty("error").GetProperty("code").GetString().ShouldBe("timeout");
        await stopped.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Never(Func<CancellationToken, Task> hang, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token = default)
    {
        await hang(token);
        token.ThrowIfCancellationRequested();
        yield break;
    }

    private static Tool Hangs(Func<CancellationToken, Task> hang) => new(
        AIFunctionFactory.Create(
            async (CancellationToken token) =>
            {
                await hang(token);
                token.ThrowIfCancellationRequested();
                return "never";
            },
            "hangs",
            "Never comes back."),
        "Hangs",
        ToolEffect.Read) { Timeout = TimeSpan.FromMinutes(5) };
}
