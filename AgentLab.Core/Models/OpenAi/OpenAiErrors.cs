using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Text.Json;

namespace AgentLab.Core.Models.OpenAi;

/// <summary>
/// Says what went wrong with a request, as a <see cref="ModelException"/>. The package's own exceptions are not kept as inner ones:
/// their text repeats the provider's body, which may repeat the key.
/// </summary>
internal static class OpenAiErrors
{
    private const int LongestDetail = 300;

    public static ModelException Translate(Exception error, ProviderDefinition provider, string modelId, bool begun, TimeProvider time) => error switch
    {
        ModelException known => known,
        ClientResultException { Status: > 0 } refused => FromStatus(
            refused.Status, ErrorText(BodyOf(refused)), RetryAfter(refused.GetRawResponse(), time), provider, modelId),
        StreamErrorException inStream => FromStream(inStream, provider, modelId, begun),
        ResponseTooLargeException large => new ModelException(ModelErrorCodes.BadResponse, $"{provider.Name} {large.Message}") { ProviderId = provider.Id },
        OperationCanceledException => new ModelException(ModelErrorCodes.Timeout, $"{provider.Name} did not answer in time. Try again, or choose a faster model.")
        {
            IsTransient = true,
            ProviderId = provider.Id,
        },
        _ when IsConnection(error) => begun ? Interrupted(provider, error) : Unreachable(provider, error),
        _ => new ModelException(
            ModelErrorCodes.BadResponse,
            $"{provider.Name} answered with something that is not the OpenAI protocol. Check that its endpoint is right: it usually ends in /v1.")
        {
            ProviderId = provider.Id,
        },
    };

    public static ModelException Interrupted(ProviderDefinition provider, Exception? inner) =>
        new(ModelErrorCodes.Interrupted, $"The answer of {provider.Name} broke off before its end. Try again.", inner) { IsTransient = true, ProviderId = provider.Id };

    /// <summary>The failure that an HTTP status stands for.</summary>
    /// <param name="status">The status of the provider's answer.</param>
    /// <param name="detail">The provider's own words, or empty.</param>
    /// <param name="retryAfter">What the provider asks to wait.</param>
    /// <param name="provider">The provider that answered.</param>
    /// <param name="modelId">The model that was asked for.</param>
    public static ModelException FromStatus(int status, string detail, TimeSpan? retryAfter, ProviderDefinition provider, string modelId)
    {
        var (code, words, transient) = Describe(status, detail, provider.Name, modelId);
        return new ModelException(code, Sentence(words, detail, provider.ApiKey))
        {
            Summary = words,
            IsTransient = transient,
            RetryAfter = transient ? retryAfter : null,
            ProviderId = provider.Id,
            Status = status,
        };
    }

