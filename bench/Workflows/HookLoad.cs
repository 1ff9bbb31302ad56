using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AgentLab.Bench.Measure;

namespace AgentLab.Bench.Workflows;

/// <summary>
/// The client side, in a process of its own so that the server's CPU time can be told from it: so many connections, each sends a request over its socket, reads the answer and sends the
/// next. Told by its arguments: port, path, connections, seconds. Tells one line: requests, seconds, p50, p99, answers that were not 200, and requests and seconds with the warm-up.
/// </summary>
internal static class HookLoad
{
    /// <summary>What the client sends before it counts: its own code is compiled in the meantime.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

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
        return values.Length == 7 && values[4] == 0 && values[0] > 0
            ? new LoadFigures(values[0] / values[1], values[2], values[3], (int)values[5], values[6])
            : throw new InvalidOperationException($"The client says: {(line.Length > 0 ? line : "nothing; see above")}");
    }

    /// <summary>The client itself.</summary>
    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var (port, path) = (int.Parse(options.Rest[0], CultureInfo.InvariantCulture), options.Rest[1]);
        var (connections, seconds) = (int.Parse(options.Rest[2], CultureInfo.InvariantCulture), double.Parse(options.Rest[3], CultureInfo.InvariantCulture));
        var request = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{Text(port)}\r\nContent-Type: application/json\r\nContent-Length: {Text(Body.Length)}\r\n\r\n{Body}");
        var start = Stopwatch.GetTimestamp();
        var from = start + (long)(WarmUp.TotalSeconds * Stopwatch.Frequency);
        var until = from + (long)(seconds * Stopwatch.Frequency);
        var clients = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => SendAsync(port, request, from, until, cancellationToken), cancellationToken)));
        var elapsed = Stopwatch.GetElapsedTime(from).TotalSeconds;
        var times = clients.SelectMany(client => client.Times).ToArray();
        Array.Sort(times);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{times.Length} {elapsed} {Quantiles.Sorted(times, 0.5)} {Quantiles.Sorted(times, 0.99)} {clients.Sum(client => client.Bad)} {clients.Sum(client => client.All)} {Stopwatch.GetElapsedTime(start).TotalSeconds}"));
        return 0;
    }

    private static async Task<(List<double> Times, int Bad, int All)> SendAsync(int port, byte[] request, long from, long until, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
        var buffer = new byte[16 * 1024];
        var (times, bad, all) = (new List<double>(), 0, 0);
        while (Stopwatch.GetTimestamp() < until)
        {
            var start = Stopwatch.GetTimestamp();
            await socket.SendAsync(request, cancellationToken);
            bad += await ReadAsync(socket, buffer, cancellationToken) ? 0 : 1;
            all++;
            if (start >= from)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        return (times, bad, all);
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
/// <param name="Rate">Answers a second.</param>
/// <param name="P50">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="All">How many were answered, the warm-up's included.</param>
/// <param name="Seconds">How long it took, the warm-up included.</param>
internal sealed record LoadFigures(double Rate, double P50, double P99, int All, double Seconds);
