using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AgentLab.Bench.Measure;

namespace AgentLab.Bench.Workflows;

/// <summary>
/// The client side, in a process of its own so that the server's CPU time can be told from it: so many connections, each sends a request over its socket, reads the answer and sends the
/// next. Told by its arguments: port, path, connections, seconds. Tells one line: requests, seconds, p50, p99, answers that were not 200.
/// </summary>
internal static class HookLoad
{
    private const string Body = """{"order":{"id":4711,"total":129.5,"country":"DE"},"customer":"Ada"}""";

    /// <summary>Runs the client in a process of its own.</summary>
    public static async Task<LoadFigures> MeasureAsync(int port, string path, int connections, TimeSpan stretch, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(HookLoad).Assembly.Location);
        }

        foreach (var argument in new[] { "_hooks", Text(port), path, Text(connections), Text(stretch.TotalSeconds) })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        using var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var values = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray();
        return values.Length == 5 && values[4] == 0 && values[0] > 0
            ? new LoadFigures((int)values[0], values[0] / values[1], values[2], values[3])
            : throw new InvalidOperationException($"The client says: {(line.Length > 0 ? line : "nothing; see above")}");
    }

    /// <summary>The client itself.</summary>
    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var (port, path) = (int.Parse(options.Rest[0], CultureInfo.InvariantCulture), options.Rest[1]);
        var (connections, seconds) = (int.Parse(options.Rest[2], CultureInfo.InvariantCulture), double.Parse(options.Rest[3], CultureInfo.InvariantCulture));
        var request = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{Text(port)}\r\nContent-Type: application/json\r\nContent-Length: {Text(Body.Length)}\r\n\r\n{Body}");
        var clock = Stopwatch.StartNew();
        var until = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        var clients = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => SendAsync(port, request, until, cancellationToken), cancellationToken)));
        var elapsed = clock.Elapsed.TotalSeconds;
        var times = clients.SelectMany(client => client.Times).ToArray();
        Array.Sort(times);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{times.Length} {elapsed} {Quantiles.Sorted(times, 0.5)} {Quantiles.Sorted(times, 0.99)} {clients.Sum(client => client.Bad)}"));
        return 0;
    }

    private static async Task<(List<double> Times, int Bad)> SendAsync(int port, byte[] request, long until, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
        var buffer = new byte[16 * 1024];
        var (times, bad) = (new List<double>(), 0);
        while (Stopwatch.GetTimestamp() < until)
        {
            var start = Stopwatch.GetTimestamp();
            await socket.SendAsync(request, cancellationToken);
            bad += await ReadAsync(socket, buffer, cancellationToken) ? 0 : 1;
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return (times, bad);
    }

    /// <summary>Reads one answer with a Content-Length. True when it is a 200.</summary>
    private static async ValueTask<bool> ReadAsync(Socket socket, byte[] buffer, CancellationToken cancellationToken)
    {
        var (read, whole) = (0, int.MaxValue);
        while (read < whole)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(read), cancellationToken);
            read += count > 0 ? count : throw new IOException("The server closed the connection.");
            if (whole == int.MaxValue && buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
            {
                whole = end + 4 + Length(buffer.AsSpan(0, end));
            }
        }

        return buffer.AsSpan(0, 12).SequenceEqual("HTTP/1.1 200"u8);
    }

    private static int Length(ReadOnlySpan<byte> head)
    {
        var name = "Content-Length: "u8;
        var at = head.IndexOf(name);
        var value = at < 0 ? throw new IOException("The answer has no Content-Length.") : head[(at + name.Length)..];
        return int.Parse(value[..(value.IndexOf((byte)'\r') is >= 0 and var end ? end : value.Length)], CultureInfo.InvariantCulture);
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>What the client saw.</summary>
/// <param name="Requests">How many were answered.</param>
/// <param name="Rate">Answers a second.</param>
/// <param name="P50">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
internal sealed record LoadFigures(int Requests, double Rate, double P50, double P99);
