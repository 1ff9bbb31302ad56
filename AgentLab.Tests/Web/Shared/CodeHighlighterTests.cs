using System.Net;
using System.Text.RegularExpressions;
using AgentLab.Web.Shared.Markdown;

namespace AgentLab.Tests.Web.Shared;

public sealed partial class CodeHighlighterTests
{
    private const string Hostile = "</code></pre><script>alert('1')</script>\"\\\n/* <b> */ // <i>\n# <u>\n-- <s>\n'''<q>'''<!-- <p onclick=\"x\"> --> <a href='y'>";

    public static TheoryData<string?> Languages =>
        [null, "nothing", "csharp", "js", "ts", "python", "json", "sql", "bash", "html", "xml", "yaml"];

    [Theory]
    [MemberData(nameof(Languages))]
    public void ToHtml_AnyLanguage_EncodesAndKeepsEveryCharacter(string? language)
    {
        var html = CodeHighlighter.ToHtml(Hostile, language);
        var withoutOurs = OurSpan().Replace(html, "");

        withoutOurs.ShouldNotContain("<");
        WebUtility.HtmlDecode(withoutOurs).ShouldBe(Hostile);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void ToHtml_EveryPrefix_IsComplete(string? language)
    {
        for (var length = 0; length <= Hostile.Length; length++)
        {
            var html = CodeHighlighter.ToHtml(Hostile[..length], language);
            WebUtility.HtmlDecode(OurSpan().Replace(html, "")).ShouldBe(Hostile[..length]);
        }
    }

    [Fact]
    public void ToHtml_CSharp_MarksKeywordsStringsNumbersAndComments()
    {
        var html = CodeHighlighter.ToHtml("var x = \"a\" + 12; // why", "csharp");

        html.ShouldBe("<span class=\"t-kw\">var</span> x = <span class=\"t-str\">&quot;a&quot;</span> + <span class=\"t-num\">12</span>; <span class=\"t-com\">// why</span>");
    }

    [Fact]
    public void ToHtml_Json_TellsKeysFromValues()
    {
        var html = CodeHighlighter.ToHtml("{\"a\": \"b\"}", "json");

        html.ShouldBe("{<span class=\"t-name\">&quot;a&quot;</span>: <span class=\"t-str\">&quot;b&quot;</span>}");
    }

    [Fact]
    public void ToHtml_SqlKeyword_IsFoundInAnyCase() =>
        CodeHighlighter.ToHtml("SELECT", "sql").ShouldBe("<span class=\"t-kw\">SELECT</span>");

    [GeneratedRegex("""<span class="t-(?:com|str|num|kw|name)">|</span>""")]
    private static partial Regex OurSpan();
}
