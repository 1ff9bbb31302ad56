using AgentLab.Core.Identity;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace AgentLab.Data.Identity;

/// <summary>Makes the roles that are not there yet; their ids are fixed, so that two nodes at once make the same rows.</summary>
internal sealed class RoleStart(LabDatabase database) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await AreThereAsync(cancellationToken))
        {
            return;
        }

        try
        {
            await database.WriteAsync(AddMissingAsync, cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // Another node made them meanwhile, or something is wrong.
            if (!await AreThereAsync(cancellationToken))
            {
                throw;
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task AddMissingAsync(LabDbContext context, CancellationToken cancellationToken)
    {
        var present = await context.Roles.Select(r => r.Name).ToListAsync(cancellationToken);
        foreach (var (name, index) in Roles.All.Select((name, index) => (name, index)).Where(r => !present.Contains(r.name)))
        {
            context.Roles.Add(new()
            {
                Id = new($"01900000-0000-7000-8000-0000000001{index:00}"),
                Name = name,
                NormalizedName = name.ToUpperInvariant(),
                ConcurrencyStamp = Guid.NewGuid().ToString(),
            });
        }
    }

    private async Task<bool> AreThereAsync(CancellationToken cancellationToken)
    {
        var present = await database.ReadAsync((context, token) => context.Roles.Select(r => r.Name).ToListAsync(token), cancellationToken);
        return Roles.All.All(name => present.Contains(name));
    }
}
