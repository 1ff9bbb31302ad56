using AgentLab.Core.Tasks;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Tasks;

/// <summary>How many places the limits leave, counted under the gate's lock. What waits takes none.</summary>
internal sealed class TaskPlaces
{
    private readonly TaskOptions _options;
    private readonly Dictionary<Guid, int> _workers = [];
    private readonly Dictionary<Guid, int> _projects = [];
    private int _all;

    private TaskPlaces(TaskOptions options) => _options = options;

    /// <summary>Places in all.</summary>
    public int Free => _options.Concurrent - _all;

    /// <summary>Counts what is going on.</summary>
    public static async Task<TaskPlaces> CountAsync(LabDbContext context, TaskOptions options, CancellationToken cancellationToken)
    {
        var places = new TaskPlaces(options);
        var running = await context.Set<TaskRow>().Where(task => task.Status == LabTaskStatus.Running).GroupBy(task => new { task.WorkerId, task.ProjectId })
            .Select(group => new { group.Key.WorkerId, group.Key.ProjectId, Count = group.Count() }).ToListAsync(cancellationToken);
        foreach (var group in running)
        {
            places.Add(group.WorkerId, group.ProjectId, group.Count);
        }

        return places;
    }

    /// <summary>Those whose worker and project have a place left.</summary>
    public IQueryable<TaskRow> Open(IQueryable<TaskRow> tasks)
    {
        var workers = _workers.Where(worker => worker.Value >= _options.PerWorker).Select(worker => worker.Key).ToList();
        var projects = _projects.Where(project => project.Value >= _options.PerProject).Select(project => project.Key).ToList();
        tasks = workers.Count > 0 ? tasks.Where(task => !workers.Contains(task.WorkerId)) : tasks;
        return projects.Count > 0 ? tasks.Where(task => !projects.Contains(task.ProjectId)) : tasks;
    }

    /// <summary>Takes a place; false when there is none.</summary>
    public bool TryTake(Guid worker, Guid project)
    {
        if (Free <= 0 || _workers.GetValueOrDefault(worker) >= _options.PerWorker || _projects.GetValueOrDefault(project) >= _options.PerProject)
        {
            return false;
        }

        Add(worker, project, 1);
        return true;
    }

    private void Add(Guid worker, Guid project, int count)
    {
        _all += count;
        _workers[worker] = _workers.GetValueOrDefault(worker) + count;
        _projects[project] = _projects.GetValueOrDefault(project) + count;
    }
}
