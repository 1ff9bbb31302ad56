using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentLab.Data.Identity;

/// <summary>The tables of people and their sign-ins.</summary>
internal sealed class IdentityConfiguration :
    IEntityTypeConfiguration<LabUser>,
    IEntityTypeConfiguration<LabRole>,
    IEntityTypeConfiguration<IdentityUserRole<Guid>>,
    IEntityTypeConfiguration<IdentityUserClaim<Guid>>,
    IEntityTypeConfiguration<IdentityUserLogin<Guid>>,
    IEntityTypeConfiguration<IdentityUserToken<Guid>>,
    IEntityTypeConfiguration<IdentityRoleClaim<Guid>>,
    IEntityTypeConfiguration<SignInSession>,
    IEntityTypeConfiguration<RefreshToken>
{
    public void Configure(EntityTypeBuilder<LabUser> builder)
    {
        builder.ToTable("users");
        // Sign-in by name or e-mail finds one person, so both are unique.
        builder.HasIndex(user => user.NormalizedEmail).IsUnique().HasDatabaseName("ux_users_normalized_email");
    }

    public void Configure(EntityTypeBuilder<LabRole> builder) => builder.ToTable("roles");

    public void Configure(EntityTypeBuilder<IdentityUserRole<Guid>> builder) => builder.ToTable("user_roles");

    public void Configure(EntityTypeBuilder<IdentityUserClaim<Guid>> builder) => builder.ToTable("user_claims");

    public void Configure(EntityTypeBuilder<IdentityUserLogin<Guid>> builder) => builder.ToTable("user_logins");

    public void Configure(EntityTypeBuilder<IdentityUserToken<Guid>> builder) => builder.ToTable("user_tokens");

    public void Configure(EntityTypeBuilder<IdentityRoleClaim<Guid>> builder) => builder.ToTable("role_claims");

    public void Configure(EntityTypeBuilder<SignInSession> builder)
    {
        builder.ToTable("signin_sessions");
        builder.HasKey(session => session.Id);
        builder.Property(session => session.Id).ValueGeneratedNever();
        builder.Property(session => session.Kind).HasConversion<short>();
        builder.Property(session => session.SecurityStamp).HasMaxLength(64);
        builder.Property(session => session.Address).HasMaxLength(64);
        builder.Property(session => session.UserAgent).HasMaxLength(300);
        builder.HasIndex(session => new { session.UserId, session.CreatedAt });
        builder.HasIndex(session => session.ExpiresAt);
        builder.HasOne<LabUser>().WithMany().HasForeignKey(session => session.UserId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<RefreshToken> builder)
    {
        builder.ToTable("refresh_tokens");
        builder.HasKey(token => token.Key);
        builder.Property(token => token.Hash).HasMaxLength(64).IsFixedLength().IsUnicode(false);
        builder.HasIndex(token => token.Hash).IsUnique();
        builder.HasOne<SignInSession>().WithMany().HasForeignKey(token => token.SignInSessionId).OnDelete(DeleteBehavior.Cascade);
    }
}
