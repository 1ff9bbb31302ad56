using System.Text.Json;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Api.Docs;

public sealed class WorkflowSchemaDocumentTests
{
    private static readonly ServiceProvider Provider = new ServiceCollection().AddAgentLabNodes().AddWorkflowDefinitions().BuildServiceProvider();

    [Fact]
    public void Schema_OfTheFileFormat_IsTheDocument() =>
        DocFiles.ShouldMatch("docs/workflow.schema.json", Provider.GetRequiredService<IWorkflowFiles>().Schema());

    [Fact]
    public void Schema_Describes_EveryPropertyAndKind()
    {
        var schema = JsonElement.Parse(Provider.GetRequiredService<IWorkflowFiles>().Schema());
        foreach (var place in (JsonElement[])[schema, .. new[] { "nodes", "edges", "groups", "notes" }.Select(list => schema.GetProperty("properties").GetProperty(list).GetProperty("items"))])
        {
            place.GetProperty("additionalProperties").GetBoolean().ShouldBeFalse();
            foreach (var property in place.GetProperty("properties").EnumerateObject())
            {
                property.Value.TryGetProperty("description", out _).ShouldBeTrue(property.Name);
            }
        }

        var kinds = Provider.GetRequiredService<INodeKinds>().All.Select(kind => kind.Description.Kind);
        schema.GetProperty("$defs").EnumerateObject().Select(one => one.Name).ShouldBe(kinds.Select(kind => $"settings_{kind}"), ignoreOrder: true);
    }
}
