using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AgentLab.Data.Databases.Sqlite;

/// <summary>
/// A prepared statement, used again and again on one connection and by one user at a time. <see cref="SqliteCommand"/> looks its parameters up by name and makes a reader for each
/// execution, which costs the hot path of the log more than SQLite itself does; this binds by place. Values are stored as Microsoft.Data.Sqlite stores them.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private const int MostOnStack = 512;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <summary>Prepares a text whose parameters <c>@p0, @p1 …</c> first occur in the order of their numbers or not: each is bound by its number.</summary>
    /// <exception cref="SqliteException">The text is not valid here.</exception>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = SqliteHandle.Of(connection);
        Check(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
        Places = new int[raw.sqlite3_bind_parameter_count(_statement)];
        for (var i = 0; i < Places.Length; i++)
        {
            Places[i] = raw.sqlite3_bind_parameter_index(_statement, string.Create(CultureInfo.InvariantCulture, $"@p{i}"));
        }
    }

    /// <summary>Where each number stands; 0 where the text does not have it.</summary>
    private int[] Places { get; }

    /// <summary>Runs it to its end.</summary>
    /// <returns>How many rows it changed.</returns>
    /// <exception cref="SqliteException">SQLite refused.</exception>
    public int Execute(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        try
        {
            int code;
            do
            {
                code = raw.sqlite3_step(_statement);
            }
            while (code == raw.SQLITE_ROW);
            Check(code == raw.SQLITE_DONE ? raw.SQLITE_OK : code);
            return raw.sqlite3_changes(_database);
        }
        finally
        {
            // It says the same fault again, which is told already.
            _ = raw.sqlite3_reset(_statement);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _statement.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            Check(Bind(Places[i], values[i]));
        }
    }

    private int Bind(int place, object? value) => value switch
    {
        null or DBNull => raw.sqlite3_bind_null(_statement, place),
        long number => raw.sqlite3_bind_int64(_statement, place, number),
        int number => raw.sqlite3_bind_int64(_statement, place, number),
        // An empty span has no address, which SQLite takes for NULL.
        string { Length: 0 } => raw.sqlite3_bind_text(_statement, place, string.Empty),
        byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(_statement, place, 0),
        string text => BindText(place, text),
        Guid id => BindId(place, id),
        byte[] bytes => raw.sqlite3_bind_blob(_statement, place, bytes),
        _ => throw new ArgumentException($"A value of {value.GetType().Name} is not bound here.", nameof(value)),
    };

    private int BindText(int place, string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = most > MostOnStack ? ArrayPool<byte>.Shared.Rent(most) : null;
        var utf8 = rented ?? stackalloc byte[MostOnStack];
        var code = raw.sqlite3_bind_text(_statement, place, utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return code;
    }

    private int BindId(int place, Guid id)
    {
        Span<byte> text = stackalloc byte[36];
        id.TryFormat(text, out _);
        Ascii.ToUpperInPlace(text, out _);
        return raw.sqlite3_bind_text(_statement, place, text);
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            var extended = raw.sqlite3_extended_errcode(_database);
            throw new SqliteException($"SQLite Error {code}: '{raw.sqlite3_errmsg(_database).utf8_to_string()}'.", code & 0xFF, extended);
        }
    }
}
