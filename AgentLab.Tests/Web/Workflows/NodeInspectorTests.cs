using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Tests.Browser;
using AgentLab.Tests.Core.Workflows.Nodes;
using AgentLab.Tests.Fakes;
using AgentLab.Web.Features.Workflows.Editor;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Web.Workflows;

/// <summary>What is typed into a node while another person changes it: committed on what was seen, given back when theirs stands.</summary>
public sealed class NodeInspectorTests : BunitContext
{
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));
    private readonly INodeKinds _kinds = Palette.Create();
    private readonly List<(string Settings, string Name, long Basis)> _saved = [];
    private SaveRefusal? _answer;

    public NodeInspectorTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        DefaultWaitTimeout = TimeSpan.FromSeconds(60);
        Services.AddSingleton<TimeProvider>(_time);
    }

    [Fact]
    public void Typed_WhileAnotherChangesTheNode_IsCommittedOnWhatWasSeenWhenTypingBegan()
    {
        var inspector = Show("2");
        Type(inspector, "mine");
        ShowAlso(inspector, "2", "Theirs");
        Value(inspector).ShouldBe("mine");
        _time.Advance(TimeSpan.FromSeconds(1));

        inspector.WaitForAssertion(() => _saved.Count.ShouldBe(1));
        _saved[0].Settings.ShouldContain("mine");
        // Their name is no part of it: the store takes it from them.
        (_saved[0].Name, _saved[0].Basis).ShouldBe(("Set", 1));
    }

    [Fact]
    public void Typed_OverWhatAnotherTyped_GivesWayAndMayBePutInItsPlace()
    {
        var inspector = Show("2");
        Type(inspector, "mine");
        ShowAlso(inspector, "theirs", "Set");
        _answer = new SaveRefusal("Someone else changed values of \"Set\" since.", Conflict: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        inspector.WaitForAssertion(() => inspector.Find("[role=alert]").TextContent.ShouldContain("Someone else changed"));
        Value(inspector).ShouldBe("theirs");

        // Nothing goes to the store by itself.
        _time.Advance(TimeSpan.FromMinutes(1));
        _saved.Count.ShouldBe(1);
        _answer = null;
        inspector.Find("[role=alert] .button:first-of-type").Click();
        inspector.WaitForAssertion(() => _saved.Count.ShouldBe(2));
        _saved[1].Settings.ShouldContain("mine");
        _saved[1].Basis.ShouldBe(2);
        inspector.WaitForAssertion(() => inspector.FindAll("[role=alert]").ShouldBeEmpty());
    }

    [Fact]
    public void Typed_AndRefusedForAnotherReason_StaysInTheForm()
    {
        var inspector = Show("2");
        Type(inspector, "mine");
        _answer = new SaveRefusal("It is too large.", Conflict: false);
        _time.Advance(TimeSpan.FromSeconds(1));
        inspector.WaitForAssertion(() => inspector.Find("[role=alert]").TextContent.ShouldContain("too large"));
        Value(inspector).ShouldBe("mine");
    }

    private static void Type(IRenderedComponent<NodeInspector> inspector, string text) => inspector.Find("#set-values-value-0").Input(text);

    private static string? Value(IRenderedComponent<NodeInspector> inspector) => inspector.Find("#set-values-value-0").GetAttribute("value");

    private static WorkflowNode Node(string value, string name) => new() { Id = "set", Kind = "set_values", Name = name, Settings = WorkflowDesk.Values("v", value) };

    private IRenderedComponent<NodeInspector> Show(string value)
    {
        var node = Node(value, "Set");
        return Render<NodeInspector>(parameters => parameters
            .Add(it => it.Kinds, _kinds)
            .Add(it => it.Definition, new WorkflowDefinition { Name = "Two", Nodes = [node] })
            .Add(it => it.Node, node)
            .Add(it => it.Revision, 1)
            .Add(it => it.OnSave, (saved, _, basis) =>
            {
                _saved.Add((saved.Settings.GetRawText(), saved.Name, basis));
                return Task.FromResult(_answer);
            }));
    }

    private static void ShowAlso(IRenderedComponent<NodeInspector> inspector, string value, string name) =>
        inspector.Render(parameters => parameters.Add(it => it.Node, Node(value, name)).Add(it => it.Revision, 2));
}
