using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Definition.Changes;
using AgentLab.Tests.Fakes;
using FsCheck;
using FsCheck.Fluent;

namespace AgentLab.Tests.Core.Workflows.Definition;

public sealed class WorkflowDiffTests
{
    private static readonly WorkflowDefinition Base = Draw.Workflow("s:start a b", "s>a a>b").Settings("a", """{"text":"old","times":1}""");

    [Fact]
    public void Between_TheSame_IsEmpty()
    {
        var diff = WorkflowDiff.Between(Base, Base);

        diff.Items.ShouldBeEmpty();
        diff.Lines.ShouldBeEmpty();
        diff.Text().ShouldBeEmpty();
    }

    [Fact]
    public void Between_Changes_NamesPartsAndFields()
    {
        var to = Base.Settings("a", """{"text":"new","more":true}""").With("a", node => node with { X = 5, Name = "A" }) with
        {
            Name = "Renamed",
            Nodes = [.. Base.Settings("a", """{"text":"new","more":true}""").With("a", node => node with { X = 5, Name = "A" }).Nodes.Take(2), Draw.Node("c")],
            Edges = [Base.Edges[0], Draw.Edge("a>c", 5)],
        };

        WorkflowDiff.Between(Base, to).Items.Select(item => $"{item.Kind} {item.Part} {item.Id}: {string.Join(' ', item.Fields)}").ShouldBe(
        [
            "Changed workflow : name",
            "Changed node a: name position settings/text settings/more settings/times",
            "Added node c: ",
            "Removed node b: ",
            "Added edge e5: ",
            "Removed edge e1: ",
        ]);
    }

    [Fact]
    public void Text_OfAChangedSetting_IsAUnifiedDiff()
    {
        var text = WorkflowDiff.Between(Base, Base.Settings("a", """{"text":"new","times":1}""")).Text();

        text.ShouldStartWith("@@ -");
        text.ShouldContain("\n-        \"text\": \"old\",\n+        \"text\": \"new\",\n");
        text.Split('\n').Length.ShouldBeLessThan(12);
    }

    [Fact]
    public void Lines_OfRandomChanges_LeadFromOneToTheOther() =>
        Prop.ForAll(Gen.Elements("a", "b", "c", "d").ListOf().Two().ToArbitrary(), lists =>
        {
            string[] from = [.. lists.Item1], to = [.. lists.Item2];
            var lines = LineDiff.Between(from, to);
            foreach (var line in lines.Where(line => line.Sign is ' ' or '-'))
            {
                from[line.OldLine - 1].ShouldBe(line.Text);
            }

            foreach (var line in lines.Where(line => line.Sign is ' ' or '+'))
            {
                to[line.NewLine - 1].ShouldBe(line.Text);
            }

            // Both files without the lines that are theirs alone are the same file.
            var (removed, added) = (lines.Where(line => line.Sign == '-').Select(line => line.OldLine).ToHashSet(), lines.Where(line => line.Sign == '+').Select(line => line.NewLine).ToHashSet());
            from.Where((_, i) => !removed.Contains(i + 1)).ShouldBe(to.Where((_, i) => !added.Contains(i + 1)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Lines_OfWholeOtherTexts_AreBounded() =>
        LineDiff.Between([.. Enumerable.Range(0, 5_000).Select(i => $"a{i}")], [.. Enumerable.Range(0, 5_000).Select(i => $"b{i}")]).Count.ShouldBe(10_001);
}
