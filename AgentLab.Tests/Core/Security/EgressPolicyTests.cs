using System.Net;
using AgentLab.Core.Security;
using AgentLab.Tests.Fakes;

namespace AgentLab.Tests.Core.Security;

public sealed class EgressPolicyTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("203.0.113.7")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b:1::a00:1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2")]
    [InlineData("2001:db8::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public async Task Resolve_AddressThatIsNotPublic_IsRefused(string address)
    {
        var byName = Egress.Policy(new ScriptedResolver(address));
        var byLiteral = Egress.Policy(new ScriptedResolver());

        (await Should.ThrowAsync<EgressRefusedException>(byName.ResolveAsync("harmless.example", 443, None))).Message.ShouldNotContain(address);
        await Should.ThrowAsync<EgressRefusedException>(byLiteral.ResolveAsync(address, 443, None));
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("93.184.215.14")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001:82a::200e")]
    public async Task Resolve_PublicAddress_IsPermitted(string address) =>
        (await Egress.Policy(new ScriptedResolver(address)).ResolveAsync("host.example", 443, None)).ShouldBe([IPAddress.Parse(address)]);

    [Theory]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://0/")]
    [InlineData("http://127.0.0.1./")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[0:0:0:0:0:0:0:1]/")]
    [InlineData("http://①②⑦.⓪.⓪.①/")]
    [InlineData("http://localhost/")]
    [InlineData("http://LOCALHOST./")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    public async Task Resolve_HiddenFormOfLoopback_IsRefused(string url)
    {
        var uri = new Uri(url);
        EgressPolicy.Check(uri);

        // The system's own resolver: the last word on what a form means.
        await Should.ThrowAsync<EgressRefusedException>(Egress.Policy(new DnsHostResolver()).ResolveAsync(uri.IdnHost, 80, None));
    }

    [Theory]
    [InlineData("ftp://host.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://host.example/")]
    [InlineData("data:text/html,hi")]
    [InlineData("http://user@host.example/")]
    [InlineData("https://user:secret@host.example/")]
    [InlineData("/relative")]
    public void Check_SchemeOrUserInformation_IsRefused(string url) =>
        Should.Throw<EgressRefusedException>(() => EgressPolicy.Check(new Uri(url, UriKind.RelativeOrAbsolute)));

    [Theory]
    [InlineData(22)]
    [InlineData(25)]
    [InlineData(6379)]
    public async Task Resolve_UnusualPort_IsRefusedUnlessListed(int port)
    {
        var resolver = new ScriptedResolver("8.8.8.8");

        await Should.ThrowAsync<EgressRefusedException>(Egress.Policy(resolver).ResolveAsync("host.example", port, None));
        (await Egress.Policy(resolver, "8.8.8.0/24").ResolveAsync("host.example", port, None)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Resolve_MixedAnswer_GivesOnlyThePublicAddresses()
    {
        var policy = Egress.Policy(new ScriptedResolver("2606:4700:4700::1111 10.0.0.1 8.8.8.8 127.0.0.1"));

        (await policy.ResolveAsync("host.example", 443, None)).Select(address => address.ToString()).ShouldBe(["8.8.8.8", "2606:4700:4700::1111"]);
    }

    [Fact]
    public async Task Resolve_UnknownHost_SaysSo() =>
        (await Should.ThrowAsync<EgressRefusedException>(Egress.Policy(new ScriptedResolver()).ResolveAsync("nowhere.example", 443, None))).Message.ShouldContain("not known");

    [Theory]
    [InlineData("10.0.0.0/8", "any.example", true)]
    [InlineData("10.1.2.3", "any.example", true)]
    [InlineData("10.1.2.4", "any.example", false)]
    [InlineData("wiki.corp.example", "wiki.corp.example", true)]
    [InlineData("Wiki.Corp.Example", "WIKI.corp.example.", true)]
    [InlineData("corp.example", "wiki.corp.example", false)]
    [InlineData("*.corp.example", "wiki.corp.example", true)]
    [InlineData("*.corp.example", "corp.example", false)]
    [InlineData("*.corp.example", "evilcorp.example", false)]
    [InlineData("wiki.corp.example", "wiki.corp.example.evil.example", false)]
    public async Task Resolve_ListedByAdministrator_IsPermitted(string entry, string host, bool isPermitted)
    {
        var resolve = Egress.Policy(new ScriptedResolver("10.1.2.3"), entry).ResolveAsync(host, 3000, None);

        if (isPermitted)
        {
            (await resolve).Count.ShouldBe(1);
        }
        else
        {
            await Should.ThrowAsync<EgressRefusedException>(resolve);
        }
    }

    [Fact]
    public void Validate_WrongEntries_NamesEach()
    {
        var options = new EgressOptions { Allow = { "10.0.0.0/8", "10.0.0.0/33", "http://host", "a b", "*." }, Ports = { 8081, 0 } };

        var result = new EgressOptionsValidator().Validate(null, options);

        result.Failures!.Count().ShouldBe(5);
        result.FailureMessage!.ShouldContain("\"10.0.0.0/33\"");
    }
}
