using AgentLab.Core.Models;
using AgentLab.Tests.Fakes.OpenAiServer;

namespace AgentLab.Tests.Core.Models;

public sealed class DiscoveryTests
{
    private const string Key = "sk-tester-0123456789";

    [Fact]
    public async Task Ollama_Running_IsOfferedAndNothingMore()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        server.Models = ["llama3.2", "qwen3"];
        await using var models = Searching(server.Endpoint);

        var found = await models.Get<IOllamaDiscovery>().FindAsync(CancellationToken.None);

        found.ShouldNotBeNull();
        (found.Id, found.Endpoint).ShouldBe(("ollama", server.Endpoint));
        found.Models.ShouldBe([new ModelInfo("llama3.2", 0, 0), new ModelInfo("qwen3", 0, 0)]);
        (await models.Get<IProviderCatalog>().ListAsync(CancellationToken.None)).ShouldHaveSingleItem().Id.ShouldBe("rehearsal");
    }

    [Fact]
    public async Task Ollama_AbsentOrKnownOrSwitchedOff_IsNotOffered()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        await using var absent = Searching(new Uri("http://127.0.0.1:9/v1"));
        await using var known = Searching(server.Endpoint, [.. ModelsFixture.Provider("mine", server.Endpoint)]);
        await using var off = Searching(server.Endpoint, ("AgentLab:Models:Ollama:Enabled", "false"));

        foreach (var models in new[] { absent, known, off })
        {
            (await models.Get<IOllamaDiscovery>().FindAsync(CancellationToken.None)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task Test_WorkingProvider_ListsModelsAndNamesTheOneThatAnswered()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        server.RequiredKey = Key;
        await using var models = ModelsFixture.Create([]);

        var result = await TestAsync(models, Provider(server.Endpoint), SecretChange.Replace(new Secret(Key)));

        result.Succeeded.ShouldBeTrue();
        (result.Model, result.Models.Count).ShouldBe(("test-model", 1));
    }

    [Fact]
    public async Task Test_WrongKey_SaysSoWithoutShowingIt()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        server.RequiredKey = "another-key";
        await using var models = ModelsFixture.Create([]);

        var result = await TestAsync(models, Provider(server.Endpoint), SecretChange.Replace(new Secret(Key)));

        result.Code.ShouldBe(ModelErrorCodes.Unauthorized);
        result.Message.ShouldNotContain(Key);
    }

    [Fact]
    public async Task Test_KeptKey_GoesOnlyWhereItIsStoredFor()
    {
        await using var stored = await OpenAiTestServer.StartAsync();
        await using var thief = await OpenAiTestServer.StartAsync();
        await using var models = ModelsFixture.Create(ModelsFixture.Provider("mine", stored.Endpoint));

        var same = await TestAsync(models, Provider(stored.Endpoint, "mine"), SecretChange.Keep);
        var other = await TestAsync(models, Provider(thief.Endpoint, "mine"), SecretChange.Keep);

        same.Succeeded.ShouldBeTrue();
        stored.Requests[0].Authorization.ShouldBe("Bearer sk-mine-0123456789");
        other.Code.ShouldBe("invalid");
        thief.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Test_UnreachableOrFaultyOrEmpty_FailsClearly()
    {
        await using var server = await OpenAiTestServer.StartAsync();
        server.Models = [];
        await using var models = ModelsFixture.Create([]);

        (await TestAsync(models, Provider(new Uri("http://127.0.0.1:9/v1")), SecretChange.Remove)).Code.ShouldBe(ModelErrorCodes.Unavailable);
        (await TestAsync(models, Provider(new Uri("http://127.0.0.1:9/")), SecretChange.Remove)).Code.ShouldBe("invalid");
        (await TestAsync(models, Provider(server.Endpoint), SecretChange.Remove)).Code.ShouldBe(ModelErrorCodes.Unknown);
    }

    private static ModelsFixture Searching(Uri endpoint, params (string, string?)[] more) =>
        ModelsFixture.Create([("AgentLab:Models:Ollama:Enabled", "true"), ("AgentLab:Models:Ollama:Endpoint", endpoint.AbsoluteUri), .. more]);

    private static ProviderDefinition Provider(Uri endpoint, string id = "new") => new() { Id = id, Name = "New", Endpoint = endpoint };

    private static Task<ProviderTestResult> TestAsync(ModelsFixture models, ProviderDefinition provider, SecretChange key) =>
        models.Get<IProviderTester>().TestAsync(provider, key, CancellationToken.None);
}
