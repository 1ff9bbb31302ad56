using System.Text.Json;
using AgentLab.Core.Models;

namespace AgentLab.Tests.Core.Models;

public sealed class SecretTests
{
    private const string Value = "sk-very-secret-value";

    private static ProviderDefinition Provider => new() { Id = "p", Name = "P", Endpoint = new Uri("http://localhost/v1"), ApiKey = new Secret(Value) };

    [Fact]
    public void ToString_OfSecretAndOfWhatHoldsIt_ShowsMask()
    {
        new Secret(Value).ToString().ShouldBe("***");
        Provider.ToString().ShouldContain("***");
        Provider.ToString().ShouldNotContain(Value);
        SecretChange.Replace(new Secret(Value)).ToString().ShouldNotContain(Value);
    }

    [Fact]
    public void Json_OfProvider_HoldsNoSecret() => JsonSerializer.Serialize(Provider).ShouldNotContain(Value);

    [Fact]
    public void Json_Read_TakesTheValue() => JsonSerializer.Deserialize<Secret>($"\"{Value}\"")!.Reveal().ShouldBe(Value);

    [Fact]
    public void Equality_OfSameValue_Holds()
    {
        new Secret(Value + "\n").ShouldBe(new Secret(Value));
        new Secret("other-value").ShouldNotBe(new Secret(Value));
        Provider.ShouldBe(Provider);
        (Provider with { ApiKey = new Secret("other-value") }).ShouldNotBe(Provider);
    }

    [Fact]
    public void Redact_TextWithValue_MasksEveryOccurrence() =>
        new Secret(Value).Redact($"Bearer {Value}, {Value}").ShouldBe("Bearer ***, ***");
}
