using System.Text.Json;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Tests.Fakes;

namespace AgentLab.Tests.Core.Workflows.Definition;

public sealed class WorkflowRulesTests
{
    private static readonly WorkflowDefinition Sound = Draw.Workflow("s:start a b:if c d", "s>a a>b b.true>c b.false>d");

    [Fact]
    public void Validate_SoundDefinition_FindsNothing() => Definitions.Rules.Validate(Sound).ShouldBeEmpty();

    [Theory]
    [InlineData("s:start a:nothing", "s>a", "a:unknown_kind:kind")]
    [InlineData("s:start 1a", "s>1a", "1a:id:id")]
    [InlineData("s:start constructor", "s>constructor", "constructor:id:id")]
    [InlineData("s:start a a", "s>a", "a:id_taken:id", "a:unreachable:")]
    [InlineData("a", "", ":no_trigger:nodes", "a:unreachable:")]
    [InlineData("s:start a", "s>a s>a", "s:duplicate_edge:edges.e1")]
    [InlineData("s:start a", "s>a a>gone", "a:unknown_node:edges.e1")]
    [InlineData("s:start", "gone>gone", ":unknown_node:edges.e0")]
    [InlineData("s:start a:if b", "s>a a>b", "a:unknown_port:edges.e1")]
    [InlineData("s:start a", "s>a.other", "s:unknown_port:edges.e0")]
    [InlineData("s:start t:start", "s>t", "s:unknown_port:edges.e0")]
    [InlineData("s:start a b", "s>a a.error>b", "a:error_port_off:edges.e1")]
    [InlineData("s:start w:write c:count", "s>w w>c", "w:port_type:edges.e1")]
    [InlineData("s:start a b c", "s>a a>b b>c c>a", "a:cycle:edges")]
    [InlineData("s:chat_start t:chat_start a", "s>a t>a", "t:chat_twice:")]
    [InlineData("s:start r:respond", "s>r", "r:no_webhook:")]
    [InlineData("s:webhook r:respond", "s>r")]
    [InlineData("s:start m:merge", "s>m", "m:merge_single:")]
    [InlineData("s:start l:loop", "s>l", "l:loop_empty:")]
    [InlineData("s:start l:loop a b", "s>l l.each>a s>b a>b", "b:loop_body:edges.e3")]
    [InlineData("s:start l:loop a b", "s>l l.each>a l.done>b a>b", "b:loop_body:edges.e3")]
    [InlineData("s:start l:loop a", "s>l l.each>a s>a", "a:loop_body:edges.e1")]
    [InlineData("s:start l:loop a k:loop b c", "s>l l.each>a a>k k.each>b k.done>c b>c", "c:loop_body:edges.e5")]
    [InlineData("s:start l:loop a k:loop b c", "s>l l.each>a a>k k.each>b k.done>c l.done>c", "c:loop_body:edges.e4")]
    [InlineData("s:start w:switch", "s>w", "w:setting_required:/cases")]
    public void Validate_Graph_NamesNodeAndField(string nodes, string edges, params string[] expected) =>
        Definitions.Rules.Validate(Draw.Workflow(nodes, edges)).Codes().Where(code => !code.EndsWith("unreachable:", StringComparison.Ordinal) || expected.Contains(code))
            .ShouldBe(expected);

