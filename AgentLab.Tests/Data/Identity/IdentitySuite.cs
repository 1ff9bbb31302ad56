using AgentLab.Core.Identity;
using AgentLab.Tests.Api;
using AgentLab.Tests.Data.Databases;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Data.Identity;

/// <summary>What must hold of accounts and sign-ins on every database when several things happen at once.</summary>
public abstract class IdentitySuite : IAsyncLifetime
{
    private LabApp _app = null!;

    private IAccounts Accounts => _app.Services.GetRequiredService<IAccounts>();

    private ISignInSessions Sessions => _app.Services.GetRequiredService<ISignInSessions>();

    public virtual async Task InitializeAsync() => _app = await StartAsync();

    public virtual async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task FirstAdministrator_ManyAtOnce_IsMadeOnce()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => Accounts.CreateFirstAdministratorAsync(New($"a{i}@lab.test"), default)));

        outcomes.Count(o => o.Ok).ShouldBe(1);
    }

    [Fact]
    public async Task LastAdministrators_DisablingEachOtherAtOnce_LeaveOne()
    {
        var first = (await Accounts.CreateAsync(New("first@lab.test"), default)).Value!;
        var second = (await Accounts.CreateAsync(New("second@lab.test"), default)).Value!;

        await Task.WhenAll(Accounts.SetEnabledAsync(first.Id, false, default), Accounts.SetEnabledAsync(second.Id, false, default));

        (await Accounts.ListAsync(null, 10, default)).Count(a => a.Enabled).ShouldBe(1);
    }

    [Fact]
    public async Task SetRole_LastTwoAdministratorsAtOnce_KeepsOne()
    {
        var first = (await Accounts.CreateFirstAdministratorAsync(New("first-role@lab.test"), default)).Value
            ?? (await Accounts.CreateAsync(New("first-role@lab.test"), default)).Value!;
        var second = (await Accounts.CreateAsync(New("second-role@lab.test"), default)).Value!;
        foreach (var other in (await Accounts.ListAsync(null, 100, default)).Where(a => a.Id != first.Id && a.Id != second.Id))
        {
            await Accounts.SetRoleAsync(other.Id, ActorRole.Viewer, default);
        }

        var outcomes = await Task.WhenAll(Accounts.SetRoleAsync(first.Id, ActorRole.Editor, default), Accounts.SetRoleAsync(second.Id, ActorRole.Viewer, default));

        outcomes.Count(outcome => outcome.Ok).ShouldBe(1);
        outcomes.Single(outcome => !outcome.Ok).Error!.Code.ShouldBe("conflict");
        (await Accounts.ListAsync(null, 100, default)).Count(a => a is { Enabled: true, Role: ActorRole.Admin }).ShouldBe(1);
    }

    [Fact]
    public async Task Account_SameAddressAtOnce_IsMadeOnce()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Accounts.CreateAsync(New("one@lab.test"), default)));

        outcomes.Count(o => o.Ok).ShouldBe(1);
        outcomes.Where(o => !o.Ok).ShouldAllBe(o => o.Error!.Code == "invalid");
    }

    [Fact]
    public async Task Password_ManyWrongAtOnce_LockTheAccount()
    {
        await Accounts.CreateAsync(New("locked@lab.test"), default);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Accounts.CheckAsync("locked@lab.test", "Wrong-Horse-7-Battery", default)));

        (await Accounts.CheckAsync("locked@lab.test", LabApp.Password, default)).Result.ShouldBe(PasswordResult.Wrong);
    }

    [Fact]
    public async Task SignIn_RevokedOrDisabled_EndsAndIsNoLongerListed()
    {
        var account = (await Accounts.CreateAsync(New("ends@lab.test", ActorRole.Editor), default)).Value!;
        var first = await Sessions.BeginAsync(new(account.Id, false, TimeSpan.FromHours(1), "127.0.0.1", "test"), default);
        var second = await Sessions.BeginAsync(new(account.Id, true, TimeSpan.FromHours(1), null, new string('x', 500)), default);
        (await Sessions.ListAsync(account.Id, default)).Count.ShouldBe(2);

        (await Sessions.RevokeAsync(account.Id, first.SessionId, default)).ShouldBeTrue();
        (await Sessions.IsAliveAsync(first.SessionId, default)).ShouldBeFalse();
        (await Sessions.IsAliveAsync(second.SessionId, default)).ShouldBeTrue();
        await Accounts.SetEnabledAsync(account.Id, false, default);

        (await Sessions.IsAliveAsync(second.SessionId, default)).ShouldBeFalse();
        (await Sessions.ListAsync(account.Id, default)).Select(s => s.Id).ShouldNotContain(first.SessionId);
    }

    [Fact]
    public async Task RefreshToken_ExchangedAtOnce_GivesDifferentTokensWithinTheGrace()
    {
        var tokens = _app.Services.GetRequiredService<IRefreshTokens>();
        var account = (await Accounts.CreateAsync(New("fresh@lab.test"), default)).Value!;
        var session = await Sessions.BeginAsync(new(account.Id, true, TimeSpan.FromHours(1), null, null), default);
        var token = await tokens.IssueAsync(session.SessionId, default);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => tokens.ExchangeAsync(token, default)));

        outcomes.ShouldAllBe(o => o.Ok);
        outcomes.Select(o => o.Token).ShouldBeUnique();
        (await tokens.ExchangeAsync("unknown", default)).Ok.ShouldBeFalse();
    }

    /// <summary>Starts the program on the database, without an administrator.</summary>
    protected abstract Task<LabApp> StartAsync();

    private static NewAccount New(string email, ActorRole role = ActorRole.Admin) => new(email, LabApp.Password, role);
}

public sealed class SqliteIdentityTests : IdentitySuite
{
    protected override Task<LabApp> StartAsync() => LabApp.StartAsync(setUp: false);
}

/// <summary>The program on a database server, beside a plain storage that made the database and drops it.</summary>
public abstract class ServerIdentitySuite<TFixture> : IdentitySuite
    where TFixture : DatabaseFixture, new()
{
    private readonly TFixture _database = new();

    public override async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _database.DisposeAsync();
    }

    protected override Task<LabApp> StartAsync() =>
        LabApp.StartAsync(builder => builder.Configuration.AddInMemoryCollection(_database.Settings), _database.Folder, setUp: false);
}

public sealed class PostgreSqlIdentityTests : ServerIdentitySuite<PostgreSqlFixture>;

[NeedsSqlServer]
public sealed class SqlServerIdentityTests : ServerIdentitySuite<SqlServerFixture>;
