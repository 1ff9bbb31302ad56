using System.Collections.Concurrent;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Data.Workflows;
using AgentLab.Tests.Api;
using AgentLab.Tests.Data.Databases;
using Microsoft.Extensions.Hosting;

namespace AgentLab.Tests.Data.Workflows;

/// <summary>Two people have a workflow open at two nodes: each sees what the other does, in order and once.</summary>
public sealed class RoomsAcrossNodesTests(PostgreSqlFixture fixture) : IClassFixture<PostgreSqlFixture>, IDisposable
{
    private readonly WorkflowHost _here = new(fixture);
    private readonly WorkflowHost _there = new(fixture);
    private readonly ConcurrentQueue<RoomChange> _heard = new();

    public void Dispose()
    {
        _here.Dispose();
        _there.Dispose();
    }

    [Fact]
    public async Task Room_OfAnotherNode_HearsGesturesPublicationAndDeletionOnce()
    {
        var workflow = await _here.CreatedAsync(_here.Named("Shared"));
        using var place = Enter(workflow.Id);
        await LookAsync();

        (await _here.AddAsync(workflow.Id, workflow.Revision, "one")).Ok.ShouldBeTrue();
        (await _here.AddAsync(workflow.Id, workflow.Revision + 1, "two")).Ok.ShouldBeTrue();
        await LookAsync();
        await LookAsync();
        (await _here.Store.PublishAsync(workflow.Id, workflow.Revision + 2, "", _here.Editor, default)).Ok.ShouldBeTrue();
        await LookAsync();
        (await _here.Store.DeleteAsync(workflow.Id, WorkflowHost.Admin, default)).Ok.ShouldBeTrue();
        await LookAsync();

        await Eventually.TrueAsync(() => Task.FromResult(_heard.Any(change => change.Kind == "deleted")));
        var changes = _heard.Where(change => change.Kind != "members").ToList();
        changes.Select(change => (change.Kind, change.Revision)).ShouldBe(
        [
            ("replaced", workflow.Revision), ("committed", workflow.Revision + 1), ("committed", workflow.Revision + 2), ("published", workflow.Revision + 2), ("deleted", workflow.Revision + 2),
        ]);
        changes[1].Operations.ShouldHaveSingleItem().ShouldBeOfType<AddNode>();
        changes[1].By.ShouldBe(_here.Editor.UserId);
    }

    [Fact]
    public async Task Room_ThatHeardOfAGestureFromTheDatabaseFirst_IsNotToldTwice()
    {
        var workflow = await _there.CreatedAsync(_there.Named("Raced"));
        using var place = Enter(workflow.Id);
        await LookAsync();
        (await _here.AddAsync(workflow.Id, workflow.Revision, "one", WorkflowHost.Admin)).Ok.ShouldBeTrue();
        await LookAsync();

        _there.Rooms.Announce(workflow.Id, new RoomChange("committed", workflow.Revision + 1, null, null, [], "One"));
        (await _there.AddAsync(workflow.Id, workflow.Revision + 1, "two")).Ok.ShouldBeTrue();
        await LookAsync();

        await Eventually.TrueAsync(() => Task.FromResult(_heard.Any(change => change.Revision == workflow.Revision + 2)));
        _heard.Where(change => change.Kind == "committed").Select(change => change.Revision).ShouldBe([workflow.Revision + 1, workflow.Revision + 2]);
    }

    private IDisposable Enter(Guid workflow) => _there.Rooms.Enter(workflow, new RoomMember(Guid.NewGuid(), Guid.NewGuid(), "Ada"), _heard.Enqueue);

    private Task LookAsync() => _there.Get<IEnumerable<IHostedService>>().OfType<RoomFollower>().Single().LookAsync(default);
}
