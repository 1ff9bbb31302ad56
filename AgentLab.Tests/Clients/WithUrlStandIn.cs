using AgentLab.Tests.Api.Streams;
using Microsoft.AspNetCore.SignalR.Client;

namespace AgentLab.Tests.Clients;

/// <summary>Stands in for the package Microsoft.AspNetCore.SignalR.Client, which does not restore here, so that the client of docs/clients.md compiles as people write it.</summary>
internal static class WithUrlStandIn
{
    /// <summary>As in the package: the hub's address and its options.</summary>
    public static IHubConnectionBuilder WithUrl(this IHubConnectionBuilder builder, Uri address, Action<HttpConnectionOptions> configure)
    {
        var options = new HttpConnectionOptions();
        configure(options);
        HubClient.Configure(builder, address, options.AccessTokenProvider);
        return builder;
    }
}

/// <summary>The one option that the client uses.</summary>
internal sealed class HttpConnectionOptions
{
    /// <summary>As in the package: gives the access token for each request.</summary>
    public Func<Task<string?>>? AccessTokenProvider { get; set; }
}
