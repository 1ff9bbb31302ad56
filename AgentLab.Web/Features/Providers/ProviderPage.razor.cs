using AgentLab.Core.Models;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Providers;

/// <summary>Adds or changes one provider.</summary>
public sealed partial class ProviderPage : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private ProviderForm? _form;
    private IReadOnlyList<string> _faults = [];
    private ProviderTestResult? _test;
    private bool _missing;

    /// <summary>The provider; null for a new one.</summary>
    [Parameter]
    public string? Id { get; set; }

    [Inject]
    private IProviderCatalog Catalog { get; set; } = default!;

    [Inject]
    private IProviderStore Store { get; set; } = default!;

    [Inject]
    private IProviderTester Tester { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private Browser Browser { get; set; } = default!;

    private IReadOnlyList<string> Missing => _test is null ? [] : [.. _test.Models.Except(_form!.Models.Select(model => model.Id)).Take(100)];

    /// <inheritdoc />
    public void Dispose()
    {
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

        var all = await Catalog.ListAsync(_leaving.Token);
        if (Id is null)
        {
            _form = new ProviderForm { Order = all.Count(provider => provider.Source != ProviderSource.BuiltIn) };
            return;
        }

        var provider = all.FirstOrDefault(p => p.Id == Id && p.Source == ProviderSource.Settings);
        _missing = provider is null;
        _form = provider is null ? null : ProviderForm.From(provider);
    }

    private void Take((string Name, string Endpoint, bool Key) preset)
    {
        _form!.Name = preset.Name;
        _form.Id = ProviderForm.Slug(preset.Name);
        _form.Endpoint = preset.Endpoint;
    }

    private void Named()
    {
        if (Id is null && _form!.Id.Length == 0)
        {
            _form.Id = ProviderForm.Slug(_form.Name);
        }
    }

    private void AddFound() => _form!.Models.AddRange(Missing.Select(model => new ModelForm { Id = model }));

    private async Task TestAsync()
    {
        _test = null;
        (var definition, _faults) = _form!.Read();
        if (_faults.Count == 0)
        {
            _test = await Tester.TestAsync(definition, _form.KeyChange, _leaving.Token);
        }
    }

    private async Task SaveAsync()
    {
        (var definition, _faults) = _form!.Read();
        if (_faults.Count > 0)
        {
            return;
        }

        if (Id is null && (await Catalog.ListAsync(_leaving.Token)).Any(provider => provider.Id == definition.Id))
        {
            _faults = [$"There is a provider with the id {definition.Id} already. Choose another id."];
            return;
        }

        await Store.SaveAsync(definition, _form.KeyChange, _leaving.Token);
        Navigation.NavigateTo("/settings/providers");
    }

    private async Task DeleteAsync()
    {
        await Store.DeleteAsync(Id!, _leaving.Token);
        await Browser.CloseAsync("delete-provider", _leaving.Token);
        Navigation.NavigateTo("/settings/providers");
    }
}
