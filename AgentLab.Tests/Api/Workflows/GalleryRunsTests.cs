using System.Net.Http.Json;
using AgentLab.Core.Identity;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Core.Workflows.Gallery;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Api.Workflows;

/// <summary>Every template of the gallery runs as it is: on the rehearsal model, without a network, with its example input.</summary>
public sealed class GalleryRunsTests(SpokenApp fixture) : IClassFixture<SpokenApp>
{
    public static TheoryData<string> Ids =>
    [
        "order-triage", "research-report", "daily-digest", "document-answers", "webhook-routing", "table-clean-up", "debate-and-judge", "approval-with-expiry", "api-health-check",
        "csv-enrichment", "structured-extraction",
    ];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Template_WithItsExample_RunsToItsEnd(string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var services = fixture.App.Services;
        var template = services.GetRequiredService<IWorkflowGallery>().Find(id)!;
        var actor = new Actor(await fixture.App.UserIdAsync(LabApp.Admin), ActorRole.Admin);
        var runs = services.GetRequiredService<IWorkflowRuns>();
        var started = await runs.StartAsync(new StartWorkflowRun { Definition = template.Definition, Input = template.ExampleInput }, actor, limit.Token);
        started.Errors.ShouldBeEmpty();

        var state = await runs.WaitAsync(started.Value!, TimeSpan.FromMinutes(1), limit.Token);
        if (state.Status == "waiting")
        {
            await AnswerAsync(started.Value!.RunId.Value, limit.Token);
            await Eventually.TrueAsync(async () => (state = (await runs.FindAsync(started.Value!.RunId, actor, limit.Token))!).EndedAt is not null);
        }

        state.Error.ShouldBeNull();
        state.Status.ShouldBe("completed");
    }

    /// <summary>Says yes, and fills in a form where there is one.</summary>
    private async Task AnswerAsync(Guid run, CancellationToken cancellationToken)
    {
        using var client = await fixture.App.SignInAsync();
        using var list = await client.GetAsync("/api/v1/approvals", cancellationToken);
        var question = (await list.JsonAsync()).GetProperty("items").EnumerateArray().Single(one => one.GetProperty("runId").GetGuid() == run);
        object? data = question.Text("kind") == "form" ? new { number = "1", total = 1.5, currency = "EUR" } : null;
        using var answer = await client.PostAsJsonAsync($"/api/v1/approvals/{question.Text("id")}/decision", new { decision = "approve", hash = question.Text("hash"), data }, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
