using AgentLab.Core.Models;
using Microsoft.Extensions.Options;

namespace AgentLab.Tests.Core.Models;

public sealed class ProviderConfigurationTests
{
    [Fact]
    public async Task Catalog_WithoutConfiguration_HoldsTheRehearsalModel()
    {
        await using var models = ModelsFixture.Create([]);
        var providers = await models.Get<IProviderCatalog>().ListAsync(CancellationToken.None);
        providers.ShouldHaveSingleItem().ShouldBe(ProviderDefinition.Rehearsal);
    }

    [Fact]
    public async Task Catalog_WithEveryForm_ReadsIt()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "sk-from-file\n");
        await using var models = ModelsFixture.Create(
        [
            ("AgentLab:Providers:OpenAI:Endpoint", "https://api.openai.com/v1"),
            ("AgentLab:Providers:OpenAI:ApiKeyFile", file),
            ("AgentLab:Providers:OpenAI:Models:0:Id", "gpt-5-mini"),
            ("AgentLab:Providers:OpenAI:Models:0:InputPrice", "0.25"),
            ("AgentLab:Providers:OpenAI:Models:0:OutputPrice", "2"),
            ("AgentLab:Providers:OpenAI:Models:0:ContextWindow", "400000"),
            ("AgentLab:Providers:OpenAI:Models:1", "gpt-5"),
            ("AgentLab:Providers:OpenAI:Order", "2"),
            ("AgentLab:Providers:local:Name", "Local"),
            ("AgentLab:Providers:local:Endpoint", "http://127.0.0.1:8080/v1"),
            ("AgentLab:Providers:local:Models", "a, b"),
            ("AgentLab:Providers:local:Order", "1"),
        ]);

        var providers = await models.Get<IProviderCatalog>().ListAsync(CancellationToken.None);
        File.Delete(file);

        providers.Select(p => p.Id).ShouldBe(["local", "openai", "rehearsal"]);
        providers[0].Models.Select(m => m.Id).ShouldBe(["a", "b"]);
        providers[1].ApiKey!.Reveal().ShouldBe("sk-from-file");
        providers[1].Models.ShouldBe([new ModelInfo("gpt-5-mini", 0.25m, 2m, 400_000), new ModelInfo("gpt-5")]);
        providers[1].Source.ShouldBe(ProviderSource.Configuration);
    }

    [Fact]
    public async Task Catalog_WithManyFaults_NamesAllAtOnceWithoutTheKey()
    {
        await using var models = ModelsFixture.Create(
        [
            ("AgentLab:Providers:one:Endpoint", "not an address"),
            ("AgentLab:Providers:one:Kind", "Magic"),
            ("AgentLab:Providers:one:Colour", "red"),
            ("AgentLab:Providers:two words:Endpoint", "https://example.com/v1"),
            ("AgentLab:Providers:three:Endpoint", "https://user:pw@example.com/v1"),
            ("AgentLab:Providers:three:ApiKey", "sk with spaces"),
            ("AgentLab:Providers:four:Endpoint", "https://example.com/v1"),
            ("AgentLab:Providers:four:ApiKey", "changeme"),
            ("AgentLab:Providers:four:Models:0:Id", "m"),
            ("AgentLab:Providers:four:Models:0:InputPrice", "cheap"),
        ]);

        var error = await Should.ThrowAsync<OptionsValidationException>(async () => await models.Get<IProviderCatalog>().ListAsync(CancellationToken.None));

        var text = string.Join('\n', error.Failures);
        text.ShouldSatisfyAllConditions(
            t => t.ShouldContain("AgentLab:Providers:one:Endpoint"),
            t => t.ShouldContain("AgentLab:Providers:one:Kind"),
            t => t.ShouldContain("AgentLab:Providers:one:Colour"),
            t => t.ShouldContain("AgentLab:Providers:two words: The id"),
            t => t.ShouldContain("AgentLab:Providers:three: The endpoint must not hold a user name"),
            t => t.ShouldContain("printable ASCII"),
            t => t.ShouldContain("AgentLab:Providers:four: The API key is a placeholder"),
            t => t.ShouldContain("AgentLab:Providers:four:Models:0:InputPrice"),
            t => t.ShouldNotContain("sk with spaces"));
    }

    [Fact]
    public async Task Options_OutOfRange_AreRefused()
    {
        await using var models = ModelsFixture.Create([("AgentLab:Models:CallTimeLimit", "00:00:00"), ("AgentLab:Models:Retries", "99")]);
        var error = Should.Throw<OptionsValidationException>(() => models.Get<IOptions<ModelsOptions>>().Value);
        error.Failures.Count().ShouldBe(2);
    }

    [Fact]
    public async Task Catalog_SameIdInBoth_ConfigurationWins()
    {
        var store = new MemoryProviderStore(
            new ProviderDefinition { Id = "local", Name = "Stored", Endpoint = new Uri("http://stored/v1") },
            new ProviderDefinition { Id = "mine", Name = "Mine", Endpoint = new Uri("http://mine/v1"), Order = 5 });
        await using var models = ModelsFixture.Create(ModelsFixture.Provider("local", new Uri("http://configured/v1")), null, store);

        var providers = await models.Get<IProviderCatalog>().ListAsync(CancellationToken.None);

        providers.Select(p => (p.Id, p.Source)).ShouldBe(
            [("local", ProviderSource.Configuration), ("mine", ProviderSource.Settings), ("rehearsal", ProviderSource.BuiltIn)]);
    }

    [Fact]
    public void CheckChange_KeptKeyForAnotherServer_IsRefused()
    {
        var before = new ProviderDefinition { Id = "p", Name = "P", Endpoint = new Uri("https://one.example/v1"), ApiKey = new Secret("sk-12345") };
        var elsewhere = before with { Endpoint = new Uri("https://two.example/v1") };

        ProviderRules.CheckChange(before, elsewhere, SecretChange.Keep).ShouldHaveSingleItem().ShouldContain("enter the API key again");
        ProviderRules.CheckChange(before, before with { Endpoint = new Uri("https://one.example/api/v1") }, SecretChange.Keep).ShouldBeEmpty();
        ProviderRules.CheckChange(before, elsewhere, SecretChange.Replace(new Secret("sk-67890"))).ShouldBeEmpty();
        ProviderRules.CheckChange(before, elsewhere, SecretChange.Remove).ShouldBeEmpty();
    }

    private sealed class MemoryProviderStore(params ProviderDefinition[] providers) : IProviderStore
    {
        public ValueTask<IReadOnlyList<ProviderDefinition>> ListAsync(CancellationToken cancellationToken) => new(providers);

        public Task SaveAsync(ProviderDefinition provider, SecretChange key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
