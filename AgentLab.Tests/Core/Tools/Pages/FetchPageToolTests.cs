using System.Text;
using AgentLab.Core.Security;
using AgentLab.Core.Tools;
using AgentLab.Core.Tools.Pages;
using AgentLab.Tests.Core.Security;
using AgentLab.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace AgentLab.Tests.Core.Tools.Pages;

public sealed class FetchPageToolTests : IDisposable
{
    private readonly EgressHttpClient _http = new(Egress.Policy(new DnsHostResolver(), "127.0.0.1"), TimeProvider.System);

    [Fact]
    public async Task Tool_HtmlPage_GivesTitleTextAndLinks()
    {
        await using var server = await Answer(200, "text/html", "<title>A &amp; B</title><h1>Head</h1><p>One <a href=/x>link</a>.</p><script>alert(1)</script>");

        var outcome = await ToolCalls.InvokeAsync(Tool, $$"""{"url":"{{server.Url}}/page"}""");

        var result = outcome.Result!.Value;
        result.GetProperty("url").GetString().ShouldBe($"{server.Url}/page");
        result.GetProperty("title").GetString().ShouldBe("A & B");
        result.GetProperty("text").GetString().ShouldBe("# Head\n\nOne link.");
        result.GetProperty("links").GetInt32().ShouldBe(1);
        result.GetProperty("truncated").GetBoolean().ShouldBeFalse();
        outcome.Preview.ShouldBe("A & B");
    }

    [Theory]
    [InlineData("text/plain", "plain <b>text</b>")]
    [InlineData("text/markdown", "# Title")]
    [InlineData("application/json; charset=utf-8", "{\"a\":1}")]
    public async Task Tool_TextTypes_AreGivenAsTheyAre(string contentType, string body)
    {
        await using var server = await Answer(200, contentType, body);

        (await ToolCalls.ResultAsync(Tool, $$"""{"url":"{{server.Url}}"}""")).GetProperty("text").GetString().ShouldBe(body);
    }

    [Fact]
    public async Task Tool_LongText_IsCutAndSaysSo()
    {
        await using var server = await Answer(200, "text/plain", new string('x', 3 * 1024 * 1024));

        var result = await ToolCalls.ResultAsync(Tool, $$"""{"url":"{{server.Url}}"}""");

        result.GetProperty("text").GetString()!.Length.ShouldBe(FetchPageTool.MaxTextCharacters);
        result.GetProperty("truncated").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("charset=iso-8859-1", "", "iso-8859-1")]
    [InlineData("", "<meta charset=\"windows-1252\">", "iso-8859-1")]
    [InlineData("charset=nonsense", "", "utf-8")]
    [InlineData("", "", "utf-8")]
    public async Task Tool_Encodings_AreObeyed(string parameter, string declaration, string encoding)
    {
        var bytes = Encoding.GetEncoding(encoding).GetBytes(declaration + "<p>Grüße</p>");
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.ContentType = "text/html; " + parameter;
            return context.Response.Body.WriteAsync(bytes).AsTask();
        });

        (await ToolCalls.ResultAsync(Tool, $$"""{"url":"{{server.Url}}"}""")).GetProperty("text").GetString().ShouldBe("Grüße");
    }

    [Theory]
    [InlineData(404, "text/html", ToolErrorCodes.Unreachable, false)]
    [InlineData(429, "text/html", ToolErrorCodes.Unreachable, true)]
    [InlineData(503, "text/html", ToolErrorCodes.Unreachable, true)]
    [InlineData(200, "image/png", ToolErrorCodes.Refused, false)]
    [InlineData(200, "application/octet-stream", ToolErrorCodes.Refused, false)]
    public async Task Tool_AnswerThatIsNoPage_Fails(int status, string contentType, string code, bool canRetry)
    {
        await using var server = await Answer(status, contentType, "x");

        var error = await ToolCalls.ErrorAsync(Tool, $$"""{"url":"{{server.Url}}"}""");

        error.Code.ShouldBe(code);
        error.CanRetry.ShouldBe(canRetry);
    }

    [Theory]
    [InlineData("http://127.0.0.2/", EgressRefusedException.Code)]
    [InlineData("http://169.254.169.254/latest/meta-data/", EgressRefusedException.Code)]
    [InlineData("file:///etc/passwd", EgressRefusedException.Code)]
    [InlineData("not an address", ToolErrorCodes.InvalidArguments)]
    [InlineData("http://127.0.0.1:1/", ToolErrorCodes.Unreachable)]
    public async Task Tool_AddressThatCannotBeFetched_Fails(string url, string code) =>
        (await ToolCalls.ErrorAsync(Tool, $$"""{"url":"{{url}}"}""")).Code.ShouldBe(code);

    public void Dispose() => _http.Dispose();

    private Tool Tool => new FetchPageTool(_http).Create();

    private static Task<LoopbackServer> Answer(int status, string contentType, string body) => LoopbackServer.StartAsync(context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(body);
    });
}
