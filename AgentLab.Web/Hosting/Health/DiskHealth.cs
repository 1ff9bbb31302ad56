using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Hosting.Health;

/// <summary>Whether the disk of the data directory has room.</summary>
internal sealed class DiskHealth(IOptions<HealthOptions> options, IConfiguration configuration) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var directory = new DirectoryInfo(configuration["AgentLab:DataDirectory"] ?? "data");
        while (!directory.Exists && directory.Parent is { } parent)
        {
            directory = parent;
        }

        var drive = new DriveInfo(directory.FullName);
        var free = drive.AvailableFreeSpace >> 20;
        var data = new Dictionary<string, object> { ["freeMb"] = free };
        var wanted = options.Value.DiskFreeMb;
        var result = free < wanted / 10 ? HealthCheckResult.Unhealthy("The disk of the data directory is full.", data: data)
            : free < wanted ? HealthCheckResult.Degraded($"Less than {wanted} MB are free for the data directory.", data: data)
            : HealthCheckResult.Healthy(data: data);
        return Task.FromResult(result);
    }
}
