using AgentLab.Core.Models;
using AgentLab.Tests.Fakes.OpenAiServer;

namespace AgentLab.Tests.Core.Models;

public sealed class RouteTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9/v1");

    [Theory]
    [InlineData(null, "b/b-model")]
    [InlineData("", "b/b-model")]
    [InlineData("default", "b/b-model")]
    [InlineData("a", "a/a-model")]
    [InlineData("A/a-model", "a/a-model")]
    [InlineData("a/meta/llama-3", "a/meta/llama-3")]
    [InlineData("rehearsal", "rehearsal/rehearsal")]
    public async Task Route_Reference_FindsItsModel(string? reference, string expected)
    {
        await using var models = ModelsFixture.Create([.. ModelsFixture.Provider("a", Nowhere, order: 2), .. ModelsFixture.Provider("b", Nowhere, order: 1)]);
        (await models.Clients.RouteAsync(reference, CancellationToken.None)).Primary.Reference.ShouldBe(expected);
    }

    [Fact]
    public async Task Route_NoProvider_IsTheRehearsalModel()
    {
        await using var models = ModelsFixture.Create([]);
        var route = await models.Clients.RouteAsync("default", CancellationToken.None);
        route.Primary.IsRehearsal.ShouldBeTrue();
    }

    [Fact]
    public async Task Route_ConfiguredDefault_IsTaken()
    {
        await using var models = ModelsFixture.Create([.. ModelsFixture.Provider("a", Nowhere), ("AgentLab:Models:Default", "rehearsal/rehearsal")]);
        (await models.Clients.RouteAsync(null, CancellationToken.None)).Primary.IsRehearsal.ShouldBeTrue();
    }

    [Fact]
    public async Task Route_UnknownOrDisabledProvider_IsRefusedByName()
    {
        await using var models = ModelsFixture.Create([.. ModelsFixture.Provider("a", Nowhere), ("AgentLab:Providers:a:Enabled", "false")]);
        foreach (var reference in new[] { "a/a-model", "nobody/x" })
        {
            var error = await Should.ThrowAsync<ModelException>(async () => await models.Clients.RouteAsync(reference, CancellationToken.None));
            (error.Code, error.IsTransient).ShouldBe((ModelErrorCodes.Unknown, false));
        }
    }

    [Fact]
    public async Task Route_ProviderWithoutModels_AsksItForItsList()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        server.Models = ["found", "other"];
        await using var models = ModelsFixture.Create([("AgentLab:Providers:local:Endpoint", server.Endpoint.AbsoluteUri)]);

        (await models.Clients.RouteAsync(null, CancellationToken.None)).Primary.Reference.ShouldBe("local/found");
    }

    [Fact]
    public async Task Route_ProviderWithoutModelsUnreachable_DefaultGoesOnToTheRehearsalModel()
    {
        await using var models = ModelsFixture.Create([("AgentLab:Providers:local:Endpoint", Nowhere.AbsoluteUri)]);

        (await models.Clients.RouteAsync(null, CancellationToken.None)).Primary.IsRehearsal.ShouldBeTrue();
        await Should.ThrowAsync<ModelException>(async () => await models.Clients.RouteAsync("local", CancellationToken.None));
    }
}
