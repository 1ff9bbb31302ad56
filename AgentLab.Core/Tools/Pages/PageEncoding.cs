using System.Text;
using System.Text.RegularExpressions;

namespace AgentLab.Core.Tools.Pages;

/// <summary>Turns a body into text: by its byte order mark, then what the answer says, then what the page says, else UTF-8.</summary>
internal static partial class PageEncoding
{
    /// <summary>Where a page must declare its encoding, says the HTML standard.</summary>
    private const int DeclarationBytes = 1024;

    public static string Decode(ReadOnlyMemory<byte> body, string? charset)
    {
        var bytes = body.ToArray();
        var encoding = Find(charset) ?? Find(Declared(bytes)) ?? Encoding.UTF8;
        using var reader = new StreamReader(new MemoryStream(bytes), encoding, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }

    private static string? Declared(byte[] bytes)
    {
        var start = Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, DeclarationBytes));
        var found = Charset().Match(start);
        return found.Success ? found.Groups[1].Value : null;
    }

    private static Encoding? Find(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return null;
        }

        try
        {
            var clean = name.Trim('"', '\'', ' ');
            return CodePagesEncodingProvider.Instance.GetEncoding(clean) ?? Encoding.GetEncoding(clean);
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    [GeneratedRegex("""<meta[^>]+charset\s*=\s*["']?([A-Za-z0-9_:.-]{1,40})""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Charset();
}
