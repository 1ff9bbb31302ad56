using AgentLab.Data.Projects;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentLab.Data.Providers;

internal sealed class ProviderConfiguration : IEntityTypeConfiguration<ProviderRow>
{
    public void Configure(EntityTypeBuilder<ProviderRow> builder)
    {
        builder.ToTable("providers");
        builder.HasKey(provider => provider.Id);
        builder.Property(provider => provider.Id).HasMaxLength(63);
        builder.Property(provider => provider.Name).HasMaxLength(100);
        builder.Property(provider => provider.Endpoint).HasMaxLength(2000);
        builder.HasOne<Project>().WithMany().HasForeignKey(provider => provider.ProjectKey).OnDelete(DeleteBehavior.Restrict);
    }
}
