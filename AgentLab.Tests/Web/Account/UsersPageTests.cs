using AgentLab.Core.Identity;
using AgentLab.Tests.Api;
using AgentLab.Web.Features.Account.Users;
using Bunit;

namespace AgentLab.Tests.Web.Account;

public sealed class UsersPageTests(LabAppFixture fixture) : PageContext(fixture)
{
    private IAccounts Accounts => Get<IAccounts>();

    [Fact]
    public async Task Add_WeakPassword_NamesTheFieldThenMakesThePerson()
    {
        await SignInAsync();
        var page = await ShowAsync();
        await page.InvokeAsync(() => page.Find("#user-email").Input("ada@lab.test"));
        await page.InvokeAsync(() => page.Find("#user-password").Input("short"));
        await page.InvokeAsync(() => page.Find("#user-role").Change("viewer"));

        await page.InvokeAsync(() => page.Find("#new-user-form").SubmitAsync());
        page.WaitForAssertion(() => page.Find("#user-password-fault").TextContent.ShouldNotBeEmpty());
        await page.InvokeAsync(() => page.Find("#user-password").Input(LabApp.Password));
        await page.InvokeAsync(() => page.Find("#new-user-form").SubmitAsync());

        page.WaitForAssertion(() => page.Find("tbody").TextContent.ShouldContain("ada@lab.test"));
        page.Find("#user-email").GetAttribute("value").ShouldBeNullOrEmpty();
        (await Accounts.ListAsync(null, 100, default)).Single(account => account.Email == "ada@lab.test").Role.ShouldBe(ActorRole.Viewer);
    }

    [Fact]
    public async Task Change_RoleAndState_TakeEffect()
    {
        await SignInAsync();
        var made = (await Accounts.CreateAsync(new NewAccount("bob@lab.test", LabApp.Password, ActorRole.Viewer), default)).Value.ShouldNotBeNull();
        var page = await ShowAsync();

        await page.InvokeAsync(() => page.Find("[aria-label='Role of bob@lab.test']").ChangeAsync(new() { Value = "editor" }));
        await page.InvokeAsync(() => page.Find("[aria-label='bob@lab.test may sign in']").ChangeAsync(new() { Value = false }));

        var found = (await Accounts.FindAsync(made.Id, default)).ShouldNotBeNull();
        found.Role.ShouldBe(ActorRole.Editor);
        found.Enabled.ShouldBeFalse();
    }

    [Fact]
    public async Task Own_Account_CannotBeChangedHere()
    {
        await SignInAsync();
        var page = await ShowAsync();

        page.Find($"[aria-label='Role of {LabApp.Admin}']").HasAttribute("disabled").ShouldBeTrue();
        page.Find($"[aria-label='{LabApp.Admin} may sign in']").HasAttribute("disabled").ShouldBeTrue();
        var own = (await Accounts.ListAsync(null, 100, default)).Single(account => account.Email == LabApp.Admin);
        (await Accounts.SetRoleAsync(own.Id, ActorRole.Viewer, default)).Error!.Code.ShouldBe("conflict");
    }

    private async Task<IRenderedComponent<UsersPage>> ShowAsync()
    {
        var page = Render<UsersPage>();
        await page.WaitForElementAsync("tbody tr");
        return page;
    }
}
