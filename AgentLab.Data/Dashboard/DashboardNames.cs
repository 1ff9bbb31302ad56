using AgentLab.Core.Dashboard;
using AgentLab.Data.Agents;
using AgentLab.Data.Workflows;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Dashboard;

/// <summary>The present names of what the dashboard shows, those of deleted agents and workflows included.</summary>
internal static class DashboardNames
{
    public static async Task<IReadOnlyDictionary<GroupKey, string>> ReadAsync(LabDbContext context, DashboardSums sums, CancellationToken cancellationToken)
    {
        var names = new Dictionary<GroupKey, string>();
        await AddAsync(DashboardGroupKind.Agent, sums.Workers, ids => context.Set<AgentRow>().Where(a => ids.Contains(a.Id)).Select(a => new Named(a.Id, a.Name)));
        await AddAsync(DashboardGroupKind.Workflow, sums.Workers, ids => context.Set<WorkflowRow>().Where(w => ids.Contains(w.Id)).Select(w => new Named(w.Id, w.Name)));
        await AddAsync(DashboardGroupKind.Project, sums.Projects, ids => context.Projects.Where(p => ids.Contains(p.Id)).Select(p => new Named(p.Id, p.Name)));
        return names;

        async Task AddAsync(DashboardGroupKind kind, IReadOnlyList<GroupKey> keys, Func<List<Guid>, IQueryable<Named>> query)
        {
            var ids = keys.Where(key => key.Kind == kind).Select(key => key.Id).ToList();
            if (ids.Count == 0)
            {
                return;
            }

            foreach (var named in await query(ids).ToListAsync(cancellationToken))
            {
                names[new GroupKey(kind, named.Id)] = named.Name;
            }
        }
    }

    private sealed record Named(Guid Id, string Name);
}
