using System.Text.Json;
using System.Text.RegularExpressions;
using AgentLab.Core.Schema;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Tests.Core.Workflows.Nodes;

/// <summary>What every registered kind must hold to.</summary>
public sealed partial class NodeKindsTests
{
    private static readonly INodeKinds Kinds = Palette.Create();

    public static TheoryData<string> Names { get; } = [.. Kinds.All.Select(k => k.Description.Kind)];

    [Fact]
    public void All_Registered_AreTheseKinds() => Kinds.All.Select(k => k.Description.Kind).Order(StringComparer.Ordinal).ShouldBe(Palette.Golden);

    [Fact]
    public void Icons_OfAllKinds_AreDistinct() => Kinds.All.Select(k => k.Description.Icon).ShouldBeUnique();

    [Fact]
    public void Find_UnknownKind_IsNull() => Kinds.Find("exec_shell").ShouldBeNull();

    [Theory]
    [MemberData(nameof(Names))]
    public void Description_OfKind_IsComplete(string name)
    {
        var description = Kinds.Find(name)!.Description;
        SnakeCase().IsMatch(description.Kind).ShouldBeTrue();
        description.Title.Length.ShouldBeInRange(3, 40);
        NodeGroups.All.ShouldContain(description.Group);
        description.Summary.Length.ShouldBeInRange(20, 120);
        description.Summary.ShouldEndWith(".");
        description.Help.Length.ShouldBeGreaterThan(40);
        description.Keywords.Count.ShouldBeGreaterThanOrEqualTo(2);
        PathData().IsMatch(description.Icon).ShouldBeTrue(description.Icon);
        description.Inputs.Count.ShouldBe(description.Role == NodeRole.Trigger ? 0 : 1);
        description.Outputs.Concat(description.Inputs).ShouldAllBe(p => SnakeCase().IsMatch(p.Name) && p.Name != "error");
        description.Retry.Attempts.ShouldBeInRange(1, 10);
        description.Timeout.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Settings_OfKindThatAreWrong_AreRefusedByName(string name)
    {
        var schema = Kinds.Find(name)!.Description.Settings;

        JsonSchema.Check(schema, JsonElement.Parse("""{"no_such_setting":1}""")).ShouldContain(fault => fault.Field.EndsWith("no_such_setting", StringComparison.Ordinal));
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var field in required.EnumerateArray())
            {
                JsonSchema.Check(schema, JsonElement.Parse("{}")).ShouldContain(fault => fault.Field.EndsWith(field.GetString()!, StringComparison.Ordinal), field.GetString());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Run_OfKindThatWasCancelledBefore_DoesNothing(string name)
    {
        var kind = Kinds.Find(name)!;
        var harness = new NodeHarness();
        var call = harness.Call(kind, kind.Description.Example.GetRawText(), """{"id":1,"total":2,"items":[]}""");

        await Should.ThrowAsync<OperationCanceledException>(async () => await kind.RunAsync(call, new CancellationToken(canceled: true)));
        harness.Journal.Written.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Settings_OfKind_AreASchemaThatFormsCanShow(string name)
    {
        var schema = Kinds.Find(name)!.Description.Settings;
        JsonSchema.Unsupported(schema).ShouldBeEmpty();
        schema.GetProperty("type").GetString().ShouldBe("object");
        schema.GetProperty("additionalProperties").GetBoolean().ShouldBeFalse();
        foreach (var field in schema.GetProperty("properties").EnumerateObject())
        {
            field.Value.TryGetProperty("title", out _).ShouldBeTrue(field.Name);
            SnakeCase().IsMatch(field.Name).ShouldBeTrue(field.Name);
        }

        foreach (var subtitle in Placeholder().Matches(Kinds.Find(name)!.Description.Subtitle).Select(m => m.Groups[1].Value))
        {
            schema.GetProperty("properties").TryGetProperty(subtitle, out _).ShouldBeTrue(subtitle);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Example_OfKind_CompilesAndPassesItsCheck(string name)
    {
        var kind = Kinds.Find(name)!;
        var example = kind.Description.Example;
        kind.Check(example).ShouldBeEmpty();
        new SettingsCompiler().Compile(example, kind.Description.Settings);
        kind.Outputs(example).Select(p => p.Name).ShouldBeUnique();
        kind.Effect(example).ShouldNotBeNull();

        // Templates stand for values of any type: what is fixed must fit the schema as it is.
        JsonSchema.Check(kind.Description.Settings, example).Where(f => f.Code != "type").ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Check_AnySettings_NeverThrows(string name)
    {
        var kind = Kinds.Find(name)!;
        foreach (var json in (string[])["null", "1", "\"x\"", "[]", "{}", """{"cases": [1, null, {}], "values": [1, {"name": 5}], "headers": [{"name": 1}], "condition": 5, "by": 7, "path": {}, "items": 1}"""])
        {
            var settings = JsonElement.Parse(json);
            kind.Check(settings).ToList().ShouldAllBe(f => f.Message.Length > 0);
            kind.Outputs(settings).ShouldNotBeNull();
            kind.Effect(settings).ShouldNotBeNull();
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9_]*$")]
    private static partial Regex SnakeCase();

    [GeneratedRegex("^M[MmLlHhVvCcSsQqTtAaZz0-9 .,-]{10,400}$")]
    private static partial Regex PathData();

    [GeneratedRegex("{([a-z_]+)}")]
    private static partial Regex Placeholder();
}
