using Microsoft.AspNetCore.Components.Routing;

namespace AgentLab.Web.Layout;

/// <summary>A place in the navigation and the palette. <paramref name="Key"/> is the letter after <c>g</c>.</summary>
internal sealed record NavEntry(string Title, string Href, string Icon, string Key, string Does, NavLinkMatch Match = NavLinkMatch.Prefix);

/// <summary>The pages that exist, in the order of the navigation.</summary>
internal static class NavEntries
{
    public static IReadOnlyList<NavEntry> Main { get; } =
    [
        new("Lab", "/lab", "flask", "l", "Talk to an agent, start a session"),
    ];

    public static IReadOnlyList<NavEntry> Settings { get; } =
    [
    ];

    public static IEnumerable<NavEntry> All => Main.Concat(Settings);
}
