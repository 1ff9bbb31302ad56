using AgentLab.Core.Identity;

namespace AgentLab.Web.Layout;

/// <summary>A place in the navigation and the palette.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Href">Its address.</param>
/// <param name="Icon">A name of the icon set.</param>
/// <param name="Key">The letter after <c>g</c> that leads to it.</param>
/// <param name="Does">Words that the palette finds it by.</param>
/// <param name="Role">Who sees it; null is everyone who is signed in.</param>
internal sealed record NavEntry(string Title, string Href, string Icon, string Key, string Does, string? Role = null);

/// <summary>The pages that exist, in the order of the navigation.</summary>
internal static class NavEntries
{
    public static IReadOnlyList<NavEntry> Main { get; } =
    [
        new("Dashboard", "/dashboard", "chart", "d", "How the runs go, what they cost, how long they take"),
        new("Lab", "/lab", "flask", "l", "Talk to an agent, start a session"),
        new("Workflows", "/workflows", "workflow", "w", "Draw, run and watch workflows"),
        new("Tasks", "/tasks", "tasks", "t", "Queue, schedule and watch work in the background"),
        new("Approvals", "/approvals", "hand", "i", "Inbox: approve, edit or reject what agents and workflows ask"),
        new("Sessions", "/sessions", "sessions", "s", "Find and open earlier sessions"),
        new("Agents", "/agents", "agent", "a", "Make and change agents"),
        new("Capabilities", "/capabilities", "grid", "c", "Which agents, tools and models exist"),
    ];

    public static IReadOnlyList<NavEntry> Settings { get; } =
    [
        new("Providers", "/settings/providers", "provider", "p", "Model services, keys, prices, fallbacks", Roles.Admin),
        new("People", "/settings/users", "user", "u", "Accounts, roles, who may sign in", Roles.Admin),
    ];

    public static IEnumerable<NavEntry> All => Main.Concat(Settings);
}
