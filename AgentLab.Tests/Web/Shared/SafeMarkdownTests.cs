using AgentLab.Web.Shared.Markdown;

namespace AgentLab.Tests.Web.Shared;

public sealed class SafeMarkdownTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("text <img src=x onerror=alert(1)> text")]
    [InlineData("<iframe src=\"https://evil.example\"></iframe>")]
    [InlineData("<svg onload=alert(1)>")]
    [InlineData("```html\n<script>alert(1)</script>\n```")]
    [InlineData("`<script>`")]
    [InlineData("| a |\n|---|\n| <script>alert(1)</script> |")]
    [InlineData("# <b onmouseover=alert(1)>x</b>")]
    public void ToHtml_RawMarkup_IsText(string markdown)
    {
        var html = SafeMarkdown.ToHtml(markdown);

        foreach (var tag in new[] { "<script", "<img", "<iframe", "<svg", "<b " })
        {
            html.ShouldNotContain(tag, Case.Insensitive);
        }
    }

    [Theory]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("[x](JaVaScRiPt:alert(1))")]
    [InlineData("[x](data:text/html;base64,PHNjcmlwdD4=)")]
    [InlineData("[x](vbscript:msgbox)")]
    [InlineData("[x](file:///etc/passwd)")]
    [InlineData("[x](//evil.example)")]
    [InlineData("[x](/api/v1/auth/logout)")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("[x][y]\n\n[y]: javascript:alert(1)")]
    public void ToHtml_AddressThatIsNotWebOrMail_IsNoLink(string markdown) =>
        SafeMarkdown.ToHtml(markdown).ShouldNotContain("href", Case.Insensitive);

    [Fact]
    public void ToHtml_WebLink_OpensApartAndTellsNothing()
    {
        var html = SafeMarkdown.ToHtml("[docs](https://example.org/a?b=1&c=\"2\")");

        html.ShouldContain("href=\"https://example.org/a?b=1&amp;c=%222%22\"");
        html.ShouldContain("target=\"_blank\"");
        html.ShouldContain("rel=\"noopener noreferrer nofollow\"");
    }

    [Fact]
    public void ToHtml_AttributesInText_AreText() =>
        SafeMarkdown.ToHtml("# Title {onclick=alert(1) #id}").ShouldBe("<h3>Title {onclick=alert(1) #id}</h3>");

    [Fact]
    public void ToHtml_Image_IsALinkWithItsName()
    {
        var html = SafeMarkdown.ToHtml("![a chart](https://evil.example/?q=secret)");

        html.ShouldNotContain("<img");
        html.ShouldContain(">Image: a chart</a>");
    }

    [Fact]
    public void ToHtml_Table_IsATableThatScrolls()
    {
        var html = SafeMarkdown.ToHtml("| a | b |\n|---|--:|\n| 1 | 2 |");

        html.ShouldContain("<div class=\"md-table\" tabindex=\"0\">\n<table>");
        html.ShouldContain("<td style=\"text-align: right;\">2</td>");
    }

    [Fact]
    public void ToHtml_NestedBeyondReason_IsStillShown() =>
        SafeMarkdown.ToHtml(new string('>', 20_000) + " deep").ShouldContain("deep");
}
