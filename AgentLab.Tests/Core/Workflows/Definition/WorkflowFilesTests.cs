using System.Text.Json;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Tests.Fakes;

namespace AgentLab.Tests.Core.Workflows.Definition;

public sealed class WorkflowFilesTests
{
    private static readonly WorkflowDefinition Full = Draw.Workflow("s:start a b", "s>a a>b").Settings("a", """{"text":"größer & <b>","times":3}""")
        .With("a", node => node with
        {
            X = 10.5, Y = -3, Disabled = true, Pinned = JsonElement.Parse("[1,2]"), Retry = new NodeRetry(3, 0, 0), TimeoutSeconds = 5, OnError = OnNodeError.Continue, Group = "g", Comment = "Two\nlines",
        }) with
        {
            Description = "What it does",
            Tags = ["one", "two"],
            Input = JsonElement.Parse("""{"type":"object","properties":{"name":{"type":"string"}}}"""),
            Output = JsonElement.Parse("""{"name":"{{nodes.a.text}}"}"""),
            Limits = new WorkflowLimits(60, 100, 4, 1000, 1.50m),
            Groups = [new WorkflowGroup("g", "Group", 0, 0, 100, 50, "blue")],
            Notes = [new WorkflowNote("n", "# Note", 0, 5, 10, 10)],
        };

    [Fact]
    public void ReadWrite_OfEverything_GivesTheSameBytes()
    {
        var file = Definitions.Files.Write(Full);
        var read = Definitions.Files.Read(file);

        read.Errors.ShouldBeEmpty();
        Definitions.Files.Write(read.Value!).ShouldBe(file);
        read.Value!.Nodes[1].Retry.ShouldBe(new NodeRetry(3, 0, 0));
        file.ShouldEndWith("}\n");
        file.ShouldContain("größer & <b>");
    }

    [Fact]
    public void Read_FileThatNamesItsSchema_IsTaken() =>
        Definitions.Files.Read("""{"$schema":"https://example.org/workflow.schema.json",""" + Definitions.Files.Write(Full)[1..]).Errors.ShouldBeEmpty();

    [Theory]
    [InlineData("", "file", "well-formed")]
    [InlineData("{", "file", "well-formed")]
    [InlineData("[]", "format", "agentlab.workflow/1")]
    [InlineData("""{"name":"x"}""", "format", "agentlab.workflow/1")]
    [InlineData("""{"format":"agentlab.workflow/2","name":"x"}""", "format", "agentlab.workflow/1")]
    [InlineData("""{"format":"agentlab.workflow/1"}""", "name", "missing")]
    [InlineData("""{"format":"agentlab.workflow/1","name":"x","extra":1}""", "extra", "not known")]
    [InlineData("""{"format":"agentlab.workflow/1","name":"x","name":"y"}""", "name", "twice")]
    [InlineData("""{"format":"agentlab.workflow/1","name":"x","nodes":null}""", "nodes", "a list")]
    [InlineData("""{"format":"agentlab.workflow/1","name":"x","nodes":[{"id":"a","kind":"set","name":"A","settings":{"__proto__":{}}}]}""", "nodes/0/settings/__proto__", "rename")]
    [InlineData("""{"format":"agentlab.workflow/1","name":"x","nodes":[{"id":"a","kind":"set","name":"A","x":"5"}]}""", "nodes/0/x", "Node \"a\"")]
    [InlineData("""{"format":"agentlab.workflow/1","name":"x","nodes":[{"id":"a","kind":"set","name":"A","x":1e400}]}""", "nodes/0/x", "too large")]
    [InlineData("""{"format":"agentlab.workflow/1","name":"x","nodes":[{"id":"a","kind":"set","name":"A","retry":{"tries":1}}]}""", "nodes/0/retry/tries", "not known")]
    [InlineData("""{"format":"agentlab.workflow/1","name":"x","nodes":[{"id":"a","kind":"set","name":"A","onError":"explode"}]}""", "nodes/0/onError", "one of")]
    [InlineData("""{"format":"agentlab.workflow/1","name":"x","nodes":[{"id":"a","kind":"set","name":"A","onError":1}]}""", "nodes/0/onError", "one of")]
    [InlineData("""{"format":"agentlab.workflow/1","name":"x","nodes":[{"id":"../a","kind":"set","name":"A"}]}""", "nodes/0/id", "form")]
    [InlineData("""{"format":"agentlab.workflow/1","name":"x","nodes":[{"id":"a","kind":"shell","name":"A"}]}""", "nodes.a.kind", "\"shell\"")]
    [InlineData("""{"format":"agentlab.workflow/1","name":"x","nodes":[{"id":"a","kind":"set","name":"A","settings":{"evil":1}}]}""", "nodes.a.settings/evil", "not known")]
    [InlineData("""{"format":"agentlab.workflow/1","name":"x","nodes":[{"id":"a","kind":"set","name":"A"}],"edges":[{"id":"e","from":"a","fromPort":"out","to":"a","toPort":"in"}]}""", "nodes.a.edges", "lead round")]
    [InlineData("""{"format":"agentlab.workflow/1","name":"\ud800"}""", "name", "half a character")]
    public void Read_WrongFile_NamesWhereAndWhy(string file, string field, string message)
    {
        var read = Definitions.Files.Read(file);

        read.Ok.ShouldBeFalse();
        read.Error.Code.ShouldBe("invalid");
        read.Error.Field.ShouldBe(field);
        read.Error.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("""{"format":"agentlab.workflow/1","name":"x"}""")]
    [InlineData("""{"format":"agentlab.workflow/1","name":"x","nodes":[{"id":"a","kind":"need","name":"A"}]}""")]
    [InlineData("""{"format":"agentlab.workflow/1","name":"x","nodes":[{"id":"a","kind":"set","name":"A","settings":{"text":"{{nodes.gone}}","times":99}}]}""")]
    public void Read_WhatIsMerelyIncomplete_IsLetIn(string file) => Definitions.Files.Read(file).Errors.ShouldBeEmpty();

    [Fact]
    public void Read_TooLargeOrTooDeep_IsRefusedBeforeAnythingIsMadeOfIt()
    {
        Definitions.Files.Read(new string(' ', (4 * 1024 * 1024) + 1)).Error!.Message.ShouldContain("4 MB");
        Definitions.Files.Read("""{"format":"agentlab.workflow/1","name":"x","input":""" + new string('[', 100) + new string(']', 100) + "}").Error!.Message.ShouldContain("deeper than 64");
    }
}
