using System.Text;
using System.Text.Json.Nodes;
using CsvHelper;

namespace AgentLab.Core.Tools.Tables;

/// <summary>describe_tables and table_query: what tables there are, and structured questions to them.</summary>
internal sealed class TableTools(ITableSource source)
{
    public const string DescribeName = "describe_tables";
    public const string QueryName = "table_query";

    private const string DescribeDescription =
        "Lists the tables of this session with their columns, types, ranges and values. Call it before table_query when you do not know a table's columns.";

    private const string DescribeSchema = """{ "type": "object", "properties": {}, "additionalProperties": false }""";

    private const string QueryDescription =
        "Answers a question to a table (CSV): filters rows, groups them, counts, sums, averages, orders. Use it for every figure about a table instead of calculating yourself. "
        + "The result has columns, rows (arrays of values in the order of columns), totalRows (before the limit) and truncated.";

    public Tool CreateDescribe() => new(new ToolFunction<NoArguments>(DescribeName, DescribeDescription, DescribeSchema, (_, context, token) => DescribeAsync(context, token)), "Describe tables", ToolEffect.Read);

    public Tool CreateQuery() => new(new ToolFunction<TableQuery>(QueryName, QueryDescription, TableQuerySchema.Json, QueryAsync), "Table query", ToolEffect.Read);

    private async Task<ToolOutcome> DescribeAsync(ToolContext context, CancellationToken cancellationToken)
    {
        var described = new JsonArray();
        var tables = await source.ListAsync(context, cancellationToken);
        foreach (var table in tables)
        {
            described.Add(await DescribeAsync(table, context, cancellationToken));
        }

        var preview = tables.Count == 1 ? "1 table" : $"{tables.Count} tables";
        return ToolOutcome.Succeeded(ToolJson.ToElement(new { tables = described }), preview);
    }

    private async Task<JsonNode> DescribeAsync(TableInfo table, ToolContext context, CancellationToken cancellationToken)
    {
        var json = new JsonObject { ["name"] = table.Name, ["title"] = table.Title, ["origin"] = table.Origin.ToString().ToLowerInvariant() };
        try
        {
            var profile = await TableProfile.ReadAsync(await OpenAsync(table.Name, context, cancellationToken), cancellationToken);
            json["rows"] = profile.Rows;
            json["columns"] = new JsonArray([.. profile.Columns.Select(Describe)]);
        }
        catch (ToolFailureException unreadable)
        {
            // One attachment that is no table must not hide the others.
            json["error"] = unreadable.Message;
        }

        return json;
    }

    private static JsonObject Describe(ColumnProfile column)
    {
        var json = new JsonObject { ["name"] = column.Name, ["type"] = column.Type.ToString().ToLowerInvariant() };
        if (column.Least is { } least && column.Most is { } most)
        {
            json["min"] = least.ToJson();
            json["max"] = most.ToJson();
        }
        else
        {
            json[column.HasAllValues ? "values" : "examples"] = new JsonArray([.. column.Values.Select(value => JsonValue.Create(value))]);
        }

        if (column.Empty > 0)
        {
            json["empty"] = column.Empty;
        }

        return json;
    }

    private async Task<ToolOutcome> QueryAsync(TableQuery query, ToolContext context, CancellationToken cancellationToken)
    {
        var profile = await TableProfile.ReadAsync(await OpenAsync(query.Table, context, cancellationToken), cancellationToken);
        var plan = QueryPlan.Bind(query, profile);
        await using var reader = await TableReader.OpenAsync(await OpenAsync(query.Table, context, cancellationToken), cancellationToken);
        var found = await new QueryRunner(plan, profile).RunAsync(reader, cancellationToken);
        var rows = new JsonArray();
        var bytes = 0;
        foreach (var row in found.Rows)
        {
            var cells = new JsonArray([.. row.Select(value => value.ToJson())]);
            bytes += Encoding.UTF8.GetByteCount(cells.ToJsonString(ToolJson.Options)) + 1;
            if (bytes > TableLimits.MaxResultBytes)
            {
                break;
            }

            rows.Add(cells);
        }

        var columns = plan.Outputs.Select(output => output.Name).ToArray();
        var result = new { columns, rows, totalRows = found.TotalRows, truncated = rows.Count < found.TotalRows };
        var preview = rows.Count < found.TotalRows ? $"{rows.Count} of {found.TotalRows} rows" : rows.Count == 1 ? "1 row" : $"{rows.Count} rows";
        return ToolOutcome.Succeeded(ToolJson.ToElement(result), preview, [.. Artifacts(query, plan, columns, found.Rows)]);
    }

    /// <summary>A result that is a table is worth keeping as one; a single figure is not.</summary>
    private static IEnumerable<ToolArtifact> Artifacts(TableQuery query, QueryPlan plan, string[] columns, IReadOnlyList<TableValue[]> rows)
    {
        if (rows.Count < 2 || columns.Length < 2)
        {
            yield break;
        }

        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions(), leaveOpen: true))
        {
            csv.WriteRecord(columns);
            foreach (var row in rows)
            {
                csv.WriteRecord(row.Select(value => value.ToCsv()).ToArray());
            }
        }

        var by = plan.GroupBy.Length == 0 ? "rows" : "by-" + string.Join("-", query.GroupBy!);
        yield return new ToolArtifact($"{query.Table}-{by}.csv", ToolArtifactKind.Table, text.ToString());
    }

    private async Task<Stream> OpenAsync(string table, ToolContext context, CancellationToken cancellationToken)
    {
        if (await source.OpenAsync(table, context, cancellationToken) is { } stream)
        {
            return stream;
        }

        var known = await source.ListAsync(context, cancellationToken);
        throw new ToolFailureException(ToolErrorCodes.NotFound, $"There is no table \"{table}\". The tables are {string.Join(", ", known.Select(one => one.Name))}.");
    }

    private sealed record NoArguments;
}
