using System.Text.Json;
using AgentLab.Core;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Agents.Runs.Leases;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Core.Workflows.Engine.Compiled;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Tests.Fakes;
using AgentLab.Tests.Fakes.Workflows;
using AgentLab.Tests.Faults;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentLab.Tests.Core.Workflows.Engine;

/// <summary>Random graphs: what runs, in which order, when it is cut off by a crash at any point, and when it is cancelled.</summary>
public sealed class WorkflowProperties
{
    private static readonly SessionId Session = SessionId.Parse("s");
    private static readonly WorkflowReference Reference = new(Guid.Empty, 0, "Random");

    private readonly Bench _bench = new();
    private readonly FewVersions _versions = new(Guid.Empty);
    private readonly INodeKinds _kinds;
    private readonly ISettingsCompiler _settings;

    public WorkflowProperties()
    {
        var services = new ServiceCollection().AddSingleton(_bench).AddNodeKind<WorkKind>().AddNodeKind<ChooseKind>().AddNodeKind<TalkKind>().AddNodeKind<PauseKind>()
            .AddAgentLabNodes().BuildServiceProvider();
        (_kinds, _settings) = (services.GetRequiredService<INodeKinds>(), services.GetRequiredService<ISettingsCompiler>());
        _versions.Add(RandomGraph.Inner, RandomGraph.InnerDefinition());
    }

    private static Gen<int> Seeds => Gen.Choose(0, int.MaxValue);

    [Fact]
    public void EachNode_RunsOnceWhenAndOnlyWhenItsInputsAreThere() =>
        Prop.ForAll(Seeds.ToArbitrary(), seed =>
        {
            var graph = Graph(seed);
            var log = Run(graph.Definition());

            log.Events[^1].Data.ShouldBeOfType<RunCompleted>();
            StepEnds.Check(log.Events);
            Ended(log.Events).Order().ShouldBe(graph.Running().Order());
            foreach (var start in log.Events.Where(e => e.Data is NodeStarted && IsOfTheTop(e.StepId!) && !graph.IsMerge(e.StepId!)))
            {
                var before = Ended(log.Events.Take((int)start.Sequence)).ToHashSet();
                graph.Entering(start.StepId!).Select(e => e.From).Where(graph.Running().Contains).ShouldAllBe(from => before.Contains(from));
            }

            _bench.MostRunning.ShouldBeLessThanOrEqualTo(3);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Counts.Of(quick: 60, full: 1500)));

