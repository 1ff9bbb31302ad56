using AgentLab.Core.Sessions;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Shared;

/// <summary>
/// The ground of a page that shows a list: its filters and its page are its address, so that a reload, a link and Back show the same. A page says where it is,
/// which filters it has and how it reads; it binds its inputs to fields and calls <see cref="Go"/> after each change.
/// </summary>
/// <typeparam name="T">What the list holds.</typeparam>
public abstract class ListPage<T> : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _leaving = new();

    // Addresses that this page led to itself and has not seen yet.
    private readonly HashSet<string> _own = [];
    private string? _seen;
    private CancellationTokenSource? _loading;

    /// <summary>The page of the list that the address names; null for the first.</summary>
    [SupplyParameterFromQuery]
    public string? Cursor { get; set; }

    [Inject]
    protected NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private ICurrentPerson Current { get; set; } = default!;

    /// <summary>The page's path, for example <c>/agents</c>.</summary>
    protected abstract string Path { get; }

    /// <summary>The filters by their name in the address, as they stand in the page's fields; blank ones stay out of it.</summary>
    protected abstract IEnumerable<(string Name, string? Value)> Filters { get; }

    /// <summary>What is shown; null until it is read.</summary>
    protected Page<T>? Page { get; private set; }

    /// <summary>Who looks; null until it is known.</summary>
    protected Person? Person { get; private set; }

    /// <summary>Whether a filter is set.</summary>
    protected bool Filtered => Filters.Any(f => !string.IsNullOrEmpty(f.Value));

    /// <summary>The address of the first page; null when this is it. For the <see cref="Pager"/>.</summary>
    protected string? First => Cursor is null ? null : Address(null);

    /// <summary>The address of the next page; null on the last. For the <see cref="Pager"/>.</summary>
    protected string? Next => Page?.NextCursor is { } next ? Address(next) : null;

    /// <summary>Ends when the viewer leaves the page.</summary>
    protected CancellationToken Leaving => _leaving.Token;

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Fills the page's fields from its address.</summary>
    protected abstract void TakeFilters();

    /// <summary>Reads one page with the filters of the address.</summary>
    /// <exception cref="FormatException">The cursor is not one that this list gave out: the page goes back to the first.</exception>
    protected abstract ValueTask<Page<T>> ReadAsync(Person person, CancellationToken cancellationToken);

    /// <summary>Leads to the list as the fields now filter it, from its first page. For inputs' <c>@bind:after</c> and the form's submit.</summary>
    protected void Go()
    {
        var address = Address(null);
        _own.Add(Navigation.ToAbsoluteUri(address).AbsoluteUri);
        Navigation.NavigateTo(address, replace: true);
    }

    /// <summary>Reads what is shown again, after a change to it.</summary>
    protected async Task ReloadAsync()
    {
        _loading?.Cancel();
        _loading?.Dispose();
        _loading = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token);
        var ct = _loading.Token;
        try
        {
            Person = await Current.GetAsync(ct);
            Page = await ReadAsync(Person, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // A newer filter took its place, or the viewer left.
        }
        catch (FormatException)
        {
            Navigation.NavigateTo(Address(null), replace: true);
        }
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (!RendererInfo.IsInteractive)
        {
            return;
        }

        // What is typed now wins over the address that an earlier letter led to; an address from elsewhere (a link, Back) fills the filters. The same address is handed in more
        // than once: it counts the first time.
        if (Navigation.Uri != _seen)
        {
            _seen = Navigation.Uri;
            if (!_own.Remove(_seen))
            {
                TakeFilters();
            }
        }

        await ReloadAsync();
    }

    /// <summary>Ends what is being read.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _leaving.Cancel();
            _loading?.Dispose();
            _leaving.Dispose();
        }
    }

    private string Address(string? cursor)
    {
        var query = Filters.ToDictionary(f => f.Name, f => string.IsNullOrEmpty(f.Value) ? null : (object?)f.Value);
        query["cursor"] = cursor;
        return Navigation.GetUriWithQueryParameters(Path, query);
    }
}
