using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace AgentLab.Web.Layout;

/// <summary>One line of the palette.</summary>
/// <param name="Title">What it says.</param>
/// <param name="Kind">What sort of thing it is: "Page", "Session".</param>
/// <param name="Icon">A name of the icon set.</param>
/// <param name="Href">Where choosing it leads.</param>
public sealed record PaletteItem(string Title, string Kind, string Icon, string Href);

/// <summary>Finds things for the palette. Each feature may register one.</summary>
public interface IPaletteSource
{
    /// <summary>At most 8 items that match the words, best first; an empty query asks for the most recent.</summary>
    ValueTask<IReadOnlyList<PaletteItem>> FindAsync(string query, CancellationToken ct);
}

/// <summary>Ctrl+K: jump to anything. The browser opens it and moves in it; the server finds.</summary>
public sealed partial class CommandPalette : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private CancellationTokenSource? _search;
    private string _query = "";
    private List<PaletteItem> _items = [];

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IEnumerable<IPaletteSource> Sources { get; set; } = default!;

    [CascadingParameter]
    private Task<AuthenticationState> Authentication { get; set; } = default!;

    /// <inheritdoc />
    public void Dispose()
    {
        _leaving.Cancel();
        _search?.Dispose();
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync() => _items = [.. Pages("", (await Authentication).User)];

    // The box is bound, not drawn from each answer: who types faster than the server answers keeps every letter.
    private async Task FindAsync()
    {
        _search?.Cancel();
        _search?.Dispose();
        _search = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token);
        var ct = _search.Token;
        var items = Pages(_query, (await Authentication).User).ToList();
        try
        {
            foreach (var source in Sources)
            {
                items.AddRange(await source.FindAsync(_query, ct));
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }

        _items = items;
    }

    private async Task ChooseAsync(PaletteItem item)
    {
        Navigation.NavigateTo(item.Href);
        _query = "";
        await FindAsync();
    }

    private static IEnumerable<PaletteItem> Pages(string query, ClaimsPrincipal user) => NavEntries.All
        .Where(entry => entry.Role is null || user.IsInRole(entry.Role))
        .Where(entry => entry.Title.Contains(query, StringComparison.OrdinalIgnoreCase) || entry.Does.Contains(query, StringComparison.OrdinalIgnoreCase))
        .OrderByDescending(entry => entry.Title.Contains(query, StringComparison.OrdinalIgnoreCase))
        .Select(entry => new PaletteItem(entry.Title, "Page", entry.Icon, entry.Href));
}
