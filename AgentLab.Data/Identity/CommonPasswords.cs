using System.Collections.Frozen;
using Microsoft.AspNetCore.Identity;

namespace AgentLab.Data.Identity;

/// <summary>
/// Refuses passwords that everybody tries first: a listed word, however it is decorated with digits, signs, capitals or look-alike
/// characters, and the person's own name or address.
/// </summary>
internal sealed class CommonPasswords : IPasswordValidator<LabUser>
{
    /// <summary>The code of the refusal.</summary>
    public const string Code = "PasswordTooCommon";

    private const int MaxLength = 256;
    private const int FewestDifferent = 5;
    private static readonly FrozenSet<string> Words = Read();

    public Task<IdentityResult> ValidateAsync(UserManager<LabUser> manager, LabUser user, string? password) =>
        Task.FromResult(Refusal(user, password ?? "") is { } reason
            ? IdentityResult.Failed(new IdentityError { Code = Code, Description = reason })
            : IdentityResult.Success);

    private static string? Refusal(LabUser user, string password)
    {
        if (password.Length > MaxLength)
        {
            return $"Passwords may be at most {MaxLength} characters long.";
        }

        if (password.Distinct().Count() < FewestDifferent)
        {
            return $"Passwords must use at least {FewestDifferent} different characters.";
        }

        var forms = Forms(password);
        if (forms.Any(Words.Contains))
        {
            return "This password is one of those that are tried first. Take several unrelated words instead.";
        }

        var own = new[] { user.UserName, user.Email, user.Email?.Split('@')[0] }.OfType<string>().Select(n => n.ToLowerInvariant());
        return own.Any(name => name.Length >= 4 && forms.Any(form => form == name || (name.Length >= 6 && form.Contains(name))))
            ? "The password must not be made of the user name or e-mail address."
            : null;
    }

    // "P@ssw0rd2026!" is "password" in four steps: lower case, look-alikes as letters, decoration cut off both ends, letters alone.
    private static HashSet<string> Forms(string password)
    {
        var lower = password.ToLowerInvariant();
        var forms = new HashSet<string>(StringComparer.Ordinal) { lower };
        foreach (var text in new[] { lower, string.Concat(lower.Select(Letter)), string.Concat(TrimEnds(lower).Select(Letter)) })
        {
            forms.Add(text);
            forms.Add(TrimEnds(text));
            forms.Add(string.Concat(text.Where(char.IsLetterOrDigit)));
            forms.Add(string.Concat(text.Where(char.IsLetter)));
        }

        return forms;
    }

    private static string TrimEnds(string text)
    {
        var first = 0;
        var last = text.Length;
        while (first < last && !char.IsLetter(text[first]))
        {
            first++;
        }

        while (last > first && !char.IsLetter(text[last - 1]))
        {
            last--;
        }

        return text[first..last];
    }

    private static char Letter(char c) => c switch
    {
        '@' or '4' => 'a',
        '3' => 'e',
        '1' or '!' => 'i',
        '0' => 'o',
        '$' or '5' => 's',
        '7' => 't',
        _ => c,
    };

    private static FrozenSet<string> Read()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("AgentLab.Data.Identity.common-passwords.txt")
            ?? throw new InvalidOperationException("The list of common passwords is not part of this build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#').ToFrozenSet(StringComparer.Ordinal);
    }
}
