using System.Text;
using System.Text.Json;
using AgentLab.Data.Sessions.Log;
using AgentLab.Tests.Fakes.OpenAiServer;

namespace AgentLab.Tests.Faults.Kills;

/// <summary>Holds a session's log against what its client was told and what the model was asked.</summary>
internal sealed class LogCheck(WatchedSession session, IReadOnlyList<string> log, IReadOnlyList<ReceivedRequest> requests)
{
    private readonly List<JsonElement> _events = [.. log.Select(e => JsonElement.Parse(e))];

    /// <summary>How many runs of the session went on after a kill.</summary>
    public int Resumed => _events.Count(e => TypeOf(e) == "run.resumed");

    public void Run()
    {
        for (var i = 0; i < session.Events.Count; i++)
        {
            (i < log.Count ? log[i] : null).ShouldBe(session.Events[i], $"event {i + 1} was acknowledged");
        }

        _events.Select(e => e.GetProperty("sequence").GetInt64()).ShouldBe(Enumerable.Range(1, log.Count).Select(n => (long)n));
        foreach (var turn in session.Turns)
        {
            CheckTurn(turn);
        }

        _events.Count(e => TypeOf(e) == "run.started").ShouldBe(session.Turns.Count, "each message starts one run, however often it was sent");
        _events.Count(e => TypeOf(e) == "message.user").ShouldBe(session.Turns.Count);
    }

    /// <summary>Holds the chain of hashes, as they are stored, against the bytes that viewers get.</summary>
    public void CheckHashes(IReadOnlyList<byte[]> stored)
    {
        stored.Count.ShouldBe(log.Count);
        var hash = HashChain.Start;
        for (var i = 0; i < log.Count; i++)
        {
            hash = HashChain.Next(hash, Encoding.UTF8.GetBytes(log[i]));
            stored[i].ShouldBe(hash, $"the hash of event {i + 1}");
        }
    }

    private void CheckTurn(WatchedTurn turn)
    {
        _events.Count.ShouldBeGreaterThanOrEqualTo((int)turn.Sequence);
        _events.Count(e => TypeOf(e) == "message.user" && TextOf(e).Contains($"{turn.Marker}.", StringComparison.Ordinal)).ShouldBe(1);
        var run = _events.Where(e => e.TryGetProperty("runId", out var id) && id.GetString() == turn.RunId).ToList();
        TypeOf(run[0]).ShouldBe("run.started");
        TypeOf(run[^1]).ShouldBe("run.completed", run[^1].GetRawText());
        run.Count(e => TypeOf(e) is "run.completed" or "run.failed" or "run.cancelled").ShouldBe(1);

        var steps = run.Where(e => e.TryGetProperty("stepId", out _)).GroupBy(e => e.GetProperty("stepId").GetString()!).ToDictionary(g => g.Key, g => g.ToList());
        steps.Keys.Order().ShouldBe(["model[1]", "model[2]", "model[3]", "tool[1.1]", "tool[1.2]", "tool[2.1]"]);
        foreach (var (id, step) in steps)
        {
            CheckStep(id, step);
        }

        for (var round = 1; round <= WorkerModel.Rounds; round++)
        {
            CheckAnswer(turn, round, steps[$"model[{round}]"]);
        }
    }

    private static void CheckStep(string id, List<JsonElement> step)
    {
        TypeOf(step[0]).ShouldBe("step.started");
        TypeOf(step[^1]).ShouldBe("step.completed", $"{id}: nothing comes after its recorded end, least of all a second one");
        foreach (var once in new[] { "step.started", "step.completed", id.StartsWith("model", StringComparison.Ordinal) ? "model.completed" : "tool.completed" })
        {
            step.Count(e => TypeOf(e) == once).ShouldBe(1, $"{once} of {id}");
        }

        step.Count(e => TypeOf(e) is "step.failed" or "tool.failed").ShouldBe(0, $"{id} had no fault of its own");
        var attempts = step.Select(e => e.GetProperty("attempt").GetInt32()).ToList();
        attempts.ShouldBeInOrder();
        attempts[^1].ShouldBe(1 + step.Count(e => TypeOf(e) == "step.restarted"), id);
    }

    private void CheckAnswer(WatchedTurn turn, int round, List<JsonElement> step)
    {
        var answer = step.Single(e => TypeOf(e) == "model.completed");
        var text = answer.GetProperty("data").GetProperty("answer").GetProperty("text").GetString()!;
        text.ShouldContain(turn.Marker);
        if (round == WorkerModel.Rounds)
        {
            text.ShouldBe(WorkerModel.AnswerTo(turn.Marker));
        }

        var last = step[^1].GetProperty("attempt").GetInt32();
        var streamed = string.Concat(step.Where(e => TypeOf(e) == "model.delta" && e.GetProperty("attempt").GetInt32() == last).Select(TextOf));
        text.ShouldStartWith(streamed, Case.Sensitive, "the words that came are those of the answer");

        // Killed between its record and its request the model was never asked; asked without a record it never is.
        var asked = requests.Count(r => WorkerModel.MarkerOf(r) == turn.Marker && WorkerModel.RoundOf(r) == round);
        asked.ShouldBeInRange(1, step.Count(e => TypeOf(e) == "model.requested"), $"requests of {turn.Marker}, round {round}");
    }

    private static string TypeOf(JsonElement e) => e.GetProperty("type").GetString()!;

    private static string TextOf(JsonElement e) => e.GetProperty("data").GetProperty("text").GetString()!;
}
