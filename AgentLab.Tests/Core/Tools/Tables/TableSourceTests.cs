using AgentLab.Core.Tools.Tables;
using AgentLab.Tests.Fakes;

namespace AgentLab.Tests.Core.Tools.Tables;

public sealed class TableSourceTests
{
    private readonly TableSource _source = new();

    [Fact]
    public async Task List_Attachments_GivesCsvOnlyAndNeverHidesABundledTable()
    {
        var context = ToolCalls.Context with { Attachments = new MemoryAttachments(("orders.csv", "a\n1\n"), ("march.csv", "a\n1\n"), ("MARCH.csv", "a\n2\n"), ("photo.png", "x")) };

        var tables = await _source.ListAsync(context, CancellationToken.None);

        tables.Select(table => table.Name).ShouldBe(["orders", "orders.csv", "march", "MARCH.csv"]);
        tables[0].Origin.ShouldBe(TableOrigin.Bundled);
        await using var bundled = await _source.OpenAsync("ORDERS", context, CancellationToken.None);
        bundled!.Length.ShouldBe(tables[0].Size);
        await using var own = await _source.OpenAsync("orders.csv", context, CancellationToken.None);
        own!.Length.ShouldBe(4);
        (await _source.OpenAsync("photo.png", context, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Describe_BundledOrders_TellsTypesRangesAndValues()
    {
        var result = await ToolCalls.ResultAsync(new TableTools(_source).CreateDescribe(), "{}");

        var orders = result.GetProperty("tables")[0];
        orders.GetProperty("name").GetString().ShouldBe("orders");
        orders.GetProperty("rows").GetInt32().ShouldBe(240);
        var columns = orders.GetProperty("columns").EnumerateArray().ToDictionary(column => column.GetProperty("name").GetString()!);
        columns.Keys.ShouldBe(["order_id", "order_date", "customer", "region", "product", "category", "quantity", "unit_price", "total", "status", "delivery_days"]);
        columns["order_date"].GetProperty("type").GetString().ShouldBe("date");
        columns["total"].GetProperty("type").GetString().ShouldBe("number");
        columns["region"].GetProperty("values").GetRawText().ShouldBe("""["East","North","South","West"]""");
        columns["status"].GetProperty("values").GetRawText().ShouldBe("""["cancelled","delivered","late","pending","shipped"]""");
        columns["customer"].TryGetProperty("examples", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Describe_OneUnreadableAttachment_KeepsTheOthers()
    {
        var context = ToolCalls.Context with { Attachments = new MemoryAttachments(("empty.csv", ""), ("fine.csv", "a\n1\n")) };

        var result = await ToolCalls.ResultAsync(new TableTools(_source).CreateDescribe(), "{}", context);

        var tables = result.GetProperty("tables");
        tables[1].GetProperty("error").GetString()!.ShouldContain("empty");
        tables[2].GetProperty("rows").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Orders_EachRow_AddsUp()
    {
        await using var stream = await _source.OpenAsync("orders", ToolCalls.Context, CancellationToken.None);
        await using var reader = await TableReader.OpenAsync(stream!, CancellationToken.None);
        var ids = new HashSet<string>();
        var customers = new HashSet<string>();
        await foreach (var row in reader.RowsAsync(CancellationToken.None))
        {
            ids.Add(row[0]).ShouldBeTrue();
            customers.Add(row[2]);
            row[1].ShouldBeInRange("2026-01-01", "2026-10-31");
            (Number(row[6]) * Number(row[7])).ShouldBe(Number(row[8]), row[0]);
            if (row[9] != "late")
            {
                // A late order may have arrived in the end or still be under way.
                (row[10].Length > 0).ShouldBe(row[9] == "delivered", row[0]);
            }

        }

        ids.Count.ShouldBe(240);
        customers.Count.ShouldBe(24);
    }

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
