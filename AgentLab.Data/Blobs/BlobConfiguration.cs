using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentLab.Data.Blobs;

internal sealed class BlobConfiguration : IEntityTypeConfiguration<BlobRow>
{
    public void Configure(EntityTypeBuilder<BlobRow> builder)
    {
        builder.ToTable("blobs");
        builder.HasKey(b => b.Sha256);
        builder.Property(b => b.Sha256).HasColumnName("sha256").HasMaxLength(64).IsUnicode(false);
        builder.Property(b => b.ContentType).HasMaxLength(200).IsUnicode(false);
    }
}
