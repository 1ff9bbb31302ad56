using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Security;

/// <summary>
/// Refuses to start under another root key than the database's, since that would silently sign everybody out and lose the
/// providers' keys. Runs right after the database was opened.
/// </summary>
internal sealed partial class RootKeyStart(
    RootKey root, LabDatabase database, IConfiguration configuration, ILogger<RootKeyStart> logger) : IHostedLifecycleService
{
    public const string AcceptSetting = "AgentLab:AcceptNewRootKey";

    /// <exception cref="LabStartupException">The root key is malformed, or is not the database's.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (await IsKnownAsync(cancellationToken))
        {
            return;
        }

        try
        {
            await database.WriteAsync(
                (context, token) => InstanceRows.SetAsync(context, InstanceRow.RootKey, root.Id, token), cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Another node was first with its root key, which must then be ours.
            if (!await IsKnownAsync(cancellationToken))
            {
                throw;
            }
        }
    }

    private async Task<bool> IsKnownAsync(CancellationToken cancellationToken)
    {
        var known = await database.ReadAsync(
            (context, token) => InstanceRows.GetAsync(context, InstanceRow.RootKey, token), cancellationToken);
        if (known is null || known == root.Id)
        {
            return known is not null;
        }

        if (!bool.TryParse(configuration[AcceptSetting], out var accepted) || !accepted)
        {
            throw new LabStartupException(
                LabStartupException.RootKeyUnusable,
                $"The root key is not the one that this database was used with. Put the earlier one back ({RootKey.Setting}, {RootKey.SecretFile} or {RootKey.FileName} in the data directory); if it is lost, set {AcceptSetting}=true for one start: people then sign in anew and providers' keys must be entered anew.");
        }

        LogAccepted();
        return false;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
