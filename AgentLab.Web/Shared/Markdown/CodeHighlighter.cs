using System.Net;
using System.Text;

namespace AgentLab.Web.Shared.Markdown;

/// <summary>
/// Colours code: comments, strings, numbers, keywords and names. It reads each character once and writes encoded text inside spans of its own, so that
/// code from a model can neither hang it nor become markup.
/// </summary>
internal static class CodeHighlighter
{
    /// <summary>Code over this many characters is shown without colours.</summary>
    public const int MaxLength = 200_000;

    /// <summary>The code as HTML; plain encoded text for a language that is not known.</summary>
    public static string ToHtml(string code, string? language)
    {
        if (CodeLanguage.Find(language) is not { } known || code.Length > MaxLength)
        {
            return WebUtility.HtmlEncode(code);
        }

        var output = new StringBuilder(code.Length + (code.Length / 2));
        if (known.Markup)
        {
            new Scanner(code, known, output).Markup();
        }
        else
        {
            new Scanner(code, known, output).Code();
        }

        return output.ToString();
    }

    private sealed class Scanner(string code, CodeLanguage language, StringBuilder output)
    {
        private int _at;

        public void Code()
        {
            while (_at < code.Length)
            {
                if (!Comment() && !String() && !Number() && !Word())
                {
                    Plain(1);
                }
            }
        }

        public void Markup()
        {
            while (_at < code.Length)
            {
                if (Comment())
                {
                    continue;
                }

                if (code[_at] == '<' && _at + 1 < code.Length && (char.IsLetter(code[_at + 1]) || code[_at + 1] is '/' or '!' or '?'))
                {
                    Tag();
                    continue;
                }

                var next = code.IndexOf('<', _at + 1);
                Plain((next < 0 ? code.Length : next) - _at);
            }
        }

        private void Tag()
        {
            var name = _at + 1;
            while (name < code.Length && (char.IsLetterOrDigit(code[name]) || code[name] is '/' or '!' or '?' or '-' or ':' or '.'))
            {
                name++;
            }

            Span("kw", name - _at);
            while (_at < code.Length && code[_at] != '>')
            {
                if (code[_at] is '"' or '\'')
                {
                    var end = code.IndexOf(code[_at], _at + 1);
                    Span("str", (end < 0 ? code.Length : end + 1) - _at);
                }
                else if (char.IsLetter(code[_at]))
                {
                    Span("name", Run(_at, c => char.IsLetterOrDigit(c) || c is '-' or ':' or '_' or '@' or '.'));
                }
                else
                {
                    Plain(1);
                }
            }

            if (_at < code.Length)
            {
                Span("kw", 1);
            }
        }

        private bool Comment()
        {
            if (language.BlockComment is { } block && Here(block.Open))
            {
                var end = code.IndexOf(block.Close, _at + block.Open.Length, StringComparison.Ordinal);
                return Span("com", (end < 0 ? code.Length : end + block.Close.Length) - _at);
            }

            foreach (var start in language.LineComments)
            {
                // "#" inside a word or an address is not a comment.
                if (Here(start) && (start != "#" || _at == 0 || char.IsWhiteSpace(code[_at - 1])))
                {
                    var end = code.IndexOf('\n', _at);
                    return Span("com", (end < 0 ? code.Length : end) - _at);
                }
            }

            return false;
        }

        private bool String()
        {
            foreach (var (quote, multiline) in language.Strings)
            {
                if (!Here(quote))
                {
                    continue;
                }

                var end = EndOfString(quote, multiline);
                return Span(language.Keys && IsKey(end) ? "name" : "str", end - _at);
            }

            return false;
        }

        private int EndOfString(string quote, bool multiline)
        {
            for (var i = _at + quote.Length; i < code.Length; i++)
            {
                if (code[i] == '\\')
                {
                    i++;
                }
                else if (string.CompareOrdinal(code, i, quote, 0, quote.Length) == 0)
                {
                    return i + quote.Length;
                }
                else if (code[i] == '\n' && !multiline)
                {
                    return i;
                }
            }

            return code.Length;
        }

        private bool Number()
        {
            if (!char.IsAsciiDigit(code[_at]) || (_at > 0 && IsWord(code[_at - 1])))
            {
                return false;
            }

            return Span("num", Run(_at, c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_'));
        }

        private bool Word()
        {
            if (!IsWord(code[_at]))
            {
                return false;
            }

            var length = Run(_at, IsWord);
            var word = code.Substring(_at, length);
            if (language.Keywords.Contains(word))
            {
                return Span("kw", length);
            }

            var end = _at + length;
            var called = end < code.Length && code[end] == '(';
            return called || (language.Keys && IsKey(end)) ? Span("name", length) : Plain(length);
        }

        private bool IsKey(int end)
        {
            while (end < code.Length && code[end] is ' ' or '\t')
            {
                end++;
            }

            return end < code.Length && code[end] == ':';
        }

        private int Run(int start, Func<char, bool> belongs)
        {
            var end = start;
            while (end < code.Length && belongs(code[end]))
            {
                end++;
            }

            return end - start;
        }

        private bool Here(string text) => string.CompareOrdinal(code, _at, text, 0, text.Length) == 0;

        private bool Span(string kind, int length)
        {
            output.Append("<span class=\"t-").Append(kind).Append("\">").Append(WebUtility.HtmlEncode(code.Substring(_at, length))).Append("</span>");
            _at += length;
            return true;
        }

        private bool Plain(int length)
        {
            output.Append(WebUtility.HtmlEncode(code.Substring(_at, length)));
            _at += length;
            return true;
        }

        private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '$';
    }
}