    /// <summary>The provider's words in an error body: <c>error.message</c>, <c>error</c>, <c>message</c> or <c>detail</c>; empty when there are none.</summary>
    public static string ErrorText(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Find(document.RootElement) ?? "";
        }
        catch (JsonException)
        {
            // A proxy's HTML page helps nobody.
            return "";
        }
    }

    private static (string Code, string Words, bool Transient) Describe(int status, string detail, string name, string modelId) => status switch
    {
        429 when IsQuota(detail) => (ModelErrorCodes.Rejected, $"{name} says that the quota or credit of this key is used up.", false),
        429 => (ModelErrorCodes.RateLimited, $"{name} accepts no more requests for now. Wait a little, or choose another provider.", true),
        401 or 403 => (ModelErrorCodes.Unauthorized, $"{name} refuses the API key ({status}). Check the key on the Providers page.", false),
        404 => (ModelErrorCodes.Unknown, $"{name} does not know the model '{modelId}' (404). Choose one of its models, or check its endpoint.", false),
        408 or 504 => (ModelErrorCodes.Timeout, $"{name} did not answer in time ({status}). Try again.", true),
        400 or 413 when IsTooLong(detail) => (ModelErrorCodes.ContextTooLong, $"The prompt is longer than '{modelId}' of {name} can take. Shorten the session, or choose a model with a larger context window.", false),
        >= 500 => (ModelErrorCodes.Unavailable, $"{name} has a fault of its own ({status}). Try again in a moment.", true),
        >= 300 and < 400 => (ModelErrorCodes.Rejected, $"{name} redirects to another address ({status}), which is not followed. Set its final address as the endpoint.", false),
        _ => (ModelErrorCodes.Rejected, $"{name} refuses the request ({status}).", false),
    };

    private static ModelException FromStream(StreamErrorException error, ProviderDefinition provider, string modelId, bool begun)
    {
        var detail = ErrorText($$"""{"error":{{error.Json}}}""");
        var status = StatusIn(error.Json);
        return !begun && status is { } known
            ? FromStatus(known, detail, retryAfter: null, provider, modelId)
            : new ModelException(ModelErrorCodes.Interrupted, Sentence($"{provider.Name} broke off its answer with an error.", detail, provider.ApiKey))
            {
                Summary = $"{provider.Name} broke off its answer with an error.",
                IsTransient = true,
                ProviderId = provider.Id,
                Status = status,
            };
    }

    private static ModelException Unreachable(ProviderDefinition provider, Exception error) => new(
        ModelErrorCodes.Unavailable,
        $"{provider.Name} cannot be reached at {provider.Endpoint?.GetLeftPart(UriPartial.Authority)}. Check that it runs and that its endpoint is right.",
        error)
    {
        IsTransient = true,
        ProviderId = provider.Id,
    };

    private static bool IsConnection(Exception error) => error switch
    {
        // Status 0: no answer came.
        ClientResultException => true,
        HttpRequestException or IOException or System.Net.Sockets.SocketException => true,
        AggregateException many => many.InnerExceptions.All(IsConnection),
        _ => false,
    };

    private static bool IsQuota(string detail) => detail.Contains("quota", StringComparison.OrdinalIgnoreCase) && detail.Contains("billing", StringComparison.OrdinalIgnoreCase);

    private static bool IsTooLong(string detail) =>
        detail.Contains("context length", StringComparison.OrdinalIgnoreCase)
        || detail.Contains("context window", StringComparison.OrdinalIgnoreCase)
        || detail.Contains("context_length", StringComparison.OrdinalIgnoreCase)
        || detail.Contains("context size", StringComparison.OrdinalIgnoreCase);

    private static string Sentence(string words, string detail, Secret? key)
    {
        var clean = new string([.. detail.Where(c => !char.IsControl(c))]).Trim();
        clean = key is null ? clean : key.Redact(clean);
        clean = clean.Length <= LongestDetail ? clean : clean[..LongestDetail] + "…";
        return clean.Length == 0 ? words : $"{words} It says: {clean}";
    }

    private static string BodyOf(ClientResultException error)
    {
        try
        {
            return error.GetRawResponse()?.Content.ToString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // The body of a refused stream may not have been buffered.
            return "";
        }
    }

    private static TimeSpan? RetryAfter(PipelineResponse? response, TimeProvider time)
    {
        if (response is null)
        {
            return null;
        }

        if (response.Headers.TryGetValue("retry-after-ms", out var ms) && double.TryParse(ms, NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is >= 0 and < 86_400_000)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        if (!response.Headers.TryGetValue("Retry-After", out var value))
        {
            return null;
        }

        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 86_400)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        var wait = DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at - time.GetUtcNow() : (TimeSpan?)null;
        return wait is { } positive && positive > TimeSpan.Zero ? positive : null;
    }

    private static int? StatusIn(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("code", out var code)
                && code.ValueKind == JsonValueKind.Number
                && code.TryGetInt32(out var status)
                && status is >= 400 and < 600
                    ? status
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Find(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            return element.GetString();
        }

        if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0)
        {
            return Find(element[0]);
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var name in (ReadOnlySpan<string>)["error", "message", "detail"])
        {
            if (element.TryGetProperty(name, out var inner) && Find(inner) is { } text)
            {
                return text;
            }
        }

        return null;
    }
}
