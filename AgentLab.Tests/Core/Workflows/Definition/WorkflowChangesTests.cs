using System.Text.Json;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Tests.Fakes;

namespace AgentLab.Tests.Core.Workflows.Definition;

public sealed class WorkflowChangesTests
{
    private static readonly WorkflowDefinition Base = Draw.Workflow("s:start a b:if c", "s>a a>b b.true>c");

    [Fact]
    public void Apply_Gesture_IsTakenWhole()
    {
        var after = Applied(Base, new AddNode(Draw.Node("d"), 1), new AddEdge(Draw.Edge("b.false>d", 9)), new MoveNodes([new NodeMove("a", 5, 6)]), new RemoveEdge("e0"));

        after.Nodes.Select(node => node.Id).ShouldBe(["s", "d", "a", "b", "c"]);
        after.Edges.Select(edge => edge.Id).ShouldBe(["e1", "e2", "e9"]);
        (after.Nodes[2].X, after.Nodes[2].Y).ShouldBe((5, 6));
        Base.Nodes.Count.ShouldBe(4);
    }

    public static TheoryData<WorkflowOperation, string> Refused => new()
    {
        { new AddNode(Draw.Node("a")), "already" },
        { new AddNode(Draw.Node("x:nothing")), "node kind" },
        { new AddNode(Draw.Node("../x")), "cannot be an id" },
        { new AddNode(Draw.Node("x") with { Settings = JsonElement.Parse("[]") }), "object" },
        { new AddNode(Draw.Node("x", "{\"text\":\"" + new string('x', 70_000) + "\"}")), "64 KB" },
        { new AddNode(null!), "missing" },
        { new SetNode(Draw.Node("gone")), "no node" },
        { new SetNode(Draw.Node("a:if")), "stays what it is" },
        { new SetNode(Draw.Node("a") with { Name = "" }), "name" },
        { new MoveNodes([new NodeMove("gone", 0, 0)]), "no node" },
        { new MoveNodes([new NodeMove("a", double.NaN, 0)]), "too far out" },
        { new RemoveNode("a"), "edges still" },
        { new RemoveNode("gone"), "no node" },
        { new AddEdge(Draw.Edge("b.true>c", 2)), "already" },
        { new AddEdge(Draw.Edge("b.true>c", 9)), "already" },
        { new AddEdge(Draw.Edge("b.maybe>c", 9)), "no output" },
        { new AddEdge(Draw.Edge("a>s", 9)), "starts runs" },
        { new AddEdge(Draw.Edge("c>a", 9)), "lead round" },
        { new AddEdge(Draw.Edge("a>gone", 9)), "no node" },
        { new AddEdge(new WorkflowEdge("e9", null!, "out", "a", "in")), "two ends" },
        { new AddEdge(Draw.Edge("a.error>c", 9)), "on error" },
        { new RemoveEdge("gone"), "no edge" },
        { new SetGroup(new WorkflowGroup("g", "G", 0, 0, 0, 0)), "size" },
        { new SetNote(new WorkflowNote("n", "x", 0, 0, 1, 1, "pink")), "color" },
        { new RemoveGroup("gone"), "no group" },
        { new SetWorkflow("", "", [], null, null, new WorkflowLimits()), "name" },
        { new SetWorkflow("x", null!, null!, null, null, null!), "tags" },
        { null!, "missing" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Apply_WhatBreaksTheGraph_RefusesTheWholeGesture(WorkflowOperation operation, string message)
    {
        var outcome = Definitions.Rules.Apply(Base, [new SetNote(new WorkflowNote("new", "x", 0, 0, 1, 1)), operation]);

        outcome.Ok.ShouldBeFalse();
        outcome.Error.Code.ShouldBe("invalid");
        outcome.Error.Message.ShouldContain(message);
    }

    [Fact]
    public void Apply_SettingsThatAreNotRightYet_AreTaken() => Applied(Base, new SetNode(Draw.Node("a", """{"times":"many","other":true}""")));

    [Fact]
    public void Difference_OfASettingsChange_IsOneOperation() =>
        Definitions.Rules.Difference(Base, Base.Settings("a", """{"text":"x"}""")).ShouldHaveSingleItem().ShouldBeOfType<SetNode>().Node.Id.ShouldBe("a");

    [Fact]
    public void Difference_OfSpacesInSettings_IsNone() =>
        Definitions.Rules.Difference(Base.Settings("a", """{"text":"x"}"""), Base.Settings("a", """{ "text" : "\u0078" }""")).ShouldBeEmpty();

    [Fact]
    public void Difference_OfMoves_IsOneOperation() =>
        Definitions.Rules.Difference(Base, Applied(Base, new MoveNodes([new NodeMove("a", 1, 1), new NodeMove("b", 2, 2)]))).ShouldHaveSingleItem().ShouldBeOfType<MoveNodes>().Moves.Count.ShouldBe(2);

    [Fact]
    public void Merge_ChangesOfDifferentNodesAndFields_KeepsBoth()
    {
        var theirs = Applied(Base, new SetNode(Draw.Node("a", """{"text":"theirs"}""") with { Comment = "c" }), new MoveNodes([new NodeMove("b", 9, 9)]));
        var merged = Merged(theirs, new SetNode(Draw.Node("a", """{"times":3}""") with { Name = "Mine" }), new SetNode(Base.Nodes[3] with { Disabled = true }));

        merged.Nodes[1].Settings.GetRawText().ShouldBe("""{"text":"theirs","times":3}""");
        merged.Nodes[1].Name.ShouldBe("Mine");
        merged.Nodes[1].Comment.ShouldBe("c");
        merged.Nodes[2].X.ShouldBe(9);
        merged.Nodes[3].Disabled.ShouldBeTrue();
    }

    [Fact]
    public void Merge_SameFieldChangedByBoth_NamesNodeAndField()
    {
        var theirs = Applied(Base, new SetNode(Draw.Node("a", """{"text":"theirs"}""") with { Name = "Fetch" }));
        var error = Conflict(theirs, new SetNode(Draw.Node("a", """{"text":"mine"}""")));

        error.Field.ShouldBe("nodes/a/settings/text");
        error.Message.ShouldContain("settings/text of \"Fetch\"");
    }

    [Fact]
    public void Merge_SameChangeByBoth_IsNoConflict() =>
        Merged(Applied(Base, new SetNode(Draw.Node("a", """{"text":"x"}"""))), new SetNode(Draw.Node("a", """{"text":"x"}"""))).Nodes[1].Settings.GetRawText().ShouldBe("""{"text":"x"}""");

    [Fact]
    public void Merge_DeleteAgainstChange_IsAConflictBothWays()
    {
        WorkflowOperation[] delete = [new RemoveEdge("e2"), new RemoveNode("c")];
        var change = new SetNode(Draw.Node("c", """{"text":"x"}"""));

        Conflict(Applied(Base, change), delete).Field.ShouldBe("nodes/c");
        Conflict(Applied(Base, delete), change).Field.ShouldBe("nodes/c");
    }

    [Fact]
    public void Merge_DeleteAgainstMove_Deletes() =>
        Merged(Applied(Base, new MoveNodes([new NodeMove("c", 5, 5)])), new RemoveEdge("e2"), new RemoveNode("c")).Nodes.Count.ShouldBe(3);

    [Fact]
    public void Merge_EdgeToANodeThatWasDeleted_IsAConflictThatNamesIt() =>
        Conflict(Applied(Base, new RemoveEdge("e2"), new RemoveNode("c")), new AddEdge(Draw.Edge("b.false>c", 9))).Field.ShouldBe("nodes/c");

    [Fact]
    public void Merge_EdgesThatTogetherLeadRound_IsAConflict()
    {
        var basis = Draw.Workflow("s:start a b", "s>a s>b");
        var theirs = Definitions.Rules.Apply(basis, [new AddEdge(Draw.Edge("a>b", 8))]).Value!;

        var outcome = Definitions.Rules.Merge(basis, theirs, [new AddEdge(Draw.Edge("b>a", 9))]);

        outcome.Error!.Code.ShouldBe("edit_conflict");
        outcome.Error.Message.ShouldContain("lead round");
    }

    [Fact]
    public void Merge_OtherFieldsOfTheWorkflow_KeepsBoth()
    {
        var theirs = Applied(Base, new SetWorkflow("Theirs", "", [], null, null, new WorkflowLimits()));

        var merged = Merged(theirs, new SetWorkflow("Test", "Mine", ["tag"], null, null, new WorkflowLimits()));

        (merged.Name, merged.Description).ShouldBe(("Theirs", "Mine"));
        Conflict(theirs, new SetWorkflow("Mine", "", [], null, null, new WorkflowLimits())).Field.ShouldBe("name");
    }

    [Fact]
    public void Merge_BothAddTheSameId_IsAConflictUnlessAlike()
    {
        var theirs = Applied(Base, new AddNode(Draw.Node("d", """{"text":"x"}""")));

        Conflict(theirs, new AddNode(Draw.Node("d", """{"text":"y"}"""))).Field.ShouldBe("nodes/d");
        Merged(theirs, new AddNode(Draw.Node("d", """{"text":"x"}"""))).Nodes.Count.ShouldBe(5);
    }

    private static WorkflowDefinition Applied(WorkflowDefinition definition, params IReadOnlyList<WorkflowOperation> operations)
    {
        var outcome = Definitions.Rules.Apply(definition, operations);
        outcome.Errors.ShouldBeEmpty();
        return outcome.Value!;
    }

    private static WorkflowDefinition Merged(WorkflowDefinition theirs, params IReadOnlyList<WorkflowOperation> mine)
    {
        var outcome = Definitions.Rules.Merge(Base, theirs, mine);
        outcome.Errors.ShouldBeEmpty();
        return outcome.Value!;
    }

    private static AgentLab.Core.LabError Conflict(WorkflowDefinition theirs, params IReadOnlyList<WorkflowOperation> mine)
    {
        var outcome = Definitions.Rules.Merge(Base, theirs, mine);
        outcome.Error.ShouldNotBeNull().Code.ShouldBe("edit_conflict");
        return outcome.Error!;
    }
}
