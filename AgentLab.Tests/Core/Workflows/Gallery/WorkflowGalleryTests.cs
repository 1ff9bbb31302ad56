using System.Xml.Linq;
using AgentLab.Core.Schema;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Gallery;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Tests.Api.Docs;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Workflows.Gallery;

public sealed class WorkflowGalleryTests
{
    private static readonly ServiceProvider Provider = new ServiceCollection().AddAgentLabNodes().AddWorkflowDefinitions().BuildServiceProvider();

    public static TheoryData<string> Ids => [.. Provider.GetRequiredService<IWorkflowGallery>().List.Select(template => template.Id)];

    private static IWorkflowGallery Gallery => Provider.GetRequiredService<IWorkflowGallery>();

    [Fact]
    public void List_BeginsWithTheFourStarters()
    {
        Gallery.List.TakeWhile(template => template.IsStarter).Select(template => template.Id).ShouldBe(["order-triage", "research-report", "daily-digest", "document-answers"]);
        Gallery.List.Count.ShouldBeGreaterThanOrEqualTo(10);
        Gallery.List.Select(template => template.Title).ShouldBeUnique();
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Template_HasNoProblem(string id)
    {
        var template = Gallery.Find(id)!;

        Provider.GetRequiredService<IWorkflowRules>().Validate(template.Definition).Select(problem => $"{problem.Node}{problem.Field}: {problem.Message}").ShouldBeEmpty();
        JsonSchema.Check(template.Definition.Input!.Value, template.ExampleInput).ShouldBeEmpty();
        template.Description.ShouldEndWith(".");
        template.Tags.ShouldNotBeEmpty();
        template.Category.ShouldNotBeEmpty();
        XDocument.Parse(template.Picture).Descendants().Count(element => element.Name.LocalName == "rect").ShouldBe(template.Definition.Nodes.Count);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Template_IsWrittenAsFilesAre(string id) =>
        DocFiles.ShouldMatch($"AgentLab.Core/Workflows/Gallery/Templates/{id}.json", Provider.GetRequiredService<IWorkflowFiles>().Write(Gallery.Find(id)!.Definition));

    [Fact]
    public void Use_WithAName_TakesIt()
    {
        Gallery.Use("order-triage", "Mine").Value!.Name.ShouldBe("Mine");
        Gallery.Use("order-triage").Value!.Name.ShouldBe("Order triage with approval");
        Gallery.Use("order-triage", "").Error!.Field.ShouldBe("name");
        Gallery.Use("gone").Error!.Code.ShouldBe("not_found");
    }
}
