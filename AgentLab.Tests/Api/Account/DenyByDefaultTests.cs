using System.Net;
using AgentLab.Web.Hosting.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Api.Account;

public sealed class DenyByDefaultTests(LabAppFixture fixture) : IClassFixture<LabAppFixture>
{
    private IEnumerable<Endpoint> Endpoints => fixture.App.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    [Fact]
    public void Endpoints_ThatAllowTheAnonymous_AreExactlyTheListedOnes()
    {
        var open = Endpoints.Where(AnonymousRoutes.IsAnonymous).ToList();

        open.ShouldAllBe(e => AnonymousRoutes.IsListed(e));
        open.OfType<RouteEndpoint>().Select(e => "/" + e.RoutePattern.RawText!.Trim('/')).ShouldBeSupersetOf(AnonymousRoutes.All);
    }

    [Fact]
    public async Task Endpoints_AllOthers_RefuseTheAnonymous()
    {
        using var client = fixture.App.CreateClient();
        var closed = Endpoints.OfType<RouteEndpoint>().Where(e => !AnonymousRoutes.IsAnonymous(e)).ToList();
        closed.Count.ShouldBeGreaterThan(5);

        foreach (var endpoint in closed)
        {
            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is [var first, ..] ? first : "GET";
            using var response = await client.SendAsync(new(new HttpMethod(method), Path(endpoint)));
            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{method} {endpoint.RoutePattern.RawText}");
        }
    }

    [Fact]
    public async Task UnknownAddress_Anonymous_IsRefusedLikeAKnownOne()
    {
        using var response = await fixture.App.CreateClient().GetAsync("/api/v1/no-such-thing");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    // Each parameter gets a value that its constraint takes, so that the request reaches the endpoint.
    private static string Path(RouteEndpoint endpoint) =>
        "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(Value))));

    private static string Value(RoutePatternPart part) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => parameter.ParameterPolicies.Select(p => p.Content).FirstOrDefault() switch
        {
            "guid" => Guid.Empty.ToString(),
            "int" or "long" => "1",
            _ => "x",
        },
        _ => "x",
    };
}

file static class Sets
{
    public static void ShouldBeSupersetOf(this IEnumerable<string> actual, IEnumerable<string> expected) =>
        expected.Except(actual, StringComparer.OrdinalIgnoreCase).ShouldBeEmpty();
}
