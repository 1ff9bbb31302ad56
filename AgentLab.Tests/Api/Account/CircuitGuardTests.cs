using AgentLab.Core.Identity;
using AgentLab.Web.Features.Account.Authentication;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentLab.Tests.Api.Account;

public sealed class CircuitGuardTests(LabAppFixture fixture) : IClassFixture<LabAppFixture>
{
    [Fact]
    public async Task Activity_AfterTheSignInWasRevoked_IsNotDoneAndThePageIsSignedOut()
    {
        var sessions = fixture.App.Services.GetRequiredService<ISignInSessions>();
        var start = new SignInStart(await fixture.App.UserIdAsync(LabApp.Editor), Bearer: false, TimeSpan.FromHours(1), null, null);
        var person = await sessions.BeginAsync(start, CancellationToken.None);
        using var authentication = new CircuitAuthentication(NullLoggerFactory.Instance, sessions);
        authentication.SetAuthenticationState(Task.FromResult(new AuthenticationState(LabClaims.ToPrincipal(person, "cookie"))));
        var done = 0;
        var act = new CircuitGuard(authentication, sessions).CreateInboundActivityHandler(_ =>
        {
            done++;
            return Task.CompletedTask;
        });

        await act(null!);
        await sessions.RevokeAsync(person.UserId, person.SessionId, CancellationToken.None);
        await act(null!);

        done.ShouldBe(1);
        (await authentication.GetAuthenticationStateAsync()).User.Identity!.IsAuthenticated.ShouldBeFalse();
    }
}
