namespace AgentLab.Web.Shared.Markdown;

/// <summary>
/// The blocks of a Markdown text that grows. While it only grows, the blocks before the last stay as they are and are neither parsed nor sent again:
/// only the last one can still change.
/// </summary>
internal sealed class MarkdownBlocks
{
    private readonly List<SafeMarkdown.Block> _blocks = [];
    private string _text = "";
    private bool _grew;

    /// <summary>The blocks' HTML in order.</summary>
    public IReadOnlyList<SafeMarkdown.Block> Blocks => _blocks;

    /// <summary>
    /// Takes the text as it is now; false when nothing changed. <paramref name="growing"/> says that more may follow; once it does not, a text that grew is
    /// parsed once as a whole, since link definitions at the end serve blocks before them.
    /// </summary>
    public bool Update(string text, bool growing)
    {
        if (text == _text && (growing || !_grew))
        {
            return false;
        }

        var extends = growing && _blocks.Count > 0 && text.StartsWith(_text, StringComparison.Ordinal);
        var keep = extends ? _blocks.Count - 1 : 0;
        var from = extends ? _blocks[keep].Start : 0;
        _blocks.RemoveRange(keep, _blocks.Count - keep);
        _blocks.AddRange(SafeMarkdown.ToBlocks(text, from));
        _text = text;
        _grew = growing;
        return true;
    }
}
