using System.Runtime.CompilerServices;
using CsvHelper;

namespace AgentLab.Core.Tools.Tables;

/// <summary>Reads one CSV table from its start, within <see cref="TableLimits"/>. Comma, semicolon, tab and bar are recognised as separators.</summary>
internal sealed class TableReader : IAsyncDisposable
{
    private static readonly CsvReaderOptions Options = new()
    {
        TrimWhitespace = true,
        MaxRecordSize = TableLimits.MaxRecordBytes,
        IncludeValuesInExceptions = false,
    };

    private readonly CsvReader _csv;

    private TableReader(CsvReader csv, string[] columns)
    {
        _csv = csv;
        Columns = columns;
    }

    /// <summary>The column names, each once: a repeated name gets a number, a missing one is "column_3".</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <param name="stream">Disposed with the reader.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ToolFailureException">It is no CSV, has no header, or is too wide.</exception>
    public static async Task<TableReader> OpenAsync(Stream stream, CancellationToken cancellationToken)
    {
        var csv = CsvReader.Create(new BoundedStream(stream, TableLimits.MaxBytes, TooLarge), Options, leaveOpen: false);
        try
        {
            await csv.ReadHeaderAsync(cancellationToken);
            if (csv.Headers.Count is 0 or > TableLimits.MaxColumns)
            {
                throw csv.Headers.Count == 0
                    ? new ToolFailureException(ToolErrorCodes.Refused, "The table is empty: a CSV file starts with a line of column names.")
                    : new ToolFailureException(ToolErrorCodes.TooLarge, $"The table has {csv.Headers.Count} columns; at most {TableLimits.MaxColumns} are read.");
            }

            return new TableReader(csv, Name(csv.Headers));
        }
        catch (CsvFormatException malformed)
        {
            await csv.DisposeAsync();
            throw NotCsv(malformed);
        }
        catch
        {
            await csv.DisposeAsync();
            throw;
        }
    }

    private static ToolFailureException TooLarge() =>
        new(ToolErrorCodes.TooLarge, $"The table is larger than {TableLimits.MaxBytes / (1024 * 1024)} MB: upload a smaller part of it.");

    /// <summary>The rows in order; each has as many cells as there are columns (missing ones are empty, surplus ones are dropped). One array serves all rows.</summary>
    public async IAsyncEnumerable<string[]> RowsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cells = new string[Columns.Count];
        var count = 0;
        while (await NextAsync(cancellationToken))
        {
            if (++count > TableLimits.MaxRows)
            {
                throw new ToolFailureException(ToolErrorCodes.TooLarge, $"The table has more than {TableLimits.MaxRows} rows: upload a smaller part of it.");
            }

            for (var index = 0; index < cells.Length; index++)
            {
                cells[index] = index < _csv.FieldCount ? _csv.GetString(index) : "";
            }

            yield return cells;
        }
    }

    public ValueTask DisposeAsync() => _csv.DisposeAsync();

    private async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return await _csv.ReadAsync(cancellationToken);
        }
        catch (CsvFormatException malformed)
        {
            throw NotCsv(malformed);
        }
    }

    private static string[] Name(IReadOnlyList<string> headers)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var names = new string[headers.Count];
        for (var index = 0; index < names.Length; index++)
        {
            var wanted = string.IsNullOrWhiteSpace(headers[index]) ? $"column_{index + 1}" : headers[index].Trim();
            names[index] = wanted;
            for (var number = 2; !taken.Add(names[index]); number++)
            {
                names[index] = $"{wanted}_{number}";
            }
        }

        return names;
    }

    private static ToolFailureException NotCsv(CsvFormatException malformed) =>
        new(ToolErrorCodes.Refused, $"The table cannot be read as CSV near record {malformed.RecordNumber}: look for a quote that is never closed.", innerException: malformed);
}
