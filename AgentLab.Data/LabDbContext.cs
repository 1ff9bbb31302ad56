using AgentLab.Data.Databases;
using AgentLab.Data.Identity;
using AgentLab.Data.Projects;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data;

/// <summary>
/// The rows of agentlab.db, or of the PostgreSQL or SQL Server database. A feature adds its rows by an
/// <c>IEntityTypeConfiguration</c> in its own folder; <see cref="ModelConventions"/> names the columns.
/// </summary>
/// <remarks>
/// On SQLite a context's connection refuses to write except inside the write gate. <c>SaveChanges</c> passes the gate by
/// itself; everything else that writes (a transaction, <c>ExecuteUpdate</c>, raw SQL) goes through
/// <see cref="LabDatabase.WriteAsync{T}"/>, on every database.
/// </remarks>
public abstract class LabDbContext : IdentityDbContext<LabUser, LabRole, Guid>
{
    private readonly ContextWrites? _writes;

    /// <summary>Makes a context; without <paramref name="writes"/> it passes no gate (tools at design time).</summary>
    internal LabDbContext(DbContextOptions options, ContextWrites? writes)
        : base(options)
    {
        _writes = writes;
    }

    /// <summary>The projects.</summary>
    public DbSet<Project> Projects => Set<Project>();

    /// <summary>Set while this context writes inside the gate.</summary>
    internal bool Writing { get; set; }

    /// <summary>Fixed here: the model must not depend on the options of the host that makes the context.</summary>
    protected override Version SchemaVersion => IdentitySchemaVersions.Version2;

    /// <inheritdoc/>
    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        if (_writes is null || Writing || !ChangeTracker.HasChanges())
        {
            return base.SaveChanges(acceptAllChangesOnSuccess);
        }

        using var scope = _writes.Begin(this);
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    /// <inheritdoc/>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (_writes is null || Writing || !ChangeTracker.HasChanges())
        {
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }

        using var scope = await _writes.BeginAsync(this, cancellationToken);
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        ModelConventions.Configure(configurationBuilder);

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(LabDbContext).Assembly);
        ModelConventions.Apply(builder);
    }
}
