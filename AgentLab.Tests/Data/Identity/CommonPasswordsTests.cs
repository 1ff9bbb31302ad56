using AgentLab.Data.Identity;

namespace AgentLab.Tests.Data.Identity;

public sealed class CommonPasswordsTests
{
    private static readonly LabUser User = new() { UserName = "grace", Email = "grace.hopper@lab.test" };

    [Theory]
    [InlineData("Password1234!")]
    [InlineData("P@ssw0rd2026!")]
    [InlineData("Welcome-2026!!")]
    [InlineData("!!123Qwertyuiop")]
    [InlineData("Adm1n1strat0r!")]
    [InlineData("1Qaz2Wsx3Edc!")]
    [InlineData("Aa1!Aa1!Aa1!")]
    [InlineData("Grace-123456!")]
    [InlineData("Grace.Hopper-1")]
    public async Task Password_TriedFirst_IsRefused(string password) =>
        (await new CommonPasswords().ValidateAsync(null!, User, password)).Succeeded.ShouldBeFalse();

    [Theory]
    [InlineData("Correct-Horse-7-Battery")]
    [InlineData("nine Violet tractors 4!")]
    [InlineData("kV7#pQ2m!xT9")]
    public async Task Password_OfUnrelatedParts_IsTaken(string password) =>
        (await new CommonPasswords().ValidateAsync(null!, User, password)).Succeeded.ShouldBeTrue();
}
