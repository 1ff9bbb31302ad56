using AgentLab.Core.Sessions;
using FsCheck;
using FsCheck.Fluent;

namespace AgentLab.Tests.Core.Agents.Leases;

/// <summary>Up to two runs that end their process, among runs whose steps take up to ten minutes, with others coming and the program being stopped between.</summary>
public sealed class SuspectProperties
{
    /// <summary>The process in which it began its step, and each that took it up.</summary>
    private const int MostDeathsByOne = 6;

    [Fact]
    public void AnyMixture_OnlyWhatEndsProcessesIsSetAside() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var world = new SuspectWorld();
            var poison = random.Next(1, 3);
            world.Add(Enumerable.Range(0, poison).Select(_ => new SimulatedRun(poison: true, random.Next(1, 30), 1)));
            for (var lives = 0; world.Runs.Any(run => run.End is null); lives++)
            {
                lives.ShouldBeLessThan(100);
                if (lives < 4)
                {
                    world.Add(Enumerable.Range(0, random.Next(0, 5)).Select(_ => new SimulatedRun(poison: false, random.Next(1, 300), random.Next(1, 3))));
                }

                Live(world, random.Next(6) == 0 && lives < 20 ? random.Next(1, 600) : int.MaxValue);
            }

            world.Runs.ShouldAllBe(run => run.End == (run.Poison ? SessionStatus.Failed : SessionStatus.Completed));
            world.MostSuspects.ShouldBeLessThanOrEqualTo(1);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void OneThatEndsProcessesAtOnce_EndsFew()
    {
        var world = new SuspectWorld();
        world.Add(new SimulatedRun(poison: true, ticks: 1, steps: 1));
        world.Add(Enumerable.Range(0, 20).Select(_ => new SimulatedRun(poison: false, ticks: 200, steps: 2)));

        while (world.Runs.Any(run => run.End is null))
        {
            Live(world, int.MaxValue);
        }

        world.Deaths.ShouldBeLessThanOrEqualTo(MostDeathsByOne);
        world.Runs.Count(run => run.End == SessionStatus.Failed).ShouldBe(1);
    }

    /// <summary>Nothing of it waits for anything.</summary>
    private static void Live(SuspectWorld world, int ticks)
    {
        var life = world.LiveAsync(ticks);
        life.IsCompleted.ShouldBeTrue();
        life.IsFaulted.ShouldBeFalse(life.Exception?.ToString());
    }
}
