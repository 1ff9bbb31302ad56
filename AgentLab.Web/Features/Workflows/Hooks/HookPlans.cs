using System.Collections.Concurrent;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Core.Workflows.Triggers;

namespace AgentLab.Web.Features.Workflows.Hooks;

/// <summary>What the webhook triggers of published versions say, read once a version.</summary>
internal sealed class HookPlans(IWorkflowVersions versions)
{
    private const int Kept = 1000;
    private readonly ConcurrentDictionary<WorkflowHook, WebhookTrigger> _plans = new();

    /// <summary>The trigger behind an address; null when the version is gone.</summary>
    public async ValueTask<WebhookTrigger?> FindAsync(WorkflowHook hook, CancellationToken cancellationToken)
    {
        if (_plans.TryGetValue(hook, out var plan))
        {
            return plan;
        }

        var definition = await versions.FindAsync(hook.Workflow, hook.Version, cancellationToken);
        plan = definition is null ? null : WorkflowTriggerSettings.Webhooks(definition).FirstOrDefault(trigger => trigger.Node == hook.Node);
        if (plan is not null)
        {
            if (_plans.Count >= Kept)
            {
                _plans.Clear();
            }

            _plans[hook] = plan;
        }

        return plan;
    }
}
