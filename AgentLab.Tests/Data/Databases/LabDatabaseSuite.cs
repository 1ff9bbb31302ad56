using AgentLab.Data;
using AgentLab.Data.Projects;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Data.Databases;

public abstract class LabDatabaseSuite<TFixture>(TFixture fixture)
    where TFixture : DatabaseFixture
{
    protected TFixture Fixture { get; } = fixture;

    [Fact]
    public async Task Write_Succeeds_IsSavedAndCommitted()
    {
        var project = New();

        await Fixture.Database.WriteAsync((context, _) => Task.FromResult(context.Add(project)), default);

        (await CountAsync(project.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task Write_ThrowsAfterSaving_LeavesNothing()
    {
        var project = New();

        await Should.ThrowAsync<InvalidOperationException>(() => Fixture.Database.WriteAsync(
            async (context, token) =>
            {
                context.Add(project);
                await context.SaveChangesAsync(token);
                throw new InvalidOperationException("after the write");
            },
            default));

        (await CountAsync(project.Id)).ShouldBe(0);
        await Fixture.Database.WriteAsync((context, _) => Task.FromResult(context.Add(project)), default);
        (await CountAsync(project.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task Write_Cancelled_LeavesNothing()
    {
        var project = New();
        using var cancellation = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(() => Fixture.Database.WriteAsync(
            async (context, _) =>
            {
                context.Add(project);
                await cancellation.CancelAsync();
            },
            cancellation.Token));

        (await CountAsync(project.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task SaveChanges_ManyContextsAtOnce_AllAreKept()
    {
        var projects = Enumerable.Range(0, 64).Select(_ => New()).ToList();

        await Parallel.ForEachAsync(projects, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (project, token) =>
        {
            await using var scope = Fixture.Services.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<LabDbContext>();
            context.Add(project);
            await context.SaveChangesAsync(token);
        });

        var ids = projects.ConvertAll(project => project.Id);
        var kept = await Fixture.Database.ReadAsync(
            (context, token) => context.Projects.CountAsync(project => ids.Contains(project.Id), token), default);
        kept.ShouldBe(projects.Count);
    }

    [Fact]
    public async Task Identifiers_WrittenByEf_AreFoundByARawParameter()
    {
        var project = New();
        await Fixture.Database.WriteAsync((context, _) => Task.FromResult(context.Add(project)), default);

        await using var connection = await Fixture.Connections.OpenReadAsync(default);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, row_key FROM projects WHERE id = @id";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@id", project.Id);
        command.Parameters.Add(parameter);
        await using var reader = await command.ExecuteReaderAsync();

        (await reader.ReadAsync()).ShouldBeTrue();
        reader.GetGuid(0).ShouldBe(project.Id);
        reader.GetInt64(1).ShouldBe(project.Key);
    }

    protected static Project New()
    {
        var id = Guid.CreateVersion7();
        return new Project { Id = id, Name = $"{id}", NormalizedName = $"{id}" };
    }

    protected Task<int> CountAsync(Guid id) => Fixture.Database.ReadAsync(
        (context, token) => context.Projects.CountAsync(project => project.Id == id, token), default);
}

public sealed class PostgreSqlLabDatabaseTests(PostgreSqlFixture fixture)
    : LabDatabaseSuite<PostgreSqlFixture>(fixture), IClassFixture<PostgreSqlFixture>
{
    [Fact]
    public async Task Connections_StayWithinTheTimeouts()
    {
        await using var connection = await Fixture.Connections.OpenWriteAsync(default);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT current_setting('lock_timeout') || ' ' || current_setting('statement_timeout')";

        (await command.ExecuteScalarAsync()).ShouldBe("10s 30s");
    }
}
