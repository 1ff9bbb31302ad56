using AgentLab.Core.Workflows.Engine;
using AgentLab.Web.Hosting.Problems;
using AgentLab.Web.Hosting.RateLimits;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentLab.Web.Features.Workflows.Hooks;

/// <summary>
/// <c>/hooks/{slug}</c> starts published, active workflows; <c>/hooks/wait/{key}</c> wakes runs that wait for a request. Anonymous: they skip everything that is there for
/// people who sign in, and each has a limit of its own.
/// </summary>
internal static class HooksApi
{
    private const int MaxBodyBytes = 1024 * 1024;

    public static IServiceCollection AddLabHooks(this IServiceCollection services)
    {
        services.TryAddSingleton<HookLimiter>();
        services.TryAddSingleton<HookPlans>();
        services.TryAddSingleton<HookSignatures>();
        services.TryAddSingleton<HookStarter>();
        return services;
    }

    public static void MapLabHooks(this IEndpointRouteBuilder app)
    {
        var starter = app.ServiceProvider.GetRequiredService<HookStarter>();
        var runs = app.ServiceProvider.GetRequiredService<IWorkflowRuns>();
        var limiter = app.ServiceProvider.GetRequiredService<HookLimiter>();
        app.Map("/hooks/{slug}", context => GuardAsync(context, starter.StartAsync)).Open("StartByWebhook");
        app.Map("/hooks/wait/{key}", context => GuardAsync(context, c => WakeAsync(c, runs, limiter))).Open("WakeByWebhook");
    }

    private static void Open(this IEndpointConventionBuilder endpoint, string name) =>
        endpoint.AllowAnonymous().WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes), new EndpointNameAttribute(name)).ShortCircuit();

    /// <summary>Only answers of ours are dressed as problems; what a workflow answers goes out as it is, whatever its status.</summary>
    private static async Task GuardAsync(HttpContext context, Func<HttpContext, Task> work)
    {
        context.Features.Get<IStatusCodePagesFeature>()?.Enabled = false;
        try
        {
            await work(context);
        }
        catch (HookRefusedException refusal)
        {
            await ErrorTable.WriteAsync(context, refusal.Code, refusal.Message);
        }
    }

    private static async Task WakeAsync(HttpContext context, IWorkflowRuns runs, HookLimiter limiter)
    {
        if (limiter.Try(HookLimiter.Wakes) is { } seconds)
        {
            await RateLimitsSetup.RefuseAsync(context, seconds);
            return;
        }

        var body = await HookBody.ReadAsync(context.Request, context.RequestAborted);
        var outcome = await runs.DeliverAsync((string)context.Request.RouteValues["key"]!, body.Payload(context.Request), context.RequestAborted);
        if (outcome.Ok)
        {
            await HookAnswers.AcceptedAsync(context, outcome.Value.RunId);
        }
        else
        {
            await ErrorTable.Problem(outcome.Errors).ExecuteAsync(context);
        }
    }
}

/// <summary>A request to a hook that is not taken.</summary>
internal sealed class HookRefusedException(string code, string message) : Exception(message)
{
    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public string Code { get; } = code;
}
