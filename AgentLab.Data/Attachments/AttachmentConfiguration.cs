using AgentLab.Core.Sessions;
using AgentLab.Data.Blobs;
using AgentLab.Data.Projects;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentLab.Data.Attachments;

internal sealed class AttachmentConfiguration : IEntityTypeConfiguration<AttachmentRow>
{
    public void Configure(EntityTypeBuilder<AttachmentRow> builder)
    {
        builder.ToTable("attachments");
        builder.HasKey(attachment => attachment.Key);
        builder.HasIndex(attachment => attachment.Id).IsUnique();
        builder.HasIndex(attachment => attachment.CreatedAt);
        builder.HasIndex(attachment => attachment.BlobHash);
        builder.Property(attachment => attachment.Name).HasMaxLength(AttachmentRules.NameLength);
        builder.Property(attachment => attachment.ContentType).HasMaxLength(200).IsUnicode(false);
        builder.Property(attachment => attachment.BlobHash).HasMaxLength(64).IsUnicode(false);
        builder.HasOne<BlobRow>().WithMany().HasForeignKey(attachment => attachment.BlobHash).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Project>().WithMany().HasForeignKey(attachment => attachment.ProjectId).HasPrincipalKey(project => project.Id)
            .OnDelete(DeleteBehavior.Restrict);
    }
}
