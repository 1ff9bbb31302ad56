using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.StaticAssets;

namespace AgentLab.Web.Features.Account.Setup;

/// <summary>Leads everything to the set-up page until there is an administrator, and hides that page ever after.</summary>
internal sealed class SetupMiddleware(RequestDelegate next, SetupGate gate)
{
    /// <summary>Where the set-up page is.</summary>
    public const string Path = "/setup";

    public async Task InvokeAsync(HttpContext context)
    {
        var isSetup = context.Request.Path.StartsWithSegments(Path);
        if (!await gate.IsNeededAsync(context.RequestAborted))
        {
            await (isSetup ? ProblemsSetup.ShowAsync(context, ErrorCodes.NotFound) : next(context));
        }
        else if (isSetup || context.Request.Path.StartsWithSegments("/health") || IsAsset(context))
        {
            await next(context);
        }
        else if (ProblemsSetup.WantsPage(context.Request))
        {
            context.Response.Redirect(Path);
        }
        else
        {
            await ErrorTable.WriteAsync(context, ErrorCodes.SetupRequired);
        }
    }

    private static bool IsAsset(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null;
}
