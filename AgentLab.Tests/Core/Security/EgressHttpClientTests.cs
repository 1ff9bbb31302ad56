using System.Net;
using System.Text;
using AgentLab.Core.Security;
using AgentLab.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace AgentLab.Tests.Core.Security;

public sealed class EgressHttpClientTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly EgressLimits Limits = new();

    [Fact]
    public async Task Get_ListedLoopback_ReadsTheAnswer()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Request.Headers.Cookie.Count.ShouldBe(0);
            context.Request.Headers.ContainsKey("traceparent").ShouldBeFalse();
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync("hello");
        });
        using var http = Client(new DnsHostResolver(), "127.0.0.0/8");

        var response = await http.GetAsync(new Uri(server.Url), Limits, None);

        response.Status.ShouldBe(HttpStatusCode.OK);
        response.MediaType.ShouldBe("text/plain");
        response.Charset.ShouldBe("utf-8");
        Encoding.UTF8.GetString(response.Body!.Value.Span).ShouldBe("hello");
    }

    [Fact]
    public async Task Get_Loopback_NeverReachesTheServer()
    {
        var reached = 0;
        await using var server = await LoopbackServer.StartAsync(_ =>
        {
            reached++;
            return Task.CompletedTask;
        });
        using var http = Client(new DnsHostResolver());

        await Should.ThrowAsync<EgressRefusedException>(http.GetAsync(new Uri(server.Url), Limits, None));
        await Should.ThrowAsync<EgressRefusedException>(http.GetAsync(new Uri($"http://localhost:{server.Port}"), Limits, None));

        reached.ShouldBe(0);
    }

    [Theory]
    [InlineData("http://127.0.0.2:{0}/secret")]
    [InlineData("//127.0.0.2:{0}/secret")]
    [InlineData("http://[::1]:{0}/secret")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://2130706434:{0}/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:pw@127.0.0.1:{0}/")]
    public async Task Get_RedirectToRefusedPlace_StopsThere(string target)
    {
        var reached = 0;
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            reached++;
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = string.Format(System.Globalization.CultureInfo.InvariantCulture, target, context.Connection.LocalPort);
            return Task.CompletedTask;
        });
        using var http = Client(new DnsHostResolver(), "127.0.0.1");

        await Should.ThrowAsync<EgressRefusedException>(http.GetAsync(new Uri(server.Url), Limits, None));

        reached.ShouldBe(1);
    }

    [Fact]
    public async Task Get_NameChangesItsAnswer_EachConnectionGoesWhereItWasChecked()
    {
        var reached = 0;
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            reached++;
            context.Response.Headers.Connection = "close";
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = "/again";
            return Task.CompletedTask;
        });
        var resolver = new ScriptedResolver("127.0.0.1", "127.0.0.2");
        using var http = Client(resolver, "127.0.0.1");

        await Should.ThrowAsync<EgressRefusedException>(http.GetAsync(new Uri($"http://rebind.example:{server.Port}/"), Limits, None));

        // One look-up a connection: the first was checked and used, the second was checked and refused.
        reached.ShouldBe(1);
        resolver.Calls.ShouldBe(2);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public async Task Get_Redirects_AreFollowedFiveTimes(int redirects, bool isAnswered)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            var left = int.Parse(context.Request.Path.Value![1..], System.Globalization.CultureInfo.InvariantCulture);
            context.Response.StatusCode = left == 0 ? 200 : 302;
            context.Response.Headers.Location = left == 0 ? default : new($"{left - 1}");
            return Task.CompletedTask;
        });
        using var http = Client(new DnsHostResolver(), "127.0.0.1");
        var get = http.GetAsync(new Uri($"{server.Url}/{redirects}"), Limits, None);

        if (isAnswered)
        {
            (await get).Uri.AbsolutePath.ShouldBe("/0");
        }
        else
        {
            (await Should.ThrowAsync<HttpRequestException>(get)).Message.ShouldContain("more than 5 times");
        }
    }

    [Fact]
    public async Task Get_PackedBodyThatUnpacksHuge_IsCutAtTheLimit()
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await using var packed = new System.IO.Compression.GZipStream(context.Response.Body, System.IO.Compression.CompressionLevel.Fastest);
            var zeros = new byte[64 * 1024];
            for (var part = 0; part < 256 && !context.RequestAborted.IsCancellationRequested; part++)
            {
                await packed.WriteAsync(zeros, context.RequestAborted);
            }
        });
        using var http = Client(new DnsHostResolver(), "127.0.0.1");

        var response = await http.GetAsync(new Uri(server.Url), Limits with { MaxBytes = 100_000 }, None);

        response.Body!.Value.Length.ShouldBe(100_000);
        response.IsCut.ShouldBeTrue();
    }

    [Fact]
    public async Task Get_SilentServer_TimesOutAndCallersCancellationStaysCancellation()
    {
        await using var server = await LoopbackServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var http = Client(new DnsHostResolver(), "127.0.0.1");
        using var stop = new CancellationTokenSource();

        await Should.ThrowAsync<TimeoutException>(http.GetAsync(new Uri(server.Url), Limits with { Timeout = TimeSpan.FromMilliseconds(100) }, None));
        var get = http.GetAsync(new Uri(server.Url), Limits, stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(get);
    }

    [Fact]
    public async Task Get_BrokenOffAnswer_IsAFailedRequest()
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentLength = 1_000;
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        using var http = Client(new DnsHostResolver(), "127.0.0.1");

        await Should.ThrowAsync<HttpRequestException>(http.GetAsync(new Uri(server.Url), Limits, None));
    }

    private static EgressHttpClient Client(IHostResolver resolver, params string[] allow) => new(Egress.Policy(resolver, allow), TimeProvider.System);
}
