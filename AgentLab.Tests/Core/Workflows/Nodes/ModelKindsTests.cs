using System.Text.Json;
using AgentLab.Core.Agents.Runs;
using AgentLab.Core.Models;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Core.Workflows.Nodes;
using AgentLab.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Workflows.Nodes;

public sealed class ModelKindsTests
{
    private const string Structured = """{"prompt": "Which team?", "output": "structured", "schema": {"type": "object", "properties": {"team": {"enum": ["a", "b"]}}, "required": ["team"]}}""";

    private readonly NodeHarness _harness = new();

    [Fact]
    public async Task Prompt_Text_IsAskedAndRecorded()
    {
        var model = Answering("Hello", " Ann");

        var output = await _harness.OutputAsync(Prompt(model), """{"system": "Be kind.", "prompt": "Greet {{data}}"}""", "\"Ann\"");

        output.GetString().ShouldBe("Hello Ann");
        model.Prompts.ShouldHaveSingleItem().Select(m => m.Text).ShouldBe(["Be kind.", "Greet Ann"]);
        var written = _harness.Journal.Written.ToArray();
        written.ShouldAllBe(e => e.Sub == "model[1]" && e.Attempt == 1);
        written.Select(e => e.Data.GetType()).Where(t => t != typeof(ModelDelta)).ShouldBe([typeof(StepStarted), typeof(ModelRequested), typeof(ModelCompleted), typeof(StepCompleted)]);
    }

    [Fact]
    public async Task Prompt_Structured_RepairsOnce()
    {
        var answers = new Queue<string>(["It is team a.", "```json\n{\"team\": \"a\"}\n```"]);
        var model = new ScriptedModel((_, _) => ScriptedModel.Stream(ScriptedModel.Words(answers.Dequeue())));

        var output = await _harness.OutputAsync(Prompt(model), Structured);

        output.GetProperty("team").GetString().ShouldBe("a");
        model.Prompts.Last().Count.ShouldBe(3);
        model.Prompts.Last()[^1].Text.ShouldContain("not one JSON value");
        _harness.Journal.Written.Select(e => e.Sub).Distinct().ShouldBe(["model[1]", "model[2]"]);
    }

    [Fact]
    public async Task Prompt_WrongTwice_Fails()
    {
        var failed = await _harness.FailureAsync(Prompt(Answering("""{"team": "c"}""")), Structured);

        failed.Code.ShouldBe("answer_invalid");
        failed.Message.ShouldContain("team must be one of a, b");
    }

