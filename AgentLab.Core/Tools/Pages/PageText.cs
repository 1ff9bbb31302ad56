namespace AgentLab.Core.Tools.Pages;

/// <summary>
/// A page as text: headings, paragraphs, list items and table rows on lines of their own, without menus, scripts and styles. It is written
/// straight from the page's tokens, in time that grows with its length: a tree of a hostile page can grow without bound, and one so deep would exhaust the stack.
/// </summary>
/// <param name="Title">The page's title, or null.</param>
/// <param name="Text">The readable text.</param>
/// <param name="Links">How many links the page holds.</param>
internal sealed record PageText(string? Title, string Text, int Links)
{
    /// <summary>Below this many characters the part that calls itself the main one is taken for a mistake.</summary>
    private const int LeastMainText = 200;
    private const int MaxTitleCharacters = 300;

    public static PageText FromHtml(string html)
    {
        var whole = new PageTextWriter(PagePart.All);
        var reading = new PageTextWriter(PagePart.WithoutNavigation);
        var main = new PageTextWriter(PagePart.Main);
        var links = 0;
        string? title = null;
        foreach (var token in PageTokens.Read(html))
        {
            if (token.IsTitle)
            {
                // Pictures have titles of their own: the page's comes first.
                title ??= token.Text;
                continue;
            }

            links += token.IsLink ? 1 : 0;
            whole.Add(token);
            reading.Add(token);
            main.Add(token);
        }

        string[] candidates = [main.ToString(), reading.ToString()];
        return new PageText(Clean(title ?? ""), Array.Find(candidates, text => text.Length >= LeastMainText) ?? whole.ToString(), links);
    }

    private static string? Clean(string title)
    {
        var text = string.Join(' ', title.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length switch
        {
            0 => null,
            > MaxTitleCharacters => text[..MaxTitleCharacters] + "…",
            _ => text,
        };
    }
}
