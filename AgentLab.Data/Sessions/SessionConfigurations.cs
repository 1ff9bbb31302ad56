using AgentLab.Data.Projects;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentLab.Data.Sessions;

internal sealed class SessionConfiguration : IEntityTypeConfiguration<SessionRow>
{
    public void Configure(EntityTypeBuilder<SessionRow> builder)
    {
        builder.ToTable("sessions");
        builder.HasKey(s => s.Key);
        builder.Property(s => s.Key).ValueGeneratedNever();
        builder.Property(s => s.Id).HasMaxLength(100).IsUnicode(false);
        builder.HasIndex(s => s.Id).IsUnique();
        builder.Property(s => s.AgentName).HasMaxLength(100);
        builder.Property(s => s.WorkflowName).HasMaxLength(100);
        builder.Property(s => s.Title).HasMaxLength(200);
        builder.Property(s => s.NormalizedTitle).HasMaxLength(200);
        builder.Property(s => s.HeadHash).HasMaxLength(32);
        builder.HasOne<Project>().WithMany().HasForeignKey(s => s.ProjectId).HasPrincipalKey(p => p.Id).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(s => new { s.OwnerId, s.UpdatedAt, s.Key });
        builder.HasIndex(s => new { s.UpdatedAt, s.Key });
        builder.HasIndex(s => s.AgentId);
        builder.HasIndex(s => s.WorkflowId);
    }
}

