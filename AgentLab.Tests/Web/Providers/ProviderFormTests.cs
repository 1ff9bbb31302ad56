using AgentLab.Core.Models;
using AgentLab.Web.Features.Providers;

namespace AgentLab.Tests.Web.Providers;

public sealed class ProviderFormTests
{
    private static readonly ProviderDefinition Stored = new()
    {
        Id = "openai",
        Name = "OpenAI",
        Endpoint = new Uri("https://api.openai.com/v1"),
        ApiKey = new Secret("sk-very-secret-value"),
        Models = [new ModelInfo("gpt", 0.25m, 2, 400_000)],
        Order = 3,
        IsFallback = true,
    };

    [Fact]
    public void From_StoredProvider_NeverHoldsItsKey()
    {
        var form = ProviderForm.From(Stored);

        form.HasKey.ShouldBeTrue();
        form.Key.ShouldBe("");
        form.KeyChange.IsKeep.ShouldBeTrue();
    }

    [Fact]
    public void Read_UnchangedForm_IsTheProviderWithoutItsKey()
    {
        var (read, faults) = ProviderForm.From(Stored).Read();

        faults.ShouldBeEmpty();
        read.ShouldBe(Stored with { ApiKey = null });
    }

    [Fact]
    public void KeyChange_TypedKey_ReplacesIt()
    {
        var form = ProviderForm.From(Stored);
        form.Key = "another-one";

        form.KeyChange.Value!.Reveal().ShouldBe("another-one");
    }

    [Fact]
    public void KeyChange_RemovalTicked_RemovesIt()
    {
        var form = ProviderForm.From(Stored);
        form.RemoveKey = true;

        form.KeyChange.ShouldBe(SecretChange.Remove);
    }

    [Fact]
    public void Read_EverythingWrong_NamesAllFaultsAtOnce()
    {
        var form = new ProviderForm { Id = "Not A Slug", Endpoint = "ftp://x" };
        form.Models.Add(new ModelForm { Id = "m", Input = "cheap" });

        form.Read().Faults.Count.ShouldBeGreaterThanOrEqualTo(4);
    }

    [Theory]
    [InlineData("LM Studio", "lm-studio")]
    [InlineData("  Azure  OpenAI! ", "azure-openai")]
    [InlineData("llama.cpp", "llama-cpp")]
    [InlineData("ÄÖ", "")]
    public void Slug_OfAName_IsAnId(string name, string slug) => ProviderForm.Slug(name).ShouldBe(slug);
}
