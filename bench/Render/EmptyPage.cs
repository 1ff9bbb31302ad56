using AgentLab.Bench.Measure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentLab.Bench.Render;

/// <summary>The reference for pages: a Blazor Server program with one interactive page that holds a word and nothing else.</summary>
internal sealed class EmptyPageServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EmptyPageServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public static async Task<EmptyPageServer> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        var app = builder.Build();
        var script = Path.Combine(Repository.Root, "AgentLab.Web", "wwwroot", "_framework", "blazor.web.js");
        app.MapGet("/_framework/blazor.web.js", () => Results.File(script, "text/javascript"));
        app.UseAntiforgery();
        app.MapRazorComponents<EmptyRoot>().AddInteractiveServerRenderMode();
        await app.StartAsync(cancellationToken);
        return new EmptyPageServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>The document.</summary>
internal sealed class EmptyRoot : ComponentBase
{
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.AddMarkupContent(0, "<!DOCTYPE html>");
        builder.OpenElement(1, "html");
        builder.OpenElement(2, "body");
        builder.OpenComponent<EmptyBody>(3);
        builder.AddComponentRenderMode(RenderMode.InteractiveServer);
        builder.CloseComponent();
        builder.AddMarkupContent(4, "<script src=\"/_framework/blazor.web.js\"></script>");
        builder.CloseElement();
        builder.CloseElement();
    }
}

/// <summary>The page's address.</summary>
[Route("/")]
public sealed class EmptyPage : ComponentBase;

/// <summary>A word that tells when the page has become interactive.</summary>
public sealed class EmptyBody : ComponentBase
{
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "p");
        builder.AddAttribute(1, "id", RendererInfo.IsInteractive ? "live" : "still");
        builder.AddContent(2, "Ready");
        builder.CloseElement();
    }
}
