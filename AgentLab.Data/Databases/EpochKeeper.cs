using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Databases;

/// <summary>
/// Knows the epoch and begins a new one when an older agentlab.db was put back. For that a rising mark is kept in the
/// database and, always after it, in a file beside it: a database whose mark is behind the file's is an older copy.
/// </summary>
/// <remarks>
/// The mark rises at start, at stop and at most every 10 s while there are writes. A copy of the whole folder is recognised by the
/// birth time of its lock file. PostgreSQL and SQL Server have no file: whoever restores calls <see cref="RenewAsync"/>.
/// A new epoch without need costs viewers one resync; a missed one could show them a gap, so doubt renews.
/// </remarks>
internal sealed partial class EpochKeeper(LabDatabase database, WriteGate gate, DataDirectory directory, ILogger<EpochKeeper> logger) : IEpoch
{
    private volatile string? _current;
    private long _entriesAtMark;

    public string Current => _current ?? throw new InvalidOperationException("The database was not started yet: the epoch is unknown.");

    private bool HasFile => database.Kind == DatabaseKind.Sqlite;

    /// <summary>Reads or begins the epoch. Called once, after migrations.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var stored = await ReadAsync(cancellationToken);
        var file = HasFile ? EpochFile.Read(directory) : null;
        var mark = Math.Max(stored.Mark, file?.Mark ?? 0) + 1;
        var epoch = stored.Epoch;
        if (epoch is null)
        {
            epoch = NewEpoch();
        }
        else if (HasFile && (file is null || file.Epoch != epoch || file.Mark > stored.Mark || file.Born != directory.Born))
        {
            epoch = NewEpoch();
            LogRestored();
        }

        if (HasFile || epoch != stored.Epoch)
        {
            epoch = await StoreAsync(epoch, mark, cancellationToken);
        }

        _current = epoch;
    }

    /// <summary>Raises the mark if anything was written since, or reads what another node has set. Called every 10 s and at stop.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        if (_current is null)
        {
            return;
        }

        if (!HasFile)
        {
            _current = (await ReadAsync(cancellationToken)).Epoch ?? _current;
        }
        else if (gate.Entries != Interlocked.Read(ref _entriesAtMark))
        {
            var (_, mark) = await ReadAsync(cancellationToken);
            await StoreAsync(_current, mark + 1, cancellationToken);
        }
    }

    /// <summary>Begins a new epoch: every viewer starts over from what the database now holds.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        var (_, mark) = await ReadAsync(cancellationToken);
        var epoch = NewEpoch();
        await StoreAsync(epoch, mark + 1, cancellationToken);
        _current = epoch;
    }

    private static string NewEpoch() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    private Task<(string? Epoch, long Mark)> ReadAsync(CancellationToken cancellationToken) => database.ReadAsync(
        async (context, token) =>
        {
            var mark = await InstanceRows.GetAsync(context, InstanceRow.Mark, token);
            return (await InstanceRows.GetAsync(context, InstanceRow.Epoch, token), mark is null ? 0 : long.Parse(mark, CultureInfo.InvariantCulture));
        },
        cancellationToken);

    private async Task<string> StoreAsync(string epoch, long mark, CancellationToken cancellationToken)
    {
        try
        {
            await database.WriteAsync(
                async (context, token) =>
                {
                    await InstanceRows.SetAsync(context, InstanceRow.Epoch, epoch, token);
                    await InstanceRows.SetAsync(context, InstanceRow.Mark, mark.ToString(CultureInfo.InvariantCulture), token);
                },
                cancellationToken);
        }
        catch (DbUpdateException) when (!HasFile)
        {
            // Two nodes began the first epoch at once; the one that is stored holds.
            return (await ReadAsync(cancellationToken)).Epoch ?? throw new InvalidOperationException("The epoch could not be stored.");
        }

        if (HasFile)
        {
            EpochFile.Write(directory, new EpochFile(epoch, mark, directory.Born));
            Interlocked.Exchange(ref _entriesAtMark, gate.Entries);
        }

        return epoch;
    }
}
