using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace AgentLab.Core.Models.Catalog;

/// <summary>
/// The providers of <c>AgentLab:Providers:&lt;slug&gt;</c>: Name, Kind, Endpoint, ApiKey or ApiKeyFile, Models (a list of ids or of
/// {Id, InputPrice, OutputPrice, ContextWindow}, or one text with commas), Enabled, Order, IsFallback.
/// </summary>
internal sealed class ProvidersConfiguration
{
    public const string Section = "AgentLab:Providers";

    private static readonly string[] KnownKeys = ["Name", "Kind", "Endpoint", "ApiKey", "ApiKeyFile", "Models", "Enabled", "Order", "IsFallback"];
    private static readonly string[] KnownModelKeys = ["Id", "InputPrice", "OutputPrice", "ContextWindow"];
    private readonly List<string> _faults = [];

    /// <summary>The definitions, by id. Those with faults are among them: the start fails on <see cref="Faults"/>.</summary>
    public IReadOnlyList<ProviderDefinition> Providers { get; private set; } = [];

    /// <summary>Everything that is wrong, each with its place in the configuration.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public void Read(IConfiguration configuration) =>
        Providers = [.. configuration.GetSection(Section).GetChildren().Select(Read).OrderBy(p => p.Id, StringComparer.Ordinal)];

    private ProviderDefinition Read(IConfigurationSection section)
    {
        RefuseUnknown(section, KnownKeys);
        var id = section.Key.ToLowerInvariant();
        var provider = new ProviderDefinition
        {
            Id = id,
            Name = section["Name"] ?? section.Key,
            Kind = Value(section, "Kind", id == ProviderDefinition.RehearsalId ? ProviderKind.Rehearsal : ProviderKind.OpenAiCompatible, ParseKind, "OpenAiCompatible or Rehearsal"),
            Endpoint = Value(section, "Endpoint", null, t => Uri.TryCreate(t, UriKind.Absolute, out var uri) ? uri : null, "an absolute address"),
            ApiKey = Key(section),
            Models = [.. Models(section.GetSection("Models"))],
            Enabled = Value(section, "Enabled", true, t => bool.TryParse(t, out var b) ? b : null, "true or false"),
            Order = Value(section, "Order", id == ProviderDefinition.RehearsalId ? int.MaxValue : 0, t => int.TryParse(t, CultureInfo.InvariantCulture, out var n) ? n : null, "a whole number"),
            IsFallback = Value(section, "IsFallback", false, t => bool.TryParse(t, out var b) ? b : null, "true or false"),
            Source = ProviderSource.Configuration,
        };
        if (provider.Kind == ProviderKind.Rehearsal && provider.Models.Count == 0)
        {
            provider = provider with { Models = ProviderDefinition.Rehearsal.Models };
        }

        _faults.AddRange(ProviderRules.Check(provider).Select(fault => $"{section.Path}: {fault}"));
        return provider;
    }

    private Secret? Key(IConfigurationSection section)
    {
        var (key, file) = (section["ApiKey"], section["ApiKeyFile"]);
        if (string.IsNullOrWhiteSpace(file))
        {
            return Secret.FromOptional(key);
        }

        if (!string.IsNullOrWhiteSpace(key))
        {
            _faults.Add($"{section.Path}: give ApiKey or ApiKeyFile, not both.");
            return null;
        }

        try
        {
            var secret = Secret.FromOptional(File.ReadAllText(file));
            if (secret is null)
            {
                _faults.Add($"{section.Path}:ApiKeyFile: '{file}' is empty.");
            }

            return secret;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            _faults.Add($"{section.Path}:ApiKeyFile: '{file}' cannot be read ({error.Message})");
            return null;
        }
    }

    private IEnumerable<ModelInfo> Models(IConfigurationSection section)
    {
        foreach (var id in section.Value?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            yield return new ModelInfo(id);
        }

        // Keys 0, 1, … 10 must not sort as text.
        foreach (var model in section.GetChildren().OrderBy(c => int.TryParse(c.Key, CultureInfo.InvariantCulture, out var n) ? n : int.MaxValue))
        {
            RefuseUnknown(model, KnownModelKeys);
            yield return new ModelInfo(
                (model["Id"] ?? model.Value ?? "").Trim(),
                Value(model, "InputPrice", null, ParsePrice, "a number, in US dollars for a million tokens"),
                Value(model, "OutputPrice", null, ParsePrice, "a number, in US dollars for a million tokens"),
                Value(model, "ContextWindow", null, t => int.TryParse(t, CultureInfo.InvariantCulture, out var n) ? n : (int?)null, "a whole number of tokens"));
        }
    }

    private void RefuseUnknown(IConfigurationSection section, string[] known)
    {
        foreach (var unknown in section.GetChildren().Where(c => !known.Contains(c.Key, StringComparer.OrdinalIgnoreCase)))
        {
            _faults.Add($"{unknown.Path} is not known; known are {string.Join(", ", known)}.");
        }
    }

    private T Value<T>(IConfigurationSection section, string key, T otherwise, Func<string, T?> parse, string allowed)
        where T : struct => Value(section, key, (T?)otherwise, parse, allowed) ?? otherwise;

    private T? Value<T>(IConfigurationSection section, string key, T? otherwise, Func<string, T?> parse, string allowed)
        where T : struct
    {
        var text = section[key];
        if (string.IsNullOrWhiteSpace(text))
        {
            return otherwise;
        }

        var value = parse(text.Trim());
        if (value is null)
        {
            _faults.Add($"{section.Path}:{key} is '{text}', but must be {allowed}.");
        }

        return value ?? otherwise;
    }

    private Uri? Value(IConfigurationSection section, string key, Uri? otherwise, Func<string, Uri?> parse, string allowed)
    {
        var text = section[key];
        if (string.IsNullOrWhiteSpace(text))
        {
            return otherwise;
        }

        var value = parse(text.Trim());
        if (value is null)
        {
            _faults.Add($"{section.Path}:{key} must be {allowed}.");
        }

        return value;
    }

    private static decimal? ParsePrice(string text) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var price) ? price : null;

    private static ProviderKind? ParseKind(string text) => text.ToLowerInvariant() switch
    {
        "openaicompatible" or "openai-compatible" or "openai" => ProviderKind.OpenAiCompatible,
        "rehearsal" => ProviderKind.Rehearsal,
        _ => null,
    };
}
