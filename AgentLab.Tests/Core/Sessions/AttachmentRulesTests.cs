using System.Text;
using AgentLab.Core.Sessions;

namespace AgentLab.Tests.Core.Sessions;

public sealed class AttachmentRulesTests
{
    [Theory]
    [InlineData("orders.csv", "orders.csv")]
    [InlineData("C:\\Users\\me\\orders.csv", "orders.csv")]
    [InlineData("../../etc/passwd.txt", "passwd.txt")]
    [InlineData("  a b.md ", "a b.md")]
    [InlineData("a\r\nb\0.txt", "ab.txt")]
    [InlineData("exe\u202etxt.json", "exetxt.json")]
    [InlineData("cafe\u0301.csv", "café.csv")]
    [InlineData("数.csv", "数.csv")]
    public void CleanName_AnyName_IsItsLastSegmentAsPlainText(string name, string clean) => AttachmentRules.CleanName(name).ShouldBe(clean);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("folder/")]
    [InlineData("..")]
    [InlineData("\u0001")]
    public void CleanName_NothingLeft_IsRefused(string? name) => AttachmentRules.CleanName(name).ShouldBeNull();

    [Fact]
    public void CleanName_TooLong_IsRefused()
    {
        AttachmentRules.CleanName(new string('a', 196) + ".csv").ShouldNotBeNull();
        AttachmentRules.CleanName(new string('a', 197) + ".csv").ShouldBeNull();
    }

    [Theory]
    [InlineData("a.CSV", "application/vnd.ms-excel", "text/csv")]
    [InlineData("a.md", null, "text/markdown")]
    [InlineData("a.json", "text/plain", "application/json")]
    [InlineData("notes", "text/plain; charset=utf-8", "text/plain")]
    [InlineData("notes", "application/octet-stream", null)]
    [InlineData("a.html", "text/plain", null)]
    [InlineData("a.exe", "text/csv", null)]
    public void TypeOf_Name_IsByExtensionElseByDeclaration(string name, string? declared, string? type) =>
        AttachmentRules.TypeOf(name, declared).ShouldBe(type);

    [Fact]
    public void IsText_Bytes_OnlyUtf8WithoutNul()
    {
        AttachmentRules.IsText(Encoding.UTF8.GetBytes("größe,数\r\n")).ShouldBeTrue();
        AttachmentRules.IsText([0xEF, 0xBB, 0xBF, (byte)'a']).ShouldBeTrue();
        AttachmentRules.IsText(Encoding.Unicode.GetBytes("a,b")).ShouldBeFalse();
        AttachmentRules.IsText(Encoding.Latin1.GetBytes("größe")).ShouldBeFalse();
        AttachmentRules.IsText("PK\u0003\u0004\0\0"u8).ShouldBeFalse();
    }
}
