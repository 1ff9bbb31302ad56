using System.Diagnostics;
using System.Text.Json;
using AgentLab.Web.Features.Workflows.CommandLine;

namespace AgentLab.Tests.Api.Workflows;

/// <summary>The command as a person or a CI runs it: a process of its own, without a terminal and without set-up.</summary>
public sealed class RunCommandTests : IDisposable
{
    private const string Order = """{"type":"object","properties":{"order":{"type":"integer"},"code":{"type":"string"}},"required":["order"]}""";
    private const string Note = """{"values":[{"name":"note","value":"Order {{input.order}}, code {{input.code}}"}]}""";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentlab-run-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Run_File_PrintsEveryEventAndEndsWith0()
    {
        var file = Save(HookDefinitions.Manual("Note", HookDefinitions.Node("note", "set_values", Note), Order, """{"said":"{{data.note}}"}"""));

        var (code, output, error) = await RunAsync(file, "--input", "order=4711", "--input", "code=0815");

        error.ShouldBeEmpty();
        code.ShouldBe(0);
        var events = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        events.Select(e => e.GetProperty("sequence").GetInt64()).ShouldBe(Enumerable.Range(1, events.Count).Select(i => (long)i));
        events[0].Text("type").ShouldBe("session.created");
        events[^1].Text("type").ShouldBe("run.completed");
        events[^1].GetRawText().ShouldContain("Order 4711, code 0815");
    }

    [Fact]
    public async Task Run_Question_EndsWith1WithoutATerminalAndGoesOnWhenAnswered()
    {
        var file = Save(HookDefinitions.Manual("Asks", HookDefinitions.Node("ask", "approval", """{"title":"Go on?","message":"Please"}""")));

        var asked = await RunAsync(file);
        var answered = await RunAsync(file, "--approve", "yes");

        asked.Code.ShouldBe(1);
        asked.Error.ShouldContain("--approve yes");
        asked.Output.ShouldContain("approval.requested");
        answered.Error.ShouldBeEmpty();
        answered.Code.ShouldBe(0);
        answered.Output.ShouldContain("approval.decided");
    }

    [Fact]
    public async Task Run_BadFileOrInput_SaysSoAndEndsWith2()
    {
        var file = Save(HookDefinitions.Manual("Note", HookDefinitions.Node("note", "set_values", Note), Order));
        var unknown = Save(HookDefinitions.Manual("Bad", HookDefinitions.Node("note", "run_code", "{}")));

        var input = await RunAsync(file, "--input", "order=many");
        var kind = await RunAsync(unknown);

        input.Code.ShouldBe(2);
        input.Error.ShouldContain("order");
        input.Output.ShouldBeEmpty();
        kind.Code.ShouldBe(2);
        kind.Error.ShouldContain("run_code");
    }

    [Fact]
    public async Task Run_MissingFile_EndsWith2()
    {
        var (code, output, error) = await RunAsync(Path.Combine(_folder.FullName, "none.json"));

        code.ShouldBe(2);
        output.ShouldBeEmpty();
        error.ShouldContain("none.json");
    }

    [Theory]
    [InlineData]
    [InlineData("a.json", "b.json")]
    [InlineData("a.json", "--input")]
    [InlineData("a.json", "--input", "novalue")]
    [InlineData("a.json", "--approve", "maybe")]
    [InlineData("a.json", "--approve", "1")]
    [InlineData("a.json", "--loud")]
    public void Options_BadUsage_SayWhatIsWrong(params string[] args) => RunOptions.Read(args).Ok.ShouldBeFalse();

    [Fact]
    public void Options_AllOfThem_AreTaken()
    {
        var options = RunOptions.Read(["--dry-run", "a.json", "--input=x=1=2", "--input-file", "in.json", "--approve=NO", "--AgentLab:DataDirectory", "/tmp/x", "--AgentLab:Models:Retries=0"]);

        options.Ok.ShouldBeTrue();
        (options.File, options.DryRun, options.InputFile, options.Approve).ShouldBe(("a.json", true, "in.json", ApprovalHand.No));
        options.Inputs.ShouldBe([new("x", "1=2")]);
        options.Settings.ShouldBe(["--AgentLab:DataDirectory", "/tmp/x", "--AgentLab:Models:Retries=0"]);
    }

    private string Save(JsonElement definition)
    {
        var file = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(file, definition.GetRawText());
        return file;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AgentLab.Web.dll"), "run", .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
