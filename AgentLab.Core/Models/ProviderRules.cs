using System.Text.RegularExpressions;

namespace AgentLab.Core.Models;

/// <summary>What a provider's definition must be, checked alike for configuration, the Providers page and the API.</summary>
public static partial class ProviderRules
{
    /// <summary>The longest name, in characters.</summary>
    public const int NameLength = 100;

    private const int MostModels = 500;
    private const int ModelIdLength = 200;

    private static readonly string[] Placeholders = ["changeme", "change-me", "your-key", "your-api-key", "your_api_key", "todo", "xxx", "placeholder"];

    /// <summary>Every fault at once, each a sentence that says what is allowed; empty when the definition is sound.</summary>
    public static IReadOnlyList<string> Check(ProviderDefinition provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        var faults = new List<string>();
        if (!IsSlug(provider.Id))
        {
            faults.Add("The id must be 1 to 63 of a-z, 0-9 and '-', beginning with a letter or digit.");
        }

        if (string.IsNullOrWhiteSpace(provider.Name) || provider.Name.Length > NameLength)
        {
            faults.Add($"The name must have 1 to {NameLength} characters.");
        }

        CheckEndpoint(provider, faults);
        CheckKey(provider.ApiKey, faults);
        CheckModels(provider.Models, faults);
        return faults;
    }

    /// <summary>
    /// Every fault of a change to a stored provider. A kept key stays with the address it was given for: otherwise whoever may edit the
    /// address could have the key sent to a server of their own.
    /// </summary>
    /// <param name="before">The stored definition; null for a new provider.</param>
    /// <param name="after">The wanted definition.</param>
    /// <param name="key">What becomes of the key.</param>
    public static IReadOnlyList<string> CheckChange(ProviderDefinition? before, ProviderDefinition after, SecretChange key)
    {
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(key);
        var faults = Check(after with { ApiKey = key.Value }).ToList();
        if (after.Kind == ProviderKind.Rehearsal)
        {
            faults.Add("The rehearsal model is built in and cannot be added.");
        }

        if (key.IsKeep && before?.ApiKey is not null && !IsSamePlace(before.Endpoint, after.Endpoint))
        {
            faults.Add("The endpoint leads to another server: enter the API key again, or remove it.");
        }

        return faults;
    }

    private static bool IsSamePlace(Uri? one, Uri? other) =>
        one is not null && other is not null && Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>True for an id that a provider may have.</summary>
    public static bool IsSlug(string? id) => id is not null && Slug().IsMatch(id);

    private static void CheckEndpoint(ProviderDefinition provider, List<string> faults)
    {
        if (provider.Kind == ProviderKind.Rehearsal)
        {
            return;
        }

        if (provider.Endpoint is not { IsAbsoluteUri: true } endpoint || endpoint.Scheme is not ("http" or "https"))
        {
            faults.Add("The endpoint must be an absolute http or https address that ends in /v1, such as http://127.0.0.1:11434/v1.");
        }
        else if (endpoint.UserInfo.Length > 0 || endpoint.Query.Length > 0 || endpoint.Fragment.Length > 0)
        {
            faults.Add("The endpoint must not hold a user name, a password, a query or a fragment: the key has its own field.");
        }
        else if (endpoint.AbsolutePath is "/" or "")
        {
            faults.Add($"The endpoint has no path: it must end in /v1, such as {endpoint.GetLeftPart(UriPartial.Authority)}/v1.");
        }
        else if (endpoint.AbsolutePath.TrimEnd('/').EndsWith("/chat/completions", StringComparison.Ordinal))
        {
            faults.Add("The endpoint must end before /chat/completions, usually in /v1.");
        }
    }

    private static void CheckKey(Secret? key, List<string> faults)
    {
        if (key is null)
        {
            return;
        }

        var value = key.Reveal();
        if (value.Any(c => c is < '!' or > '~'))
        {
            faults.Add("The API key must be printable ASCII without spaces.");
        }
        else if (Placeholders.Any(p => value.Equals(p, StringComparison.OrdinalIgnoreCase) || value.Contains($"<{p}>", StringComparison.OrdinalIgnoreCase)))
        {
            faults.Add("The API key is a placeholder: give the real one, or leave it out where none is needed.");
        }
    }

    private static void CheckModels(IReadOnlyList<ModelInfo> models, List<string> faults)
    {
        if (models.Count > MostModels)
        {
            faults.Add($"At most {MostModels} models may be listed.");
        }

        foreach (var model in models)
        {
            if (string.IsNullOrWhiteSpace(model.Id) || model.Id.Length > ModelIdLength)
            {
                faults.Add($"A model's id must have 1 to {ModelIdLength} characters.");
            }

            if (model.InputPrice < 0 || model.OutputPrice < 0)
            {
                faults.Add($"The prices of '{model.Id}' must not be negative.");
            }

            if (model.ContextWindow <= 0)
            {
                faults.Add($"The context window of '{model.Id}' must be positive.");
            }
        }

        foreach (var twice in models.GroupBy(m => m.Id, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            faults.Add($"The model '{twice.Key}' is listed twice.");
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$")]
    private static partial Regex Slug();
}
