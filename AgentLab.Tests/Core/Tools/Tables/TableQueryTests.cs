using AgentLab.Core.Tools;
using AgentLab.Core.Tools.Tables;
using AgentLab.Tests.Fakes;

namespace AgentLab.Tests.Core.Tools.Tables;

public sealed class TableQueryTests
{
    private const string Sales = """
        id,day,city,amount,zip
        1,2026-01-05,Oslo,10.50,0150
        2,2026-01-06,Rome,20,00184
        3,2026-02-01,oslo,,0151
        4,2026-02-02,Rome,9.5,00185
        5,2026-03-01,Lima,100,15001
        """;

    private readonly Tool _tool = new TableTools(new TableSource()).CreateQuery();
    private readonly ToolContext _context = ToolCalls.Context with { Attachments = new MemoryAttachments(("sales.csv", Sales), ("notes.txt", "a,b")) };

    [Theory]
    [InlineData("""{"table":"sales"}""", """[[1,"2026-01-05","Oslo",10.5,"0150"],[2,"2026-01-06","Rome",20,"00184"],[3,"2026-02-01","oslo",null,"0151"],[4,"2026-02-02","Rome",9.5,"00185"],[5,"2026-03-01","Lima",100,"15001"]]""")]
    [InlineData("""{"table":"SALES.csv","select":[{"column":"ID"}],"where":[{"column":"city","operator":"eq","value":"oslo"}]}""", "[[1],[3]]")]
    [InlineData("""{"table":"sales","select":[{"column":"id"}],"where":[{"column":"city","operator":"ne","value":"Rome"},{"column":"amount","operator":"gt","value":10}]}""", "[[1],[5]]")]
    [InlineData("""{"table":"sales","select":[{"column":"id"}],"where":[{"column":"amount","operator":"lt","value":"20"}]}""", "[[1],[4]]")]
    [InlineData("""{"table":"sales","select":[{"column":"id"}],"where":[{"column":"amount","operator":"eq","value":null}]}""", "[[3]]")]
    [InlineData("""{"table":"sales","select":[{"column":"id"}],"where":[{"column":"amount","operator":"ne"}]}""", "[[1],[2],[4],[5]]")]
    [InlineData("""{"table":"sales","select":[{"column":"id"}],"where":[{"column":"day","operator":"ge","value":"2026-02-01"},{"column":"day","operator":"le","value":"2026-02-02"}]}""", "[[3],[4]]")]
    [InlineData("""{"table":"sales","select":[{"column":"id"}],"where":[{"column":"day","operator":"contains","value":"2026-01"}]}""", "[[1],[2]]")]
    [InlineData("""{"table":"sales","select":[{"column":"id"}],"where":[{"column":"city","operator":"in","value":["lima","Rome"]}]}""", "[[2],[4],[5]]")]
    [InlineData("""{"table":"sales","select":[{"column":"id"}],"where":[{"column":"id","operator":"in","value":[5,1]}]}""", "[[1],[5]]")]
    [InlineData("""{"table":"sales","select":[{"column":"id"}],"orderBy":[{"column":"amount","descending":true}]}""", "[[5],[2],[1],[4],[3]]")]
    [InlineData("""{"table":"sales","select":[{"column":"id"}],"orderBy":[{"column":"amount"}]}""", "[[4],[1],[2],[5],[3]]")]
    [InlineData("""{"table":"sales","select":[{"column":"id"}],"orderBy":[{"column":"city"},{"column":"day","descending":true}],"limit":3}""", "[[5],[3],[1]]")]
    public async Task Query_Rows_FiltersAndOrders(string arguments, string rows)
    {
        var result = await ToolCalls.ResultAsync(_tool, arguments, _context);

        result.GetProperty("rows").GetRawText().ShouldBe(rows);
    }

