using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace AgentLab.Tests.Api.Streams;

public sealed class StalledViewerTests
{
    /// <summary>More than the buffers on the way can hold.</summary>
    private const int Messages = 400;

    private const int Characters = 60_000;

    [Fact]
    public async Task Stream_ViewerThatStopsReading_IsCutOffAndMayComeBack()
    {
        using var end = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var log = new CutOffLog();
        await using var app = await LabApp.StartAsync(builder =>
        {
            builder.Configuration["AgentLab:Streams:WriteTimeout"] = "00:00:01";
            builder.Logging.AddProvider(log);
        });
        var scene = new SessionScene(app);
        var session = await scene.StartAsync();
        await scene.AppendAsync(session, Messages, number => $"{number} {new string('x', Characters)}");
        using var client = await app.SignInAsync();
        using var stalled = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await stalled.ConnectAsync(app.BaseAddress.Host, app.BaseAddress.Port, end.Token);

        await stalled.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /api/v1/sessions/{session.Value}/events HTTP/1.1\r\nHost: {app.BaseAddress.Authority}\r\nAccept: text/event-stream\r\n" +
            $"Authorization: {client.DefaultRequestHeaders.Authorization}\r\n\r\n"), end.Token);
        var said = await log.CutOff.WaitAsync(end.Token);

        said.ShouldContain(session.Value);
        (await ReadToTheEndAsync(stalled, end.Token)).ShouldBeLessThan((long)Messages * Characters);
        var back = new List<ServerSentEvent>();
        await foreach (var e in EventStreamClient.ReadAsync(client, EventStreamClient.Request(session.Value, lastEventId: $"{Messages}"), end.Token))
        {
            back.Add(e);
            if (back.Count == 2)
            {
                break;
            }
        }

        back.Select(e => e.Id).ShouldBe([null, $"{Messages + 1}"]);
    }

    private static async Task<long> ReadToTheEndAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var all = 0L;
        try
        {
            while (await socket.ReceiveAsync(buffer, cancellationToken) is > 0 and var read)
            {
                all += read;
            }
        }
        catch (SocketException)
        {
            // The server reset the connection: that is an end too.
        }

        return all;
    }

    /// <summary>Waits for the line that says that a viewer was cut off.</summary>
    private sealed class CutOffLog : ILoggerProvider, ILogger
    {
        private readonly TaskCompletionSource<string> _cutOff = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> CutOff => _cutOff.Task;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception) is var line && line.Contains("was cut off", StringComparison.Ordinal))
            {
                _cutOff.TrySetResult(line);
            }
        }

        public void Dispose() => _cutOff.TrySetCanceled();
    }
}
