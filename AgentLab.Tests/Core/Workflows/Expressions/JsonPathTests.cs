using System.Text.Json;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Expressions.JsonPaths;

namespace AgentLab.Tests.Core.Workflows.Expressions;

/// <summary>Examples of RFC 9535 itself, and bounds.</summary>
public sealed class JsonPathTests
{
    private const string Store = """
        { "store": { "book": [
            { "category": "reference", "author": "Nigel Rees", "title": "Sayings of the Century", "price": 8.95 },
            { "category": "fiction", "author": "Evelyn Waugh", "title": "Sword of Honour", "price": 12.99 },
            { "category": "fiction", "author": "Herman Melville", "title": "Moby Dick", "isbn": "0-553-21311-3", "price": 8.99 },
            { "category": "fiction", "author": "J. R. R. Tolkien", "title": "The Lord of the Rings", "isbn": "0-395-19395-8", "price": 22.99 } ],
            "bicycle": { "color": "red", "price": 399 } } }
        """;

    [Theory]
    [InlineData("$.store.book[*].author", """["Nigel Rees","Evelyn Waugh","Herman Melville","J. R. R. Tolkien"]""")]
    [InlineData("$..author", """["Nigel Rees","Evelyn Waugh","Herman Melville","J. R. R. Tolkien"]""")]
    [InlineData("$.store..price", "[8.95,12.99,8.99,22.99,399]")]
    [InlineData("$..book[2].author", """["Herman Melville"]""")]
    [InlineData("$..book[2].publisher", "[]")]
    [InlineData("$..book[-1].title", """["The Lord of the Rings"]""")]
    [InlineData("$..book[0,1].price", "[8.95,12.99]")]
    [InlineData("$..book[:2].price", "[8.95,12.99]")]
    [InlineData("$..book[?@.isbn].price", "[8.99,22.99]")]
    [InlineData("$..book[?@.price<10].price", "[8.95,8.99]")]
    [InlineData("$..book[?@.price > 10 && @.category == 'fiction'].price", "[12.99,22.99]")]
    [InlineData("$..book[?!@.isbn || @.price > 20].price", "[8.95,12.99,22.99]")]
    [InlineData("$..book[?length(@.author) > 15].price", "[22.99]")]
    [InlineData("$.store[?count(@.*) == 2].color", """["red"]""")]
    [InlineData("$['store']['bicycle'][\"color\"]", """["red"]""")]
    [InlineData("$.store.book[?(@.title == \"Moby Dick\")].price", "[8.99]")]
    [InlineData("$.store.book[3:0:-2].price", "[22.99,12.99]")]
    [InlineData("$.store.book[?@.price == $.store.book[0].price].price", "[8.95]")]
    [InlineData("$", Store)]
    public void Find_Store_AsTheRfcSays(string path, string expected)
    {
        var found = JsonPath.Parse(path).Find(JsonElement.Parse(Store));

        var wanted = path == "$" ? [JsonElement.Parse(Store)] : JsonElement.Parse(expected).EnumerateArray().ToArray();
        found.Count.ShouldBe(wanted.Length);
        found.Zip(wanted).ShouldAllBe(pair => JsonElement.DeepEquals(pair.First, pair.Second));
    }

    [Theory]
    [InlineData("$[1:3]", """["b","c"]""")]
    [InlineData("$[5:]", """["f","g"]""")]
    [InlineData("$[1:5:2]", """["b","d"]""")]
    [InlineData("$[5:1:-2]", """["f","d"]""")]
    [InlineData("$[::-1]", """["g","f","e","d","c","b","a"]""")]
    [InlineData("$[0,0]", """["a","a"]""")]
    [InlineData("$[::0]", "[]")]
    [InlineData("$[9007199254740991]", "[]")]
    public void Find_Slices_AsTheRfcSays(string path, string expected) =>
        JsonOutput.List(JsonPath.Parse(path).Find(JsonElement.Parse("""["a","b","c","d","e","f","g"]"""))).GetRawText().ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("store")]
    [InlineData("$.")]
    [InlineData("$..")]
    [InlineData("$[")]
    [InlineData("$['a]")]
    [InlineData("$[01]")]
    [InlineData("$[-0]")]
    [InlineData("$[?@.a == ]")]
    [InlineData("$[?@.* == 1]")]
    [InlineData("$[?1]")]
    [InlineData("$[?match(@.a, 'x')]")]
    [InlineData("$.a b")]
    [InlineData("$[9007199254740992]")]
    public void Parse_NotWellFormed_IsASyntaxFault(string path) => Should.Throw<ExpressionException>(() => JsonPath.Parse(path)).Code.ShouldBe("path_syntax");

    [Fact]
    public void Find_TooMuch_IsRefused()
    {
        var list = JsonElement.Parse("[" + string.Join(',', Enumerable.Repeat("[1,2,3,4,5,6,7,8,9]", 500)) + "]");

        Should.Throw<ExpressionException>(() => JsonPath.Parse("$" + string.Concat(Enumerable.Repeat("[*,*,*]", 20))).Find(JsonElement.Parse("[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]")));
        Should.Throw<ExpressionException>(() => JsonPath.Parse("$..[?count($..*) > count($..*)]").Find(list)).Code.ShouldBe("template_too_long");
        Should.Throw<ExpressionException>(() => JsonPath.Parse("$" + new string('.', 3_000))).Code.ShouldBe("path_too_large");
        Should.Throw<ExpressionException>(() => JsonPath.Parse("$[?" + new string('(', 500) + "@.a" + new string(')', 500) + "]")).Code.ShouldBe("path_syntax");
    }
}