    [Theory]
    [InlineData("""{"table":"sales","groupBy":["city"]}""", """["city","count"]""", """[["Oslo",1],["Rome",2],["oslo",1],["Lima",1]]""")]
    [InlineData("""{"table":"sales","groupBy":["city"],"select":[{"column":"amount","aggregate":"sum"}],"orderBy":[{"column":"amount","descending":true}],"limit":2}""", """["city","sum_amount"]""", """[["Lima",100],["Rome",29.5]]""")]
    [InlineData("""{"table":"sales","select":[{"column":"*","aggregate":"count"},{"column":"amount","aggregate":"count","as":"priced"},{"column":"amount","aggregate":"avg"},{"column":"amount","aggregate":"min"},{"column":"day","aggregate":"max"}]}""", """["count","priced","avg_amount","min_amount","max_day"]""", """[[5,4,35,9.5,"2026-03-01"]]""")]
    [InlineData("""{"table":"sales","select":[{"column":"amount","aggregate":"sum"},{"column":"*","aggregate":"count"}],"where":[{"column":"city","operator":"eq","value":"Paris"}]}""", """["sum_amount","count"]""", "[[null,0]]")]
    [InlineData("""{"table":"sales","groupBy":["city"],"where":[{"column":"city","operator":"eq","value":"Paris"}]}""", """["city","count"]""", "[]")]
    [InlineData("""{"table":"sales","groupBy":["city"],"select":[{"column":"*","aggregate":"count","as":"n"},{"column":"city"}],"orderBy":[{"column":"n","descending":true}],"limit":1}""", """["n","city"]""", """[[2,"Rome"]]""")]
    public async Task Query_Groups_Aggregates(string arguments, string columns, string rows)
    {
        var result = await ToolCalls.ResultAsync(_tool, arguments, _context);

        result.GetProperty("columns").GetRawText().ShouldBe(columns);
        result.GetProperty("rows").GetRawText().ShouldBe(rows);
    }

    [Theory]
    [InlineData("""{"table":"nope"}""", "There is no table \"nope\". The tables are orders, sales.")]
    [InlineData("""{"table":"sales","select":[{"column":"price"}]}""", "There is no column \"price\". The columns are id, day, city, amount, zip.")]
    [InlineData("""{"table":"sales","where":[{"column":"price","operator":"eq","value":1}]}""", "There is no column \"price\"")]
    [InlineData("""{"table":"sales","orderBy":[{"column":"price"}]}""", "There is no column \"price\"")]
    [InlineData("""{"table":"sales","groupBy":["city"],"orderBy":[{"column":"day"}]}""", "cannot be ordered by \"day\". Its columns are city, count.")]
    [InlineData("""{"table":"sales","groupBy":["city"],"select":[{"column":"day"}]}""", "The column day is neither in groupBy nor has an aggregate")]
    [InlineData("""{"table":"sales","select":[{"column":"city","aggregate":"sum"}]}""", "The column city holds text")]
    [InlineData("""{"table":"sales","select":[{"column":"*","aggregate":"sum"}]}""", "can only be counted")]
    [InlineData("""{"table":"sales","select":[{"column":"id"},{"column":"id"}]}""", "Two columns of the result are called \"id\"")]
    [InlineData("""{"table":"sales","where":[{"column":"amount","operator":"gt","value":"much"}]}""", "The condition amount gt needs a number, not \"much\".")]
    [InlineData("""{"table":"sales","where":[{"column":"day","operator":"lt","value":"March"}]}""", "needs a date such as 2026-03-31")]
    [InlineData("""{"table":"sales","where":[{"column":"city","operator":"in","value":"Oslo"}]}""", "needs an array of values")]
    [InlineData("""{"table":"sales","where":[{"column":"city","operator":"gt","value":null}]}""", "needs one value")]
    [InlineData("""{"table":"sales","limit":201}""", "limit must be at most 200")]
    [InlineData("""{"table":"sales","where":[{"column":"id","operator":"like","value":"1"}]}""", "where[0].operator must be one of eq, ne")]
    public async Task Query_WrongArguments_SaysWhatToWriteInstead(string arguments, string sentence)
    {
        var error = await ToolCalls.ErrorAsync(_tool, arguments, _context);

        error.Sentence.ShouldContain(sentence);
    }

    [Fact]
    public async Task Query_MoreRowsThanLimit_SaysSo()
    {
        var outcome = await ToolCalls.InvokeAsync(_tool, """{"table":"orders","limit":3,"select":[{"column":"order_id"},{"column":"status"}]}""");

        var result = outcome.Result!.Value;
        result.GetProperty("rows").GetArrayLength().ShouldBe(3);
        result.GetProperty("totalRows").GetInt32().ShouldBe(240);
        result.GetProperty("truncated").GetBoolean().ShouldBeTrue();
        outcome.Preview.ShouldBe("3 of 240 rows");
        var artifact = outcome.Artifacts.ShouldHaveSingleItem();
        artifact.Name.ShouldBe("orders-rows.csv");
        artifact.Content.ShouldStartWith("order_id,status\r\nORD-1001,");
    }

