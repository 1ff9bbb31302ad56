using AgentLab.Core.Agents;
using FsCheck;
using FsCheck.Fluent;

namespace AgentLab.Tests.Core.Agents;

public sealed class AgentSlugTests
{
    [Theory]
    [InlineData("Analyst", "analyst")]
    [InlineData("  Order -- desk!  ", "order-desk")]
    [InlineData("Größe Ærø Łódź", "grosse-aero-lodz")]
    [InlineData("Bob's agent", "bobs-agent")]
    [InlineData("Ⅳ ﬁnal №1", "iv-final-no1")]
    [InlineData("数据", "agent")]
    [InlineData("🦉", "agent")]
    [InlineData("half \ud83d", "half")]
    [InlineData("01900000-0000-7000-8000-000000000001", "agent-01900000-0000-7000-8000-000000000001")]
    public void Of_Name_IsReadableAscii(string name, string slug) => AgentSlug.Of(name).ShouldBe(slug);

    [Fact]
    public void Of_AnyText_IsASlugAndNeverAnId() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            var slug = AgentSlug.Of(text ?? string.Empty);
            AgentSlug.IsSlug(slug).ShouldBeTrue(slug);
            slug.ShouldNotContain("--");
            slug.ShouldBe(slug.Trim('-'));
            Guid.TryParseExact(slug, "D", out _).ShouldBeFalse();
            AgentSlug.Of(slug).ShouldBe(slug);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Free_TakenOnes_TakesTheFirstNumberLeft() =>
        AgentSlug.Free("a", new HashSet<string> { "a", "a-2", "a-4" }).ShouldBe("a-3");

    [Fact]
    public void Free_LongestSlug_StaysASlug()
    {
        var longest = AgentSlug.Of(new string('x', 100));

        AgentSlug.IsSlug(AgentSlug.Free(longest, new HashSet<string> { longest })).ShouldBeTrue();
    }
}
