using System.Data.Common;
using System.Globalization;
using AgentLab.Data.Databases;

namespace AgentLab.Tests.Faults.Appends;

/// <summary>All rows of some tables as text, to see that nothing of a failed write stayed.</summary>
internal static class DatabaseDump
{
    public static async Task<List<string>> OfAsync(ILabConnections connections, params string[] tables)
    {
        await using var connection = await connections.OpenReadAsync(CancellationToken.None);
        var rows = new List<string>();
        foreach (var table in tables)
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names are the test's own.
            command.CommandText = $"SELECT * FROM {table}";
#pragma warning restore CA2100
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                rows.Add($"{table}: {Row(reader)}");
            }
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    private static string Row(DbDataReader reader) => string.Join(
        " | ",
        Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) switch
        {
            DBNull => "NULL",
            byte[] bytes => Convert.ToHexStringLower(bytes),
            var value => Convert.ToString(value, CultureInfo.InvariantCulture),
        }));
}
