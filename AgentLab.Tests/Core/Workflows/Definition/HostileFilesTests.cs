using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Gallery;
using AgentLab.Core.Workflows.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Workflows.Definition;

public sealed class HostileFilesTests
{
    private static readonly ServiceProvider Provider = new ServiceCollection().AddAgentLabNodes().AddWorkflowDefinitions().BuildServiceProvider();

    public static TheoryData<string> Names => [.. HostileFiles.All.Select((file, i) => $"{i} {file.Name}")];

    [Fact]
    public void All_AreTwoHundred() => HostileFiles.All.Count.ShouldBe(200);

    [Fact]
    public void Read_All_RefusesExactlyThoseThatAreMoreThanText()
    {
        var files = Provider.GetRequiredService<IWorkflowFiles>();

        var letIn = HostileFiles.All.Where(file => files.Read(file.Text).Ok).Select(file => file.Name).ToList();

        letIn.ShouldBe(HostileFiles.All.Select(file => file.Name).Where(HostileFiles.IsOnlyText));
        (letIn.Count, HostileFiles.All.Count - letIn.Count).ShouldBe((HostileFiles.OnlyText, HostileFiles.Refused));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_HostileFile_IsRefusedClearlyOrHarmless(string name)
    {
        var (what, text) = HostileFiles.All[int.Parse(name.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)];
        var read = Provider.GetRequiredService<IWorkflowFiles>().Read(text);
        if (!read.Ok)
        {
            read.Errors.Count.ShouldBeLessThanOrEqualTo(50);
            read.Errors.ShouldAllBe(error => error.Code == "invalid" && error.Field!.Length > 0 && error.Field.Length < 400 && error.Message.Length > 10 && error.Message.Length < 400);
            read.Errors.ShouldAllBe(error => !error.Message.Contains("System.") || what.Contains("kind"));
            return;
        }

        HostileFiles.IsOnlyText(what).ShouldBeTrue($"{what} was let in");
        Harmless(read.Value);
    }

    private static void Harmless(WorkflowDefinition definition)
    {
        var (rules, files) = (Provider.GetRequiredService<IWorkflowRules>(), Provider.GetRequiredService<IWorkflowFiles>());
        Should.NotThrow(() => rules.Validate(definition));
        files.Read(files.Write(definition)).Ok.ShouldBeTrue();
        var picture = WorkflowPicture.Draw(definition, Provider.GetRequiredService<INodeKinds>());
        picture.ShouldNotContain("<script");
        picture.ShouldNotContain("<img");
        System.Xml.Linq.XDocument.Parse(picture);
    }
}
