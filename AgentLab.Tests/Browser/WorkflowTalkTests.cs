using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

/// <summary>A workflow that begins with a message: people talk to it in the Lab as they talk to an agent.</summary>
[Collection(BrowserTests.Name)]
public sealed class WorkflowTalkTests(BrowserFixture browser)
{
    [Fact]
    public async Task Workflow_ThatBeginsWithAMessage_AnswersInTheLab()
    {
        var workflow = await WorkflowDesk.MakeAsync(browser.App, Parrot());
        var store = browser.App.Services.GetRequiredService<IWorkflowStore>();
        (await store.PublishAsync(workflow.Id, workflow.Revision, "First", await BrowserFixture.AdministratorAsync(browser.App), CancellationToken.None)).Ok.ShouldBeTrue();
        await using var visitor = await browser.VisitAsync(width: 1440, height: 900);
        await visitor.GoAsync("/lab");
        await visitor.Page.GetByRole(AriaRole.Radiogroup, new() { Name = "Agent or workflow" }).GetByText("Parrot", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByPlaceholder("Ask Parrot")).ToBeVisibleAsync();

        await visitor.AskAsync("Polly?");
        await visitor.EndedAsync();
        await Assertions.Expect(visitor.Text).ToHaveTextAsync("You said: Polly? (0 said before)");
        await visitor.ShootAsync("talk-workflow");
        await visitor.CheckAccessAsync("talk with a workflow");

        // The second message comes with what was said before, in the same session; each answer is a run of its own.
        await visitor.AskAsync("Again");
        await Assertions.Expect(visitor.Answers).ToHaveCountAsync(2);
        await Assertions.Expect(visitor.Text).ToHaveTextAsync("You said: Again (2 said before)");
        await visitor.EndedAsync();

        // The nodes that made the answer are a click away.
        await visitor.Page.Locator(".session-head a[href^='/workflows/']").ClickAsync();
        await visitor.AtAsync("/workflows/");
        await Assertions.Expect(visitor.Page.Locator(".canvas-area .step")).ToHaveCountAsync(2);
        visitor.ShouldBeClean();
    }

    private static WorkflowDefinition Parrot() => new()
    {
        Name = "Parrot",
        Description = "Says again what it is told.",
        Nodes =
        [
            new() { Id = "said", Kind = "chat_trigger", Name = "Said" },
            new() { Id = "answer", Kind = "respond", Name = "Answer", X = 336, Settings = WorkflowDesk.Json("""{"body":"You said: {{input.message}} ({{length input.history}} said before)"}""") },
        ],
        Edges = [new("e1", "said", "out", "answer", "in")],
    };
}
