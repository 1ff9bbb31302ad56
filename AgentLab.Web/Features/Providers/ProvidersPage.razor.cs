using System.Globalization;
using AgentLab.Core.Models;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Providers;

/// <summary>The providers in their order, with how each does.</summary>
public sealed partial class ProvidersPage : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private readonly Dictionary<string, ProviderTestResult> _tests = [];
    private List<ProviderDefinition>? _providers;
    private ProviderDefinition? _ollama;
    private IDisposable? _watch;
    private string? _default;
    private string? _problem;

    [Inject]
    private IProviderCatalog Catalog { get; set; } = default!;

    [Inject]
    private IProviderStore Store { get; set; } = default!;

    [Inject]
    private IProviderTester Tester { get; set; } = default!;

    [Inject]
    private IProviderHealth Health { get; set; } = default!;

    [Inject]
    private IOllamaDiscovery Ollama { get; set; } = default!;

    [Inject]
    private IModelClients Clients { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    /// <inheritdoc />
    public void Dispose()
    {
        _watch?.Dispose();
        _leaving.Cancel();
        _leaving.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (!RendererInfo.IsInteractive)
        {
            return;
        }

        _watch = Health.Subscribe(OnHealth);
        await LoadAsync();
        StateHasChanged();
        _ollama = await Ollama.FindAsync(_leaving.Token);
    }

    private static string Price(decimal? price) => price?.ToString("0.####", CultureInfo.InvariantCulture) ?? "unknown";

    private static (Status Status, string Word) StateOf(ProviderDefinition provider, ProviderHealth health) => (provider.Enabled, health) switch
    {
        (false, _) => (Status.Cancelled, "Disabled"),
        (_, { State: CircuitState.Open }) => (Status.Failed, "Unavailable"),
        (_, { State: CircuitState.HalfOpen }) => (Status.NeedsPerson, "Being tried"),
        (_, { IsHealthy: false }) => (Status.NeedsPerson, "Failing"),
        _ => (Status.Done, "Ready"),
    };

    private void OnHealth(ProviderHealth changed) => _ = InvokeAsync(StateHasChanged);

    private async Task LoadAsync()
    {
        _providers = [.. await Catalog.ListAsync(_leaving.Token)];
        try
        {
            _default = (await Clients.RouteAsync(null, _leaving.Token)).Primary.ProviderId;
            _problem = null;
        }
        catch (ModelException fault)
        {
            _default = null;
            _problem = fault.Message;
        }
    }

    private async Task TestAsync(ProviderDefinition provider) =>
        _tests[provider.Id] = await Tester.TestAsync(provider, SecretChange.Keep, _leaving.Token);

    private async Task TakeOllamaAsync()
    {
        await Store.SaveAsync(_ollama!, SecretChange.Remove, _leaving.Token);
        _ollama = null;
        await LoadAsync();
    }

    private bool CanMove(int index, int by) =>
        index + by >= 0 && index + by < _providers!.Count && _providers[index + by].Source == ProviderSource.Settings;

    private async Task MoveAsync(int index, int by)
    {
        (_providers![index], _providers[index + by]) = (_providers[index + by], _providers[index]);
        // Each gets the number of its place, so that equal numbers of earlier times do not stop a move.
        foreach (var (provider, place) in _providers.Select((provider, place) => (provider, place)).Where(p => p.provider.Source == ProviderSource.Settings && p.provider.Order != p.place))
        {
            await Store.SaveAsync(provider with { Order = place }, SecretChange.Keep, _leaving.Token);
        }

        await LoadAsync();
    }
}
