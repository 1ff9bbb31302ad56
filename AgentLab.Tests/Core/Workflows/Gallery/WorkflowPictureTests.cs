using System.Xml.Linq;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Gallery;
using AgentLab.Tests.Fakes;

namespace AgentLab.Tests.Core.Workflows.Gallery;

public sealed class WorkflowPictureTests
{
    [Fact]
    public void Draw_Definition_ShowsNodesEdgesAndGroups()
    {
        var definition = Draw.Workflow("s:start a b:if c", "s>a a>b b.true>c") with { Groups = [new WorkflowGroup("g", "Group", -50, -50, 100, 100)] };

        var svg = XDocument.Parse(WorkflowPicture.Draw(definition, TestKinds.Usual));

        svg.Descendants().Count(element => element.Name.LocalName == "rect").ShouldBe(5);
        svg.Descendants().Count(element => element.Name.LocalName == "path").ShouldBe(7);
        svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ShouldBe(["Group", "s", "a", "b", "c"]);
        svg.Root!.Attribute("aria-label")!.Value.ShouldBe("Test: s, a, b, c");
    }

    [Fact]
    public void Draw_WideDefinition_IsDrawnCloserTogetherWithoutNames()
    {
        var definition = Draw.Workflow("s:start a b c d e", "s>a a>b b>c c>d d>e");
        definition = definition with { Nodes = [.. definition.Nodes.Select((node, i) => node with { X = i * 336 })] };

        var svg = XDocument.Parse(WorkflowPicture.Draw(definition, TestKinds.Usual));

        svg.Descendants().ShouldAllBe(element => element.Name.LocalName != "text");
        svg.Descendants().Count(element => element.Name.LocalName == "rect").ShouldBe(6);
        svg.Root!.Attribute("viewBox")!.Value.ShouldBe("-24 -24 1000 128");
    }

    [Fact]
    public void Draw_NamesThatAreMarkup_AreText()
    {
        var definition = Draw.Workflow("a") with { Name = "\"><script>" };

        var picture = WorkflowPicture.Draw(definition with { Nodes = [definition.Nodes[0] with { Name = "<script>'\u0001\ud83d\ude00&", X = double.NaN }] }, TestKinds.Usual);

        XDocument.Parse(picture).Descendants().ShouldAllBe(element => element.Name.LocalName != "script");
        picture.ShouldContain("&lt;script&gt;&#39; \ud83d\ude00&amp;");
    }

    [Fact]
    public void Draw_EmptyDefinition_IsAPicture() => XDocument.Parse(WorkflowPicture.Draw(new WorkflowDefinition { Name = "x" }, TestKinds.Usual));
}
