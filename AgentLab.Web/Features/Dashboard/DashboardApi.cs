using AgentLab.Core.Dashboard;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentLab.Web.Features.Dashboard;

/// <summary><c>/api/v1/dashboard</c>: how the runs go.</summary>
internal static class DashboardApi
{
    public static RouteGroupBuilder MapDashboardApi(this RouteGroupBuilder api)
    {
        api.MapGet("/dashboard", GetAsync).WithTags("Dashboard").WithName("GetDashboard");
        return api;
    }

    /// <summary>Says how the runs of a period went</summary>
    /// <remarks>Runs that go on and wait now; those that ended in the period by state, hour or day, agent, workflow and project, with tokens and cost; how long they took. A run belongs to the moment at which it ended. Days begin at midnight UTC. Administrators are told the nodes too.</remarks>
    /// <param name="caller">Who asks.</param>
    /// <param name="feed">Reads the figures.</param>
    /// <param name="period">How far back: today (default, by the hour), week (today and six days before) or month (today and 29 days before), by the day.</param>
    /// <param name="owner">me (default) or, for administrators, all.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Ok<DashboardResponse>, ProblemHttpResult>> GetAsync(
        Caller caller, DashboardFeed feed, string? period, string? owner, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var wanted = checks.Word<DashboardPeriod>("period", period) ?? DashboardPeriod.Today;
        var all = owner == "all" && caller.Actor.IsAdministrator;
        if (!all && owner is not (null or "" or "me"))
        {
            checks.Add("owner", "me is allowed, and all for administrators.");
        }

        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        var scope = new DashboardScope(all ? null : caller.Actor.UserId, wanted, caller.Actor.IsAdministrator);
        return TypedResults.Ok(DashboardResponse.Of(wanted, await feed.ReadAsync(scope, cancellationToken)));
    }
}
