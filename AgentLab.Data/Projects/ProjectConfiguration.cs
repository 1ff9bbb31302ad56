using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentLab.Data.Projects;

internal sealed class ProjectConfiguration : IEntityTypeConfiguration<Project>
{
    public void Configure(EntityTypeBuilder<Project> builder)
    {
        builder.ToTable("projects");
        builder.HasKey(project => project.Key);
        builder.HasIndex(project => project.Id).IsUnique();
        builder.HasIndex(project => project.NormalizedName).IsUnique();
        builder.Property(project => project.Name).HasMaxLength(200);
        builder.Property(project => project.NormalizedName).HasMaxLength(200);
        builder.HasData(new Project
        {
            Key = Project.DefaultKey,
            Id = Project.DefaultId,
            Name = "Default",
            NormalizedName = "DEFAULT",
            OwnerId = Guid.Empty,
            CreatedAt = 0,
        });
    }
}