    [Fact]
    public void AnyCrashPoint_Resumed_GivesTheSameOutputs() =>
        Prop.ForAll(Seeds.ToArbitrary(), seed =>
        {
            var definition = Graph(seed, allModes: false).Definition();
            var whole = Run(definition);
            var values = Values(whole);
            for (var events = 1; events < whole.Events.Count; events++)
            {
                var cut = whole.Cut(events);
                Resume(cut);

                cut.Events[^1].Data.ShouldBeOfType<RunCompleted>($"cut after {events}");
                StepEnds.Check(cut.Events);
                Values(cut).ShouldBe(values, $"cut after {events}");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Counts.Of(quick: 12, full: 250)));

    [Fact]
    public void Cancel_AtAnyPoint_LeavesNothingRunningAndStartsNothing() =>
        Prop.ForAll(Seeds.Two().ToArbitrary(), seeds =>
        {
            var log = new MemoryLog();
            using var stop = new CancellationTokenSource();
            var after = new Random(seeds.Item2).Next(2, 30);
            _bench.Moment = TimeSpan.FromMilliseconds(1);
            var run = Start(Graph(seeds.Item1).Definition(), log);
            log.Appended = events =>
            {
                if (events >= after)
                {
                    stop.Cancel();
                }
            };
            if (run.RunAsync(stop.Token, CancellationToken.None).GetAwaiter().GetResult())
            {
                // It was parked: whoever stops it lets another loop write the end.
                stop.Cancel();
                Load(log, run => run.RunAsync(stop.Token, CancellationToken.None).GetAwaiter().GetResult().ShouldBeFalse());
            }

            (log.Events[^1].Data is RunCancelled or RunCompleted).ShouldBeTrue();
            StepEnds.Check(log.Events);
            _bench.Running.ShouldBe(0);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Counts.Of(quick: 40, full: 800)));

    [Fact]
    public void AnyEnd_AlsoAfterACrash_LeavesNoStepWithoutItsEnd() =>
        Prop.ForAll(Seeds.Two().ToArbitrary(), seeds =>
        {
            _bench.Moment = TimeSpan.FromMilliseconds(1);
            var definition = Graph(seeds.Item1, deadly: true).Definition();
            var whole = Run(definition);
            StepEnds.Check(whole.Events);
            _bench.Running.ShouldBe(0);
            var random = new Random(seeds.Item2);
            for (var i = 0; i < 3; i++)
            {
                var cut = whole.Cut(random.Next(1, whole.Events.Count));
                Resume(cut);
                StepEnds.Check(cut.Events);
                _bench.Running.ShouldBe(0);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Counts.Of(quick: 40, full: 800)));

    private static bool IsOfTheTop(string stepId) => !stepId.Contains('[', StringComparison.Ordinal) && !stepId.Contains('/', StringComparison.Ordinal);

    private static IEnumerable<string> Ended(IEnumerable<SessionEvent> events) =>
        events.Where(e => e.Data is NodeCompleted or NodeFailed { RetryMs: null }).Select(e => e.StepId!);

    private static SortedDictionary<string, string> Values(MemoryLog log) => new(
        log.Events.Where(e => e.Data is NodeCompleted or NodeFailed { RetryMs: null }).ToDictionary(e => e.StepId!, e => e.Data is NodeCompleted completed
            ? completed.Output.Value?.GetRawText() ?? "blob"
            : ((NodeFailed)e.Data!).Code),
        StringComparer.Ordinal);

    private RandomGraph Graph(int seed, bool allModes = true, bool deadly = false)
    {
        var graph = RandomGraph.Of(seed, allModes, deadly);
        graph.Prepare(_bench);
        return graph;
    }

    private MemoryLog Run(WorkflowDefinition definition)
    {
        var log = new MemoryLog();
        bool parked;
        using (var run = Start(definition, log))
        {
            parked = run.RunAsync(CancellationToken.None, CancellationToken.None).GetAwaiter().GetResult();
        }

        if (parked)
        {
            log.Wake();
            Resume(log);
        }

        return log;
    }

    /// <summary>Goes on to the end, waking whatever waits, the oldest wait first.</summary>
    private void Resume(MemoryLog log)
    {
        var parked = true;
        while (parked)
        {
            Load(log, run => parked = run.RunAsync(CancellationToken.None, CancellationToken.None).GetAwaiter().GetResult());
            if (parked)
            {
                log.Wake();
            }
        }
    }

    private void Load(MemoryLog log, Action<IRunLoop> run)
    {
        var (factory, compiler) = Factory(log);
        var kind = new WorkflowRunKind(log, null!, _versions, compiler, factory);
        var session = new SessionSummary
        {
            Id = Session, OwnerId = Guid.Empty, ProjectId = DefaultProject.Id, Title = "Random", Status = SessionStatus.Running, Head = 0, CreatedAt = default, UpdatedAt = default,
            Workflow = Reference,
        };
        using var loop = kind.LoadAsync(session, new RunFence(log.Events[0].RunId!.Value, 2), CancellationToken.None).GetAwaiter().GetResult();
        run(loop);
    }

    private WorkflowRun Start(WorkflowDefinition definition, MemoryLog log)
    {
        var run = new RunIdentity(Session, RunId.New(), Guid.Empty, DefaultProject.Id, Reference, DateTimeOffset.UnixEpoch, false);
        var (factory, compiler) = Factory(log);
        var input = JsonElement.Parse("""{"n":1}""");
        var plan = new WorkflowPlan(new JsonContent(input), run.StartedAt, "start", "blob");
        var making = factory.Make(run, new RunFence(run.RunId, 1), compiler.Compile(definition), input);
        var loop = factory.New(making, WorkflowRunFactory.Begin(making, plan, _ => null));
        var (first, blobs) = loop.BeginAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var definitionBlob = new Blob("blob", "application/json", JsonSerializer.SerializeToUtf8Bytes(definition, WorkflowJson.Compact.WorkflowDefinition));
        var started = new NewEvent(new RunStarted("manual", null, null, new RunLimits(), Reference, plan), run.RunId);
        log.AppendAsync(new SessionAppend(Session, [started, .. first]) { Blobs = [.. blobs, definitionBlob] }, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        loop.Begun();
        return loop;
    }

    private (WorkflowRunFactory Factory, WorkflowCompiler Compiler) Factory(MemoryLog log)
    {
        var compiler = new WorkflowCompiler(_kinds, _settings);
        var factory = new WorkflowRunFactory(
            log, log, new NoFiles(), _versions, compiler, _settings, new LiveRuns(), new WaitSignal(),
            new NodeLease(new NodeIdentity("test", TimeSpan.FromHours(1)), TimeProvider.System), TimeProvider.System, NullLogger<WorkflowRun>.Instance);
        return (factory, compiler);
    }
}
