using AgentLab.Core.Identity;
using AgentLab.Web.Hosting.Options;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Features.Account.Setup;

/// <summary>Makes the first administrator from the settings, when they name one and there is none yet.</summary>
internal sealed partial class AdminStart(IAccounts accounts, SetupGate gate, IOptions<AdminSettings> settings, ILogger<AdminStart> logger) : IHostedService
{
    /// <exception cref="SettingsRefusedException">The address or the password is not acceptable.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Value.ReadEmail() is not { } email || settings.Value.ReadPassword() is not { } password
            || !await gate.IsNeededAsync(cancellationToken))
        {
            return;
        }

        var outcome = await accounts.CreateFirstAdministratorAsync(
            new(email, password, ActorRole.Admin, settings.Value.UserName), cancellationToken);
        if (outcome.Ok)
        {
            Made(outcome.Value.Id);
        }
        else if (outcome.Error.Code != "conflict")
        {
            throw new SettingsRefusedException([.. outcome.Errors.Select(e => $"{AdminSettings.Section}, {e.Field}: {e.Message}")]);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "The first administrator {UserId} was made from the settings")]
    private partial void Made(Guid userId);
}