    [Fact]
    public async Task Query_WideResult_LosesRowsNotItsForm()
    {
        var table = "a,b\n" + string.Concat(Enumerable.Range(0, 200).Select(row => $"{row},{new string('x', 1_000)}\n"));
        var context = ToolCalls.Context with { Attachments = new MemoryAttachments(("wide.csv", table)) };

        var result = await ToolCalls.ResultAsync(_tool, """{"table":"wide","limit":200}""", context);

        result.GetProperty("rows").GetArrayLength().ShouldBeInRange(40, 60);
        result.GetProperty("totalRows").GetInt32().ShouldBe(200);
        result.GetProperty("truncated").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("a;b\n1;x\n", """[[1,"x"]]""")]
    [InlineData("a\tb\n1\tx\n", """[[1,"x"]]""")]
    [InlineData("\uFEFFa,b\n1,\"x, \"\"y\"\"\"\n", """[[1,"x, \"y\""]]""")]
    [InlineData("a,b,c\n1\n2,3,4,5\n", "[[1,null,null],[2,3,4]]")]
    [InlineData("a,,a\n1,2,3\n", "[[1,2,3]]")]
    [InlineData("a,b\n", "[]")]
    public async Task Query_UploadedForms_AreRead(string content, string rows)
    {
        var context = ToolCalls.Context with { Attachments = new MemoryAttachments(("t.csv", content)) };

        var result = await ToolCalls.ResultAsync(_tool, """{"table":"t"}""", context);

        result.GetProperty("rows").GetRawText().ShouldBe(rows);
    }

    [Fact]
    public async Task Query_RandomRows_AgreesWithLinq()
    {
        var random = new Random(7);
        var data = Enumerable.Range(0, 5_000).Select(id => (Id: id, Group: $"g{random.Next(20)}", Value: random.Next(-1_000, 1_000) / 10m)).ToArray();
        var table = "id,grp,value\n" + string.Concat(data.Select(row => FormattableString.Invariant($"{row.Id},{row.Group},{row.Value}\n")));
        var context = ToolCalls.Context with { Attachments = new MemoryAttachments(("r.csv", table)) };

        var top = await ToolCalls.ResultAsync(_tool, """{"table":"r","select":[{"column":"id"}],"where":[{"column":"value","operator":"le","value":50}],"orderBy":[{"column":"value","descending":true}],"limit":100}""", context);
        var sums = await ToolCalls.ResultAsync(_tool, """{"table":"r","groupBy":["grp"],"select":[{"column":"value","aggregate":"sum","as":"s"}],"orderBy":[{"column":"grp"}]}""", context);

        top.GetProperty("rows").EnumerateArray().Select(row => row[0].GetInt32())
            .ShouldBe(data.Where(row => row.Value <= 50).OrderByDescending(row => row.Value).ThenBy(row => row.Id).Take(100).Select(row => row.Id));
        sums.GetProperty("rows").EnumerateArray().Select(row => (row[0].GetString()!, row[1].GetDecimal()))
            .ShouldBe(data.GroupBy(row => row.Group).OrderBy(group => group.Key, StringComparer.OrdinalIgnoreCase).Select(group => (group.Key, group.Sum(row => row.Value))));
    }

    [Theory]
    [InlineData(TableLimits.MaxRows + 1, "more than 200000 rows")]
    [InlineData(TableLimits.MaxGroups + 1, "more than 10000 groups")]
    public async Task Query_TooMuch_IsRefused(int rows, string sentence)
    {
        var table = "id\n" + string.Concat(Enumerable.Range(0, rows).Select(id => $"{id}\n"));
        var context = ToolCalls.Context with { Attachments = new MemoryAttachments(("big.csv", table)) };

        var error = await ToolCalls.ErrorAsync(_tool, """{"table":"big","groupBy":["id"]}""", context);

        error.Code.ShouldBe(ToolErrorCodes.TooLarge);
        error.Sentence.ShouldContain(sentence);
    }

    [Fact]
    public async Task Query_TooWideOrUnclosedOrHuge_IsRefused()
    {
        var wide = string.Join(",", Enumerable.Range(0, 101).Select(index => $"c{index}")) + "\n";
        var unclosed = "a,b\n1,\"" + new string('x', TableLimits.MaxRecordBytes * 4);
        var huge = "a\n" + string.Concat(Enumerable.Repeat(new string('y', 1_000) + "\n", 21 * 1024));
        var context = ToolCalls.Context with { Attachments = new MemoryAttachments(("wide.csv", wide), ("unclosed.csv", unclosed), ("huge.csv", huge), ("empty.csv", "")) };

        (await ToolCalls.ErrorAsync(_tool, """{"table":"wide"}""", context)).Sentence.ShouldContain("101 columns");
        (await ToolCalls.ErrorAsync(_tool, """{"table":"unclosed"}""", context)).Sentence.ShouldContain("never closed");
        (await ToolCalls.ErrorAsync(_tool, """{"table":"huge"}""", context)).Sentence.ShouldContain("larger than 20 MB");
        (await ToolCalls.ErrorAsync(_tool, """{"table":"empty"}""", context)).Sentence.ShouldContain("The table is empty");
    }
}
