using AgentLab.Core.Workflows.Definition;
using FsCheck;
using FsCheck.Fluent;

namespace AgentLab.Tests.Core.Workflows.Definition;

/// <summary>Random definitions and gestures: undo, difference and merge hold for all of them.</summary>
public sealed class WorkflowChangesProperties
{
    private static Gen<int> Seeds => Gen.Choose(0, int.MaxValue);

    [Fact]
    public void Difference_Applied_GivesTheSameBytes() =>
        Prop.ForAll(Seeds.Two().ToArbitrary(), seeds =>
        {
            var (from, to) = (Drawing.Of(seeds.Item1), Drawing.Of(seeds.Item2));
            var outcome = Definitions.Rules.Apply(from, Definitions.Rules.Difference(from, to));
            outcome.Errors.ShouldBeEmpty();
            Bytes(outcome.Value!).ShouldBe(Bytes(to));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void ApplyThenUndo_IsIdentity() =>
        Prop.ForAll(Seeds.Two().ToArbitrary(), seeds =>
        {
            var before = Drawing.Of(seeds.Item1);
            var after = Drawing.Changed(before, seeds.Item2, _ => true);
            var undo = Definitions.Rules.Difference(after, before);
            var undone = Definitions.Rules.Apply(after, undo);
            undone.Errors.ShouldBeEmpty();
            Bytes(undone.Value!).ShouldBe(Bytes(before));
            Definitions.Rules.Difference(before, before).ShouldBeEmpty();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Merge_OfGesturesOnDifferentNodes_Commutes() =>
        Prop.ForAll(Seeds.Three().ToArbitrary(), seeds =>
        {
            var basis = Drawing.Of(seeds.Item1);
            var (even, odd) = (Drawing.Changed(basis, seeds.Item2, i => i % 2 == 0), Drawing.Changed(basis, seeds.Item3, i => i % 2 == 1));
            var one = Definitions.Rules.Merge(basis, even, Definitions.Rules.Difference(basis, odd));
            var other = Definitions.Rules.Merge(basis, odd, Definitions.Rules.Difference(basis, even));
            one.Errors.ShouldBeEmpty();
            other.Errors.ShouldBeEmpty();
            Bytes(Sorted(one.Value!)).ShouldBe(Bytes(Sorted(other.Value!)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Merge_OntoWhatHasNotChanged_IsApply() =>
        Prop.ForAll(Seeds.Two().ToArbitrary(), seeds =>
        {
            var basis = Drawing.Of(seeds.Item1);
            var mine = Drawing.Changed(basis, seeds.Item2, _ => true);
            var merged = Definitions.Rules.Merge(basis, basis, Definitions.Rules.Difference(basis, mine));
            merged.Errors.ShouldBeEmpty();
            Bytes(Sorted(merged.Value!)).ShouldBe(Bytes(Sorted(mine)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void WriteThenRead_OfRandomDefinitions_GivesTheSameBytes() =>
        Prop.ForAll(Seeds.ToArbitrary(), seed =>
        {
            var definition = Drawing.Of(seed);
            var read = Definitions.Files.Read(Bytes(definition));
            read.Errors.ShouldBeEmpty();
            Bytes(read.Value!).ShouldBe(Bytes(definition));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    private static string Bytes(WorkflowDefinition definition) => Definitions.Files.Write(definition);

    private static WorkflowDefinition Sorted(WorkflowDefinition definition) => definition with
    {
        Nodes = [.. definition.Nodes.OrderBy(node => node.Id, StringComparer.Ordinal)],
        Edges = [.. definition.Edges.OrderBy(edge => edge.Id, StringComparer.Ordinal)],
        Groups = [.. definition.Groups.OrderBy(group => group.Id, StringComparer.Ordinal)],
        Notes = [.. definition.Notes.OrderBy(note => note.Id, StringComparer.Ordinal)],
    };
}
