using System.Net;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace AgentLab.Web.Shared.Markdown;

/// <summary>
/// Turns Markdown that a model or a person wrote into HTML that is safe to show: no raw HTML, no attributes from the text, no images, links only to web
/// and mail addresses and never with the page's address or window.
/// </summary>
internal static class SafeMarkdown
{
    // Only what is listed: the "advanced" set would let the text set attributes, handlers among them.
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml().UsePipeTables().UseAutoLinks().UseTaskLists().UseEmphasisExtras().Build();

    /// <summary>One top-level block: where it starts in the source and its HTML.</summary>
    public readonly record struct Block(int Start, string Html);

    /// <summary>The whole text as HTML.</summary>
    public static string ToHtml(string text) => string.Concat(ToBlocks(text, 0).Select(block => block.Html));

    /// <summary>The text from this offset on as blocks; their starts count from the text's beginning.</summary>
    public static IReadOnlyList<Block> ToBlocks(string text, int from)
    {
        var part = from == 0 ? text : text[from..];
        try
        {
            var document = Markdig.Markdown.Parse(part, Pipeline);
            return [.. document.Where(block => block is not LinkReferenceDefinitionGroup).Select(block => new Block(from + block.Span.Start, Render(block)))];
        }
        catch (ArgumentException)
        {
            // Nested deeper than the parser goes. Nobody writes that for people to read.
            return [new Block(from, $"<pre tabindex=\"0\"><code>{WebUtility.HtmlEncode(part)}</code></pre>")];
        }
    }

    private static string Render(Markdig.Syntax.Block block)
    {
        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.ReplaceOrAdd<CodeBlockRenderer>(new CodeRenderer());
        renderer.ObjectRenderers.ReplaceOrAdd<HeadingRenderer>(new LowerHeadingRenderer());
        renderer.ObjectRenderers.ReplaceOrAdd<LinkInlineRenderer>(new SafeLinkRenderer());
        renderer.ObjectRenderers.ReplaceOrAdd<AutolinkInlineRenderer>(new SafeAutolinkRenderer());
        renderer.ObjectRenderers.ReplaceOrAdd<HtmlTableRenderer>(new ScrollingTableRenderer());
        renderer.Render(block);
        writer.Flush();
        return writer.ToString();
    }

    private static string? SafeAddress(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "mailto" ? uri.AbsoluteUri : null;

    private static void OpenLink(HtmlRenderer renderer, string address) =>
        renderer.Write("<a href=\"").Write(WebUtility.HtmlEncode(address)).Write("\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">");

    private sealed class CodeRenderer : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock obj)
        {
            var language = (obj as FencedCodeBlock)?.Info;
            language = string.IsNullOrWhiteSpace(language) ? null : language.Trim();
            renderer.EnsureLine();
            renderer.Write("<div class=\"code\" data-copy-scope><div class=\"code-head\"><span>").Write(WebUtility.HtmlEncode(language ?? "text"))
                .Write("</span><button type=\"button\" class=\"code-copy\" data-copy=\"\">Copy</button></div><pre tabindex=\"0\"><code data-copy-source>")
                .Write(CodeHighlighter.ToHtml(obj.Lines.ToString(), language)).Write("</code></pre></div>");
        }
    }

    // The page has its own outline: an answer's first heading stands below it.
    private sealed class LowerHeadingRenderer : HtmlObjectRenderer<HeadingBlock>
    {
        protected override void Write(HtmlRenderer renderer, HeadingBlock obj)
        {
            var tag = "h" + Math.Min(obj.Level + 2, 6);
            renderer.Write('<').Write(tag).Write('>').WriteLeafInline(obj).Write("</").Write(tag).Write('>');
        }
    }

    private sealed class SafeLinkRenderer : HtmlObjectRenderer<LinkInline>
    {
        protected override void Write(HtmlRenderer renderer, LinkInline obj)
        {
            var address = SafeAddress(obj.GetDynamicUrl?.Invoke() ?? obj.Url);
            if (address is not null)
            {
                OpenLink(renderer, address);
            }

            if (obj.IsImage)
            {
                // An image would tell its server that someone looks, and what the text put into its address.
                renderer.Write("Image: ");
            }

            renderer.WriteChildren(obj);
            if (obj.IsImage && obj.FirstChild is null)
            {
                renderer.Write(WebUtility.HtmlEncode(obj.Url ?? "without a name"));
            }

            if (address is not null)
            {
                renderer.Write("</a>");
            }
        }
    }

    private sealed class SafeAutolinkRenderer : HtmlObjectRenderer<AutolinkInline>
    {
        protected override void Write(HtmlRenderer renderer, AutolinkInline obj)
        {
            var address = SafeAddress(obj.IsEmail ? "mailto:" + obj.Url : obj.Url);
            if (address is null)
            {
                renderer.Write(WebUtility.HtmlEncode(obj.Url));
                return;
            }

            OpenLink(renderer, address);
            renderer.Write(WebUtility.HtmlEncode(obj.Url)).Write("</a>");
        }
    }

    private sealed class ScrollingTableRenderer : HtmlObjectRenderer<Table>
    {
        private readonly HtmlTableRenderer _inner = new();

        protected override void Write(HtmlRenderer renderer, Table obj)
        {
            renderer.Write("<div class=\"md-table\" tabindex=\"0\">");
            _inner.Write(renderer, obj);
            renderer.Write("</div>");
        }
    }
}
