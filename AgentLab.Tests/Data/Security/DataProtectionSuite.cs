using AgentLab.Data.Databases;
using AgentLab.Tests.Data.Databases;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Data.Security;

public abstract class DataProtectionSuite<TFixture> : IAsyncLifetime
    where TFixture : DatabaseFixture, new()
{
    private readonly TFixture _lab = new();

    private IDataProtector Protector => _lab.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    public Task InitializeAsync() => _lab.InitializeAsync();

    public Task DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Protected_BeforeARestart_OpensAfterIt()
    {
        var text = Protector.Protect("kept");

        await _lab.StopAsync();
        await _lab.StartAsync();

        Protector.Unprotect(text).ShouldBe("kept");
    }

    [Fact]
    public async Task Keys_InTheDatabase_AreSealed()
    {
        Protector.Protect("anything");

        await using var connection = await _lab.Connections.OpenReadAsync(default);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT xml FROM data_protection_keys";
        var xml = (string)(await command.ExecuteScalarAsync())!;

        xml.ShouldContain("aes256Gcm");
        xml.ShouldNotContain("masterKey");
    }

    [Fact]
    public async Task Start_UnderAnotherRootKey_IsRefusedUntilAccepted()
    {
        var text = Protector.Protect("lost");
        var other = KeyValuePair.Create("AgentLab:RootKey", (string?)new string('k', 40));
        await _lab.StopAsync();

        var error = await Should.ThrowAsync<LabStartupException>(() => _lab.StartAsync(other));
        await _lab.StartAsync(other, KeyValuePair.Create("AgentLab:AcceptNewRootKey", (string?)"true"));

        error.Code.ShouldBe("root_key_unusable");
        Should.Throw<System.Security.Cryptography.CryptographicException>(() => Protector.Unprotect(text));
        Protector.Unprotect(Protector.Protect("new")).ShouldBe("new");
        await _lab.StopAsync();
        await _lab.StartAsync(other);
    }

    [Fact]
    public async Task Start_ShortRootKey_IsRefusedWithoutShowingIt()
    {
        await _lab.StopAsync();

        var error = await Should.ThrowAsync<LabStartupException>(
            () => _lab.StartAsync(KeyValuePair.Create("AgentLab:RootKey", (string?)"too-short-secret")));

        error.Message.ShouldNotContain("too-short-secret");
    }

    [Fact]
    public void RootKeyFile_MadeByTheProgram_IsItsOwnersAlone()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path.Combine(_lab.Folder, "root.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}

/// <summary>What holds where several nodes serve a database.</summary>
public abstract class SharedDataProtectionSuite<TFixture> : DataProtectionSuite<TFixture>
    where TFixture : DatabaseFixture, new()
{
    [Fact]
    public async Task Nodes_ThatStartAtOnceOnAnEmptyDatabase_HaveOneKey()
    {
        var lab = new TFixture();
        await lab.PrepareAsync();
        var nodes = Enumerable.Range(0, 3).Select(_ => lab.Build()).ToList();
        try
        {
            await Task.WhenAll(nodes.Select(node => Task.Run(() => node.StartAsync())));

            var protectors = nodes.ConvertAll(node => node.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test"));
            var texts = protectors.ConvertAll(protector => protector.Protect("shared"));
            protectors.ForEach(protector => texts.ForEach(text => protector.Unprotect(text).ShouldBe("shared")));
            await using var connection = await nodes[0].Services.GetRequiredService<ILabConnections>().OpenReadAsync(default);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM data_protection_keys";
            Convert.ToInt32(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture).ShouldBe(1);
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.StopAsync();
                await ((IAsyncDisposable)node).DisposeAsync();
            }

            await lab.DisposeAsync();
        }
    }
}

public sealed class SqliteDataProtectionTests : DataProtectionSuite<SqliteFixture>;

public sealed class PostgreSqlDataProtectionTests : SharedDataProtectionSuite<PostgreSqlFixture>;

[NeedsSqlServer]
public sealed class SqlServerDataProtectionTests : SharedDataProtectionSuite<SqlServerFixture>;
