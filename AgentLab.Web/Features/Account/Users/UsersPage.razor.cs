using AgentLab.Core;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace AgentLab.Web.Features.Account.Users;

/// <summary>The accounts, for administrators. Nobody changes the own one here, so that no administrator is shut out by a slip.</summary>
public sealed partial class UsersPage
{
    private const int PageSize = 20;

    private IReadOnlyList<LabError> _faults = [];
    private string? _problem;
    private string _email = "";
    private string _userName = "";
    private string _password = "";
    private string _role = Roles.Editor;
    private bool _making;

    /// <inheritdoc />
    protected override string Path => "/settings/users";

    /// <inheritdoc />
    protected override IEnumerable<(string Name, string? Value)> Filters => [];

    [Inject]
    private IAccounts Accounts { get; set; } = default!;

    [Inject]
    private Browser Browser { get; set; } = default!;

    /// <inheritdoc />
    protected override void TakeFilters()
    {
        // The list has no filters.
    }

    /// <inheritdoc />
    protected override async ValueTask<Page<Core.Identity.Account>> ReadAsync(Person person, CancellationToken cancellationToken)
    {
        var found = await Accounts.ListAsync(UserCursor.Read(Cursor), PageSize + 1, cancellationToken);
        var items = found.Take(PageSize).ToList();
        return new Page<Core.Identity.Account>(items, found.Count > PageSize ? UserCursor.Write(items[^1].UserName) : null);
    }

    private static string Title(string role) => role switch
    {
        Roles.Admin => "Administrator",
        Roles.Editor => "Editor",
        _ => "Viewer",
    };

    private string? Fault(string field) => _faults.FirstOrDefault(fault => fault.Field == field)?.Message;

    private async Task CreateAsync()
    {
        if (_making)
        {
            return;
        }

        _making = true;
        try
        {
            var name = string.IsNullOrWhiteSpace(_userName) ? null : _userName;
            var made = await Accounts.CreateAsync(new NewAccount(_email, _password, Roles.Highest([_role]), name), Leaving);
            _faults = made.Errors;
            if (!made.Ok)
            {
                return;
            }

            (_email, _userName, _password, _role) = ("", "", "", Roles.Editor);
            await Browser.CloseAsync("new-user", Leaving);
            await ReloadAsync();
        }
        finally
        {
            _making = false;
        }
    }

    private Task SetRoleAsync(Core.Identity.Account account, string? role) =>
        role is null ? Task.CompletedTask : ChangeAsync(Accounts.SetRoleAsync(account.Id, Roles.Highest([role]), Leaving));

    private Task SetEnabledAsync(Core.Identity.Account account, bool enabled) => ChangeAsync(Accounts.SetEnabledAsync(account.Id, enabled, Leaving));

    // What could not be done shows again as it is.
    private async Task ChangeAsync(Task<Outcome<Core.Identity.Account>> change)
    {
        _problem = (await change).Error?.Message;
        await ReloadAsync();
    }
}
