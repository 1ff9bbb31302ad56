using AgentLab.Core.Agents;
using AgentLab.Data.Projects;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentLab.Data.Agents;

internal sealed class AgentConfiguration : IEntityTypeConfiguration<AgentRow>, IEntityTypeConfiguration<AgentVersionRow>
{
    /// <summary>Composing a name can make it longer: three characters for one at most.</summary>
    private const int NormalizedLength = 3 * AgentRules.NameLength;

    public void Configure(EntityTypeBuilder<AgentRow> builder)
    {
        builder.ToTable("agents");
        builder.HasKey(agent => agent.Key);
        builder.HasIndex(agent => agent.Id).IsUnique();
        builder.Property(agent => agent.Slug).HasMaxLength(AgentSlug.MaxLength).IsUnicode(false);
        builder.HasIndex(agent => agent.Slug).IsUnique();
        builder.Property(agent => agent.Name).HasMaxLength(AgentRules.NameLength);
        builder.Property(agent => agent.NormalizedName).HasMaxLength(NormalizedLength);
        builder.HasIndex(agent => agent.NormalizedName).IsUnique();
        // Two saves of one version: the later one finds that it came too late.
        builder.Property(agent => agent.Version).IsConcurrencyToken();
        builder.HasOne<Project>().WithMany().HasForeignKey(agent => agent.ProjectId).HasPrincipalKey(project => project.Id)
            .OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<AgentVersionRow> builder)
    {
        builder.ToTable("agent_versions");
        builder.HasKey(version => new { version.AgentKey, version.Version });
        builder.HasOne<AgentRow>().WithMany().HasForeignKey(version => version.AgentKey).OnDelete(DeleteBehavior.Restrict);
    }
}
