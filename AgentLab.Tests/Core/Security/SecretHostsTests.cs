using AgentLab.Core.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentLab.Tests.Core.Security;

public sealed class SecretHostsTests
{
    [Theory]
    [InlineData("api.example.com", "https://api.example.com/x", true)]
    [InlineData("api.example.com", "https://API.EXAMPLE.COM./x", true)]
    [InlineData("api.example.com", "https://api.example.com.evil.example/", false)]
    [InlineData("api.example.com", "https://evil.example/api.example.com", false)]
    [InlineData("*.example.com", "https://a.b.example.com/", true)]
    [InlineData("*.example.com", "https://example.com/", false)]
    [InlineData("*.example.com", "https://notexample.com/", false)]
    [InlineData("10.1.0.0/16", "http://10.1.2.3:8080/", true)]
    [InlineData("10.1.0.0/16", "http://10.2.0.1/", false)]
    [InlineData("::1", "http://[::1]:5000/", true)]
    [InlineData("not a host", "https://api.example.com/", false)]
    public void Allow_ByEntry_LooksAtTheHost(string entry, string uri, bool expected) => new SecretHosts([entry]).Allow(new Uri(uri)).ShouldBe(expected);

    [Fact]
    public void HostsOf_ListTextOrNothing_IsRead()
    {
        var secrets = Services(("AgentLab:Secrets:A", "x"), ("AgentLab:Secrets:b", "y"), ("AgentLab:Secrets:empty", " "), ("AgentLab:SecretHosts:a", "one.example, two.example"), ("AgentLab:SecretHosts:b:0", "three.example"))
            .GetRequiredService<INamedSecrets>();

        secrets.HostsOf("a").Entries.ShouldBe(["one.example", "two.example"]);
        secrets.HostsOf("c").IsAny.ShouldBeTrue();
        secrets.List().Select(secret => $"{secret.Name}: {string.Join(" ", secret.Hosts.Entries)}").ShouldBe(["A: one.example two.example", "b: three.example"]);
    }

    [Fact]
    public void Hosts_WrittenWrong_StopTheStart() => Should.Throw<OptionsValidationException>(
        () => Services(("AgentLab:SecretHosts:a", "https://one.example/")).GetRequiredService<IOptions<EgressOptions>>().Value)
        .Failures.ShouldHaveSingleItem().ShouldContain("AgentLab:SecretHosts:a holds \"https://one.example/\"");

    private static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        return new ServiceCollection().AddAgentLabEgress(configuration).BuildServiceProvider();
    }
}
