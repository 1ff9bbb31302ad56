using System.Text.Json.Nodes;
using AgentLab.Core.Sessions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AgentLab.Web.Features.Api;

/// <summary>The API's description at <c>/openapi/v1.json</c>, made from the routes, their types and their XML docs.</summary>
internal static class OpenApiSetup
{
    private const string Document = "v1";
    private const string Bearer = "bearer";
    private const string Cookie = "cookie";
    private const string Problem = "application/problem+json";

    private const string Introduction = """
        Talk to agents, follow what they do as it happens, and read it again later.

        Sign in with `POST /api/v1/auth/login` and send `Authorization: Bearer <accessToken>`; a browser that is signed in sends its cookie.
        Lists are paged by `cursor` and `limit` (20, at most 100). Every POST that makes something takes an `Idempotency-Key`: sent twice, it takes effect once.
        Errors are problems (RFC 9457) with a stable `code` and a `traceId`.
        """;

    public static IServiceCollection AddLabOpenApi(this IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer(Describe);
        options.AddOperationTransformer(Complete);
        options.AddSchemaTransformer(Shape);
    });

    public static void MapLabOpenApi(this WebApplication app)
    {
        app.MapOpenApi().RequireAuthorization();
        app.MapGet("/docs/api", () => new RazorComponentResult<ApiDocs>()).RequireAuthorization();
    }

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = "AgentLab", Version = Document, Description = Introduction };
        // Clients take the address from where they got this; a proxy's inner address would mislead them.
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The access token of POST /api/v1/auth/login." },
            [Cookie] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "agentlab", Description = "A browser that is signed in." },
        };
        return Task.CompletedTask;
    }

    private static Task Complete(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Responses ??= [];
        if (!metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [Requirement(Bearer, context.Document), Requirement(Cookie, context.Document)];
            operation.Responses.TryAdd("401", ProblemResponse("Sign-in is needed."));
        }

        operation.Responses.TryAdd("400", ProblemResponse("The request is not well-formed, or holds values that are not allowed."));
        operation.Responses.TryAdd("429", ProblemResponse("Too many requests; see Retry-After."));
        if (context.Description.RelativePath?.Contains('{', StringComparison.Ordinal) == true)
        {
            operation.Responses.TryAdd("404", ProblemResponse("There is no such thing, or you may not see it."));
        }

        if (metadata.OfType<TakesIdempotencyKey>().Any())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = IdempotencyHeader.Name,
                In = ParameterLocation.Header,
                Description = "1 to 255 printable characters of your choice. The same request under the same key takes effect once and gets the same answer, for 24 hours.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 255 },
            });
            operation.Responses.TryAdd("422", ProblemResponse("The key was used with another body."));
        }

        return Task.CompletedTask;
    }

    private static Task Shape(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type == typeof(EncodedEvent))
        {
            schema.Type = JsonSchemaType.Object;
            schema.Description = "A committed event; docs/events.md lists the types and their data.";
            schema.Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["sequence"] = Of(JsonSchemaType.Integer, "The position in its session, from 1 without gaps.", "int64"),
                ["runId"] = Of(JsonSchemaType.String, "The run it belongs to, if any.", "uuid"),
                ["stepId"] = Of(JsonSchemaType.String, "The step it belongs to, if any."),
                ["attempt"] = Of(JsonSchemaType.Integer, "The attempt of the step, from 1.", "int32"),
                ["type"] = Of(JsonSchemaType.String, "The stable dotted type."),
                ["v"] = Of(JsonSchemaType.Integer, "The version of the data's shape.", "int32"),
                ["at"] = Of(JsonSchemaType.String, "When it was appended, to the microsecond.", "date-time"),
                ["data"] = Of(JsonSchemaType.Object, "The content."),
            };
            schema.Examples = [JsonNode.Parse("""{"sequence":2,"type":"message.user","v":1,"at":"2026-01-01T12:00:00.000000Z","data":{"text":"Which orders are late?"}}""")!];
        }

        return Task.CompletedTask;
    }

    private static OpenApiSchema Of(JsonSchemaType type, string description, string? format = null) =>
        new() { Type = type, Description = description, Format = format };

    private static OpenApiSecurityRequirement Requirement(string scheme, OpenApiDocument? document) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };

    private static OpenApiResponse ProblemResponse(string description) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType> { [Problem] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } } },
    };
}
