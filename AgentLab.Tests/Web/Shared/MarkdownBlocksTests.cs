using AgentLab.Web.Shared.Markdown;
using FsCheck;
using FsCheck.Fluent;

namespace AgentLab.Tests.Web.Shared;

public sealed class MarkdownBlocksTests
{
    private const string Answer = "# Orders\n\nThe **three** largest:\n\n- one\n- two\n\n  with more\n\n```sql\nselect 1\n\nfrom t\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nDone: see [x].\n\n[x]: https://example.org\n";

    [Fact]
    public void Update_TextThatGrows_KeepsBlocksBeforeTheLast()
    {
        var blocks = new MarkdownBlocks();
        blocks.Update("# One\n\nTwo", growing: true);
        var first = blocks.Blocks[0].Html;

        blocks.Update("# One\n\nTwo and **more**", growing: true).ShouldBeTrue();

        blocks.Blocks[0].Html.ShouldBeSameAs(first);
        blocks.Blocks[1].Html.ShouldContain("<strong>more</strong>");
    }

    [Fact]
    public void Update_SameText_ChangesNothing()
    {
        var blocks = new MarkdownBlocks();
        blocks.Update("a", growing: true);

        blocks.Update("a", growing: true).ShouldBeFalse();
    }

    [Fact]
    public void Update_AnyCuts_EndsAsTheWholeText() =>
        Prop.ForAll(Gen.Choose(1, 12).ArrayOf().ToArbitrary(), cuts =>
        {
            var blocks = new MarkdownBlocks();
            var at = 0;
            foreach (var cut in cuts)
            {
                at = Math.Min(Answer.Length, at + cut);
                blocks.Update(Answer[..at], growing: true);
            }

            blocks.Update(Answer, growing: true);
            blocks.Update(Answer, growing: false);
            return string.Concat(blocks.Blocks.Select(b => b.Html)) == SafeMarkdown.ToHtml(Answer);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Update_TextThatWasReplaced_StartsAgain()
    {
        var blocks = new MarkdownBlocks();
        blocks.Update("first try", growing: true);

        blocks.Update("second", growing: true);

        blocks.Blocks.ShouldHaveSingleItem().Html.ShouldContain("second");
    }
}
