using AgentLab.Core.Tasks;
using AgentLab.Data.Projects;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentLab.Data.Tasks;

internal sealed class TaskConfiguration : IEntityTypeConfiguration<TaskRow>, IEntityTypeConfiguration<TaskAttemptRow>, IEntityTypeConfiguration<TaskGateRow>
{
    /// <summary>The longest reason that is kept.</summary>
    public const int ReasonLength = 1000;

    private const int CodeLength = 100;
    private const int SessionLength = 40;
    private const int HashLength = 64;

    public void Configure(EntityTypeBuilder<TaskRow> builder)
    {
        builder.ToTable("tasks");
        builder.HasKey(task => task.Key);
        builder.HasIndex(task => task.Id).IsUnique();
        builder.Property(task => task.Title).HasMaxLength(TaskRules.MostTitle);
        builder.Property(task => task.NormalizedTitle).HasMaxLength(3 * TaskRules.MostTitle);
        builder.Property(task => task.Description).HasMaxLength(TaskRules.MostDescription);
        builder.Property(task => task.WorkerName).HasMaxLength(200);
        builder.Property(task => task.Cron).HasMaxLength(100).IsUnicode(false);
        builder.Property(task => task.TimeZone).HasMaxLength(100).IsUnicode(false);
        builder.Property(task => task.Node).HasMaxLength(200);
        builder.Property(task => task.SessionId).HasMaxLength(SessionLength).IsUnicode(false);
        builder.Property(task => task.ReasonCode).HasMaxLength(CodeLength).IsUnicode(false);
        builder.Property(task => task.Reason).HasMaxLength(ReasonLength);
        builder.Property(task => task.Revision).IsConcurrencyToken();
        builder.Property(task => task.RequestKey).HasMaxLength(HashLength).IsUnicode(false);
        builder.Property(task => task.RequestHash).HasMaxLength(HashLength).IsUnicode(false);
        builder.HasIndex(task => task.RequestKey).IsUnique();
        builder.HasIndex(task => new { task.Status, task.Rank, task.Key });
        builder.HasIndex(task => new { task.Status, task.DueAt });
        builder.HasIndex(task => new { task.OwnerId, task.Key });
        builder.HasIndex(task => task.WorkerId);
        builder.HasIndex(task => task.RunId);
        builder.HasOne<Project>().WithMany().HasForeignKey(task => task.ProjectId).HasPrincipalKey(project => project.Id).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<TaskAttemptRow> builder)
    {
        builder.ToTable("task_attempts");
        builder.HasKey(attempt => new { attempt.TaskKey, attempt.Number });
        builder.Property(attempt => attempt.SessionId).HasMaxLength(SessionLength).IsUnicode(false);
        builder.Property(attempt => attempt.ReasonCode).HasMaxLength(CodeLength).IsUnicode(false);
        builder.Property(attempt => attempt.Reason).HasMaxLength(ReasonLength);
        builder.HasIndex(attempt => attempt.RunId);
        builder.HasOne<TaskRow>().WithMany().HasForeignKey(attempt => attempt.TaskKey).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<TaskGateRow> builder)
    {
        builder.ToTable("task_gate");
        builder.HasKey(gate => gate.Id);
        builder.Property(gate => gate.Id).ValueGeneratedNever();
        builder.HasData(new TaskGateRow { Id = 1, Admissions = 0 });
    }
}
