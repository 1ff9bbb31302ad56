using AgentLab.Core.Agents;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Tests.Core.Agents;

public sealed class AgentRulesTests
{
    private static readonly string[] Tools = ["calculator", "date_time"];
    private static readonly AgentDefinition Sound = new() { Name = "Analyst" };

    public static TheoryData<string, AgentDefinition> Wrong => new()
    {
        { "name", Sound with { Name = "" } },
        { "name", Sound with { Name = " \t " } },
        { "name", Sound with { Name = null! } },
        { "name", Sound with { Name = new string('a', 101) } },
        { "name", Sound with { Name = "two\nlines" } },
        { "name", Sound with { Name = "a\0b" } },
        { "name", Sound with { Name = "half \ud83d" } },
        { "description", Sound with { Description = new string('a', 501) } },
        { "instructions", Sound with { Instructions = new string('a', 32_001) } },
        { "type", Sound with { Type = (AgentType)99 } },
        { "model", Sound with { Model = "/gpt" } },
        { "model", Sound with { Model = "openai/" } },
        { "model", Sound with { Model = "open ai/gpt" } },
        { "model", Sound with { Model = "OpenAI/gpt" } },
        { "model", Sound with { Model = "openai/" + new string('x', 201) } },
        { "temperature", Sound with { Temperature = -0.01 } },
        { "temperature", Sound with { Temperature = 2.01 } },
        { "temperature", Sound with { Temperature = double.NaN } },
        { "tools", Sound with { Tools = ["Calculator"] } },
        { "tools", Sound with { Tools = [null!] } },
        { "skills", Sound with { Skills = [.. Enumerable.Range(0, 21).Select(n => new Skill($"s{n}", "text"))] } },
        { "skills[1].name", Sound with { Skills = [new("a", "text"), new("", "text")] } },
        { "skills[1].name", Sound with { Skills = [new("a", "text"), new("A ", "text")] } },
        { "skills[0].text", Sound with { Skills = [new("a", " ")] } },
        { "skills[0].text", Sound with { Skills = [new("a", new string('x', 8_001))] } },
        { "limits.tokens", Sound with { Limits = new RunLimits(Tokens: 0) } },
        { "limits.cost", Sound with { Limits = new RunLimits(Cost: 0) } },
        { "limits.cost", Sound with { Limits = new RunLimits(Cost: 1_000_001) } },
        { "limits.steps", Sound with { Limits = new RunLimits(Steps: -1) } },
        { "limits.seconds", Sound with { Limits = new RunLimits(Seconds: 0) } },
        { "suggestions", Sound with { Suggestions = ["1", "2", "3", "4", "5", "6", "7"] } },
        { "suggestions[1]", Sound with { Suggestions = ["1", new string('x', 201)] } },
    };

    public static TheoryData<AgentDefinition> Right =>
    [
        Sound,
        Sound with { Name = $"  {new string('a', 100)}  " },
        Sound with { Name = "Größe & 数 🦉" },
        Sound with { Description = new string('a', 500), Instructions = new string('a', 32_000) + "\n" },
        Sound with { Model = "default" },
        Sound with { Model = "openrouter/meta-llama/llama-3.3-70b:free" },
        Sound with { Temperature = 0 },
        Sound with { Temperature = 2 },
        Sound with { Tools = ["date_time", "calculator", "date_time"] },
        Sound with { Tools = null!, Skills = null!, Limits = null!, Suggestions = null!, Instructions = null!, Model = null! },
        Sound with { Limits = new RunLimits(1, 0.000001m, 1, 1) },
        Sound with { Suggestions = ["1", "2", "3", " ", "4", "5", "6"] },
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Validate_OneFieldWrong_NamesThatFieldAlone(string field, AgentDefinition definition)
    {
        var fault = AgentRules.Validate(definition, Tools).ShouldHaveSingleItem();

        fault.Code.ShouldBe("invalid");
        fault.Field.ShouldBe(field);
        fault.Message.Length.ShouldBeGreaterThan(20);
    }

    [Theory]
    [MemberData(nameof(Right))]
    public void Validate_AtTheBounds_FindsNothing(AgentDefinition definition) => AgentRules.Validate(definition, Tools).ShouldBeEmpty();

    [Fact]
    public void Validate_SeveralFieldsWrong_NamesAllAtOnce()
    {
        var faults = AgentRules.Validate(Sound with { Name = "", Temperature = 3, Limits = new RunLimits(Steps: 0, Seconds: 0) }, Tools);

        faults.Select(fault => fault.Field).ShouldBe(["name", "temperature", "limits.steps", "limits.seconds"]);
    }

    [Fact]
    public void Validate_UnknownTool_SaysWhichAndWhatThereIs()
    {
        var fault = AgentRules.Validate(Sound with { Tools = ["calculator", "oracle"] }, Tools).ShouldHaveSingleItem();

        fault.Message.ShouldBe("Unknown: \"oracle\". Take it out or choose another: there are calculator, date_time.");
    }

    [Fact]
    public void Clean_AppliedTwice_ChangesNothingMore()
    {
        var once = AgentRules.Clean(Sound with { Name = " A ", Tools = ["x", "x"], Suggestions = ["", " s "], Skills = [new(" n", "t ")] });
        var twice = AgentRules.Clean(once);

        once.Name.ShouldBe("A");
        once.Tools.ShouldBe(["x"]);
        once.Suggestions.ShouldBe(["s"]);
        once.Skills.ShouldBe([new Skill("n", "t")]);
        twice.ShouldBeEquivalentTo(once);
    }

    [Fact]
    public void NormalizeName_SameLettersWrittenDifferently_AreTheSame() =>
        AgentRules.NormalizeName(" cafe\u0301 ").ShouldBe(AgentRules.NormalizeName("CAFÉ"));

    [Fact]
    public void StarterAgents_AgainstTheirOwnTools_AreSound()
    {
        foreach (var starter in StarterAgents.All)
        {
            AgentRules.Validate(starter.Definition, starter.Definition.Tools.ToList()).ShouldBeEmpty(starter.Slug);
            AgentSlug.Of(starter.Definition.Name).ShouldBe(starter.Slug);
        }
    }
}
