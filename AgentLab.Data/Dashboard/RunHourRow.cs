using AgentLab.Data.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentLab.Data.Dashboard;

/// <summary>What the runs of one worker, owner and project that ended in one hour in one state came to. Written once, when the hour is over; could be made anew from the runs.</summary>
internal sealed class RunHourRow
{
    /// <summary>The hour, counted from 1970-01-01T00:00Z.</summary>
    public long Hour { get; set; }

    public Guid OwnerId { get; set; }

    public Guid ProjectId { get; set; }

    /// <summary>Whether <see cref="WorkerId"/> is a workflow; else it is an agent.</summary>
    public bool IsWorkflow { get; set; }

    /// <summary>The agent or workflow; empty for a workflow that was never saved.</summary>
    public Guid WorkerId { get; set; }

    public RunStatus Status { get; set; }

    public long Runs { get; set; }

    public long InputTokens { get; set; }

    public long OutputTokens { get; set; }

    /// <summary>Billionths of the price table's currency.</summary>
    public long CostNanos { get; set; }
}

internal sealed class RunHourConfiguration : IEntityTypeConfiguration<RunHourRow>
{
    public void Configure(EntityTypeBuilder<RunHourRow> builder)
    {
        builder.ToTable("run_hours");
        builder.HasKey(h => new { h.Hour, h.OwnerId, h.ProjectId, h.IsWorkflow, h.WorkerId, h.Status });
        builder.HasIndex(h => new { h.OwnerId, h.Hour });
    }
}
