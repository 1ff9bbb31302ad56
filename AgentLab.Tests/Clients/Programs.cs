using System.Diagnostics;

namespace AgentLab.Tests.Clients;

/// <summary>Runs programs of other languages.</summary>
internal static class Programs
{
    private static readonly string Folder = Path.Combine(Repository.Root, "AgentLab.Tests", "Clients");
    private static readonly SemaphoreSlim Installing = new(1);

    /// <summary>Runs a program to its end; fails the test with its error output when it ends with anything but 0.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> args, string directory, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.ExitCode.ShouldBe(0, $"{program} said: {await error}\n{await output}");
        return await output;
    }

    /// <summary>Runs a JavaScript module beside the client's module of the document, with its packages.</summary>
    public static async Task<string> RunNodeAsync(string module, string harness, params string[] args)
    {
        await InstallAsync();
        var folder = Directory.CreateTempSubdirectory("agentlab-client-");
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "node_modules"), Path.Combine(Folder, "node_modules"));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, module), ClientsDocument.Program(module));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "harness.mjs"), harness);
            return await RunAsync("node", ["harness.mjs", .. args], folder.FullName);
        }
        finally
        {
            Directory.Delete(Path.Combine(folder.FullName, "node_modules"));
            folder.Delete(recursive: true);
        }
    }

    private static async Task InstallAsync()
    {
        await Installing.WaitAsync();
        try
        {
            if (!File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json")))
            {
                await RunAsync("npm", ["ci", "--no-audit", "--no-fund"], Folder);
            }
        }
        finally
        {
            Installing.Release();
        }
    }
}