    [Fact]
    public async Task Prompt_AnswerInTheLog_IsNotAskedForAgain()
    {
        var model = Answering("never");
        var recorded = new ModelCompleted(new("from before"), [], "stop", "p", "m", UsageTotals.Zero, 1);
        _harness.Journal.Before.Add(new SessionEvent(1, RunId.New(), "node/model[1]", 1, "model.completed", 1, NodeHarness.StartedAt, default, recorded));

        (await _harness.OutputAsync(Prompt(model), """{"prompt": "x"}""")).GetString().ShouldBe("from before");
        model.Prompts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Prompt_BrokenOffBefore_IsTheNextAttempt()
    {
        _harness.Journal.Before.Add(new SessionEvent(1, RunId.New(), "node/model[1]", 1, "step.started", 1, NodeHarness.StartedAt, default, new StepStarted("model", "default")));

        await _harness.OutputAsync(Prompt(Answering("x")), """{"prompt": "x"}""");

        _harness.Journal.Written.ShouldAllBe(e => e.Attempt == 2);
        _harness.Journal.Written.First().Data.ShouldBeOfType<StepRestarted>();
    }

    [Fact]
    public async Task Prompt_ModelFails_SaysWhetherToTryAgain()
    {
        var model = new ScriptedModel((_, _) => throw new ModelException(ModelErrorCodes.RateLimited, "Too many calls.") { IsTransient = true, RetryAfter = TimeSpan.FromSeconds(3) });

        var failed = await _harness.FailureAsync(Prompt(model), """{"prompt": "x"}""");

        failed.ShouldBe(new NodeResult.Failed("model_rate_limited", "Too many calls.", true) { RetryAfter = TimeSpan.FromSeconds(3) });
        _harness.Journal.Written.Last().Data.ShouldBeOfType<StepFailed>();
    }

    [Fact]
    public async Task Prompt_Cancelled_Throws() =>
        await Should.ThrowAsync<OperationCanceledException>(async () => await _harness.RunAsync(Prompt(Answering("x")), """{"prompt": "x"}""", cancellationToken: new CancellationToken(true)));

    [Fact]
    public async Task Agent_Answer_GoesOut()
    {
        var turn = new ScriptedTurn(new AgentTurnResult.Answered("""{"team": "a"}""", new UsageTotals(5, 6, 0), 1, "p/m"));

        (await _harness.OutputAsync(Agent(turn), """{"agent": "analyst", "message": "Ask {{data}}"}""", "7")).GetString().ShouldBe("""{"team": "a"}""");
        (turn.Asked!.Agent, turn.Asked.Text, turn.Asked.Schema).ShouldBe(("analyst", "Ask 7", null));
        var structured = Structured.Replace("\"prompt\"", "\"agent\": \"analyst\", \"message\"", StringComparison.Ordinal);
        (await _harness.OutputAsync(Agent(turn), structured)).GetProperty("team").GetString().ShouldBe("a");
        turn.Asked.Schema.ShouldNotBeNull();
    }

    [Fact]
    public async Task Agent_WithoutAnswer_EndsAsItsTurn()
    {
        const string Settings = """{"agent": "analyst", "message": "x"}""";
        (await _harness.FailureAsync(Agent(new ScriptedTurn(new AgentTurnResult.Failed("agent_missing", "There is none.", false))), Settings)).Code.ShouldBe("agent_missing");
        (await _harness.RunAsync(Agent(new ScriptedTurn(new AgentTurnResult.OutcomeUnknown("pay", "Did it?", "c1"))), Settings)).ShouldBe(new NodeResult.OutcomeUnknown("pay", "Did it?"));
        var structured = Structured.Replace("\"prompt\"", "\"agent\": \"analyst\", \"message\"", StringComparison.Ordinal);
        (await _harness.FailureAsync(Agent(new ScriptedTurn(new AgentTurnResult.Answered("no", UsageTotals.Zero, 0, "p/m"))), structured)).Code.ShouldBe("answer_invalid");
    }

    [Theory]
    [InlineData("""{"prompt": "x", "output": "structured"}""", "/schema")]
    [InlineData("""{"prompt": "x", "output": "structured", "schema": {"allOf": []}}""", "/schema/allOf")]
    public void Prompt_WrongSettings_NameTheField(string settings, string field) =>
        Palette.Create().Find("model_prompt")!.Check(JsonElement.Parse(settings)).ShouldHaveSingleItem().Field.ShouldBe(field);

    private static ScriptedModel Answering(params string[] words) => new((_, token) =>
    {
        token.ThrowIfCancellationRequested();
        return ScriptedModel.Stream([.. words.Select(ScriptedModel.Words)]);
    });

    private static INodeKind Prompt(ScriptedModel model) => Palette.Kind("model_prompt", services => services.AddSingleton<IModelClients>(model));

    private static INodeKind Agent(ScriptedTurn turn) => Palette.Kind("agent", services => services.AddSingleton<IAgentTurn>(turn));

    private sealed class ScriptedTurn(AgentTurnResult result) : IAgentTurn
    {
        public AgentTurn? Asked { get; private set; }

        public Task<AgentTurnResult> RunAsync(AgentTurn turn, CancellationToken cancellationToken)
        {
            Asked = turn;
            return Task.FromResult(result);
        }
    }
}
