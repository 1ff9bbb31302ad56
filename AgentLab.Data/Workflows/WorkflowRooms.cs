using System.Collections.Concurrent;
using AgentLab.Core.Hosting.Hints;
using AgentLab.Core.Workflows;
using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Workflows;

/// <summary>The rooms of this process. What happens here is told to other nodes by a hint; <see cref="RoomFollower"/> tells the rooms here what happens there.</summary>
internal sealed partial class WorkflowRooms(IHints hints, ILogger<WorkflowRooms> logger) : IWorkflowRooms
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Room> _rooms = [];

    /// <inheritdoc />
    public IDisposable Enter(Guid workflow, RoomMember member, Action<RoomChange> changed)
    {
        ArgumentNullException.ThrowIfNull(member);
        ArgumentNullException.ThrowIfNull(changed);
        var place = new Place(this, workflow, member, changed);
        lock (_lock)
        {
            if (!_rooms.TryGetValue(workflow, out var room))
            {
                _rooms.Add(workflow, room = new Room());
            }

            room.Places.Add(place);
        }

        Announce(workflow, MembersChanged(member));
        return place;
    }

    /// <inheritdoc />
    public IReadOnlyList<RoomMember> Members(Guid workflow)
    {
        lock (_lock)
        {
            return _rooms.TryGetValue(workflow, out var room) ? [.. room.Places.Select(place => place.Member)] : [];
        }
    }

    /// <inheritdoc />
    public void Announce(Guid workflow, RoomChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Tell(workflow, change);
        if (change.Kind != "members")
        {
            hints.Send(new Hint(HintKind.Workflow, workflow.ToString("N"), change.Revision));
        }
    }

    /// <summary>The workflows that somebody has open here, each with the newest state that its room was told; null before the first.</summary>
    internal IReadOnlyList<(Guid Workflow, DraftMark? Told)> Open()
    {
        lock (_lock)
        {
            return [.. _rooms.Select(room => (room.Key, room.Value.Told))];
        }
    }

    /// <summary>Tells a room of changes that other nodes made; none when it was told of as much meanwhile.</summary>
    internal void Follow(Guid workflow, DraftMark? told, DraftMark now, IEnumerable<RoomChange> changes)
    {
        lock (_lock)
        {
            if (!_rooms.TryGetValue(workflow, out var room) || room.Told != told)
            {
                return;
            }

            foreach (var change in changes)
            {
                room.Places.ForEach(place => place.Tell(change));
            }

            room.Told = now;
        }
    }

    private void Tell(Guid workflow, RoomChange change)
    {
        lock (_lock)
        {
            if (!_rooms.TryGetValue(workflow, out var room))
            {
                return;
            }

            if (change.Kind is "committed" or "replaced" && room.Told is { } told)
            {
                if (change.Revision <= told.Revision)
                {
                    // Read from the database between its commit and now.
                    return;
                }

                room.Told = told with { Revision = change.Revision };
            }

            // Queued under the lock, so that everyone hears in the same order; called outside it.
            room.Places.ForEach(place => place.Tell(change));
        }
    }

    private static RoomChange MembersChanged(RoomMember member) => new("members", 0, null, member.UserId, [], string.Empty);

    private void Leave(Place place)
    {
        lock (_lock)
        {
            var room = _rooms[place.Workflow];
            room.Places.Remove(place);
            if (room.Places.Count == 0)
            {
                _rooms.Remove(place.Workflow);
            }
        }

        Announce(place.Workflow, MembersChanged(place.Member));
    }

    private sealed class Room
    {
        public List<Place> Places { get; } = [];

        public DraftMark? Told { get; set; }
    }

    /// <summary>One member's place; its changes are handed over one after the other on the thread pool.</summary>
    private sealed class Place(WorkflowRooms rooms, Guid workflow, RoomMember member, Action<RoomChange> changed) : IDisposable, IThreadPoolWorkItem
    {
        private readonly ConcurrentQueue<RoomChange> _waiting = new();
        private int _scheduled;
        private int _left;

        public Guid Workflow => workflow;

        public RoomMember Member => member;

        public void Tell(RoomChange change)
        {
            _waiting.Enqueue(change);
            Schedule();
        }

        public void Execute()
        {
            while (_waiting.TryDequeue(out var change))
            {
                Hand(change);
            }

            Volatile.Write(ref _scheduled, 0);
            if (!_waiting.IsEmpty)
            {
                Schedule();
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                rooms.Leave(this);
            }
        }

        private void Hand(RoomChange change)
        {
            if (Volatile.Read(ref _left) != 0)
            {
                return;
            }

            try
            {
                changed(change);
            }
            catch (Exception error)
            {
                // A page that breaks must not take the others with it.
                rooms.LogMemberBroke(error, workflow);
            }
        }

        private void Schedule()
        {
            if (Interlocked.Exchange(ref _scheduled, 1) == 0)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }
    }
}

/// <summary>How far a workflow has come.</summary>
/// <param name="Revision">The draft's revision.</param>
/// <param name="Version">The newest published version, if any.</param>
/// <param name="Deleted">Whether it was deleted.</param>
internal readonly record struct DraftMark(long Revision, int? Version, bool Deleted);
