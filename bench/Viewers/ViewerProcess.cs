using System.Diagnostics;
using System.Globalization;

namespace AgentLab.Bench.Viewers;

/// <summary>The handle on viewers that run in another process.</summary>
internal sealed class ViewerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _advanced = new(0);
    private TaskCompletionSource<int> _saved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _all;

    private ViewerProcess(Process process, long after) => (_process, _all) = (process, after);

    /// <summary>The newest event that every viewer has.</summary>
    public long All => Volatile.Read(ref _all);

    /// <summary>Starts the viewers and waits until all are connected.</summary>
    public static async Task<ViewerProcess> StartAsync(ViewerTarget target, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ViewerProcess).Assembly.Location);
        }

        start.ArgumentList.Add("_viewers");
        // One thread reads all sockets: a client as light as .NET allows.
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        var viewers = new ViewerProcess(Process.Start(start)!, target.After);
        _ = viewers.ListenAsync();
        await viewers._process.StandardInput.WriteLineAsync(target.ToJson());
        await viewers._process.StandardInput.FlushAsync(cancellationToken);
        await viewers._open.Task.WaitAsync(Patience, cancellationToken);
        return viewers;
    }

    /// <summary>Waits until every viewer has this event.</summary>
    public async Task ReachAsync(long sequence, CancellationToken cancellationToken)
    {
        while (All < sequence)
        {
            if (!await _advanced.WaitAsync(Patience, cancellationToken))
            {
                throw new TimeoutException($"The viewers stay at {All}, {sequence} was sent.");
            }
        }
    }

    /// <summary>One viewer stops reading and no longer counts.</summary>
    public Task StallOneAsync() => TellAsync("stall");

    /// <summary>What arrived when since the last call, one entry for each viewer and event.</summary>
    public async Task<(long Sequence, long At)[]> TimesAsync(CancellationToken cancellationToken)
    {
        var file = Path.GetTempFileName();
        try
        {
            await TellAsync($"times {file}");
            var faults = await _saved.Task.WaitAsync(Patience, cancellationToken);
            _saved = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (faults > 0)
            {
                throw new InvalidOperationException($"{faults} events came twice, late or after a gap.");
            }

            var bytes = await File.ReadAllBytesAsync(file, cancellationToken);
            return [.. Enumerable.Range(0, bytes.Length / 16).Select(i => (BitConverter.ToInt64(bytes, i * 16), BitConverter.ToInt64(bytes, (i * 16) + 8)))];
        }
        finally
        {
            File.Delete(file);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await TellAsync("end");
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
        _advanced.Dispose();
    }

    private async Task TellAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    private async Task ListenAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["open"]:
                    _open.TrySetResult();
                    break;
                case ["all", var sequence]:
                    Volatile.Write(ref _all, Math.Max(All, long.Parse(sequence, CultureInfo.InvariantCulture)));
                    _advanced.Release();
                    break;
                case ["saved", var faults]:
                    _saved.TrySetResult(int.Parse(faults, CultureInfo.InvariantCulture));
                    break;
            }
        }

        _open.TrySetException(new InvalidOperationException("The viewers ended early; see above."));
        _saved.TrySetException(new InvalidOperationException("The viewers ended early; see above."));
    }
}
