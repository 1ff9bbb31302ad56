using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Text;

namespace AgentLab.Core.Tools.Pages;

/// <summary>A tag or a run of text.</summary>
/// <param name="Tag">The tag's name in lower case; empty for text.</param>
/// <param name="IsEnd">True for an end tag.</param>
/// <param name="Text">The text, its character references resolved; empty for a tag.</param>
internal readonly record struct PageToken(string Tag, bool IsEnd, string Text)
{
    public bool IsLink { get; init; }

    /// <summary>True for an element that is not shown, or not read out.</summary>
    public bool IsHidden { get; init; }

    public bool IsMain { get; init; }

    /// <summary>True for the text of the page's title.</summary>
    public bool IsTitle { get; init; }
}

/// <summary>Reads a page's tags and text in order, with AngleSharp's tokenizer. What scripts and styles hold is not text.</summary>
internal static class PageTokens
{
    /// <summary>More than any element of a page that people wrote.</summary>
    private const int MaxAttributes = 64;

    public static IEnumerable<PageToken> Read(string html)
    {
        using var source = new TextSource(html);
        var tokenizer = new HtmlTokenizer(source, HtmlEntityProvider.ResolverExtended)
        {
            SkipComments = true,
            SkipScriptText = true,
            SkipRawText = true,
            ShouldEmitAttribute = (ref token, _) => token.Attributes.Count < MaxAttributes,
        };
        var textOf = "";
        for (var token = tokenizer.Get(); token.Type != HtmlTokenType.EndOfFile; token = tokenizer.Get())
        {
            switch (token.Type)
            {
                case HtmlTokenType.StartTag:
                    tokenizer.State = ModeOf(token.Name);
                    textOf = token.Name;
                    yield return Start(token.AsTag());
                    break;
                case HtmlTokenType.EndTag:
                    textOf = "";
                    yield return new PageToken(token.Name, IsEnd: true, "");
                    break;
                case HtmlTokenType.Character when textOf is not ("script" or "style" or "textarea"):
                    yield return new PageToken("", IsEnd: false, token.Data) { IsTitle = textOf == "title" };
                    break;
            }
        }
    }

    private static PageToken Start(HtmlTagToken tag) => new(tag.Name, IsEnd: false, "")
    {
        IsLink = tag.Name is "a" or "area" && Has(tag, "href"),
        IsHidden = Has(tag, "hidden") || tag.GetAttribute("aria-hidden") == "true",
        IsMain = tag.Name == "main" || tag.GetAttribute("role") == "main",
    };

    private static bool Has(HtmlTagToken tag, string attribute) => tag.Attributes.Exists(one => one.Name == attribute);

    /// <summary>The text of these elements is not markup, which the tokenizer must be told, as it knows no tree.</summary>
    private static HtmlParseMode ModeOf(string tag) => tag switch
    {
        "title" or "textarea" => HtmlParseMode.RCData,
        "script" => HtmlParseMode.Script,
        "style" or "xmp" or "iframe" or "noembed" or "noframes" => HtmlParseMode.Rawtext,
        "plaintext" => HtmlParseMode.Plaintext,
        _ => HtmlParseMode.PCData,
    };
}
