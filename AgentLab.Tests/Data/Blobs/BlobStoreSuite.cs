using AgentLab.Core.Sessions;
using AgentLab.Data.Blobs;
using AgentLab.Tests.Data.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Data.Blobs;

public abstract class BlobStoreSuite<TFixture>(TFixture fixture)
    where TFixture : DatabaseFixture
{
    private BlobStore Blobs => fixture.Services.GetRequiredService<BlobStore>();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000_000)]
    public async Task Put_AnySize_ReadsBackTheSame(int size)
    {
        var blob = Random(size);
        await PutAsync(blob);

        var whole = await Blobs.GetAsync(blob.Hash, default);
        using var copy = new MemoryStream();
        var found = await Blobs.CopyToAsync(blob.Hash, copy, default);

        whole.ShouldNotBeNull().ContentType.ShouldBe("application/pdf");
        whole.Content.Span.SequenceEqual(blob.Content.Span).ShouldBeTrue();
        found.ShouldBeTrue();
        copy.ToArray().AsSpan().SequenceEqual(blob.Content.Span).ShouldBeTrue();
    }

    [Fact]
    public async Task Put_SameContentManyTimesAtOnce_IsKeptOnce()
    {
        var blob = Random(1_000);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => PutAsync(blob)));

        (await Blobs.GetAsync(blob.Hash, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Put_TransactionFails_LeavesNothing()
    {
        var blob = Random(100);

        await Should.ThrowAsync<InvalidOperationException>(() => fixture.Database.WriteAsync(
            async (context, token) =>
            {
                await Blobs.PutAsync(context, blob, token);
                throw new InvalidOperationException("after the blob");
            },
            default));

        (await Blobs.GetAsync(blob.Hash, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Get_Unknown_IsNothing()
    {
        var hash = Random(10).Hash;

        (await Blobs.GetAsync(hash, default)).ShouldBeNull();
        (await Blobs.CopyToAsync(hash, Stream.Null, default)).ShouldBeFalse();
    }

    private static Blob Random(int size)
    {
        var content = new byte[size];
        System.Random.Shared.NextBytes(content);
        return Blob.Of(content, "application/pdf");
    }

    private Task PutAsync(Blob blob) =>
        fixture.Database.WriteAsync((context, token) => Blobs.PutAsync(context, blob, token), default);
}

public sealed class SqliteBlobStoreTests(SqliteFixture fixture) : BlobStoreSuite<SqliteFixture>(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgreSqlBlobStoreTests(PostgreSqlFixture fixture)
    : BlobStoreSuite<PostgreSqlFixture>(fixture), IClassFixture<PostgreSqlFixture>;

[NeedsSqlServer]
public sealed class SqlServerBlobStoreTests(SqlServerFixture fixture)
    : BlobStoreSuite<SqlServerFixture>(fixture), IClassFixture<SqlServerFixture>;
