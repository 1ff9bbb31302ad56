using System.Security.Cryptography;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Data.Sessions.Log;
using AgentLab.Tests.Data.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace AgentLab.Tests.Faults.Storage;

/// <summary>The disk is full: appends say so, readers go on, nothing is half done, and with room again all is as before.</summary>
public sealed class FullDiskTests(FullDisk disk, ITestOutputHelper output) : IClassFixture<FullDisk>
{
    private const int Producers = 4;
    private const int Most = 2000;

    [Fact]
    public async Task Append_DiskFull_FailsClearlyAndGoesOnWithRoomAgain()
    {
        var log = await LogHost.StartAsync(disk);
        var id = await log.CreateAsync();
        var written = new List<(long Sequence, string Text)>();

        (await Task.WhenAll(Enumerable.Range(0, Producers).Select(p => FillAsync(log, id, p, written)))).ShouldAllBe(full => full);
        output.WriteLine($"{written.Count} events on {(disk.Mounted ? "a full file system" : "a bounded file")}");

        await ShouldHoldAsync(log, id, written);
        // A checkpoint may make a little room of what was written twice; then that is full too.
        (await FillAsync(log, id, Producers, written)).ShouldBeTrue();
        await ShouldHoldAsync(log, id, written);

        disk.Free();
        foreach (var text in new[] { "room", "again" })
        {
            written.Add(((await log.AppendAsync(id, LogHost.Message(text))).Receipt!.First, text));
        }

        await ShouldHoldAsync(log, id, written);
        await disk.Services.GetRequiredService<SessionLog>().StopAsync(default);
        await disk.StopAsync();
        await disk.StartAsync();
        await ShouldHoldAsync(await LogHost.StartAsync(disk), id, written);
    }

    /// <summary>Appends until the disk is full; true when that was said clearly.</summary>
    private static async Task<bool> FillAsync(LogHost log, SessionId id, int producer, List<(long Sequence, string Text)> written)
    {
        for (var i = 0; i < Most; i++)
        {
            var text = Text($"{producer}.{i}");
            try
            {
                var outcome = await log.AppendAsync(id, LogHost.Message(text));
                lock (written)
                {
                    written.Add((outcome.Receipt!.First, text));
                }
            }
            catch (SessionLogUnavailableException)
            {
                return true;
            }
        }

        return false;
    }

    private static string Text(string name) => $"{name} {Convert.ToBase64String(RandomNumberGenerator.GetBytes(15 * 1024))}";

    private static string Short(string text) => text[..Math.Min(text.Length, 30)];

    private static async Task ShouldHoldAsync(LogHost log, SessionId id, List<(long Sequence, string Text)> written)
    {
        var events = await log.AllAsync(id);
        events.Select(e => e.Sequence).ShouldBe(Enumerable.Range(1, events.Count).Select(n => (long)n));
        events.Skip(1).Select(e => $"{e.Sequence} {Short(((MessageUser)e.Data!).Text)}")
            .ShouldBe(written.OrderBy(w => w.Sequence).Select(w => $"{w.Sequence} {Short(w.Text)}"), "what was acknowledged and nothing else");
        (await log.Reader.FindAsync(id, default))!.Head.ShouldBe(events.Count);
    }
}
