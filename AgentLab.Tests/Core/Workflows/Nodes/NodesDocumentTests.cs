using System.Text;
using AgentLab.Core.Workflows.Expressions.Conditions;
using AgentLab.Core.Workflows.Expressions.Templates;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Tests.Api.Docs;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Workflows.Nodes;

public sealed class NodesDocumentTests
{
    [Fact]
    public void NodesDocument_FromDescriptions_IsUpToDate() => DocFiles.ShouldMatch("docs/nodes.md", NodesDocument.Render(Palette.Create()));

    [Fact]
    public void ExpressionsDocument_HelpersAndOperators_AreAllThere()
    {
        var text = DocFiles.Read("docs/expressions.md");
        var helpers = new StringBuilder("| helper | gives |\n|---|---|\n");
        foreach (var helper in TemplateHelpers.All)
        {
            helpers.Append("| `").Append(helper.Usage).Append("` | ").Append(helper.Summary).Append(" |\n");
        }

        text.ShouldContain(helpers.ToString());
        foreach (var name in Condition.Operators)
        {
            text.ShouldContain($"`{name}`");
        }
    }

    [Fact]
    public async Task AddingANode_WorkedExample_IsTheCodeThatRuns()
    {
        var code = DocFiles.Read("AgentLab.Tests/Core/Workflows/Nodes/WordCount.cs");
        DocFiles.Read("docs/adding-a-node.md").ShouldContain($"```csharp\n{code}```");
        var kind = new ServiceCollection().AddAgentLabNodes().AddNodeKind<WordCount>().BuildServiceProvider().GetRequiredService<INodeKinds>().Find("word_count")!;

        var output = await new NodeHarness().OutputAsync(kind, """{"text": "{{data.a}} b  c", "least": 3}""", """{"a": "x"}""");

        output.GetRawText().ShouldBe("""{"words":3,"enough":true}""");
    }
}
