using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace AgentLab.Web.Hosting.Streams;

/// <summary>An answer that goes on for hours. Disposed when it is over or was never sent.</summary>
internal interface ILongAnswer : IDisposable
{
    /// <summary>Writes it. Who asked, the request's query and its services are gone by then.</summary>
    Task SendAsync(HttpContext context);
}

/// <summary>
/// Sends long answers after everything around their endpoint has ended. A request in the middle of its middleware keeps the state of each, its sign-in, its
/// services and its log scopes; a viewer that only waits needs none of that, and there may be thousands of them.
/// </summary>
internal sealed class LongAnswerMiddleware(RequestDelegate next)
{
    /// <summary>Has this answer sent once the endpoint and all around it have returned.</summary>
    public static void Defer(HttpContext context, ILongAnswer answer) => context.Features.Set(answer);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch
        {
            context.Features.Get<ILongAnswer>()?.Dispose();
            throw;
        }

        if (context.Features.Get<ILongAnswer>() is not { } answer)
        {
            return;
        }

        using (answer)
        {
            await LetGoAsync(context);
            await answer.SendAsync(context);
        }
    }

    /// <summary>Drops what nothing behind this point asks for.</summary>
    private static ValueTask LetGoAsync(HttpContext context)
    {
        var features = context.Features;
        features.Set<ILongAnswer>(null);
        features.Set<IHttpAuthenticationFeature>(null);
        features.Set<IAuthenticateResultFeature>(null);
        features.Set<IQueryFeature>(null);
        features.Set<IRouteValuesFeature>(null);
        features.Set<IItemsFeature>(null);
        context.Request.Headers.Authorization = default;
        context.Request.Headers.Cookie = default;

        // The request's services are disposed now instead of at its end.
        var services = features.Get<IServiceProvidersFeature>() as IAsyncDisposable;
        features.Set<IServiceProvidersFeature>(null);
        return services?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
