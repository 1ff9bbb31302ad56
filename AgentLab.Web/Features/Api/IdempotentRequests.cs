using System.Security.Cryptography;
using System.Text.Json;
using AgentLab.Core.Requests;
using AgentLab.Core.Sessions;
using AgentLab.Web.Features.Account.Authentication;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace AgentLab.Web.Features.Api;

/// <summary>Lets a creating request with an <c>Idempotency-Key</c> take effect once: the second time it gets the first one's answer.</summary>
internal sealed class IdempotentRequests(IRequestJournal journal, IOptions<JsonOptions> json)
{
    /// <summary>Tells a client that its request had landed before.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>Runs <paramref name="work"/> unless the request under this key came before. Only an answer of success is kept.</summary>
    /// <param name="context">The request.</param>
    /// <param name="bodyHash">SHA-256 (hex) of what was asked.</param>
    /// <param name="work">Does the work and makes the answer.</param>
    public async ValueTask<object?> RunAsync(HttpContext context, string bodyHash, Func<ValueTask<object?>> work)
    {
        var checks = new RequestChecks();
        var requestKey = checks.Key(context.Request);
        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        if (requestKey is null)
        {
            return await work();
        }

        var route = $"{context.Request.Method} {context.Request.Path}";
        var key = new IdempotencyKey(context.User.ToActor().UserId.ToString(), route.Length <= 100 ? route : route[..100], requestKey.Key, bodyHash);
        var claim = await journal.BeginAsync(key, context.RequestAborted);
        return claim.Kind switch
        {
            RequestClaimKind.New => await WorkAsync(key, work),
            RequestClaimKind.Replayed => Replay(context, claim.Answer!),
            RequestClaimKind.InProgress => ErrorTable.Problem(ErrorCodes.RequestInProgress),
            _ => ErrorTable.Problem(ErrorCodes.IdempotencyKeyReused),
        };
    }

    /// <summary>The hash of a request's body and query.</summary>
    public string Hash(HttpContext context, object? body) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { Query = context.Request.QueryString.Value, Body = body }, json.Value.SerializerOptions)));

    /// <summary>The same, or null when the body holds JSON whose texts cannot be read: half a surrogate pair is well-formed JSON and no text.</summary>
    public string? TryHash(HttpContext context, object? body)
    {
        try
        {
            return Hash(context, body);
        }
        catch (JsonException unreadable) when (unreadable.InnerException is InvalidOperationException)
        {
            return null;
        }
    }

    private async ValueTask<object?> WorkAsync(IdempotencyKey key, Func<ValueTask<object?>> work)
    {
        var kept = false;
        try
        {
            var result = await work();
            if (Answer(result) is { } answer)
            {
                await journal.CompleteAsync(key, answer, CancellationToken.None);
                kept = true;
            }

            return result;
        }
        finally
        {
            if (!kept)
            {
                await journal.AbandonAsync(key, CancellationToken.None);
            }
        }
    }

    private string? Answer(object? result)
    {
        var plain = result is INestedHttpResult nested ? nested.Result : result as IResult;
        if (plain is not IStatusCodeHttpResult { StatusCode: >= 200 and < 300 and var status } || plain is not IValueHttpResult { Value: { } value })
        {
            return null;
        }

        var location = plain.GetType().GetProperty("Location")?.GetValue(plain) as string;
        return JsonSerializer.Serialize(new KeptAnswer(status, location, JsonSerializer.SerializeToElement(value, json.Value.SerializerOptions)), json.Value.SerializerOptions);
    }

    private JsonHttpResult<JsonElement> Replay(HttpContext context, string answer)
    {
        var kept = JsonSerializer.Deserialize<KeptAnswer>(answer, json.Value.SerializerOptions)!;
        context.Response.Headers[ReplayedHeader] = "true";
        if (kept.Location is { } location)
        {
            context.Response.Headers.Location = location;
        }

        return TypedResults.Json(kept.Body, json.Value.SerializerOptions, statusCode: kept.Status);
    }

    private sealed record KeptAnswer(int Status, string? Location, JsonElement Body);
}

/// <summary>Marks an endpoint that takes an <c>Idempotency-Key</c>.</summary>
internal sealed record TakesIdempotencyKey;

/// <summary>Adds the rule to endpoints.</summary>
internal static class IdempotencyRoutes
{
    /// <summary>The handler itself passes the key on; only the API's description needs to know.</summary>
    public static RouteHandlerBuilder DescribesIdempotencyKey(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new TakesIdempotencyKey());

    /// <summary>A request that comes twice under one key takes effect once.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="without">The body without its secrets, whose hash must not be kept either; null when it has none.</param>
    public static RouteHandlerBuilder WithIdempotencyKey(this RouteHandlerBuilder endpoint, Func<object, object>? without = null) =>
        endpoint.DescribesIdempotencyKey().AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            var requests = http.RequestServices.GetRequiredService<IdempotentRequests>();
            var bodyTypes = http.GetEndpoint()?.Metadata.GetOrderedMetadata<IAcceptsMetadata>().Select(a => a.RequestType).ToList() ?? [];
            var body = context.Arguments.FirstOrDefault(a => a is not null && bodyTypes.Contains(a.GetType()));
            var hashed = body is not null && without is not null ? without(body) : body;
            return requests.TryHash(http, hashed) is { } hash
                ? await requests.RunAsync(http, hash, () => next(context))
                : ErrorTable.Invalid("body", "The body holds half a character (a lone surrogate): write it anew.");
        });
}
