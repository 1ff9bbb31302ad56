using System.Net.Http.Json;
using System.Text.Json;
using AgentLab.Tests.Api;
using AgentLab.Tests.Core.Workflows.Nodes;
using AgentLab.Tests.Fakes.OpenAiServer;
using Xunit.Abstractions;

namespace AgentLab.Tests.Faults.Kills;

/// <summary>
/// <c>kill -9</c> of the real process, also while it starts and while it takes runs up, under workflows that hold every kind of node: what goes out under a key takes effect once,
/// what has none is never made again unless a person says so, and every run answers what it would have answered. Few kills as a rule, 50 with <c>AGENTLAB_TEST_FULL=1</c>; the
/// moments are seeded (<c>AGENTLAB_TEST_SEED</c>).
/// </summary>
public sealed class WorkflowKillTests(ITestOutputHelper output)
{
    private const int People = 4;
    private const int LongestLifeMs = 2500;
    private const string SumUp = "Sum up ";

    [Fact]
    public void Workflows_UnderTheKills_HoldEveryKind() => KillWorkflows.Kinds().Order(StringComparer.Ordinal).ShouldBe(Palette.Golden.Order(StringComparer.Ordinal));

    [Fact]
    public async Task Kill_WhileWorkflowsAct_KeyedEffectsAreOnceAndUnknownOnesAskAPerson()
    {
        var seed = Counts.Seed();
        output.WriteLine($"AGENTLAB_TEST_SEED={seed}");
        try
        {
            await RunAsync(new Random(seed), Counts.Of(quick: 3, full: 50));
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Failed with AGENTLAB_TEST_SEED={seed}: {e.Message}", e);
        }
    }

    /// <summary>The settings of a program whose workflows act on a server of this machine.</summary>
    public static Dictionary<string, string> Settings() => new()
    {
        ["AgentLab:Egress:Allow:0"] = "127.0.0.1",
        ["AgentLab:RateLimits:Hook"] = "1000000",
        ["AgentLab:Models:RehearsalWordPace"] = "00:00:00.010",
    };

    private async Task RunAsync(Random random, int kills)
    {
        await using var outside = await OutsideWorld.StartAsync();
        await using var lab = await KilledLab.StartAsync(Settings(), Model);
        await MakeAsync((await lab.LivingAsync()).Client, outside.Url);
        var undisturbed = await new WorkflowPerson(lab, 0, new Random(1)).ActAsync();

        var asked = lab.Model.Requests.Count;
        using var enough = new CancellationTokenSource();
        var people = Enumerable.Range(1, People).Select(n => new WorkflowPerson(lab, n, new Random(random.Next()))).ToList();
        var work = Task.WhenAll(people.Select(p => Task.Run(() => p.WorkAsync(enough.Token))));
        for (var kill = 0; kill < kills && !work.IsFaulted; kill++)
        {
            await Task.Delay(random.Next(20, LongestLifeMs));
            if (kill == 0)
            {
                // One kill at least must hit a run, however long the first one takes to begin.
                await Eventually.TrueAsync(() => Task.FromResult(lab.Model.Requests.Count > asked));
            }

            await lab.KillAsync();
            await ((kill % 3) switch
            {
                1 => lab.KillAtStartAsync(random),
                2 => lab.KillAtRecoveryAsync(random.Next(0, 250)),
                _ => Task.CompletedTask,
            });
            await lab.ReviveAsync();
        }

        await enough.CancelAsync();
        await work.WaitAsync(TimeSpan.FromMinutes(15));
        await CheckAsync(lab, outside, undisturbed, [undisturbed, .. people.SelectMany(p => p.Runs)]);
    }

    private static async Task MakeAsync(HttpClient client, string outside)
    {
        using var made = await client.PostAsJsonAsync("/api/v1/agents", new { name = "Rehearser", instructions = "Work.", model = "rehearsal/rehearsal", tools = new[] { "calculator" } });
        made.IsSuccessStatusCode.ShouldBeTrue(await made.Content.ReadAsStringAsync());
        foreach (var workflow in KillWorkflows.All(outside))
        {
            await KillWorkflows.PublishAsync(client, workflow);
        }
    }

    private static ModelScript Model(ReceivedRequest request) => request.LastText("user") is { } text && text.StartsWith(SumUp, StringComparison.Ordinal)
        ? ModelScript.Says($"The sum of {WorkerModel.MarkerOf(request)} in a few words.", TimeSpan.FromMilliseconds(8))
        : WorkerModel.Answer(request);

