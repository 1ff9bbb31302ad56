using System.Text.Json;
using AgentLab.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentLab.Tests.Core.Tools;

public sealed class ToolInvokerTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ToolInvoker _invoker = new(TimeProvider.System, NullLogger<ToolInvoker>.Instance);

    [Fact]
    public async Task Invoke_PlainFunction_GetsArgumentsAndContextBesideThem()
    {
        ToolContext? seen = null;
        var tool = Read((string name, AIFunctionArguments all) =>
        {
            seen = ToolContext.From(all);
            return $"hello {name}";
        });

        var outcome = await _invoker.InvokeAsync(tool, new Dictionary<string, object?> { ["name"] = "Ada" }, ToolCalls.Context, None);

        outcome.IsSuccess.ShouldBeTrue();
        outcome.Result!.Value.GetString().ShouldBe("hello Ada");
        seen.ShouldBe(ToolCalls.Context);
        tool.Schema.GetProperty("properties").EnumerateObject().Select(one => one.Name).ShouldBe(["name"]);
    }

    [Fact]
    public async Task Invoke_MissingArgument_FailsBeforeTheToolRuns()
    {
        var calls = 0;
        var tool = Read((string name) => $"{name}{++calls}");

        var outcome = await _invoker.InvokeAsync(tool, JsonElement.Parse("{}"), ToolCalls.Context, None);

        outcome.Error!.Code.ShouldBe(ToolErrorCodes.InvalidArguments);
        outcome.Error.Sentence.ShouldContain("name is missing");
        calls.ShouldBe(0);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    public async Task Invoke_ArgumentsThatAreNoObject_Fails(string arguments)
    {
        var outcome = await _invoker.InvokeAsync(Read((string name) => name), JsonElement.Parse(arguments), ToolCalls.Context, None);

        outcome.Error!.Code.ShouldBe(ToolErrorCodes.InvalidArguments);
    }

    [Fact]
    public async Task Invoke_ToolThrows_FailsWithoutTheExceptionsText()
    {
        var tool = Read(string () => throw new InvalidOperationException("password=hunter2"));

        var outcome = await _invoker.InvokeAsync(tool, JsonElement.Parse("{}"), ToolCalls.Context, None);

        outcome.Error!.Code.ShouldBe(ToolErrorCodes.Broke);
        outcome.Error.Sentence.ShouldNotContain("hunter2");
        outcome.Error.CanRetry.ShouldBeTrue();
    }

    [Fact]
    public async Task Invoke_ToolFailsAsForeseen_KeepsCodeAndSentence()
    {
        var tool = Read(string () => throw new ToolFailureException("orders.closed", "The shop is closed.", canRetry: true));

        var outcome = await _invoker.InvokeAsync(tool, JsonElement.Parse("{}"), ToolCalls.Context, None);

        outcome.Error.ShouldBe(new ToolError("orders.closed", "The shop is closed.", true));
        outcome.ToModelResult().GetProperty("error").GetProperty("code").GetString().ShouldBe("orders.closed");
    }

    [Fact]
    public async Task Invoke_ToolHangsAndIgnoresItsToken_TimesOut()
    {
        using var release = new ManualResetEventSlim();
        var tool = new Tool(Function(() => { release.Wait(); return "late"; }), "Sleeper", ToolEffect.Write) { Timeout = TimeSpan.FromMilliseconds(50) };

        var outcome = await _invoker.InvokeAsync(tool, JsonElement.Parse("{}"), ToolCalls.Context, None);
        release.Set();

        outcome.Error!.Code.ShouldBe(ToolErrorCodes.TimedOut);
        outcome.Error.CanRetry.ShouldBeFalse();
    }

    [Fact]
    public async Task Invoke_CallerCancels_ThrowsCancellationWithTheCallersToken()
    {
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var tool = Read(async (CancellationToken token) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return "never";
        });

        var call = _invoker.InvokeAsync(tool, JsonElement.Parse("{}"), ToolCalls.Context, stop.Token);
        await started.Task;
        await stop.CancelAsync();

        var thrown = await Should.ThrowAsync<OperationCanceledException>(call);
        thrown.CancellationToken.ShouldBe(stop.Token);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("\"")]
    [InlineData("ü")]
    [InlineData("🦉")]
    [InlineData("\n")]
    public async Task Invoke_ResultTooLong_IsCutAndSaysSo(string piece)
    {
        var whole = string.Concat(Enumerable.Repeat(piece, 70_000));

        var outcome = await _invoker.InvokeAsync(Read(() => whole), JsonElement.Parse("{}"), ToolCalls.Context, None);

        var result = outcome.Result!.Value;
        result.GetProperty("truncated").GetBoolean().ShouldBeTrue();
        whole.ShouldStartWith(result.GetProperty("text").GetString()!);
        JsonSerializer.SerializeToUtf8Bytes(result, ToolJson.Options).Length.ShouldBeLessThanOrEqualTo(ToolInvoker.MaxResultBytes);
    }

    [Fact]
    public void UnknownTool_Named_ListsWhatThereIs()
    {
        var outcome = ToolOutcome.UnknownTool("send_mail", ["calculator", "date_time"]);

        outcome.Error!.Code.ShouldBe(ToolErrorCodes.Unknown);
        outcome.Error.Sentence.ShouldBe("There is no tool \"send_mail\". Use one of: calculator, date_time.");
    }

    private static Tool Read(Delegate code) => new(Function(code), "Probe", ToolEffect.Read);

    private static AIFunction Function(Delegate code) => AIFunctionFactory.Create(code, "probe", "A probe.");
}
