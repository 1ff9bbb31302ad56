using AngleSharp.Dom;
using AgentLab.Core.Identity;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Tests.Api;
using AgentLab.Web.Features.Workflows.Builder;
using Bunit;

namespace AgentLab.Tests.Web.Workflows.Builder;

public sealed class BuilderPaneTests(LabAppFixture fixture) : PageContext(fixture)
{
    private const string TwoNodes = "When a webhook arrives, wait 2 hours.";

    private readonly List<WorkflowDefinition> _previews = [];
    private int _ends;
    private (IReadOnlyList<WorkflowOperation> Operations, string Label)? _accepted;

    [Fact]
    public async Task EmptyCanvas_Offers_Suggestions()
    {
        var pane = Show(await MakeAsync());

        pane.WaitForAssertion(() => pane.FindAll(".try").Count.ShouldBeGreaterThan(2));
        pane.Markup.ShouldContain("nothing changes before that");
    }

    [Fact]
    public async Task Proposal_OfTwoNodes_IsChosenPartlyPreviewedAndAccepted()
    {
        var pane = Show(await MakeAsync());
        Ask(pane, TwoNodes);
        pane.WaitForAssertion(() => pane.FindAll(".proposal li").Count.ShouldBe(3));
        _previews[^1].Nodes.Count.ShouldBe(2);
        pane.Find(".proposal footer .button-primary").TextContent.ShouldContain("Accept all");

        await pane.InvokeAsync(() => pane.FindAll(".proposal li input").Single(IsBoxOfTheWait).Change(false));
        pane.WaitForAssertion(() => pane.Find(".proposal footer .button-primary").TextContent.ShouldContain("Accept 1 of 3"));
        _previews[^1].Nodes.ShouldHaveSingleItem().Kind.ShouldBe("webhook_trigger");
        await pane.InvokeAsync(() => pane.Find(".proposal footer .button-primary").ClickAsync(new()));

        _accepted!.Value.Operations.ShouldHaveSingleItem().ShouldBeOfType<AddNode>();
        _accepted.Value.Label.ShouldBe($"Builder: {TwoNodes}");
        pane.FindAll(".proposal").ShouldBeEmpty();
        pane.Markup.ShouldContain("1 change accepted.");
        _ends.ShouldBe(1);
    }

    [Fact]
    public async Task Proposal_Dismissed_ShowsTheDraftAgain()
    {
        var pane = Show(await MakeAsync());
        Ask(pane, TwoNodes);
        pane.WaitForElement(".proposal");

        await pane.InvokeAsync(() => pane.FindAll(".proposal footer button")[1].ClickAsync(new()));

        pane.FindAll(".proposal").ShouldBeEmpty();
        _ends.ShouldBe(1);
        _accepted.ShouldBeNull();
    }

    private static bool IsBoxOfTheWait(IElement box) =>
        box.ParentElement!.TextContent.Contains("Wait 2 hours", StringComparison.Ordinal) && box.ParentElement.TextContent.Contains("Add", StringComparison.Ordinal);

    // Found and used on the renderer's thread: in between the pane may draw itself anew, and what was found before is gone.
    private static void Ask(IRenderedComponent<BuilderPane> pane, string text)
    {
        pane.WaitForElement("textarea");
        pane.InvokeAsync(() => pane.Find("textarea").Input(text));
        pane.InvokeAsync(() => pane.Find("form").Submit());
    }

    private async Task<(Workflow Workflow, Actor Actor)> MakeAsync()
    {
        var actor = await SignInAsync();
        var made = await Get<IWorkflowStore>().CreateAsync(new WorkflowDefinition { Name = $"Pane {Guid.NewGuid():N}" }, actor, CancellationToken.None);
        made.Ok.ShouldBeTrue(made.Error?.Message);
        return (made.Value, actor);
    }

    private IRenderedComponent<BuilderPane> Show((Workflow Workflow, Actor Actor) made) => Render<BuilderPane>(parameters => parameters
        .Add(pane => pane.Workflow, made.Workflow.Summary)
        .Add(pane => pane.Draft, made.Workflow.Draft)
        .Add(pane => pane.Revision, made.Workflow.Revision)
        .Add(pane => pane.Person, Current.GetAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult())
        .Add(pane => pane.OnPreview, (_, after, _) =>
        {
            _previews.Add(after);
            return Task.CompletedTask;
        })
        .Add(pane => pane.OnEndPreview, () =>
        {
            _ends++;
            return Task.CompletedTask;
        })
        .Add(pane => pane.OnAccept, (operations, label) =>
        {
            _accepted = (operations, label);
            return Task.FromResult<string?>(null);
        })
        .Add(pane => pane.OnUndo, () => Task.CompletedTask));
}
