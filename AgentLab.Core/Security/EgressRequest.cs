namespace AgentLab.Core.Security;

/// <summary>A request within the egress policy.</summary>
/// <param name="Method">Such as GET or POST.</param>
/// <param name="Uri">Where to.</param>
public sealed record EgressRequest(HttpMethod Method, Uri Uri)
{
    /// <summary>Headers, those of the content included. They go to the first host only: a redirect to another origin leaves them behind.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The body; null for none. It is sent again where a redirect asks for the same method.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>The body's media type with its parameters.</summary>
    public string? ContentType { get; init; }

    /// <summary>Looks at each address before anything is sent to it, those of redirects included; what it throws ends the request. Default: nothing does.</summary>
    public Action<Uri>? Before { get; init; }

    /// <summary>Whether redirects are followed, each under the policy; else the redirect itself is the answer. Default: true.</summary>
    public bool FollowRedirects { get; init; } = true;
}
