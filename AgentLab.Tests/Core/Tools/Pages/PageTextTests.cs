using AgentLab.Core.Tools.Pages;

namespace AgentLab.Tests.Core.Tools.Pages;

public sealed class PageTextTests
{
    [Theory]
    [InlineData("<p>One</p><p>Two</p>", "One\n\nTwo")]
    [InlineData("<p>One\n   two<b> three</b></p>", "One two three")]
    [InlineData("a<br>b", "a\nb")]
    [InlineData("<h2>Head</h2>text", "## Head\n\ntext")]
    [InlineData("<ul><li>a<li>b</ul>end", "- a\n- b\n\nend")]
    [InlineData("<table><tr><th>k<th>v</tr><tr><td>1</td><td>2</td></tr></table>", "k | v\n1 | 2")]
    [InlineData("<pre>a\n  b</pre>", "a\n  b")]
    [InlineData("<style>p{}</style><script>if (a<b) {}</script><noscript>x</noscript><p>t", "t")]
    [InlineData("<svg><title>icon</title><text>x</text></svg>t", "t")]
    [InlineData("<div hidden>secret <div>more</div></div><span aria-hidden=true>x</span>t", "t")]
    [InlineData("a &lt;b&gt; &amp;amp; &eacute; &#x1F989;", "a <b> &amp; é 🦉")]
    [InlineData("<!-- no --><p>yes", "yes")]
    [InlineData("<a title='</script>'>x</a>", "x")]
    [InlineData("", "")]
    public void FromHtml_Markup_BecomesPlainText(string html, string text) => PageText.FromHtml(html).Text.ShouldBe(text);

    [Fact]
    public void FromHtml_MainPart_IsPreferred()
    {
        var body = string.Concat(Enumerable.Repeat("Body of the page. ", 20)).Trim();

        PageText.FromHtml($"<nav>Menu</nav><main><p>{body}</p><aside>Ad</aside></main><footer>Foot</footer>").Text.ShouldBe(body);
        PageText.FromHtml($"<nav>Menu</nav><div role=main><div>{body}</div></div>after").Text.ShouldBe(body);
        PageText.FromHtml($"<nav>Menu</nav><div>{body}</div><footer>Foot</footer>").Text.ShouldBe(body);
    }

    [Fact]
    public void FromHtml_TinyMainPart_GivesThePageInstead() =>
        PageText.FromHtml("<nav>Menu</nav><main></main><p>Text").Text.ShouldBe("Menu\n\nText");

    [Fact]
    public void FromHtml_Title_IsThePagesFirst()
    {
        var page = PageText.FromHtml("<head><title> The\n page </title></head><svg><title>icon</title></svg><a href=1>x</a><a name=2>y</a>");

        page.Title.ShouldBe("The page");
        page.Links.ShouldBe(1);
        PageText.FromHtml("no title").Title.ShouldBeNull();
    }

    [Theory]
    [InlineData("<div>")]
    [InlineData("<b><p>")]
    [InlineData("<font color=1><p>")]
    [InlineData("<a href=x ")]
    [InlineData("<table><tr><td>")]
    [InlineData("</p>")]
    [InlineData("<")]
    [InlineData("&")]
    [InlineData("<!--")]
    [InlineData("<script>")]
    [InlineData("<title>")]
    public void FromHtml_HostileRepetition_StillEnds(string piece)
    {
        var page = PageText.FromHtml(string.Concat(Enumerable.Repeat(piece, 2 * 1024 * 1024 / piece.Length)));

        page.Text.Length.ShouldBeLessThanOrEqualTo(2 * 1024 * 1024);
    }
}
