using System.Diagnostics;
using System.Text.Json;
using AgentLab.Tests.Fakes.OpenAiServer;
using AgentLab.Web.Features.Sessions;

namespace AgentLab.Tests.Api.Sessions;

/// <summary>The command as a person runs it: a process of its own.</summary>
public sealed class AskCommandTests
{
    private const string Fast = "--AgentLab:Models:RehearsalWordPace=00:00:00";

    [Fact]
    public async Task Ask_KnownAgent_PrintsEveryEventAndEndsWith0()
    {
        using var directory = new Folder();

        var (code, output, error) = await RunAsync("--agent", "analyst", "Which region brought the most revenue?", directory.Setting, Fast);

        error.ShouldBeEmpty();
        code.ShouldBe(0);
        var events = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonElement.Parse(l)).ToList();
        events.Select(e => e.GetProperty("sequence").GetInt64()).ShouldBe(Enumerable.Range(1, events.Count).Select(i => (long)i));
        events[0].Text("type").ShouldBe("session.created");
        events[^1].Text("type").ShouldBe("run.completed");
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("--agent", "analyst")]
    [InlineData("--agent")]
    [InlineData("--agent", "analyst", "two", "messages")]
    [InlineData("--agent", "analyst", "--loud", "hello")]
    public void Options_BadUsage_SayWhatIsWrong(params string[] args) => AskOptions.Read(args).Ok.ShouldBeFalse();

    [Fact]
    public void Options_WithSettings_KeepsThemApart()
    {
        var options = AskOptions.Read(["--AgentLab:DataDirectory", "/tmp/x", "--agent=guide", "What is a run?", "--AgentLab:Models:Retries=0"]);

        options.Ok.ShouldBeTrue();
        (options.Agent, options.Message).ShouldBe(("guide", "What is a run?"));
        options.Settings.ShouldBe(["--AgentLab:DataDirectory", "/tmp/x", "--AgentLab:Models:Retries=0"]);
    }

    [Fact]
    public async Task Ask_BadUsage_SaysSoAndEndsWith2()
    {
        var (code, output, error) = await RunAsync("hello");

        code.ShouldBe(2);
        output.ShouldBeEmpty();
        error.ShouldContain("Usage: ask --agent");
    }

    [Fact]
    public async Task Ask_RunThatFails_PrintsItsEventsAndEndsWith1()
    {
        using var directory = new Folder();
        await using var model = await OpenAiTestServer.StartAsync();
        model.RequiredKey = "another key";

        var (code, output, _) = await RunAsync(
            "--agent", "guide", "What is a run?", directory.Setting, "--AgentLab:Providers:locked:ApiKey=a-wrong-key", "--AgentLab:Providers:locked:Models:0=test-model",
            $"--AgentLab:Providers:locked:Endpoint={model.Endpoint}", "--AgentLab:Models:Ollama:Enabled=false");

        code.ShouldBe(1);
        var events = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonElement.Parse(l)).ToList();
        events.Select(e => e.GetProperty("sequence").GetInt64()).ShouldBe(Enumerable.Range(1, events.Count).Select(i => (long)i));
        events[^1].Text("type").ShouldBe("run.failed");
        events[^1].GetProperty("data").Text("message").Length.ShouldBeGreaterThan(10);
        output.ShouldNotContain("a-wrong-key");
    }

    [Fact]
    public async Task Ask_UnknownAgent_EndsWith2()
    {
        using var directory = new Folder();

        var (code, output, error) = await RunAsync("--agent", "nobody", "hello", directory.Setting);

        code.ShouldBe(2);
        output.ShouldBeEmpty();
        error.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Ask_BesideALiveServer_SaysSoAndEndsWith1()
    {
        await using var app = await LabApp.StartAsync();

        var (code, output, error) = await RunAsync("--agent", "analyst", "hello", $"--AgentLab:DataDirectory={app.DataDirectory}");

        code.ShouldBe(1);
        output.ShouldBeEmpty();
        error.ShouldContain("Another AgentLab process uses the data directory");
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AgentLab.Web.dll"), "ask", .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    private sealed class Folder : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("agentlab-ask-").FullName;

        public string Setting => $"--AgentLab:DataDirectory={_path}";

        public void Dispose() => Directory.Delete(_path, recursive: true);
    }
}
