using AgentLab.Core.Agents;
using AgentLab.Core.Sessions.Events;
using AgentLab.Web.Features.Agents;

namespace AgentLab.Tests.Web.Agents;

public sealed class AgentFileTests
{
    private static readonly AgentDefinition Analyst = new()
    {
        Name = "Analyst",
        Description = "Counts.",
        Type = AgentType.Research,
        Instructions = "Count <everything> & say so.\nTwice.",
        Model = "openai/gpt",
        Temperature = 0.2,
        Tools = ["calculator"],
        Skills = [new Skill("Tone", "Be brief.")],
        Limits = new RunLimits(1000, 0.5m, 10, 60),
        Suggestions = ["How many?"],
    };

    [Fact]
    public void Write_ThenRead_IsTheSame()
    {
        var text = AgentFile.Write(Analyst);

        AgentFile.TryRead(text, out var read, out _).ShouldBeTrue();
        AgentFile.Write(read).ShouldBe(text);
    }

    [Fact]
    public void Write_SameAgent_IsReadableAndStable() =>
        AgentFile.Write(Analyst).ShouldStartWith("{\n  \"format\": \"agentlab.agent/1\",\n  \"agent\": {\n    \"name\": \"Analyst\",");

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"format\":\"agentlab.agent/2\",\"agent\":{\"name\":\"x\"}}")]
    [InlineData("{\"format\":\"agentlab.agent/1\"}")]
    [InlineData("{\"format\":\"agentlab.agent/1\",\"agent\":{}}")]
    [InlineData("{\"format\":\"agentlab.agent/1\",\"agent\":{\"name\":\"x\",\"type\":7}}")]
    [InlineData("{\"format\":\"agentlab.agent/1\",\"agent\":{\"name\":\"x\",\"run\":\"rm\"}}")]
    public void TryRead_SomethingElse_IsRefusedWithASentence(string text)
    {
        AgentFile.TryRead(text, out _, out var error).ShouldBeFalse();

        error.Code.ShouldBe("invalid");
        error.Message.ShouldStartWith("This is not an exported agent");
    }

    [Theory]
    [InlineData("null", "tools")]
    [InlineData("null", "skills")]
    [InlineData("null", "suggestions")]
    [InlineData("null", "limits")]
    public void TryRead_NullWhereAListBelongs_IsRefused(string value, string field) =>
        AgentFile.TryRead($"{{\"format\":\"agentlab.agent/1\",\"agent\":{{\"name\":\"x\",\"{field}\":{value}}}}}", out _, out _).ShouldBeFalse();
}
