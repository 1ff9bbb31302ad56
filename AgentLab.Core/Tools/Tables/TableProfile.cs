namespace AgentLab.Core.Tools.Tables;

/// <summary>What one pass over a table tells: its columns with their types and ranges, and the number of rows.</summary>
internal sealed class TableProfile
{
    private TableProfile(IReadOnlyList<ColumnProfile> columns, int rows)
    {
        Columns = columns;
        Rows = rows;
    }

    public IReadOnlyList<ColumnProfile> Columns { get; }

    public int Rows { get; }

    /// <param name="stream">Read to its end and disposed.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<TableProfile> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        await using var reader = await TableReader.OpenAsync(stream, cancellationToken);
        var columns = reader.Columns.Select(name => new ColumnProfile(name)).ToArray();
        var rows = 0;
        await foreach (var cells in reader.RowsAsync(cancellationToken))
        {
            rows++;
            for (var index = 0; index < columns.Length; index++)
            {
                columns[index].Add(cells[index]);
            }
        }

        return new TableProfile(columns, rows);
    }

    /// <summary>The place of a column, without regard to case.</summary>
    /// <exception cref="ToolFailureException">There is none of that name; the sentence lists the columns.</exception>
    public int IndexOf(string column)
    {
        for (var index = 0; index < Columns.Count; index++)
        {
            if (Columns[index].Name.Equals(column, StringComparison.OrdinalIgnoreCase))
            {
                return index;
            }
        }

        throw new ToolFailureException(
            ToolErrorCodes.NotFound,
            $"There is no column \"{column}\". The columns are {string.Join(", ", Columns.Select(one => one.Name))}.");
    }
}

/// <summary>One column: numbers if every value that is not empty is one, else dates if every one is, else text.</summary>
internal sealed class ColumnProfile(string name)
{
    /// <summary>A text column with no more values than these is described by all of them.</summary>
    private const int MaxValues = 12;
    private const int MaxValueCharacters = 60;

    private readonly HashSet<string> _values = new(StringComparer.Ordinal);
    private bool _canBeNumber = true;
    private bool _canBeDate = true;
    private TableValue? _least;
    private TableValue? _most;

    public string Name { get; } = name;

    public int Empty { get; private set; }

    public ColumnType Type => HasNone || (!_canBeNumber && !_canBeDate) ? ColumnType.Text : _canBeNumber ? ColumnType.Number : ColumnType.Date;

    /// <summary>The least number or date; null for text and for a column without values.</summary>
    public TableValue? Least => Type == ColumnType.Text ? null : _least;

    public TableValue? Most => Type == ColumnType.Text ? null : _most;

    /// <summary>The values of a text column in order when they are few, otherwise three examples.</summary>
    public IReadOnlyList<string> Values => [.. (HasAllValues ? _values.Order(StringComparer.Ordinal) : _values.Take(3)).Select(Shorten)];

    public bool HasAllValues => _values.Count <= MaxValues;

    private bool HasNone => _values.Count == 0;

    public void Add(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            Empty++;
            return;
        }

        if (_values.Count <= MaxValues)
        {
            _values.Add(text);
        }

        // A value cannot be both, so a column stops being the one at its first value and the other at its first exception.
        _canBeNumber = _canBeNumber && Widen(ColumnType.Number, text);
        _canBeDate = _canBeDate && Widen(ColumnType.Date, text);
    }

    private bool Widen(ColumnType type, string text)
    {
        if (!TableValue.TryRead(type, text, out var value))
        {
            return false;
        }

        _least = _least is { } least && TableValue.Compare(least, value) <= 0 ? least : value;
        _most = _most is { } most && TableValue.Compare(most, value) >= 0 ? most : value;
        return true;
    }

    private static string Shorten(string text) => text.Length <= MaxValueCharacters ? text : text[..MaxValueCharacters] + "…";
}
