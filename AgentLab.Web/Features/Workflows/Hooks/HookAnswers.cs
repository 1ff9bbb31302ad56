using System.Text;
using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Engine;

namespace AgentLab.Web.Features.Workflows.Hooks;

/// <summary>What requests to hooks are answered with.</summary>
internal static class HookAnswers
{
    private const string Json = "application/json";

    /// <summary>The run goes on: 202 with its id.</summary>
    public static Task AcceptedAsync(HttpContext context, RunId run) => WriteAsync(context, StatusCodes.Status202Accepted, Json, $$"""{"runId":"{{run}}"}""");

    /// <summary>How the run stands after the wait: what its respond node says, its output, its failure, or 202 while it goes on.</summary>
    public static Task StateAsync(HttpContext context, WorkflowRunState state)
    {
        if (state.Response is { } response)
        {
            return RespondAsync(context, response);
        }

        return state.Status switch
        {
            "completed" => ValueAsync(context, StatusCodes.Status200OK, state.Output ?? default),
            "failed" => WriteAsync(
                context, StatusCodes.Status500InternalServerError, Json,
                $$"""{"runId":"{{state.RunId}}","status":"failed","code":{{JsonSerializer.Serialize(state.Error?.Code ?? "failed")}}}"""),
            "cancelled" => WriteAsync(context, StatusCodes.Status500InternalServerError, Json, $$"""{"runId":"{{state.RunId}}","status":"cancelled"}"""),
            _ => AcceptedAsync(context, state.RunId),
        };
    }

    private static Task RespondAsync(HttpContext context, WorkflowResponse response)
    {
        foreach (var (name, value) in response.Headers)
        {
            context.Response.Headers[name] = value;
        }

        return ValueAsync(context, response.Status, response.Body);
    }

    /// <summary>A text goes out as it is, nothing as nothing, anything else as JSON.</summary>
    private static Task ValueAsync(HttpContext context, int status, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                context.Response.StatusCode = status == StatusCodes.Status200OK ? StatusCodes.Status204NoContent : status;
                return Task.CompletedTask;
            case JsonValueKind.String:
                return WriteAsync(context, status, context.Response.ContentType ?? "text/plain; charset=utf-8", value.GetString()!);
            default:
                return WriteAsync(context, status, context.Response.ContentType ?? Json, value.GetRawText());
        }
    }

    private static async Task WriteAsync(HttpContext context, int status, string contentType, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        if (status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
        {
            return;
        }

        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
