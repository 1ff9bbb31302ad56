using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentLab.Core.Tools;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Core.Workflows.Nodes.Outside;
using AgentLab.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace AgentLab.Tests.Core.Workflows.Nodes;

/// <summary>The kinds that reach outside, against a real HTTP server on loopback.</summary>
public sealed class OutsideKindsTests
{
    private const string Secret = "s3cr3t\"value";

    private static readonly INodeKind Http = Palette.Kind("http_request");
    private static readonly INodeKind Webhook = Palette.Kind("send_webhook");
    private static readonly INodeKind ToolCall = Palette.Kind("tool_call");

    private readonly NodeHarness _harness = new();

    [Fact]
    public async Task Http_Get_GivesStatusHeadersAndJson()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers["X-Query"] = context.Request.QueryString.Value;
            context.Response.Headers.SetCookie = "a=b";
            return context.Response.WriteAsJsonAsync(new { total = 5, path = context.Request.Path.Value, key = context.Request.Headers["Idempotency-Key"].Count });
        });

        var output = await _harness.OutputAsync(Http, $$$"""{"url": "{{{server.Url}}}/orders/{{data.id}}?a=1", "query": [{"name": "b c", "value": "{{data.id}}"}]}""", """{"id": "x y"}""");

        output.GetProperty("status").GetInt32().ShouldBe(200);
        output.GetProperty("body").GetProperty("total").GetInt32().ShouldBe(5);
        output.GetProperty("body").GetProperty("path").GetString().ShouldBe("/orders/x y");
        output.GetProperty("body").GetProperty("key").GetInt32().ShouldBe(0);
        output.GetProperty("headers").GetProperty("x-query").GetString().ShouldBe("?a=1&b%20c=x%20y");
        output.GetProperty("headers").TryGetProperty("set-cookie", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("json", """{"id":"{{data.id}}"}""", "application/json", """{"id":7}""")]
    [InlineData("text", "\"id {{data.id}}\"", "text/plain; charset=utf-8", "id 7")]
    public async Task Http_Post_SendsBodyAndIdempotencyKey(string type, string body, string contentType, string expected)
    {
        var (seen, key, sentType) = ("", "", "");
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            (key, sentType) = (context.Request.Headers["Idempotency-Key"].ToString(), context.Request.ContentType ?? "");
            seen = await new StreamReader(context.Request.Body).ReadToEndAsync();
        });

        await _harness.OutputAsync(Http, $$$"""{"method": "POST", "url": "{{{server.Url}}}", "body_type": "{{{type}}}", "body": {{{body}}}}""", """{"id": 7}""");

        (seen, key, sentType).ShouldBe((expected, "key-of-the-step", contentType));
    }

    [Fact]
    public async Task Http_Form_IsEncoded()
    {
        var seen = "";
        await using var server = await LoopbackServer.StartAsync(async context => seen = await new StreamReader(context.Request.Body).ReadToEndAsync());

        await _harness.OutputAsync(Http, $$$"""{"method": "POST", "url": "{{{server.Url}}}", "body_type": "form", "form": [{"name": "a b", "value": "x&y"}, {"name": "n", "value": 5}]}""");

        seen.ShouldBe("a%20b=x%26y&n=5");
    }

    [Theory]
    [InlineData("bearer", "Authorization", "Bearer " + Secret)]
    [InlineData("header", "X-Api-Key", Secret)]
    [InlineData("basic", "Authorization", "Basic YW5uOnMzY3IzdCJ2YWx1ZQ==")]
    public async Task Http_Auth_SendsTheSecretAndNeverShowsIt(string type, string header, string expected)
    {
        var seen = "";
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            seen = context.Request.Headers[header].ToString();
            context.Response.Headers["X-Echo"] = seen;
            return context.Response.WriteAsJsonAsync(new { echo = seen });
        });

        var output = await _harness.OutputAsync(Http, $$$"""{"url": "{{{server.Url}}}", "auth": {"type": "{{{type}}}", "username": "ann", "secret": {"secret": "orders_key"} } }""");

        seen.ShouldBe(expected);
        output.GetRawText().ShouldNotContain("s3cr3t");
        output.GetRawText().ShouldNotContain("YW5uOnMzY3IzdCJ2YWx1ZQ");
    }

    [Fact]
    public async Task Http_SecretInErrorText_IsMasked()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 403;
            return context.Response.WriteAsync("no such key " + context.Request.Headers["X-Api-Key"]);
        });

        var failed = await _harness.FailureAsync(Http, $$$"""{"url": "{{{server.Url}}}", "headers": [{"name": "X-Api-Key", "value": {"secret": "orders_key"}}]}""");

        (failed.Code, failed.CanRetry).ShouldBe(("http_403", false));
        failed.Message.ShouldContain("no such key ***");
    }

    [Fact]
    public async Task Http_MissingSecret_FailsAndSendsNothing()
    {
        var reached = false;
        await using var server = await LoopbackServer.StartAsync(_ =>
        {
            reached = true;
            return Task.CompletedTask;
        });

        (await _harness.FailureAsync(Http, $$$"""{"url": "{{{server.Url}}}", "auth": {"type": "bearer", "secret": {"secret": "other"} } }""")).Code.ShouldBe("secret_missing");
        reached.ShouldBeFalse();
    }

    [Theory]
    [InlineData(""" "auth": {"type": "bearer", "secret": {"secret": "shop_key"}} """)]
    [InlineData(""" "headers": [{"name": "X-Key", "value": {"secret": "shop_key"}}] """)]
    public async Task Http_SecretThatIsForCertainHosts_GoesThereAndNowhereElse(string setting)
    {
        var reached = 0;
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            Interlocked.Increment(ref reached);
            if (context.Request.Path == "/away")
            {
                context.Response.Redirect($"http://localhost:{context.Connection.LocalPort}/there");
            }

            return Task.CompletedTask;
        });
        var elsewhere = server.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

        (await _harness.OutputAsync(Http, $$$"""{"url": "{{{server.Url}}}", {{{setting}}}}""")).GetProperty("status").GetInt32().ShouldBe(200);
        var refused = await _harness.FailureAsync(Http, $$$"""{"url": "{{{elsewhere}}}", {{{setting}}}}""");
        var redirected = await _harness.FailureAsync(Http, $$$"""{"url": "{{{server.Url}}}/away", {{{setting}}}}""");

        (refused.Code, redirected.Code, refused.CanRetry).ShouldBe(("secret_refused", "secret_refused", false));
        refused.Message.ShouldBe("The secret \"shop_key\" may not go to localhost: it is for *.shop.example, 127.0.0.1 alone. An administrator changes that under AgentLab:SecretHosts:shop_key.");
        redirected.Message.ShouldBe(refused.Message);
        reached.ShouldBe(2);
    }

    [Theory]
    [InlineData("https://evil.example/{{data.id}}", "/headers/1/value", "/auth/secret")]
    [InlineData("https://api.shop.example/{{data.id}}")]
    [InlineData("https://{{data.host}}/orders")]
    [InlineData("{{data.url}}")]
    public void Http_SecretOfAnotherHost_IsAProblemBeforeItRuns(string url, params string[] fields)
    {
        const string Named = """ "headers": [{"name": "X-Note", "value": "a"}, {"name": "X-Key", "value": {"secret": "shop_key"}}], "auth": {"type": "bearer", "secret": {"secret": "shop_key"}} """;

        Http.Check(JsonElement.Parse($$"""{"url": "{{url}}", {{Named}} }""")).Select(fault => $"{fault.Code} {fault.Field}").ShouldBe(fields.Select(field => $"secret_refused {field}"));
        Webhook.Check(JsonElement.Parse($$"""{"url": "{{url}}", "secret": {"secret": "shop_key"} }""")).Count().ShouldBe(fields.Length > 0 ? 1 : 0);
    }

    [Fact]
    public async Task Webhook_SecretThatIsForCertainHosts_SignsNothingForOthers()
    {
        await using var server = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        var elsewhere = server.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

        (await _harness.FailureAsync(Webhook, $$$"""{"url": "{{{elsewhere}}}", "secret": {"secret": "shop_key"} }""")).Code.ShouldBe("secret_refused");
        (await _harness.RunAsync(Webhook, $$$"""{"url": "{{{server.Url}}}", "secret": {"secret": "shop_key"} }""")).ShouldBeOfType<NodeResult.Completed>();
    }

    [Fact]
    public async Task Http_Redirect_IsFollowedWithoutHeadersToAnotherOrigin()
    {
        var keys = new List<string>();
        await using var other = await LoopbackServer.StartAsync(context =>
        {
            keys.Add(context.Request.Headers.Authorization.ToString());
            return context.Response.WriteAsync("there");
        });
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            keys.Add(context.Request.Headers.Authorization.ToString());
            context.Response.Redirect(other.Url);
            return Task.CompletedTask;
        });
        var auth = """ "auth": {"type": "bearer", "secret": {"secret": "orders_key"}} """;

        (await _harness.OutputAsync(Http, $$$"""{"url": "{{{server.Url}}}", {{{auth}}}}""")).GetProperty("body").GetString().ShouldBe("there");
        (await _harness.OutputAsync(Http, $$$"""{"url": "{{{server.Url}}}", "follow_redirects": false}""")).GetProperty("status").GetInt32().ShouldBe(302);

        keys.ShouldBe(["Bearer " + Secret, "", ""]);
    }

    [Theory]
    [InlineData("GET", 429, true)]
    [InlineData("GET", 500, true)]
    [InlineData("GET", 404, false)]
    [InlineData("POST", 500, false)]
    [InlineData("POST", 503, true)]
    public async Task Http_ErrorStatus_FailsAndSaysWhetherToTryAgain(string method, int status, bool canRetry)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "7";
            return Task.CompletedTask;
        });

        var failed = await _harness.FailureAsync(Http, $$$"""{"method": "{{{method}}}", "url": "{{{server.Url}}}"}""");

        (failed.Code, failed.CanRetry, failed.RetryAfter).ShouldBe(($"http_{status}", canRetry, TimeSpan.FromSeconds(7)));
        (await _harness.OutputAsync(Http, $$$"""{"method": "{{{method}}}", "url": "{{{server.Url}}}", "errors_are_answers": true}""")).GetProperty("status").GetInt32().ShouldBe(status);
    }

    [Fact]
    public async Task Http_BreaksOff_AsksAPersonForWritesAndRetriesReads()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        (await _harness.RunAsync(Http, $$$"""{"method": "POST", "url": "{{{server.Url}}}"}""")).ShouldBeOfType<NodeResult.OutcomeUnknown>();
        (await _harness.FailureAsync(Http, $$$"""{"method": "POST", "url": "{{{server.Url}}}", "idempotent": true}""")).CanRetry.ShouldBeTrue();
        (await _harness.FailureAsync(Http, $$$"""{"url": "{{{server.Url}}}"}""")).CanRetry.ShouldBeTrue();
    }

    [Fact]
    public async Task Http_Unreachable_CanBeRetriedEvenForWrites()
    {
        var failed = await _harness.FailureAsync(Http, $$$"""{"method": "POST", "url": "http://127.0.0.1:{{{Ports.Free()}}}/"}""");
        (failed.Code, failed.CanRetry).ShouldBe(("http_unreachable", true));
    }

    [Fact]
    public async Task Http_AnswerTooLargeOrNotJson_Fails()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync(context.Request.Path == "/large" ? new string('x', OutgoingCall.MaxBytes + 1) : "{"));

        (await _harness.FailureAsync(Http, $$$"""{"url": "{{{server.Url}}}/large"}""")).Code.ShouldBe("response_too_large");
        (await _harness.FailureAsync(Http, $$$"""{"url": "{{{server.Url}}}/", "response": "json"}""")).Code.ShouldBe("response_not_json");
    }

    [Fact]
    public async Task Http_OutsideTheEgressPolicy_IsRefused() =>
        (await _harness.FailureAsync(Http, """{"url": "http://10.1.2.3/"}""")).ShouldSatisfyAllConditions(f => f.Code.ShouldBe("egress_refused"), f => f.CanRetry.ShouldBeFalse());

    [Fact]
    public async Task Http_Cancelled_StopsAtOnce()
    {
        using var stop = new CancellationTokenSource();
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });

        await Should.ThrowAsync<OperationCanceledException>(async () => await _harness.RunAsync(Http, $$$"""{"url": "{{{server.Url}}}"}""", cancellationToken: stop.Token));
    }

    [Fact]
    public async Task Http_DryRun_DescribesWritesAndMakesReads()
    {
        var reached = 0;
        await using var server = await LoopbackServer.StartAsync(_ =>
        {
            reached++;
            return Task.CompletedTask;
        });
        var dry = new NodeHarness { DryRun = true };

        (await dry.OutputAsync(Http, $$$"""{"method": "DELETE", "url": "{{{server.Url}}}/x"}""")).GetProperty("dryRun").GetBoolean().ShouldBeTrue();
        reached.ShouldBe(0);
        await dry.OutputAsync(Http, $$$"""{"url": "{{{server.Url}}}"}""");
        reached.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"url": "ftp://example.com"}""", "/url")]
    [InlineData("""{"url": "http://user:pw@example.com"}""", "/url")]
    [InlineData("""{"url": "http://example.com", "headers": [{"name": "Host", "value": "x"}]}""", "/headers/0/name")]
    [InlineData("""{"url": "http://example.com", "auth": {"type": "bearer"}}""", "/auth/secret")]
    public void Http_WrongSettings_NameTheField(string settings, string field) => Http.Check(JsonElement.Parse(settings)).ShouldHaveSingleItem().Field.ShouldBe(field);

    [Theory]
    [InlineData("""{"url": "x"}""", ToolEffect.Read, true)]
    [InlineData("""{"url": "x", "method": "POST"}""", ToolEffect.External, false)]
    [InlineData("""{"url": "x", "method": "POST", "idempotent": true}""", ToolEffect.External, true)]
    public void Http_Effect_FollowsTheMethod(string settings, ToolEffect effect, bool repeatSafe) => Http.Effect(JsonElement.Parse(settings)).ShouldBe(new NodeEffect(effect, repeatSafe));

    [Fact]
    public async Task Webhook_Sent_IsSignedAndTheSameAgain()
    {
        var bodies = new List<string>();
        var (signature, timestamp, key) = ("", "", "");
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            (signature, timestamp) = (context.Request.Headers["X-Signature-256"].ToString(), context.Request.Headers["X-Timestamp"].ToString());
            key = context.Request.Headers["Idempotency-Key"].ToString();
            bodies.Add(await new StreamReader(context.Request.Body).ReadToEndAsync());
        });
        var settings = $$$"""{"url": "{{{server.Url}}}", "event": "order.late", "data": {"id": "{{data.id}}"}, "secret": {"secret": "orders_key"}}""";

        (await _harness.OutputAsync(Webhook, settings, """{"id": 7}""")).GetRawText().ShouldBe("""{"id": 7}""");
        await _harness.OutputAsync(Webhook, settings, """{"id": 7}""");

        bodies[0].ShouldBe("""{"id":"key-of-the-step","event":"order.late","at":"2026-03-01T09:30:00Z","data":{"id":7}}""");
        bodies[1].ShouldBe(bodies[0]);
        key.ShouldBe("key-of-the-step");
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{timestamp}.{bodies[1]}"));
        signature.ShouldBe("sha256=" + Convert.ToHexStringLower(expected));
    }

    [Fact]
    public async Task Webhook_RefusedOrDry_SaysSo()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        });

        (await _harness.FailureAsync(Webhook, $$$"""{"url": "{{{server.Url}}}"}""")).Code.ShouldBe("http_410");
        (await _harness.FailureAsync(Webhook, """{"url": "{{data}}"}""", "\"nonsense\"")).Code.ShouldBe("url_invalid");
        (await new NodeHarness { DryRun = true }.OutputAsync(Webhook, $$$"""{"url": "{{{server.Url}}}"}""", "7")).GetInt32().ShouldBe(7);
    }

    [Fact]
    public async Task Tool_Call_GivesItsResult() =>
        (await _harness.OutputAsync(ToolCall, """{"tool": "calculator", "arguments": {"expression": "{{data}} * 2"}}""", "21")).GetRawText().ShouldContain("42");

    [Fact]
    public async Task Tool_Wrong_FailsWithItsCode()
    {
        (await _harness.FailureAsync(ToolCall, """{"tool": "nothing"}""")).Code.ShouldBe("unknown_tool");
        (await _harness.FailureAsync(ToolCall, """{"tool": "calculator", "arguments": {}}""")).Code.ShouldBe("tool_arguments_invalid");
        ToolCall.Check(JsonElement.Parse("""{"tool": "nothing"}""")).ShouldHaveSingleItem().Field.ShouldBe("/tool");
        ToolCall.Check(JsonElement.Parse("""{"tool": "calculator", "arguments": {}}""")).ShouldHaveSingleItem().Field.ShouldBe("/arguments/expression");
        ToolCall.Effect(JsonElement.Parse("""{"tool": "calculator"}""")).ShouldBe(new NodeEffect(ToolEffect.Read, true));
    }

    [Fact]
    public async Task Tool_Cancelled_Throws() =>
        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await _harness.RunAsync(ToolCall, """{"tool": "calculator", "arguments": {"expression": "1"}}""", cancellationToken: new CancellationToken(true)));
}
