using System.Text.Json;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Workflows.Definition;

public sealed class PastedSecretsTests
{
    private static readonly ServiceProvider Provider = new ServiceCollection().AddAgentLabNodes().AddWorkflowDefinitions().BuildServiceProvider();

    [Theory]
    [InlineData("sk-proj-0123456789abcdefghijABCDEFGHIJ")]
    [InlineData("sk-ant-api03-abcdefghij0123456789abcdefghij")]
    [InlineData("ghp_0123456789abcdefghijklmnopqrstuvwxyzAB")]
    [InlineData("github_pat_11ABCDEFG0abcdefghijklmnopqrstuvwxyz")]
    [InlineData("AKIAIOSFODNN7EXAMPLE")]
    [InlineData("AIzaSyA0123456789abcdefghijklmnopqrstuv")]
    [InlineData("xoxb-123456789012-abcdef")]
    [InlineData("glpat-abcdefghij0123456789")]
    [InlineData("sk_live_0123456789abcdef")]
    [InlineData("Bearer abcdefghij0123456789abcdef")]
    [InlineData("Basic YW5uOnMzY3IzdA==")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\\nMIIB")]
    [InlineData("see eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc")]
    public void Value_OfAKnownForm_IsAWarningAtItsField(string value) =>
        Warnings($$"""{"url": "https://example.com/", "headers": [{"name": "X-Note", "value": "a"}, {"name": "X-Other", "value": "{{value}}"}]}""").ShouldBe(["get:/headers/1/value"]);

    [Theory]
    [InlineData("X-Api-Key", "0123456789abcdef", true)]
    [InlineData("Authorization", "0123456789abcdef", true)]
    [InlineData("X-Shop-Access-Token", "0123456789abcdef", true)]
    [InlineData("X-Api-Key", "{{input.key}}", false)]
    [InlineData("X-Api-Key", "short", false)]
    [InlineData("X-Token-Count", "0123456789abcdef", false)]
    [InlineData("Accept", "application/json;version=2026", false)]
    [InlineData("X-Note", "sk-is-short-for-skeleton-here", false)]
    [InlineData("X-Note", "Basic internationalization", false)]
    [InlineData("X-Note", "risk-assessment-framework-2024", false)]
    public void Value_ByTheNameOfItsField_IsAWarningWhenItLooksLikeOne(string name, string value, bool expected) =>
        Warnings($$"""{"url": "https://example.com/", "headers": [{"name": "{{name}}", "value": "{{value}}"}]}""").Length.ShouldBe(expected ? 1 : 0);

    [Fact]
    public void Value_OutsideOfSettings_IsFoundToo()
    {
        const string Key = "AKIAIOSFODNN7EXAMPLE";
        var definition = With("""{"url": "https://example.com/", "auth": {"type": "bearer", "secret": {"secret": "my_key_2"}}}""") with
        {
            Description = Key,
            Input = JsonElement.Parse($$$"""{"type": "object", "properties": {"key": {"type": "string", "default": "{{{Key}}}"} } }"""),
            Notes = [new WorkflowNote("n", $"Use {Key}", 0, 0, 100, 100)],
        };
        definition = definition with { Nodes = [.. definition.Nodes.Select(node => node.Id == "get" ? node with { Comment = Key, Pinned = JsonElement.Parse($"[\"{Key}\"]") } : node)] };

        Warnings(definition).ShouldBe([":description", ":input/properties/key/default", ":notes.n", "get:pinned/0", "get:comment"]);
        Files.Pasted(definition).ShouldBe(["description", "input/properties/key/default", "notes.n", "nodes.get.pinned/0", "nodes.get.comment"]);
    }

    [Fact]
    public void File_WithAPastedKey_SaysSoFirstAndReadsBackTheSame()
    {
        var definition = With("""{"url": "https://example.com/", "headers": [{"name": "X-Api-Key", "value": "0123456789abcdef"}]}""");

        var file = Files.Write(definition);
        var read = Files.Read(file);

        file.ShouldStartWith("{\n  \"$comment\": \"Look before you share this file");
        file.ShouldContain("nodes.get.settings/headers/0/value");
        read.Errors.ShouldBeEmpty();
        Files.Write(read.Value!).ShouldBe(file);
        Files.Write(With("""{"url": "https://example.com/"}""")).ShouldNotContain("$comment");
    }

    /// <summary>Anybody may write the text: looking at it takes no longer for how it is written.</summary>
    [Theory]
    [InlineData("-eyJ")]
    [InlineData("-sk-")]
    [InlineData(" Bearer ")]
    [InlineData("x_key_")]
    public void Value_MadeToBeSlow_IsLookedAtInOneGo(string part) =>
        Warnings($$"""{"url": "https://example.com/", "body": "{{string.Concat(Enumerable.Repeat(part, 60_000 / part.Length))}}"}""").Length.ShouldBeLessThan(2);

    private static IWorkflowFiles Files => Provider.GetRequiredService<IWorkflowFiles>();

    private static WorkflowDefinition With(string settings) => new()
    {
        Name = "Pasted",
        Nodes = [new WorkflowNode { Id = "start", Kind = "manual_trigger", Name = "Start" }, new WorkflowNode { Id = "get", Kind = "http_request", Name = "Get", Settings = JsonElement.Parse(settings) }],
        Edges = [new WorkflowEdge("e1", "start", "out", "get", "in")],
    };

    private static string[] Warnings(string settings) => Warnings(With(settings));

    private static string[] Warnings(WorkflowDefinition definition)
    {
        var problems = Provider.GetRequiredService<IWorkflowRules>().Validate(definition);
        problems.Where(problem => problem.Severity == ProblemSeverity.Error).ShouldBeEmpty();
        return [.. problems.Where(problem => problem.Code == "secret_pasted").Select(problem => $"{problem.Node}:{problem.Field}")];
    }
}
