using AgentLab.Core.Sessions;
using AgentLab.Web.Hosting.Problems;

namespace AgentLab.Web.Features.Sessions;

/// <summary>What all routes of one session share.</summary>
internal static class SessionRoutes
{
    private const string Parameter = "id";

    /// <summary>Refuses an id that cannot be one before any handler sees it.</summary>
    public static RouteGroupBuilder CheckSessionId(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(async (context, next) =>
            SessionId.TryParse(context.HttpContext.GetRouteValue(Parameter) as string, null, out _)
                ? await next(context)
                : ErrorTable.Invalid(Parameter, "A session id is 1 to 100 of a-z, A-Z, 0-9, - and _."));
        return group;
    }
}
