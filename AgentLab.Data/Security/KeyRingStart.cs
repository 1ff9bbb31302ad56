using AgentLab.Data.Databases;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace AgentLab.Data.Security;

/// <summary>
/// Has the first data-protection key made by one node alone. Two that start on an empty database would else make one each, and later refuse what the other has signed: a key ring is
/// read again only after a day.
/// </summary>
internal sealed class KeyRingStart(LabContexts contexts, IDataProtectionProvider protection) : IHostedLifecycleService
{
    private const string Purpose = "AgentLab.Start";

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (contexts.Kind == DatabaseKind.Sqlite)
        {
            return;
        }

        await using var context = contexts.CreateForMigration();
        await context.Database.OpenConnectionAsync(cancellationToken);
        await StartLock.EnterAsync(context, contexts.Kind, cancellationToken);
        try
        {
            protection.CreateProtector(Purpose).Protect(Purpose);
        }
        finally
        {
            await StartLock.LeaveAsync(context, contexts.Kind);
            await context.Database.CloseConnectionAsync();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
