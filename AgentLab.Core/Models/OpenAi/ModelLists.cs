using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;

namespace AgentLab.Core.Models.OpenAi;

/// <summary>Asks providers which models they offer (<c>GET /v1/models</c>).</summary>
internal sealed class ModelLists(ModelHttp http, TimeProvider time)
{
    private const int MostModels = 1_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FailureKept = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<(Uri Endpoint, Secret? Key), (DateTimeOffset Until, string? First)> _first = new();

    /// <summary>The models in the provider's own order.</summary>
    /// <exception cref="ModelException">The provider refuses or cannot be reached.</exception>
    public async Task<IReadOnlyList<string>> ListAsync(ProviderDefinition provider, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var total = new CancellationTokenSource(limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(total.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Address(provider));
            if (provider.ApiKey is { } key)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
            }

            using var response = await http.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            var body = await response.Content.ReadAsStringAsync(linked.Token);
            return response.IsSuccessStatusCode
                ? Read(body)
                : throw OpenAiErrors.FromStatus((int)response.StatusCode, OpenAiErrors.ErrorText(body), retryAfter: null, provider, "models");
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            throw OpenAiErrors.Translate(error, provider, "models", begun: false, time);
        }
    }

    /// <summary>The first model that the provider offers, remembered for a while; null when it offers none or does not answer within 3 s.</summary>
    public async ValueTask<string?> FirstAsync(ProviderDefinition provider, CancellationToken cancellationToken)
    {
        var key = (provider.Endpoint!, provider.ApiKey);
        if (_first.TryGetValue(key, out var known) && known.Until > time.GetUtcNow())
        {
            return known.First;
        }

        string? first = null;
        try
        {
            var models = await ListAsync(provider, Limit, cancellationToken);
            first = models.Count > 0 ? models[0] : null;
        }
        catch (ModelException)
        {
            // A provider that cannot be asked offers nothing for now; its test on the Providers page says why.
        }

        _first[key] = (time.GetUtcNow() + (first is null ? FailureKept : Kept), first);
        return first;
    }

    private static Uri Address(ProviderDefinition provider)
    {
        var endpoint = provider.Endpoint ?? throw new ArgumentException("A provider over HTTP needs an endpoint.", nameof(provider));
        return new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/models");
    }

    private static List<string> Read(string body)
    {
        using var document = JsonDocument.Parse(body);
        var list = document.RootElement.GetProperty("data");

        // Ollama writes null where there is no model.
        return list.ValueKind == JsonValueKind.Null
            ? []
            : [.. list.EnumerateArray().Select(m => m.GetProperty("id").GetString()).OfType<string>().Where(id => id.Length > 0).Take(MostModels)];
    }
}
