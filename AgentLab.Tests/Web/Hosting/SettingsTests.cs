using System.Collections;
using System.Diagnostics;
using System.Reflection;
using AgentLab.Core.Hosting;
using AgentLab.Data.Databases;
using AgentLab.Tests.Api;
using AgentLab.Web.Hosting.Options;

namespace AgentLab.Tests.Web.Hosting;

public sealed class SettingsTests
{
    [Fact]
    public async Task Start_ManyFaults_NamesAllAtOnce()
    {
        var refused = await Should.ThrowAsync<SettingsRefusedException>(() => LabApp.StartAsync(builder =>
        {
            builder.Configuration["AgentLab:RateLimits:Api"] = "0";
            builder.Configuration["AgentLab:Http:HstsDays"] = "many";
            builder.Configuration["AgentLab:SignIn:PasswordIterations"] = "1000";
            builder.Configuration["AgentLab:Health:Colour"] = "blue";
            builder.Configuration["AgentLab:Database:Provider"] = "Abacus";
        }));

        refused.Faults.ShouldContain(f => f.Contains("AgentLab:RateLimits:Api is 0"));
        refused.Faults.ShouldContain(f => f.Contains("AgentLab:Http:HstsDays"));
        refused.Faults.ShouldContain(f => f.Contains("AgentLab:SignIn:PasswordIterations is 1000"));
        refused.Faults.ShouldContain(f => f.Contains("AgentLab:Health knows no setting 'Colour'"));
        refused.Faults.ShouldContain(f => f.Contains("AgentLab:Database:Provider"));
    }

    [Fact]
    public async Task Program_FaultySettings_EndsWithOneAndWithoutAStackTrace()
    {
        var (code, output, error) = await RunAsync("--AgentLab:RateLimits:Api=0", "--AgentLab:Http:HstsDays=0", "--urls=http://127.0.0.1:0");

        code.ShouldBe(1);
        output.ShouldNotContain("ready");
        error.ShouldContain("AgentLab:RateLimits:Api is 0");
        error.ShouldContain("AgentLab:Http:HstsDays is 0");
        error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Program_UnknownSubcommand_EndsWithTwoAndItsUsage()
    {
        var (code, _, error) = await RunAsync("dance");

        code.ShouldBe(2);
        error.ShouldContain("version");
    }

    [Fact]
    public void Document_EachSetting_IsInTheTable()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));
        var missing = from type in OptionTypes()
                      let section = (string)type.GetField("Section")!.GetValue(null)!
                      from setting in Settings(type, section)
                      where !text.Contains($"| `{setting}` ", StringComparison.Ordinal)
                      select setting;

        missing.ShouldBeEmpty();
    }

    private static IEnumerable<Type> OptionTypes() =>
        new[] { typeof(ILabOptions).Assembly, typeof(LabDatabase).Assembly, typeof(Program).Assembly }
            .SelectMany(a => a.GetTypes())
            .Where(t => (t.Name.EndsWith("Options", StringComparison.Ordinal) || t.Name.EndsWith("Settings", StringComparison.Ordinal))
                && t.GetField("Section", BindingFlags.Public | BindingFlags.Static) is { IsLiteral: true });

    private static IEnumerable<string> Settings(Type type, string section) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite || p.PropertyType.IsAssignableTo(typeof(IEnumerable)))
            .SelectMany(p => p.PropertyType is { IsClass: true, Namespace: { } space } group && space.StartsWith("AgentLab", StringComparison.Ordinal)
                ? Settings(group, $"{section}:{p.Name}")
                : [$"{section}:{p.Name}"]);

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
