using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace AgentLab.Web.Features.Account;

/// <summary>Where a page of accounts ended: its last name. Opaque to clients.</summary>
internal static class UserCursor
{
    public static string Write(string name) => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(name));

    /// <summary>The name that the page comes after; null for the first page.</summary>
    /// <exception cref="FormatException">The text is not a cursor of ours.</exception>
    public static string? Read(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        var name = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(cursor));
        return name.Any(char.IsControl) ? throw new FormatException("No name holds such characters.") : name;
    }
}
