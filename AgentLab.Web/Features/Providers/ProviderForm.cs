using System.Globalization;
using System.Text;
using AgentLab.Core.Models;

namespace AgentLab.Web.Features.Providers;

/// <summary>What a person edits of a provider. The key goes in and is never shown.</summary>
internal sealed class ProviderForm
{
    /// <summary>Well-known services and where they answer.</summary>
    public static IReadOnlyList<(string Name, string Endpoint, bool Key)> Presets { get; } =
    [
        ("OpenAI", "https://api.openai.com/v1", true),
        ("Azure OpenAI", "https://YOUR-RESOURCE.openai.azure.com/openai/v1", true),
        ("OpenRouter", "https://openrouter.ai/api/v1", true),
        ("Ollama", "http://127.0.0.1:11434/v1", false),
        ("LM Studio", "http://127.0.0.1:1234/v1", false),
        ("vLLM", "http://127.0.0.1:8000/v1", false),
        ("llama.cpp", "http://127.0.0.1:8080/v1", false),
    ];

    public string Id { get; set; } = "";

    public string Name { get; set; } = "";

    public string Endpoint { get; set; } = "";

    public string Key { get; set; } = "";

    /// <summary>A key is stored already.</summary>
    public bool HasKey { get; set; }

    public bool RemoveKey { get; set; }

    public bool Enabled { get; set; } = true;

    public bool IsFallback { get; set; }

    public int Order { get; set; }

    public List<ModelForm> Models { get; } = [];

    /// <summary>What becomes of the stored key.</summary>
    public SecretChange KeyChange =>
        !string.IsNullOrWhiteSpace(Key) ? SecretChange.Replace(new Secret(Key)) : RemoveKey || !HasKey ? SecretChange.Remove : SecretChange.Keep;

    public static ProviderForm From(ProviderDefinition provider)
    {
        var form = new ProviderForm
        {
            Id = provider.Id,
            Name = provider.Name,
            Endpoint = provider.Endpoint?.AbsoluteUri ?? "",
            HasKey = provider.ApiKey is not null,
            Enabled = provider.Enabled,
            IsFallback = provider.IsFallback,
            Order = provider.Order,
        };
        form.Models.AddRange(provider.Models.Select(ModelForm.From));
        return form;
    }

    /// <summary>An id made of a name: "LM Studio" is <c>lm-studio</c>.</summary>
    public static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(c);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString().Trim('-') is { Length: > 63 } cut ? cut[..63] : slug.ToString().Trim('-');
    }

    /// <summary>The definition, and everything that is wrong with it.</summary>
    public (ProviderDefinition Definition, IReadOnlyList<string> Faults) Read()
    {
        var faults = new List<string>();
        var definition = new ProviderDefinition
        {
            Id = Id.Trim(),
            Name = Name.Trim(),
            Endpoint = Uri.TryCreate(Endpoint.Trim(), UriKind.Absolute, out var uri) ? uri : null,
            ApiKey = Secret.FromOptional(Key),
            Models = [.. Models.Where(model => model.Id.Trim().Length > 0).Select(model => model.Read(faults))],
            Enabled = Enabled,
            IsFallback = IsFallback,
            Order = Order,
        };
        return (definition, [.. faults, .. ProviderRules.Check(definition)]);
    }
}

/// <summary>A model in the form.</summary>
internal sealed class ModelForm
{
    public string Id { get; set; } = "";

    public string Input { get; set; } = "";

    public string Output { get; set; } = "";

    public string Context { get; set; } = "";

    public static ModelForm From(ModelInfo model) => new()
    {
        Id = model.Id,
        Input = model.InputPrice?.ToString(CultureInfo.InvariantCulture) ?? "",
        Output = model.OutputPrice?.ToString(CultureInfo.InvariantCulture) ?? "",
        Context = model.ContextWindow?.ToString(CultureInfo.InvariantCulture) ?? "",
    };

    public ModelInfo Read(List<string> faults) =>
        new(Id.Trim(), Number(Input, "input price", faults), Number(Output, "output price", faults), (int?)Number(Context, "context window", faults));

    private decimal? Number(string text, string what, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (decimal.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= int.MaxValue)
        {
            return number;
        }

        faults.Add($"The {what} of {Id} must be a number such as 0.25, or empty when it is unknown.");
        return null;
    }
}