    [Theory]
    [InlineData("a", """{"text":5}""", "setting_type:/text")]
    [InlineData("a", """{"times":"{{input.times}}"}""")]
    [InlineData("a", """{"times":"three"}""", "setting_type:/times")]
    [InlineData("a", """{"times":11}""", "setting_range:/times")]
    [InlineData("a", """{"times":1.5}""", "setting_type:/times")]
    [InlineData("a", """{"other":1}""", "setting_unknown:/other")]
    [InlineData("a", """{"list":[{"name":"x"},{}]}""", "setting_required:/list/1/name")]
    [InlineData("a", """{"list":[{"name":1,"a/b":1}]}""", "setting_type:/list/0/name", "setting_unknown:/list/0/a~1b")]
    [InlineData("a", """{"text":"{{nodes.gone.x}}"}""", "template_unknown_node:/text")]
    [InlineData("a", """{"text":"{{nodes.b.x}}"}""", "template_later_node:/text")]
    [InlineData("a", """{"text":"{{nodes.a.x}}"}""", "template_later_node:/text")]
    [InlineData("b", """{"text":"{{nodes.a.x}} and {{upper nodes.a.y}}"}""")]
    [InlineData("b", """{"text":"{{input.nodes.gone}} {{! nodes.gone }} {{concat \"nodes.gone\"}}"}""")]
    [InlineData("b", """{"list":[{"name":"{{#if nodes.gone}}x{{/if}}"}]}""", "template_unknown_node:/list/0/name")]
    [InlineData("b", """{"text":"\u007b\u007bnodes.gone}}"}""", "template_unknown_node:/text")]
    [InlineData("a", """{"text":"{{item.name}}"}""", "template_outside_loop:/text")]
    [InlineData("a", """{"text":"{{#each data}}{{index}} {{item}}{{/each}}"}""")]
    [InlineData("a", """{"raw":"{{item.name}}"}""")]
    [InlineData("a", "[]", "setting_type:settings")]
    [InlineData("a", """{"text":"\ud800"}""", "text:settings/text")]
    [InlineData("a", """{"text":"x","text":"y"}""", "duplicate:settings/text")]
    public void Validate_Settings_NamesTheField(string node, string settings, params string[] expected) =>
        Definitions.Rules.Validate(Draw.Workflow("s:start a b", "s>a a>b").Settings(node, settings)).Codes().ShouldBe(expected.Select(code => $"{node}:{code}"));

    [Fact]
    public void Validate_TemplatesInLoops_SeeWhatHasRun()
    {
        var definition = Draw.Workflow("s:start l:loop a b after", "s>l l.each>a a>b l.done>after")
            .Settings("l", """{"result":"{{nodes.b.x}}"}""").Settings("b", """{"text":"{{item.x}} {{nodes.a.y}} {{nodes.l}}"}""");

        Definitions.Rules.Validate(definition).ShouldBeEmpty();
        Definitions.Rules.Validate(definition.Settings("after", """{"text":"{{nodes.b.x}}"}""")).Codes().ShouldBe(["after:template_later_node:/text"]);
        Definitions.Rules.Validate(definition with { Output = JsonElement.Parse("""{"all":"{{nodes.l}}","one":"{{nodes.b}}"}""") }).Codes()
            .ShouldBe([":template_later_node:output/one"]);
    }

    [Fact]
    public void Validate_DynamicPorts_FollowSettings()
    {
        var definition = Draw.Workflow("s:start w:switch a b", "s>w w.red>a w.else>b");

        Definitions.Rules.Validate(definition.Settings("w", """{"cases":["red"]}""")).ShouldBeEmpty();
        Definitions.Rules.Validate(definition.Settings("w", """{"cases":["blue"]}""")).Codes().ShouldContain("w:unknown_port:edges.e1");
    }

    [Fact]
    public void Validate_ErrorPort_ExistsWhenSet() =>
        Definitions.Rules.Validate(Draw.Workflow("s:start a b", "s>a a.error>b").With("a", node => node with { OnError = OnNodeError.Port })).ShouldBeEmpty();

    [Fact]
    public void Validate_Cycle_NamesThePath() =>
        Definitions.Rules.Validate(Draw.Workflow("s:start a b", "s>a a>b b>a")).Single(problem => problem.Code == "cycle").Message.ShouldContain("\"a\" → \"b\" → \"a\"");

    [Fact]
    public void Validate_ManyProblems_PutsErrorsFirstAndNodesInOrder()
    {
        var problems = Definitions.Rules.Validate(Draw.Workflow("s:start lost a:nothing b:need", "s>a a>b") with { Name = "" });

        problems.Codes().ShouldBe([":name:name", "a:unknown_kind:kind", "b:setting_required:/url", "lost:unreachable:"]);
    }

