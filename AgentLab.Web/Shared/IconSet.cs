using System.Collections.Frozen;

namespace AgentLab.Web.Shared;

/// <summary>The icons: strokes on a 24 by 24 grid. An unknown name shows a small circle, so that nothing breaks.</summary>
internal static class IconSet
{
    private const string Unknown = """<circle cx="12" cy="12" r="4"/>""";

    private static readonly FrozenDictionary<string, string> Paths = new Dictionary<string, string>
    {
        ["flask"] = """<path d="M9 3h6M10 3v6.2L4.8 18a2 2 0 0 0 1.7 3h11a2 2 0 0 0 1.7-3L14 9.2V3"/><path d="M7.2 15h9.6"/>""",
        ["sessions"] = """<path d="M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v8a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 3.5V17A2.5 2.5 0 0 1 4 14.5z"/><path d="M8 9h8M8 12.5h5"/>""",
        ["agent"] = """<path d="M12 3l7.8 4.5v9L12 21l-7.8-4.5v-9z"/><circle cx="12" cy="12" r="3"/>""",
        ["provider"] = """<rect x="4" y="4" width="16" height="6.5" rx="2"/><rect x="4" y="13.5" width="16" height="6.5" rx="2"/><path d="M8 7.25h.01M8 16.75h.01M12 7.25h4M12 16.75h4"/>""",
        ["grid"] = """<rect x="4" y="4" width="6.5" height="6.5" rx="1.5"/><rect x="13.5" y="4" width="6.5" height="6.5" rx="1.5"/><rect x="4" y="13.5" width="6.5" height="6.5" rx="1.5"/><rect x="13.5" y="13.5" width="6.5" height="6.5" rx="1.5"/>""",
        ["search"] = """<circle cx="11" cy="11" r="6.5"/><path d="M16 16l4.5 4.5"/>""",
        ["sidebar"] = """<rect x="3.5" y="4.5" width="17" height="15" rx="2.5"/><path d="M9.5 4.5v15"/>""",
        ["inspector"] = """<rect x="3.5" y="4.5" width="17" height="15" rx="2.5"/><path d="M14.5 4.5v15"/>""",
        ["sun"] = """<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4"/>""",
        ["moon"] = """<path d="M20 14.2A8.2 8.2 0 0 1 9.8 4a8.2 8.2 0 1 0 10.2 10.2z"/>""",
        ["system"] = """<rect x="3.5" y="4.5" width="17" height="11.5" rx="2"/><path d="M9 20h6M12 16v4"/>""",
        ["user"] = """<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c1-3.8 4-5.5 7.5-5.5s6.5 1.7 7.5 5.5"/>""",
        ["sign-out"] = """<path d="M14.5 8V6a2 2 0 0 0-2-2H6.5a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h6a2 2 0 0 0 2-2v-2"/><path d="M10 12h10.5M17.5 8.8L20.7 12l-3.2 3.2"/>""",
        ["key"] = """<circle cx="8" cy="15.5" r="4"/><path d="M11 12.5L19.5 4M16.5 7l2.5 2.5M14 9.5l1.8 1.8"/>""",
        ["keyboard"] = """<rect x="2.5" y="6" width="19" height="12" rx="2"/><path d="M6.5 10h.01M10 10h.01M13.5 10h.01M17 10h.01M8 14h8"/>""",
        ["plus"] = """<path d="M12 5v14M5 12h14"/>""",
        ["close"] = """<path d="M6 6l12 12M18 6L6 18"/>""",
        ["check"] = """<path d="M5 12.5l4.5 4.5L19 7.5"/>""",
        ["check-circle"] = """<circle cx="12" cy="12" r="8.5"/><path d="M8.3 12.3l2.5 2.5 5-5.3"/>""",
        ["x-circle"] = """<circle cx="12" cy="12" r="8.5"/><path d="M9.2 9.2l5.6 5.6M14.8 9.2l-5.6 5.6"/>""",
        ["slash-circle"] = """<circle cx="12" cy="12" r="8.5"/><path d="M6.2 17.8L17.8 6.2"/>""",
        ["tasks"] = """<path d="M4 6.2 5.6 7.8 8.6 4.8M4 12.7l1.6 1.6 3-3M4 19.2l1.6 1.6 3-3"/><path d="M12 6.5h8M12 13h8M12 19.5h8"/>""",
        ["clock"] = """<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>""",
        ["running"] = """<path d="M20.5 12a8.5 8.5 0 1 1-4.3-7.4"/>""",
        ["bell"] = """<path d="M6 10a6 6 0 0 1 12 0c0 4.5 1.8 5.8 2 6.5H4c.2-.7 2-2 2-6.5z"/><path d="M10 19.5a2.2 2.2 0 0 0 4 0"/>""",
        ["hand"] = """<circle cx="12" cy="7.5" r="3.5"/><path d="M5.5 20c.6-3.5 3-5.5 6.5-5.5 1.2 0 2.2.2 3.1.6M19 14.5v3.2M19 20.5h.01"/>""",
        ["warning"] = """<path d="M12 4l9 15.5H3z"/><path d="M12 10v4M12 17h.01"/>""",
        ["info"] = """<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8h.01"/>""",
        ["copy"] = """<rect x="8.5" y="8.5" width="11" height="11.5" rx="2"/><path d="M15.5 8.5V6a2 2 0 0 0-2-2H6.5a2 2 0 0 0-2 2v7.5a2 2 0 0 0 2 2h2"/>""",
        ["send"] = """<path d="M12 19V5.5M6 11l6-6 6 6"/>""",
        ["workflow"] = """<rect x="3.5" y="4" width="6" height="6" rx="1.5"/><rect x="14.5" y="14" width="6" height="6" rx="1.5"/><path d="M9.5 7h3.5a2 2 0 0 1 2 2v5"/>""",
        ["stop"] = """<rect x="6.5" y="6.5" width="11" height="11" rx="2" fill="currentColor"/>""",
        ["retry"] = """<path d="M4.5 12a7.5 7.5 0 1 0 2.3-5.4L4.5 8.8"/><path d="M4.5 4.5v4.3h4.3"/>""",
        ["edit"] = """<path d="M4.5 19.5l.8-3.7L15.8 5.3a1.9 1.9 0 0 1 2.7 0l.2.2a1.9 1.9 0 0 1 0 2.7L8.2 18.7z"/><path d="M13.8 7.3l2.9 2.9"/>""",
        ["trash"] = """<path d="M4.5 6.5h15M9.5 6.5V5a1.5 1.5 0 0 1 1.5-1.5h2A1.5 1.5 0 0 1 14.5 5v1.5M6.5 6.5l.8 12.2a2 2 0 0 0 2 1.8h5.4a2 2 0 0 0 2-1.8l.8-12.2M10.2 11v5M13.8 11v5"/>""",
        ["download"] = """<path d="M12 4v11M7 10.5l5 5 5-5M4.5 20h15"/>""",
        ["upload"] = """<path d="M12 15.5v-11M7 9l5-5 5 5M4.5 20h15"/>""",
        ["attach"] = """<path d="M19.5 11l-7.8 7.8a4.6 4.6 0 0 1-6.5-6.5L13.5 4a3 3 0 0 1 4.3 4.3l-8.1 8.1a1.5 1.5 0 0 1-2.1-2.1L15 7"/>""",
        ["chevron"] = """<path d="M9.5 6l6 6-6 6"/>""",
        ["chevron-down"] = """<path d="M6 9.5l6 6 6-6"/>""",
        ["arrow-down"] = """<path d="M12 5v13.5M6 13l6 6 6-6"/>""",
        ["arrow-up"] = """<path d="M12 19V5.5M6 11l6-6 6 6"/>""",
        ["more"] = """<circle cx="5.5" cy="12" r="1" fill="currentColor"/><circle cx="12" cy="12" r="1" fill="currentColor"/><circle cx="18.5" cy="12" r="1" fill="currentColor"/>""",
        ["link"] = """<path d="M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1"/>""",
        ["tool"] = """<path d="M14.5 6.5a4.5 4.5 0 0 1 5.6-1.3l-3 3 .4 2 2 .4 3-3a4.5 4.5 0 0 1-6.3 5.3L8.5 20.6a2.1 2.1 0 0 1-3-3l7.7-7.7a4.5 4.5 0 0 1 1.3-3.4z" transform="translate(-1.5 0)"/>""",
        ["model"] = """<path d="M12 3.5l1.9 5.1a2.5 2.5 0 0 0 1.5 1.5l5.1 1.9-5.1 1.9a2.5 2.5 0 0 0-1.5 1.5L12 20.5l-1.9-5.1a2.5 2.5 0 0 0-1.5-1.5L3.5 12l5.1-1.9a2.5 2.5 0 0 0 1.5-1.5z"/>""",
        ["artifact"] = """<path d="M6 3.5h8l4.5 4.5v11a1.5 1.5 0 0 1-1.5 1.5H6.5A1.5 1.5 0 0 1 5 19V5a1.5 1.5 0 0 1 1-1.5z"/><path d="M13.5 3.5V8.5h5"/>""",
        ["coin"] = """<circle cx="12" cy="12" r="8.5"/><path d="M14.8 9.3c-.5-.9-1.5-1.3-2.8-1.3-1.6 0-2.7.7-2.7 1.9 0 2.8 5.7 1.3 5.7 4.1 0 1.3-1.2 2-2.9 2-1.4 0-2.5-.5-3-1.5M12 6.5V8M12 16v1.5"/>""",
        ["braces"] = """<path d="M9 4H8a2 2 0 0 0-2 2v3.5a2 2 0 0 1-2 2.5 2 2 0 0 1 2 2.5V18a2 2 0 0 0 2 2h1M15 4h1a2 2 0 0 1 2 2v3.5a2 2 0 0 0 2 2.5 2 2 0 0 0-2 2.5V18a2 2 0 0 1-2 2h-1"/>""",
        ["timeline"] = """<path d="M4 6h9M8 12h10M6 18h7"/>""",
        ["filter"] = """<path d="M4 6h16M7 12h10M10.5 18h3"/>""",
        ["lock"] = """<rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>""",
        ["plug"] = """<path d="M9 3.5v4M15 3.5v4M6.5 7.5h11V11a5.5 5.5 0 0 1-11 0zM12 16.5v4"/>""",
        ["duplicate"] = """<rect x="8.5" y="8.5" width="11" height="11.5" rx="2"/><path d="M15.5 8.5V6a2 2 0 0 0-2-2H6.5a2 2 0 0 0-2 2v7.5a2 2 0 0 0 2 2h2M14 11.5v5.5M11.250 14.250h5.5"/>""",
        ["power"] = """<path d="M12 3.5v8M7 6.5a7.5 7.5 0 1 0 10 0"/>""",
        ["history"] = """<path d="M4.5 12a7.5 7.5 0 1 0 2.3-5.4L4.5 8.8"/><path d="M4.5 4.5v4.3h4.3M12 8v4l2.8 1.8"/>""",
        ["wifi-off"] = """<path d="M3.5 9.5A12.5 12.5 0 0 1 8 6.8M20.5 9.5A12.5 12.5 0 0 0 12 6M7 13.2a7.5 7.5 0 0 1 3-1.8M17 13.2a7 7 0 0 0-1.6-1.2M12 17.5h.01M4 4l16 16"/>""",
        ["settings"] = """<circle cx="12" cy="12" r="3"/><path d="M12 3.500v2.500M12 18v2.500M3.500 12H6M18 12h2.500M6 6l1.800 1.800M16.200 16.200L18 18M18 6l-1.800 1.800M7.800 16.200L6 18"/>""",
        ["pin"] = """<path d="M9 4h6l-.8 5.500 3.300 3.500h-11l3.300-3.500zM12 13v7"/>""",
        ["back"] = """<path d="M14.500 6l-6 6 6 6"/>""",
        ["pause"] = """<path d="M9 6v12M15 6v12"/>""",
        ["step"] = """<path d="M6 6v12l8-6zM17.500 6v12"/>""",
        ["step-back"] = """<path d="M18 6v12l-8-6zM6.500 6v12"/>""",
        ["compare"] = """<path d="M12 4v16M4.500 7h5M4.500 12h5M4.500 17h5M14.500 7h5M14.500 12h3M14.500 17h4"/>""",
        ["publish"] = """<path d="M12 19V8M7.500 12L12 7.500l4.500 4.500M5 4.500h14"/>""",
        ["gallery"] = """<rect x="3.500" y="5" width="17" height="14" rx="2"/><path d="M3.500 15.500l4.500-4.500 4 4 3-3 5.500 5"/><circle cx="15.500" cy="9" r="1.300"/>""",
        ["chart"] = """<path d="M4 20h16M7 20v-7M12 20V5M17 20v-10"/>""",
        ["play"] = """<path d="M8 5.5v13l10.5-6.5z"/>""",
    }.ToFrozenDictionary();

    public static IReadOnlyCollection<string> Names => Paths.Keys;

    public static string Get(string name) => Paths.GetValueOrDefault(name, Unknown);
}
