using System.Reflection;

namespace AgentLab.Core.Tools.Tables;

/// <summary>The bundled tables, which are embedded in this assembly, and the CSV files among a session's attachments.</summary>
internal sealed class TableSource : ITableSource
{
    public const string OrdersName = "orders";

    private const string OrdersResource = "tables/orders.csv";
    private const string Extension = ".csv";

    private static readonly Assembly Own = typeof(TableSource).Assembly;

    private static readonly TableInfo Orders = new(
        OrdersName,
        "Orders of an office supplier, January to October 2026: customer, region, product, price, status and days to deliver",
        TableOrigin.Bundled,
        MeasureOrders());

    public async Task<IReadOnlyList<TableInfo>> ListAsync(ToolContext context, CancellationToken cancellationToken)
    {
        var tables = new List<TableInfo> { Orders };
        foreach (var attachment in await context.Attachments.ListAsync(cancellationToken))
        {
            if (IsCsv(attachment))
            {
                tables.Add(new TableInfo(NameFor(attachment.Name, tables), $"The attachment {attachment.Name}", TableOrigin.Attachment, attachment.Size));
            }
        }

        return tables;
    }

    public async Task<Stream?> OpenAsync(string table, ToolContext context, CancellationToken cancellationToken)
    {
        if (table.Equals(OrdersName, StringComparison.OrdinalIgnoreCase))
        {
            return OpenOrders();
        }

        var tables = new List<TableInfo> { Orders };
        foreach (var attachment in await context.Attachments.ListAsync(cancellationToken))
        {
            if (!IsCsv(attachment))
            {
                continue;
            }

            var info = new TableInfo(NameFor(attachment.Name, tables), attachment.Name, TableOrigin.Attachment, attachment.Size);
            if (Same(table, info.Name) || Same(table, attachment.Name))
            {
                return await context.Attachments.OpenAsync(attachment.Name, cancellationToken);
            }

            tables.Add(info);
        }

        return null;
    }

    private static bool IsCsv(Attachment attachment) =>
        attachment.Name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)
        || attachment.ContentType.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase);

    /// <summary>A file's name without its extension, or with it when that is taken: an upload never hides a bundled table.</summary>
    private static string NameFor(string file, List<TableInfo> before)
    {
        var stem = file.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) ? file[..^Extension.Length] : file;
        return stem.Length == 0 || before.Any(table => Same(table.Name, stem)) ? file : stem;
    }

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static Stream OpenOrders() =>
        Own.GetManifestResourceStream(OrdersResource) ?? throw new InvalidOperationException($"{OrdersResource} is not embedded in {Own.GetName().Name}.");

    private static long MeasureOrders()
    {
        using var stream = OpenOrders();
        return stream.Length;
    }
}
