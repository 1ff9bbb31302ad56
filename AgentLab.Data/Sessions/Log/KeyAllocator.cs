using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Sessions.Log;

/// <summary>
/// Hands out bigint keys for new rows of one table. Keys are taken from the database in blocks, so that an insert needs no answer before the next
/// statement can refer to it. Keys rise in a process, may leave holes and mean nothing outside. Used by one writer only.
/// </summary>
internal sealed class KeyAllocator(LabDatabase database, string name, int block = 1000)
{
    private long _next;
    private long _end;

    /// <summary>Makes sure that at least <paramref name="count"/> keys can be taken. Call it outside any transaction and outside the write gate.</summary>
    public async ValueTask ReserveAsync(int count, CancellationToken cancellationToken)
    {
        if (_end - _next >= count)
        {
            return;
        }

        var size = Math.Max(block, count);
        var start = await database.WriteAsync(
            async (context, token) =>
            {
                var query = context.Set<KeyBlockRow>().Where(b => b.Name == name);
                await query.ExecuteUpdateAsync(set => set.SetProperty(b => b.NextKey, b => b.NextKey + size), token);
                return await query.Select(b => b.NextKey).SingleAsync(token) - size;
            },
            cancellationToken);
        (_next, _end) = (start, start + size);
    }

    /// <summary>The next key.</summary>
    /// <exception cref="InvalidOperationException">Fewer keys were reserved than are taken.</exception>
    public long Next() => _next < _end ? _next++ : throw new InvalidOperationException($"No {name} keys are reserved.");
}
