using AgentLab.Tests.Api;
using Xunit.Abstractions;

namespace AgentLab.Tests.Faults.Kills;

/// <summary>
/// <c>kill -9</c> of the real process while runs stream and call tools. Few kills as a rule, 50 with <c>AGENTLAB_TEST_FULL=1</c>; the moments are seeded
/// (<c>AGENTLAB_TEST_SEED</c> to see a failure again).
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Clients = 6;
    private const int LongestLifeMs = 1800;
    private const int LongestStartMs = 3000;
    private const int KillsAStart = 3;

    [Fact]
    public async Task Kill_WhileRunsStream_LosesNothingAndRepeatsNothing()
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

    private async Task RunAsync(Random random, int kills)
    {
        await using var lab = await KilledLab.StartAsync();
        using var enough = new CancellationTokenSource();
        var clients = Enumerable.Range(1, Clients).Select(n => new KillClient(lab, n, new Random(random.Next()))).ToList();
        var work = Task.WhenAll(clients.Select(c => Task.Run(() => c.WorkAsync(enough.Token))));
        for (var kill = 0; kill < kills && !work.IsFaulted; kill++)
        {
            await Task.Delay(random.Next(50, LongestLifeMs));
            if (kill == 0)
            {
                // One kill at least must hit a run, however long the first one takes to begin.
                await Eventually.TrueAsync(() => Task.FromResult(lab.Model.Requests.Count > 0));
            }

            await lab.KillAsync();
            if (kill % KillsAStart == 1)
            {
                await lab.KillAtStartAsync(random.Next(300, LongestStartMs));
            }

            await lab.ReviveAsync();
        }

        await enough.CancelAsync();
        await work.WaitAsync(TimeSpan.FromMinutes(3));

        await CheckAsync(lab, [.. clients.SelectMany(c => c.Sessions)]);
    }

    private async Task CheckAsync(KilledLab lab, List<WatchedSession> sessions)
    {
        var checks = new List<(WatchedSession Session, LogCheck Check)>();
        foreach (var session in sessions)
        {
            var check = new LogCheck(session, await KilledFile.ServedAsync((await lab.LivingAsync()).Client, session.Id), lab.Model.Requests);
            check.Run();
            checks.Add((session, check));
        }

        await lab.KillAsync();
        CheckFile(Path.Combine(lab.Folder, "agentlab.db"), checks);
        var resumed = checks.Sum(c => c.Check.Resumed);
        output.WriteLine($"{sessions.Count} sessions, {sessions.Sum(s => s.Turns.Count)} turns, {sessions.Sum(s => s.Events.Count)} events, {resumed} runs went on after a kill");
        resumed.ShouldBeGreaterThan(0, "the kills must have hit runs");
    }

    /// <summary>The file itself, after one more kill: sound, with no session that nobody asked for, and with hashes that hold.</summary>
    private static void CheckFile(string file, List<(WatchedSession Session, LogCheck Check)> checks)
    {
        using var killed = new KilledFile(file);
        killed.Check(checks.Select(c => c.Session.Id));
        killed.Rows("SELECT count(*) FROM runs WHERE status <> 2", r => r.GetInt64(0)).ShouldBe([0L]);
        foreach (var (session, check) in checks)
        {
            check.CheckHashes(killed.Hashes(session.Id));
        }
    }
}