    [Fact]
    public void Validate_EveryMessage_HasAtMostTwentyWordsOrSo()
    {
        var definition = Draw.Workflow(
            "s:start a:nothing 1x b:need w:switch l:loop c d:merge e:count f:write t:chat_start u:chat_start r:respond",
            "s>a a>b b>w w.x>l l.each>c l.done>d c>d f>e gone>a s>b.y a>a s>a s>a").Settings("c", """{"text":1,"times":99,"list":[{}],"z":1}""") with
        {
            Name = new string('x', 200),
            Description = new string('x', 3000),
            Tags = ["", "a", "A"],
            Input = JsonElement.Parse("""{"type":"string","allOf":[]}"""),
            Output = JsonElement.Parse("\"{{nodes.gone}}\""),
            Limits = new WorkflowLimits(0, 0, 0, 0, 0),
            Groups = [new WorkflowGroup("1", "", 0, 0, 0, 0, "pink")],
            Notes = [new WorkflowNote("n", new string('x', 6000), double.NaN, 0, 1, 1)],
        };

        foreach (var problem in Definitions.Rules.Validate(definition))
        {
            problem.Message.Split(' ').Length.ShouldBeLessThanOrEqualTo(22, problem.Message);
            problem.Message.ShouldEndWith(problem.Message.EndsWith('?') ? "?" : ".");
        }
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","pattern":"(?=x)"}}}""", "input/properties/a/pattern")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/x"}}}""", "input/properties/a/$ref")]
    [InlineData("""{"type":"thing"}""", "input/type")]
    [InlineData("""{"type":"array"}""", "input/type")]
    [InlineData("""{"type":"object","required":"a"}""", "input/required")]
    public void Validate_InputSchemaOutsideTheSubset_NamesTheKeyword(string schema, string field) =>
        Definitions.Rules.Validate(Sound with { Input = JsonElement.Parse(schema) }).Codes().ShouldBe([$":input_schema:{field}"]);

    [Theory]
    [InlineData("s:start a", "s>a s>a", "duplicate_edge")]
    [InlineData("s:start a b", "s>a a>b b>a", "cycle")]
    [InlineData("s:start a b", "s>a a.error>b", "error_port_off")]
    [InlineData("s:start a", "s>a a>gone", "unknown_node")]
    [InlineData("s:start a:if b", "s>a a>b", "unknown_port")]
    [InlineData("s:chat_start t:chat_start a", "s>a t>a", "chat_twice")]
    [InlineData("s:start l:loop a b", "s>l l.each>a l.done>b a>b", "loop_body")]
    [InlineData("a b", "a>b", "no_trigger")]
    public void Mend_OfAGraphProblem_TakesItAway(string nodes, string edges, string code) => Draw.Workflow(nodes, edges).Mended(code);

    [Theory]
    [InlineData("""{"other":1,"text":"x"}""", "setting_unknown", """{"text":"x"}""")]
    [InlineData("""{"times":99}""", "setting_range", """{"times":10}""")]
    [InlineData("""{"text":"Dear {{nodes.fetsh.name}}"}""", "template_unknown_node", """{"text":"Dear {{nodes.fetch.name}}"}""")]
    public void Mend_OfASettingsProblem_ChangesThatSetting(string settings, string code, string expected) =>
        Draw.Workflow("s:start fetch a", "s>fetch fetch>a").Settings("a", settings).Mended(code).Nodes[2].Settings.GetRawText().ShouldBe(expected);

    [Fact]
    public void Validate_MergeThatWaitsForTooMany_LowersTheCount() =>
        Draw.Workflow("s:start a b m:merge", "s>a s>b a>m b>m").Settings("m", """{"mode":"count","count":3}""").Mended("merge_count").Nodes[3].Settings.GetProperty("count").GetInt32().ShouldBe(2);

    [Fact]
    public void Validate_TooManyNodes_SaysSoAndLooksNoFurther() =>
        Definitions.Rules.Validate(Sound with { Nodes = [.. Enumerable.Range(0, 2_001).Select(i => Draw.Node($"n{i}:nothing"))] }).Codes().ShouldBe([":too_many:nodes"]);
}
