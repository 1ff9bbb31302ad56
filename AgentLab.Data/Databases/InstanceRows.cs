using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Databases;

/// <summary>Reads and sets the facts of the instance; the caller saves.</summary>
internal static class InstanceRows
{
    public static Task<string?> GetAsync(LabDbContext context, string name, CancellationToken cancellationToken) =>
        context.Set<InstanceRow>().Where(row => row.Name == name).Select(row => row.Value).FirstOrDefaultAsync(cancellationToken);

    public static async Task SetAsync(LabDbContext context, string name, string value, CancellationToken cancellationToken)
    {
        var row = await context.Set<InstanceRow>().AsTracking().FirstOrDefaultAsync(row => row.Name == name, cancellationToken);
        if (row is null)
        {
            context.Add(new InstanceRow { Name = name, Value = value });
        }
        else
        {
            row.Value = value;
        }
    }
}
