using System.Collections.Concurrent;
using AgentLab.Core.Workflows;
using Microsoft.Extensions.Logging;

namespace AgentLab.Data.Workflows;

/// <summary>The rooms of this process.</summary>
internal sealed partial class WorkflowRooms(ILogger<WorkflowRooms> logger) : IWorkflowRooms
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, List<Place>> _rooms = [];

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
                _rooms.Add(workflow, room = []);
            }

            room.Add(place);
        }

        Announce(workflow, MembersChanged(member));
        return place;
    }

    /// <inheritdoc />
    public IReadOnlyList<RoomMember> Members(Guid workflow)
    {
        lock (_lock)
        {
            return _rooms.TryGetValue(workflow, out var room) ? [.. room.Select(place => place.Member)] : [];
        }
    }

    /// <inheritdoc />
    public void Announce(Guid workflow, RoomChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_lock)
        {
            // Queued under the lock, so that everyone hears in the same order; called outside it.
            foreach (var place in _rooms.GetValueOrDefault(workflow) ?? [])
            {
                place.Tell(change);
            }
        }
    }

    private static RoomChange MembersChanged(RoomMember member) => new("members", 0, null, member.UserId, [], string.Empty);

    private void Leave(Place place)
    {
        lock (_lock)
        {
            var room = _rooms[place.Workflow];
            room.Remove(place);
            if (room.Count == 0)
            {
                _rooms.Remove(place.Workflow);
            }
        }

        Announce(place.Workflow, MembersChanged(place.Member));
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
