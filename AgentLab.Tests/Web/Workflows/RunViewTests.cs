using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Web.Features.Workflows.Runs;
using AgentLab.Web.Shared;

namespace AgentLab.Tests.Web.Workflows;

/// <summary>A run as its events tell it.</summary>
public sealed class RunViewTests
{
    private readonly RunView _view = new();
    private long _sequence;

    [Fact]
    public void Node_StartedAndCompleted_IsDoneWithItsOutputAndDuration()
    {
        Add("fetch", new NodeStarted("fetch", "http_request"));
        _view.Node("fetch")!.Status.ShouldBe(Status.Running);
        Add("fetch", new NodeCompleted("fetch", "out", Json("""{"a":1}"""), 12.5m));

        var node = _view.Node("fetch")!;
        (node.Status, node.Count, node.DurationMs).ShouldBe((Status.Done, 1, 12.5m));
        _view.OutputOf("fetch")!.Value.GetProperty("a").GetInt32().ShouldBe(1);
    }

    [Fact]
    public void Node_InALoop_CountsItsIterationsAndAddsTheirTimes()
    {
        for (var i = 0; i < 3; i++)
        {
            Add($"mail[{i}]", new NodeStarted("mail", "http_request"));
            Add($"mail[{i}]", new NodeCompleted("mail", "out", Json("1"), 2));
        }

        (_view.Node("mail")!.Count, _view.Node("mail")!.DurationMs).ShouldBe((3, 6m));
    }

    [Fact]
    public void Node_FailedWithAnotherAttemptToCome_WaitsAndThenIsDone()
    {
        Add("fetch", new NodeStarted("fetch", "http_request"));
        Add("fetch", new NodeFailed("fetch", "timeout", "It took too long.", 5, RetryMs: 1000));
        _view.Node("fetch")!.Status.ShouldBe(Status.Waiting);
        Add("fetch", new NodeStarted("fetch", "http_request", Reason: "timeout"), attempt: 2);
        Add("fetch", new NodeCompleted("fetch", "out", Json("1"), 3), attempt: 2);

        _view.Node("fetch")!.Latest.Attempt.ShouldBe(2);
        _view.Node("fetch")!.Status.ShouldBe(Status.Done);
        _view.Node("fetch")!.Latest.Failure.ShouldBeNull();
    }

    [Fact]
    public void Approval_Asked_TheRunNeedsAPersonUntilItIsDecided()
    {
        var id = Guid.NewGuid();
        Add(null, new RunStarted("manual", null, null, new RunLimits()));
        Add("ask", new NodeStarted("ask", "approval"));
        Add("ask", new ApprovalRequested(id, "approval", "Ship it?", "", Json("{}"), "hash"));
        Add("ask", new NodeWaiting("ask", "approval", ApprovalId: id));
        Add(null, new RunPaused("waiting", ""));

        _view.Status.ShouldBe(Status.NeedsPerson);
        _view.Node("ask")!.Status.ShouldBe(Status.NeedsPerson);
        _view.Open.Single().Node.ShouldBe("ask");

        Add("ask", new ApprovalDecided(id, "approved", "hash"));
        _view.Open.ShouldBeEmpty();
        _view.Status.ShouldBe(Status.Running);
    }

    [Fact]
    public void Run_Cancelled_LeavesNothingRunning()
    {
        Add(null, new RunStarted("manual", null, null, new RunLimits()));
        Add("slow", new NodeStarted("slow", "wait"));
        Add(null, new RunCancelled("stop_requested", UsageTotals.Zero, 40));

        (_view.Status, _view.DurationMs, _view.Node("slow")!.Status).ShouldBe((Status.Cancelled, 40L, Status.Cancelled));
    }

    [Fact]
    public void SubWorkflow_InnerNodes_AreNotTakenForOnesOfTheSameName()
    {
        Add("sub", new NodeStarted("sub", "sub_workflow"));
        Add("sub/fetch", new NodeStarted("fetch", "http_request"));

        _view.Nodes.Select(node => node.Id).ShouldBe(["sub"]);
    }

    [Fact]
    public void Edges_CountWhatWentThroughThem()
    {
        WorkflowEdge[] edges = [new("e1", "if", "true", "yes", "in"), new("e2", "if", "false", "no", "in")];
        Add("if", new NodeStarted("if", "condition"));
        Add("if", new NodeCompleted("if", "true", Json("1"), 1));
        Add("yes", new NodeStarted("yes", "set_values"));

        _view.Edges(edges).ShouldBe([("e1", 1, true)]);
    }

    [Fact]
    public void Patch_OfSomeNodes_NamesThemAndTheirEdgesOnly()
    {
        var definition = new WorkflowDefinition
        {
            Name = "A",
            Nodes = [new() { Id = "a", Kind = "k", Name = "A" }, new() { Id = "b", Kind = "k", Name = "B" }],
            Edges = [new("e1", "a", "out", "b", "in")],
        };
        Add("a", new NodeStarted("a", "k"));
        Add("a", new NodeCompleted("a", "out", Json("1"), 3));
        Add("b", new NodeStarted("b", "k"));

        var patch = StatusPatches.Of("run", _view, definition, ["b"]);

        patch.ToJsonString().ShouldBe("""{"run":"run","seq":3,"n":[["b","running",0,null,null]],"e":[["e1",true,1]]}""");
    }

    [Fact]
    public void Rows_BesideWhatCameIn_ShowNewAndChangedFieldsFirst()
    {
        var rows = ValueRows.Of(JsonElement.Parse("""{"a":1,"b":2,"c":3}"""), JsonElement.Parse("""{"a":1,"b":9}"""));

        rows.Select(row => (row.Name, row.Mark)).ShouldBe([("b", "changed"), ("c", "new"), ("a", null)]);
    }

    [Fact]
    public void Comparison_OfTwoRuns_AlignsNodesAndMarksWhatDiffers()
    {
        var other = new RunView();
        var definition = new WorkflowDefinition { Name = "A", Nodes = [new() { Id = "b", Kind = "k", Name = "Bee" }, new() { Id = "a", Kind = "k", Name = "Ay" }] };
        foreach (var (view, value) in new[] { (_view, "1"), (other, "2") })
        {
            Add("a", new NodeStarted("a", "k"), view: view);
            Add("a", new NodeCompleted("a", "out", Json(value), 1), view: view);
        }

        Add("b", new NodeStarted("b", "k"));

        var pairs = RunComparison.Of(_view, other, definition);

        pairs.Select(pair => (pair.Name, pair.SameOutput, pair.Differs)).ShouldBe([("Bee", null, true), ("Ay", false, true)]);
    }

    private static JsonContent Json(string json) => new(JsonElement.Parse(json));

    private void Add(string? step, EventData data, int attempt = 1, RunView? view = null)
    {
        var kind = EventCatalog.Of(data);
        _sequence++;
        (view ?? _view).Apply(new SessionEvent(_sequence, RunId.New(), step, attempt, kind.Type, kind.Version, DateTimeOffset.UnixEpoch.AddMilliseconds(_sequence), EventCatalog.Encode(data)));
    }
}
