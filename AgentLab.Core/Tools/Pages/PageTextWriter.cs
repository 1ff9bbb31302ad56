using System.Text;

namespace AgentLab.Core.Tools.Pages;

/// <summary>Which part of a page is written.</summary>
internal enum PagePart
{
    /// <summary>All that is shown.</summary>
    All,

    /// <summary>All but menus, asides and footers.</summary>
    WithoutNavigation,

    /// <summary>What the page calls its main part.</summary>
    Main,
}

/// <summary>Writes a page's tokens as text in the simplest forms of Markdown.</summary>
internal sealed class PageTextWriter(PagePart part)
{
    private static readonly HashSet<string> Blocks =
    [
        "address", "article", "aside", "blockquote", "body", "br", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
        "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tr", "ul",
    ];

    private static readonly HashSet<string> NeverRead =
        ["noscript", "template", "svg", "math", "iframe", "object", "canvas", "audio", "video", "button", "select", "textarea", "dialog", "noframes", "noembed"];

    private static readonly HashSet<string> Navigation = ["nav", "footer", "aside"];

    /// <summary>Elements without an end tag: nothing can be inside them.</summary>
    private static readonly HashSet<string> Void = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

    private readonly StringBuilder _text = new();
    private Inside _skipped;
    private Inside _main;
    private int _preformatted;
    private bool _needsSpace;

    public void Add(PageToken token)
    {
        if (token.Tag.Length == 0)
        {
            if (IsWritten)
            {
                Text(token.Text);
            }

            return;
        }

        if (!token.IsEnd && !_skipped.IsOpen && IsLeftOut(token))
        {
            _skipped.Open(token.Tag);
            return;
        }

        if (_skipped.IsOpen)
        {
            _skipped.Follow(token);
            return;
        }

        FollowMain(token);
        if (IsWritten)
        {
            Tag(token);
        }
    }

    public override string ToString() => _text.ToString().Trim();

    private bool IsWritten => !_skipped.IsOpen && (part != PagePart.Main || _main.IsOpen);

    private bool IsLeftOut(PageToken token) =>
        !Void.Contains(token.Tag)
        && (NeverRead.Contains(token.Tag) || token.IsHidden || (part != PagePart.All && Navigation.Contains(token.Tag)));

    private void FollowMain(PageToken token)
    {
        if (_main.IsOpen)
        {
            _main.Follow(token);
        }
        else if (token.IsMain)
        {
            _main.Open(token.Tag);
        }
    }

    private void Tag(PageToken token)
    {
        if (Blocks.Contains(token.Tag))
        {
            Line(isBlank: token.Tag is not ("br" or "li" or "tr" or "dt" or "dd"));
        }

        if (token.Tag == "pre")
        {
            _preformatted = Math.Max(0, _preformatted + (token.IsEnd ? -1 : 1));
        }

        if (!token.IsEnd)
        {
            Mark(token.Tag switch
            {
                ['h', >= '1' and <= '6'] => new string('#', token.Tag[1] - '0') + " ",
                "li" => "- ",
                "td" or "th" when !AtLineStart => " | ",
                _ => "",
            });
        }
    }

    private void Mark(string mark)
    {
        if (mark.Length > 0)
        {
            _text.Append(mark);
            _needsSpace = false;
        }
    }

    private bool AtLineStart => _text.Length == 0 || _text[^1] == '\n';

    private void Text(string data)
    {
        if (_preformatted > 0)
        {
            _text.Append(data);
            return;
        }

        foreach (var letter in data)
        {
            if (char.IsWhiteSpace(letter))
            {
                _needsSpace = true;
                continue;
            }

            if (_needsSpace && _text.Length > 0 && !char.IsWhiteSpace(_text[^1]))
            {
                _text.Append(' ');
            }

            _needsSpace = false;
            _text.Append(letter);
        }
    }

    /// <summary>Ends the line; a blank line sets blocks apart, and there is never more than one.</summary>
    private void Line(bool isBlank)
    {
        _needsSpace = false;
        if (_text.Length == 0)
        {
            return;
        }

        if (_text[^1] != '\n')
        {
            _text.Append('\n');
        }

        if (isBlank && _text.Length > 1 && _text[^2] != '\n')
        {
            _text.Append('\n');
        }
    }

    /// <summary>An element that was entered: it ends with its own end tag, whatever else is left open inside.</summary>
    private struct Inside
    {
        private string _tag;
        private int _depth;

        public readonly bool IsOpen => _depth > 0;

        public void Open(string tag) => (_tag, _depth) = (tag, 1);

        public void Follow(PageToken token)
        {
            if (token.Tag == _tag)
            {
                _depth += token.IsEnd ? -1 : 1;
            }
        }
    }
}
