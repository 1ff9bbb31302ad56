using AgentLab.Core;
using AgentLab.Core.Security;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentLab.Web.Features.Workflows;

/// <summary><c>/api/v1/secrets</c>: which secrets workflows may name, and where each may go. They are set in the settings; no answer holds a value.</summary>
internal static class SecretsApi
{
    public static RouteGroupBuilder MapSecretsApi(this RouteGroupBuilder api)
    {
        api.MapGet("/secrets", List).WithTags("Workflows").WithName("ListSecrets");
        return api;
    }

    /// <summary>Lists the secrets that workflows may name</summary>
    /// <remarks>For editors, by name, never with a value. All of them at once: an administrator sets them as <c>AgentLab:Secrets:NAME</c>, and their hosts as <c>AgentLab:SecretHosts:NAME</c>.</remarks>
    public static Results<Ok<SecretsResponse>, ProblemHttpResult> List(Caller caller, INamedSecrets secrets) => caller.Actor.MayEdit
        ? TypedResults.Ok(new SecretsResponse { Items = [.. secrets.List().Select(secret => new SecretItem(secret.Name, secret.Hosts.IsAny, secret.Hosts.Entries))] })
        : ErrorTable.Problem([LabError.Forbidden("Only editors and administrators see which secrets there are.")]);
}

/// <summary>The secrets that workflows may name.</summary>
internal sealed record SecretsResponse
{
    /// <summary>The secrets.</summary>
    public required IReadOnlyList<SecretItem> Items { get; init; }
}

/// <summary>A secret without its value.</summary>
/// <param name="Name">How settings name it: <c>{"secret": "NAME"}</c>.</param>
/// <param name="AnyHost">Whether it may go to any host that the egress policy lets be reached, because no host is set for it.</param>
/// <param name="Hosts">The hosts that it is for; empty for any.</param>
internal sealed record SecretItem(string Name, bool AnyHost, IReadOnlyList<string> Hosts);