    private async Task CheckAsync(KilledLab lab, OutsideWorld outside, KilledRun undisturbed, List<KilledRun> runs)
    {
        var followers = await FollowersAsync(lab, runs);
        foreach (var run in runs.Concat(followers))
        {
            run.Check(await KilledFile.ServedAsync((await lab.LivingAsync()).Client, run.Session));
            CheckEffects(run, outside, lab.Model.Requests);
        }

        outside.Changed().ShouldBeEmpty("what is sent again under a key is the same");
        foreach (var run in runs.Where(r => r is { Workflow: KillWorkflows.Acts, Status: "completed" }))
        {
            run.Output!.ShouldBe(undisturbed.Output!.Replace(undisturbed.Marker, run.Marker, StringComparison.Ordinal), customMessage: run.Id);
        }

        await lab.KillAsync();
        using var file = new KilledFile(Path.Combine(lab.Folder, "agentlab.db"));
        file.Check(runs.Concat(followers).Select(r => r.Session));
        file.Rows("SELECT count(*) FROM run_waits WHERE ended_at IS NULL", r => r.GetInt64(0)).ShouldBe([0L]);
        output.WriteLine(
            $"{runs.Count} runs ({runs.Count(r => r.Status == "cancelled")} stopped) and {followers.Count} that followed, {runs.Sum(r => r.Log.Count)} events, {outside.Requests.Count} requests, "
            + $"{runs.Sum(r => r.Recovered)} times taken up after a kill, {runs.Sum(r => r.RecoveredForNothing)} of them killed again at once, {runs.Sum(r => r.Asked)} questions, {runs.Sum(r => r.Repeats)} repeats");
        runs.Sum(r => r.Recovered).ShouldBeGreaterThan(0, "the kills must have hit runs");
    }

    /// <summary>The run that each end of a run started: one and no more.</summary>
    private static async Task<List<KilledRun>> FollowersAsync(KilledLab lab, List<KilledRun> runs)
    {
        var ended = runs.Where(r => r is { Workflow: KillWorkflows.Acts, Status: "completed" }).Select(r => r.Id).Order(StringComparer.Ordinal).ToList();
        var found = await FollowingRuns.SettledAsync((await lab.LivingAsync()).Client, KillWorkflows.Follows, ended.Count);
        found.ShouldAllBe(run => run.Status == "completed");
        found.Select(run => JsonElement.Parse(run.Output!).GetString()!).Order(StringComparer.Ordinal).ToList().ShouldBe(ended, "each end starts one run");
        return found;
    }

    private static void CheckEffects(KilledRun run, OutsideWorld outside, IReadOnlyList<ReceivedRequest> requests)
    {
        var isWhole = run.Status == "completed";
        string[] keyed = run.Workflow switch
        {
            KillWorkflows.Acts => ["first", "item[0]", "item[1]", "item[2]", "sub/inside"],
            KillWorkflows.Talks => ["told"],
            KillWorkflows.Hook => ["hooked"],
            _ => [],
        };
        IEnumerable<string> went = outside.KeysOf(run.Id, "/keyed");
        (isWhole ? went : went.Union(keyed).Order(StringComparer.Ordinal)).ShouldBe(keyed, $"{run.Id} of {run.Workflow}");
        if (run.Workflow == KillWorkflows.Follows)
        {
            outside.KeysOf(run.Id, "/followed").ShouldBe(["followed"]);
        }

        if (run.Workflow != KillWorkflows.Acts)
        {
            return;
        }

        var sent = outside.Requests.Count(r => r.Path == "/unkeyed" && r.Key.StartsWith(run.Id, StringComparison.Ordinal));
        sent.ShouldBeLessThanOrEqualTo(1 + run.Repeats, $"{run.Id}: a step that may not be repeated was repeated, and nobody had asked for it");
        if (isWhole)
        {
            outside.KeysOf(run.Id, "/hook").ShouldBe(["notify"]);
            outside.KeysOf(run.Id, "/shaky").ShouldBe(["shaky"]);
            (run.Asked > 0 || sent == 1).ShouldBeTrue($"{run.Id}: a step without a key took effect {sent} times, and nobody was asked");
            CheckModel(run, requests);
        }
    }

    /// <summary>Killed between its record and its request the model was never asked; asked without a record it never is.</summary>
    private static void CheckModel(KilledRun run, IReadOnlyList<ReceivedRequest> requests)
    {
        var mine = requests.Where(r => WorkerModel.MarkerOf(r) == run.Marker).ToLookup(r => r.LastText("user")!.StartsWith(SumUp, StringComparison.Ordinal));
        mine[true].Count().ShouldBeInRange(1, run.Requested("prompt/model[1]"));
        for (var round = 1; round <= WorkerModel.Rounds; round++)
        {
            mine[false].Count(r => WorkerModel.RoundOf(r) == round).ShouldBeInRange(1, run.Requested($"ask/model[{round}]"), $"{run.Marker}, round {round}");
        }
    }
}
