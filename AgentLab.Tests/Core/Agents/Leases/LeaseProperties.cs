using FsCheck;
using FsCheck.Fluent;

namespace AgentLab.Tests.Core.Agents.Leases;

/// <summary>Nodes renew, pause, lose and take in any order, with requests and answers that take any time, on clocks that are up to 5 s off and run up to 1 % apart.</summary>
public sealed class LeaseProperties
{
    private const int Steps = 400;

    private static Gen<int> Seeds => Gen.Choose(0, int.MaxValue);

    [Fact]
    public void AnyInterleaving_NobodyActsForARunThatAnotherHasTaken() =>
        Prop.ForAll(Seeds.ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            using var world = Start(random);
            for (var step = 0; step < Steps; step++)
            {
                Move(world, random);
                foreach (var node in world.Nodes)
                {
                    foreach (var (run, fence) in node.Supervisor.Acting())
                    {
                        world.FenceOf(run).ShouldBe(fence, $"{node.Name} acts for a run that somebody else has");
                    }
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void AfterAnything_OneNodeThatStaysTakesAllRuns() =>
        Prop.ForAll(Seeds.ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            using var world = Start(random);
            for (var step = 0; step < Steps / 4; step++)
            {
                Move(world, random);
            }

            // From here on one node alone gets anything done.
            var last = world.Nodes[0];
            for (var second = 0; second < 60; second++)
            {
                world.Pass(TimeSpan.FromSeconds(1));
                last.Renew();
                last.Sweep();
                while (world.Turns.Waiting > 0)
                {
                    world.Turns.Give();
                }
            }

            last.Supervisor.Acting().Select(r => r.Run).ShouldBe(world.Runs, ignoreOrder: true);
            last.Supervisor.Acting().Select(r => world.Holders[r]).Distinct().ShouldBe([last.Name]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    private static LeaseWorld Start(Random random)
    {
        var world = new LeaseWorld(random);
        for (var i = 0; i < 3; i++)
        {
            world.AddNode($"node{i}");
        }

        while (!world.Nodes.All(n => n.Entered))
        {
            world.Turns.Give();
        }

        for (var i = 0; i < 6; i++)
        {
            world.AddRun(world.Nodes[i % 3]);
        }

        return world;
    }

    private static void Move(LeaseWorld world, Random random)
    {
        var node = world.Nodes[random.Next(world.Nodes.Count)];
        switch (random.Next(8))
        {
            case 0:
                world.Pass(LeaseWorld.Lease * (random.NextDouble() / 3));
                break;
            case 1:
                node.Renew();
                break;
            case 2:
                node.Sweep();
                break;
            default:
                world.Turns.Give();
                break;
        }
    }
}