internal sealed class SessionEventConfiguration : IEntityTypeConfiguration<SessionEventRow>
{
    public void Configure(EntityTypeBuilder<SessionEventRow> builder)
    {
        builder.ToTable("session_events");
        builder.HasKey(e => new { e.SessionKey, e.Sequence });
        builder.Property(e => e.StepId).HasMaxLength(1000).IsUnicode(false);
        builder.Property(e => e.Type).HasMaxLength(100).IsUnicode(false);
        builder.Property(e => e.Hash).HasMaxLength(32);
        builder.HasOne<SessionRow>().WithMany().HasForeignKey(e => e.SessionKey).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class RunConfiguration : IEntityTypeConfiguration<RunRow>
{
    public void Configure(EntityTypeBuilder<RunRow> builder)
    {
        builder.ToTable("runs");
        builder.HasKey(r => r.Key);
        builder.Property(r => r.Key).ValueGeneratedNever();
        builder.HasIndex(r => r.Id).IsUnique();
        builder.Property(r => r.Trigger).HasColumnName("trigger_name").HasMaxLength(50).IsUnicode(false);
        builder.Property(r => r.WorkflowName).HasMaxLength(100);
        builder.Property(r => r.Node).HasMaxLength(200);
        builder.Property(r => r.ErrorCode).HasMaxLength(100).IsUnicode(false);
        builder.HasOne<SessionRow>().WithMany().HasForeignKey(r => r.SessionKey).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(r => new { r.Status, r.Node });
        builder.HasIndex(r => new { r.WorkflowId, r.Key });
        builder.HasIndex(r => r.EndedAt);
        builder.HasIndex(r => new { r.OwnerId, r.EndedAt });
    }
}

internal sealed class NodeConfiguration : IEntityTypeConfiguration<NodeRow>
{
    public void Configure(EntityTypeBuilder<NodeRow> builder)
    {
        builder.ToTable("lab_nodes");
        builder.HasKey(n => n.Id);
        builder.Property(n => n.Id).HasMaxLength(200);
        builder.Property(n => n.Name).HasMaxLength(100);
    }
}

internal sealed class RunLetterConfiguration : IEntityTypeConfiguration<RunLetterRow>
{
    public void Configure(EntityTypeBuilder<RunLetterRow> builder)
    {
        builder.ToTable("run_letters");
        builder.HasKey(l => l.Id);
        builder.Property(l => l.Id).ValueGeneratedNever();
        builder.Property(l => l.StepId).HasMaxLength(1000).IsUnicode(false);
        builder.Property(l => l.Answer).HasMaxLength(20).IsUnicode(false);
        builder.HasIndex(l => l.RunId);
    }
}

internal sealed class RunWaitConfiguration : IEntityTypeConfiguration<RunWaitRow>
{
    public void Configure(EntityTypeBuilder<RunWaitRow> builder)
    {
        builder.ToTable("run_waits");
        builder.HasKey(w => new { w.SessionKey, w.Sequence });
        builder.Property(w => w.StepId).HasMaxLength(1000).IsUnicode(false);
        builder.Property(w => w.Kind).HasMaxLength(20).IsUnicode(false);
        builder.Property(w => w.KeyHash).HasMaxLength(64).IsUnicode(false);
        builder.Property(w => w.Title).HasMaxLength(200);
        builder.HasOne<SessionRow>().WithMany().HasForeignKey(w => w.SessionKey).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(w => w.RunId);
        builder.HasIndex(w => w.DueAt);
        builder.HasIndex(w => w.KeyHash);
        builder.HasIndex(w => w.ApprovalId);
        builder.Property(w => w.Decision).HasMaxLength(20).IsUnicode(false);
        builder.HasIndex(w => new { w.OwnerId, w.EndedAt, w.CreatedAt });
        builder.HasIndex(w => new { w.EndedAt, w.CreatedAt });
    }
}

internal sealed class ArtifactConfiguration : IEntityTypeConfiguration<ArtifactRow>
{
    public void Configure(EntityTypeBuilder<ArtifactRow> builder)
    {
        builder.ToTable("artifacts");
        builder.HasKey(a => new { a.SessionKey, a.Sequence });
        builder.HasIndex(a => a.Id).IsUnique();
        builder.Property(a => a.Name).HasMaxLength(200);
        builder.Property(a => a.Kind).HasMaxLength(20).IsUnicode(false);
        builder.Property(a => a.ContentType).HasMaxLength(200).IsUnicode(false);
        builder.Property(a => a.BlobHash).HasMaxLength(64).IsUnicode(false);
        builder.HasOne<SessionRow>().WithMany().HasForeignKey(a => a.SessionKey).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class SessionBlobConfiguration : IEntityTypeConfiguration<SessionBlobRow>
{
    public void Configure(EntityTypeBuilder<SessionBlobRow> builder)
    {
        builder.ToTable("session_blobs");
        builder.HasKey(b => new { b.SessionKey, b.Hash });
        builder.Property(b => b.Hash).HasMaxLength(64).IsUnicode(false);
        builder.HasIndex(b => b.Hash);
        builder.HasOne<SessionRow>().WithMany().HasForeignKey(b => b.SessionKey).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class IdempotencyConfiguration : IEntityTypeConfiguration<IdempotencyRow>
{
    public void Configure(EntityTypeBuilder<IdempotencyRow> builder)
    {
        builder.ToTable("idempotency_keys");
        builder.HasKey(i => new { i.Principal, i.Route, i.RequestKey });
        builder.Property(i => i.Principal).HasMaxLength(100).IsUnicode(false);
        builder.Property(i => i.Route).HasMaxLength(100).IsUnicode(false);
        builder.Property(i => i.RequestKey).HasMaxLength(255);
        builder.Property(i => i.BodyHash).HasMaxLength(64).IsUnicode(false);
        builder.HasIndex(i => i.CreatedAt);
    }
}

internal sealed class KeyBlockConfiguration : IEntityTypeConfiguration<KeyBlockRow>
{
    public void Configure(EntityTypeBuilder<KeyBlockRow> builder)
    {
        builder.ToTable("key_blocks");
        builder.HasKey(b => b.Name);
        builder.Property(b => b.Name).HasMaxLength(50).IsUnicode(false);
        builder.HasData(
            new KeyBlockRow { Name = "sessions", NextKey = 1 },
            new KeyBlockRow { Name = "runs", NextKey = 1 });
    }
}
