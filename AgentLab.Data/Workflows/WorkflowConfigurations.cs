using AgentLab.Core.Agents;
using AgentLab.Data.Projects;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentLab.Data.Workflows;

internal sealed class WorkflowConfiguration
    : IEntityTypeConfiguration<WorkflowRow>, IEntityTypeConfiguration<WorkflowDraftRow>, IEntityTypeConfiguration<WorkflowVersionRow>,
        IEntityTypeConfiguration<WorkflowGestureRow>
{
    /// <summary>Composing a name can make it longer: three characters for one at most.</summary>
    private const int NormalizedLength = 3 * AgentRules.NameLength;

    private const int HashLength = 64;

    public void Configure(EntityTypeBuilder<WorkflowRow> builder)
    {
        builder.ToTable("workflows");
        builder.HasKey(workflow => workflow.Key);
        builder.HasIndex(workflow => workflow.Id).IsUnique();
        builder.Property(workflow => workflow.Slug).HasMaxLength(AgentSlug.MaxLength).IsUnicode(false);
        builder.HasIndex(workflow => workflow.Slug).IsUnique();
        builder.Property(workflow => workflow.Name).HasMaxLength(AgentRules.NameLength);
        builder.Property(workflow => workflow.NormalizedName).HasMaxLength(NormalizedLength);
        builder.HasIndex(workflow => new { workflow.OwnerId, workflow.NormalizedName }).IsUnique();
        builder.HasIndex(workflow => new { workflow.UpdatedAt, workflow.Key });
        builder.Property(workflow => workflow.Description).HasMaxLength(2000);
        builder.Property(workflow => workflow.DraftHash).HasMaxLength(HashLength).IsUnicode(false);
        builder.Property(workflow => workflow.PublishedHash).HasMaxLength(HashLength).IsUnicode(false);
        // Two commits on one revision: the later one finds that it came too late.
        builder.Property(workflow => workflow.Revision).IsConcurrencyToken();
        builder.HasOne<Project>().WithMany().HasForeignKey(workflow => workflow.ProjectId).HasPrincipalKey(project => project.Id)
            .OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<WorkflowDraftRow> builder)
    {
        builder.ToTable("workflow_drafts");
        builder.HasKey(draft => draft.WorkflowKey);
        builder.Property(draft => draft.WorkflowKey).ValueGeneratedNever();
        builder.HasOne<WorkflowRow>().WithMany().HasForeignKey(draft => draft.WorkflowKey).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<WorkflowVersionRow> builder)
    {
        builder.ToTable("workflow_versions");
        builder.HasKey(version => new { version.WorkflowKey, version.Version });
        builder.Property(version => version.Note).HasMaxLength(WorkflowText.NoteLength);
        builder.HasOne<WorkflowRow>().WithMany().HasForeignKey(version => version.WorkflowKey).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<WorkflowGestureRow> builder)
    {
        builder.ToTable("workflow_gestures");
        builder.HasKey(gesture => new { gesture.WorkflowKey, gesture.Revision });
        builder.HasIndex(gesture => new { gesture.WorkflowKey, gesture.Gesture }).IsUnique();
        builder.Property(gesture => gesture.Label).HasMaxLength(WorkflowText.LabelLength);
        builder.HasOne<WorkflowRow>().WithMany().HasForeignKey(gesture => gesture.WorkflowKey).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class WorkflowTriggerConfiguration : IEntityTypeConfiguration<WorkflowHookRow>, IEntityTypeConfiguration<WorkflowEventRow>, IEntityTypeConfiguration<WorkflowEndRow>
{
    private const int NodeLength = 50;

    public void Configure(EntityTypeBuilder<WorkflowHookRow> builder)
    {
        builder.ToTable("workflow_hooks");
        // One address leads to one workflow.
        builder.HasKey(hook => new { hook.Slug, hook.Method });
        builder.Property(hook => hook.Slug).HasMaxLength(100).IsUnicode(false);
        builder.Property(hook => hook.Method).HasMaxLength(10).IsUnicode(false);
        builder.Property(hook => hook.Node).HasMaxLength(NodeLength).IsUnicode(false);
        builder.HasOne<WorkflowRow>().WithMany().HasForeignKey(hook => hook.WorkflowKey).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<WorkflowEventRow> builder)
    {
        builder.ToTable("workflow_events");
        builder.HasKey(trigger => new { trigger.WorkflowKey, trigger.Node });
        builder.Property(trigger => trigger.Node).HasMaxLength(NodeLength).IsUnicode(false);
        builder.Property(trigger => trigger.Statuses).HasMaxLength(100).IsUnicode(false);
        builder.HasIndex(trigger => trigger.SourceId);
        builder.HasOne<WorkflowRow>().WithMany().HasForeignKey(trigger => trigger.WorkflowKey).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<WorkflowEndRow> builder)
    {
        builder.ToTable("workflow_ends");
        builder.HasKey(end => end.RunId);
        builder.Property(end => end.Status).HasMaxLength(20).IsUnicode(false);
        builder.HasIndex(end => end.EndedAt);
    }
}
