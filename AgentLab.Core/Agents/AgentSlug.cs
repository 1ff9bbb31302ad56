using System.Globalization;
using System.Text;

namespace AgentLab.Core.Agents;

/// <summary>The readable identities of agents and workflows: 1 to 70 of <c>a-z</c>, <c>0-9</c> and single <c>-</c> between them.</summary>
public static class AgentSlug
{
    /// <summary>The longest slug, in characters.</summary>
    public const int MaxLength = 70;

    private const int BaseLength = 60;
    private const string Fallback = "agent";

    /// <summary>The slug of a name: letters lose their marks and case, everything else becomes a hyphen; <paramref name="fallback"/> where nothing is left.</summary>
    public static string Of(string name, string fallback = Fallback)
    {
        ArgumentNullException.ThrowIfNull(name);
        var slug = new StringBuilder(BaseLength);
        foreach (var c in Decompose(name))
        {
            if (slug.Length >= BaseLength)
            {
                break;
            }

            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (Spell(c) is { } letters)
            {
                slug.Append(letters);
            }
            else if (slug.Length > 0 && slug[^1] != '-' && char.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && c is not ('\'' or '’'))
            {
                slug.Append('-');
            }
        }

        var text = slug.ToString().Trim('-');
        return text.Length == 0 ? fallback : Guid.TryParseExact(text, "D", out _) ? $"{fallback}-{text}" : text;
    }

    /// <summary>The first of <c>slug</c>, <c>slug-2</c>, <c>slug-3</c> … that is not taken.</summary>
    public static string Free(string slug, IReadOnlySet<string> taken)
    {
        ArgumentNullException.ThrowIfNull(taken);
        var free = slug;
        for (var n = 2; taken.Contains(free); n++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{slug}-{n}");
        }

        return free;
    }

    /// <summary>Whether the text can be a slug at all.</summary>
    public static bool IsSlug(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is > 0 and <= MaxLength && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
    }

    private static string Decompose(string name)
    {
        try
        {
            return name.Normalize(NormalizationForm.FormKD);
        }
        catch (ArgumentException)
        {
            // Not well-formed Unicode: what is ASCII in it still makes a slug.
            return name;
        }
    }

    /// <summary>The letters that do not come apart into a plain one and a mark.</summary>
    private static string? Spell(char c) => c switch
    {
        'ß' or 'ẞ' => "ss",
        'æ' or 'Æ' => "ae",
        'œ' or 'Œ' => "oe",
        'ø' or 'Ø' => "o",
        'đ' or 'Đ' or 'ð' or 'Ð' => "d",
        'ł' or 'Ł' => "l",
        'þ' or 'Þ' => "th",
        'ı' => "i",
        _ => null,
    };
}
