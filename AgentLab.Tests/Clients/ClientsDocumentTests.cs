using System.Globalization;
using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Tests.Api;
using AgentLab.Tests.Api.Streams;

namespace AgentLab.Tests.Clients;

/// <summary>Runs the programs of docs/clients.md as they stand there, over a line that breaks.</summary>
public sealed class ClientsDocumentTests : IAsyncLifetime
{
    private const int Events = 600;
    private const int MostBytes = 120_000;

    private LabApp _app = null!;

    public async Task InitializeAsync() => _app = await LabApp.StartAsync(builder =>
    {
        builder.Configuration["AgentLab:Models:RehearsalWordPace"] = "00:00:00";
        builder.Configuration["AgentLab:Streams:Heartbeat"] = "00:00:00.500";
    });

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Curl_AsDocumented_AsksAndFollows()
    {
        var environment = new Dictionary<string, string>
        {
            ["LAB_URL"] = _app.BaseAddress.ToString().TrimEnd('/'),
            ["LAB_EMAIL"] = LabApp.Admin,
            ["LAB_PASSWORD"] = LabApp.Password,
        };

        var output = await Programs.RunAsync("bash", ["-eu", "-c", ClientsDocument.Under("curl")], Path.GetTempPath(), environment);

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("event: open");
        lines.ShouldContain(l => l.StartsWith("data: ", StringComparison.Ordinal) && l.Contains("\"type\":\"run.completed\"", StringComparison.Ordinal));
        lines.ShouldContain("[2,\"message.user\"]");
        lines[^1].ShouldNotBe("null");
    }

    [Theory]
    [InlineData("sessions-hub.mjs")]
    [InlineData("sessions-fetch.mjs")]
    public async Task JavaScript_OverALineThatBreaks_GetsEveryEventOnce(string module)
    {
        var harness = $$"""
            import { followSession } from "./{{module}}";
            const [url, token, sessionId, last] = process.argv.slice(2);
            const stop = new AbortController();
            const got = [];
            let waits = 0;
            await followSession({
              url, sessionId, token: () => token, position: { sequence: 0 }, signal: stop.signal,
              onEvent(event) { got.push(event.sequence); if (event.sequence >= Number(last)) stop.abort(); },
              onWait() { waits++; },
              onResync() { throw new Error("resync"); },
            });
            console.log(JSON.stringify({ got, waits }));
            process.exit(0);
            """;

        var result = await FollowAsync(module, harness);

        Numbers(result.GetProperty("got")).ShouldBe(Enumerable.Range(1, Events + 1));
    }

    [Theory]
    [InlineData("sessions-hub.mjs")]
    [InlineData("sessions-fetch.mjs")]
    public async Task JavaScript_SessionOfAnother_EndsWithItsCodeAndDoesNotComeBack(string module)
    {
        var harness = $$"""
            import { followSession } from "./{{module}}";
            const [url, token, sessionId] = process.argv.slice(2);
            let waits = 0;
            try {
              await followSession({ url, sessionId, token: () => token, position: { sequence: 0 }, signal: new AbortController().signal, onEvent() {}, onWait() { waits++; } });
            } catch (error) {
              console.log(JSON.stringify({ message: error.message, waits }));
            }
            process.exit(0);
            """;
        var token = (await _app.LoginAsync()).Text("accessToken");

        var output = JsonElement.Parse(await Programs.RunNodeAsync(module, harness, _app.BaseAddress.ToString().TrimEnd('/'), token, SessionId.New().Value));

        output.Text("message").ShouldContain("not_found");
        output.GetProperty("waits").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task EventSource_OverALineThatBreaks_GetsEveryEventOnce()
    {
        // Node has no EventSource yet: a package brings the browser's, and the token stands in for the browser's cookie.
        const string Harness = """
            import { EventSource as Base } from "eventsource";
            import { followSession } from "./sessions-eventsource.mjs";
            const [url, token, sessionId, last] = process.argv.slice(2);
            globalThis.EventSource = class extends Base {
              constructor(address, init) {
                super(address, { ...init, fetch: (input, options) => fetch(input, { ...options, headers: { ...options.headers, Authorization: `Bearer ${token}` } }) });
              }
            };
            const got = [];
            const close = followSession({
              url, sessionId,
              onResync() { throw new Error("resync"); },
              onEvent(event) { got.push(event.sequence); if (event.sequence >= Number(last)) { close(); console.log(JSON.stringify({ got })); process.exit(0); } },
            });
            """;

        var result = await FollowAsync("sessions-eventsource.mjs", Harness);

        Numbers(result.GetProperty("got")).ShouldBe(Enumerable.Range(1, Events + 1));
    }

    [Fact]
    public async Task CSharp_OverALineThatBreaks_GetsEveryEventOnce()
    {
        var (session, token, proxy) = await PrepareAsync();
        await using var line = proxy;
        using var end = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var follower = new SessionFollower(line.Address, () => Task.FromResult<string?>(token), session.Value);
        var got = new List<long>();

        await foreach (var e in follower.EventsAsync(end.Token))
        {
            got.Add(e.GetProperty("sequence").GetInt64());
            if (got.Count == Events + 1)
            {
                break;
            }
        }

        got.ShouldBe(Enumerable.Range(1, Events + 1).Select(i => (long)i));
    }

    [Fact]
    public void CSharp_Document_IsTheProgramThatRuns()
    {
        var file = File.ReadAllText(Path.Combine(Repository.Root, "AgentLab.Tests", "Clients", "SessionFollower.cs")).ReplaceLineEndings("\n");

        ClientsDocument.Program("SessionFollower.cs").ShouldBe("// SessionFollower.cs\n" + file.Replace("\nnamespace AgentLab.Tests.Clients;\n", "", StringComparison.Ordinal));
    }

    private static IEnumerable<int> Numbers(JsonElement array) => array.EnumerateArray().Select(n => n.GetInt32());

    private async Task<JsonElement> FollowAsync(string module, string harness)
    {
        for (var seed = 7; seed < 12; seed++)
        {
            var (session, token, proxy) = await PrepareAsync(seed);
            await using var line = proxy;
            var last = (Events + 1).ToString(CultureInfo.InvariantCulture);
            var result = JsonElement.Parse(await Programs.RunNodeAsync(module, harness, line.Address.ToString().TrimEnd('/'), token, session.Value, last));
            if (line.Cuts > 0)
            {
                return result;
            }
        }

        throw new InvalidOperationException("The line never broke.");
    }

    /// <summary>Text that no compression on the way makes much smaller: else all of it could fit through before the line breaks.</summary>
    private static string Text(int i)
    {
        var bytes = new byte[300];
        new Random(i).NextBytes(bytes);
        return $"message {i} {Convert.ToBase64String(bytes)}";
    }

    private async Task<(SessionId Session, string Token, CuttingProxy Line)> PrepareAsync(int seed = 7)
    {
        var scene = new SessionScene(_app);
        var session = await scene.StartAsync();
        await scene.AppendAsync(session, Events, Text);
        return (session, (await _app.LoginAsync()).Text("accessToken"), new CuttingProxy(_app.BaseAddress, seed, MostBytes));
    }
}
