using AgentLab.Core.Agents;
using AgentLab.Core.Sessions.Events;
using AgentLab.Web.Features.Agents;

namespace AgentLab.Tests.Web.Agents;

public sealed class AgentFormTests
{
    [Fact]
    public void Read_FormOfADefinition_IsThatDefinition()
    {
        var definition = new AgentDefinition
        {
            Name = "Analyst",
            Temperature = 0.7,
            Tools = ["calculator", "table_query"],
            Skills = [new Skill("Tone", "Brief.")],
            Limits = new RunLimits(5000, 0.25m, 8, 60),
            Suggestions = ["One?", "Two?"],
        };

        var (read, faults) = AgentForm.From(definition).Read();

        faults.ShouldBeEmpty();
        AgentFile.Write(read!).ShouldBe(AgentFile.Write(definition));
    }

    [Fact]
    public void Read_WrongNumbers_NameEachField()
    {
        var form = new AgentForm { Name = "x", Temperature = "warm", Tokens = "-1", Steps = "1.5", Seconds = "99999999999" };

        var (definition, faults) = form.Read();

        definition.ShouldBeNull();
        faults.Keys.ShouldBe(["temperature", "limits.tokens", "limits.steps", "limits.seconds"], ignoreOrder: true);
    }

    [Fact]
    public void Read_EmptySkillAndBlankLines_AreLeftOut()
    {
        var form = new AgentForm { Name = " x ", Suggestions = "\n a \n\n" };
        form.Skills.Add(new SkillForm());

        var (definition, _) = form.Read();

        definition!.Name.ShouldBe("x");
        definition.Skills.ShouldBeEmpty();
        definition.Suggestions.ShouldBe(["a"]);
    }
}
