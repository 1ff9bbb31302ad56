using System.Text.Json;
using AgentLab.Core;
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
    private readonly INodeKinds _kinds;
    private readonly ISettingsCompiler _settings;

    public WorkflowProperties()
    {
        var services = new ServiceCollection().AddSingleton(_bench).AddNodeKind<WorkKind>().AddNodeKind<ChooseKind>().AddAgentLabNodes().BuildServiceProvider();
        (_kinds, _settings) = (services.GetRequiredService<INodeKinds>(), services.GetRequiredService<ISettingsCompiler>());
    }

    private static Gen<int> Seeds => Gen.Choose(0, int.MaxValue);

    [Fact]
    public void EachNode_RunsOnceWhenAndOnlyWhenItsInputsAreThere() =>
        Prop.ForAll(Seeds.ToArbitrary(), seed =>
        {
            var graph = RandomGraph.Of(seed);
            var log = Run(graph.Definition());

            log.Events[^1].Data.ShouldBeOfType<RunCompleted>();
            var completed = log.Events.Where(e => e.Data is NodeCompleted).Select(e => e.StepId!).ToList();
            completed.ShouldBeUnique();
            completed.Order().ShouldBe(graph.Running().Order());
            foreach (var start in log.Events.Where(e => e.Data is NodeStarted && !e.StepId!.Contains('[') && !graph.IsMerge(e.StepId)))
            {
                var before = log.Events.Take((int)start.Sequence).Where(e => e.Data is NodeCompleted).Select(e => e.StepId!).ToHashSet();
                graph.Entering(start.StepId!).Select(e => e.From).Where(graph.Running().Contains).ShouldAllBe(from => before.Contains(from));
            }

            _bench.MostRunning.ShouldBeLessThanOrEqualTo(3);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void AnyCrashPoint_Resumed_GivesTheSameOutputs() =>
        Prop.ForAll(Seeds.ToArbitrary(), seed =>
        {
            var definition = RandomGraph.Of(seed, allModes: false).Definition();
            var whole = Run(definition);
            var values = Values(whole);
            for (var events = 1; events < whole.Events.Count; events++)
            {
                var cut = whole.Cut(events);
                Resume(cut, definition);

                cut.Events[^1].Data.ShouldBeOfType<RunCompleted>($"cut after {events}");
                cut.Events.Where(e => e.Data is NodeCompleted).Select(e => e.StepId!).ShouldBeUnique();
                Values(cut).ShouldBe(values, $"cut after {events}");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(12));

    [Fact]
    public void Cancel_AtAnyPoint_LeavesNothingRunningAndStartsNothing() =>
        Prop.ForAll(Seeds.Two().ToArbitrary(), seeds =>
        {
            var log = new MemoryLog();
            using var stop = new CancellationTokenSource();
            var after = new Random(seeds.Item2).Next(2, 12);
            var run = Start(RandomGraph.Of(seeds.Item1).Definition(), log);
            var going = run.RunAsync(stop.Token, CancellationToken.None);
            SpinWait.SpinUntil(() => log.Events.Count >= after || going.IsCompleted);
            stop.Cancel();
            going.GetAwaiter().GetResult();

            var events = log.Events;
            events[^1].Data.ShouldBeAssignableTo<EventData>();
            (events[^1].Data is RunCancelled or RunCompleted).ShouldBeTrue();
            events.Where(e => e.Data is NodeStarted).Select(e => e.StepId).Except(events.Where(e => e.Data is NodeCompleted or NodeFailed).Select(e => e.StepId)).ShouldBeEmpty();
            _bench.Running.ShouldBe(0);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    private static SortedDictionary<string, string> Values(MemoryLog log) => new(log.Events.Where(e => e.Data is NodeCompleted).ToDictionary(
        e => e.StepId!, e => ((NodeCompleted)e.Data!).Output.Value?.GetRawText() ?? "blob"), StringComparer.Ordinal);

    private MemoryLog Run(WorkflowDefinition definition)
    {
        var log = new MemoryLog();
        using var run = Start(definition, log);
        run.RunAsync(CancellationToken.None, CancellationToken.None).GetAwaiter().GetResult().ShouldBeFalse();
        return log;
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

    private void Resume(MemoryLog log, WorkflowDefinition definition)
    {
        var (factory, compiler) = Factory(log);
        var kind = new WorkflowRunKind(log, null!, new FewVersions(Guid.Empty), compiler, factory);
        var session = new SessionSummary
        {
            Id = Session, OwnerId = Guid.Empty, ProjectId = DefaultProject.Id, Title = definition.Name, Status = SessionStatus.Running, Head = 0,
            CreatedAt = default, UpdatedAt = default, Workflow = Reference,
        };
        using var loop = kind.LoadAsync(session, new RunFence(log.Events[0].RunId!.Value, 2), CancellationToken.None).GetAwaiter().GetResult();
        loop.RunAsync(CancellationToken.None, CancellationToken.None).GetAwaiter().GetResult().ShouldBeFalse();
    }

    private (WorkflowRunFactory Factory, WorkflowCompiler Compiler) Factory(MemoryLog log)
    {
        var compiler = new WorkflowCompiler(_kinds, _settings);
        var factory = new WorkflowRunFactory(
            log, log, new NoFiles(), new FewVersions(Guid.Empty), compiler, _settings, new LiveRuns(), new WaitSignal(),
            new NodeLease(new NodeIdentity("test", TimeSpan.FromSeconds(10)), TimeProvider.System), TimeProvider.System, NullLogger<WorkflowRun>.Instance);
        return (factory, compiler);
    }
}
