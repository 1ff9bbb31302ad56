using AgentLab.Core.Workflows.Nodes.ActionBlocks;
using AgentLab.Data.Projects;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentLab.Data.Workflows.ActionBlocks;

internal sealed class ActionBlockConfiguration : IEntityTypeConfiguration<ActionBlockRow>
{
    /// <summary>Composing a name can make it longer: three characters for one at most.</summary>
    private const int NormalizedLength = 3 * ActionBlockRules.NameLength;

    public void Configure(EntityTypeBuilder<ActionBlockRow> builder)
    {
        builder.ToTable("action_blocks");
        builder.HasKey(block => block.Key);
        builder.HasIndex(block => block.Id).IsUnique();
        builder.Property(block => block.Name).HasMaxLength(ActionBlockRules.NameLength);
        builder.Property(block => block.NormalizedName).HasMaxLength(NormalizedLength);
        builder.HasIndex(block => new { block.ProjectId, block.NormalizedName }).IsUnique();
        builder.Property(block => block.Description).HasMaxLength(ActionBlockRules.DescriptionLength);
        builder.Property(block => block.Kind).HasMaxLength(50).IsUnicode(false);
        builder.HasOne<Project>().WithMany().HasForeignKey(block => block.ProjectId).HasPrincipalKey(project => project.Id)
            .OnDelete(DeleteBehavior.Restrict);
    }
}
