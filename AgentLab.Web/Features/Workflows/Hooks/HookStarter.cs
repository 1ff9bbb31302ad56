using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Engine;
using AgentLab.Core.Workflows.Triggers;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting.Problems;
using AgentLab.Web.Hosting.RateLimits;

namespace AgentLab.Web.Features.Workflows.Hooks;

/// <summary>Turns a request to <c>/hooks/{slug}</c> into a run on behalf of the workflow's owner.</summary>
internal sealed class HookStarter(
    IWorkflowHooks hooks, HookPlans plans, HookLimiter limiter, HookSignatures signatures, IWorkflowOwners owners, IWorkflowRuns runs)
{
    /// <summary>How long a request may stay for the run's answer.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    /// <summary>Answers the request.</summary>
    /// <exception cref="HookRefusedException">It is not taken.</exception>
    public async Task StartAsync(HttpContext context)
    {
        var request = context.Request;
        var slug = (string)request.RouteValues["slug"]!;
        if (await hooks.FindAsync(request.Method, slug, context.RequestAborted) is not { } hook)
        {
            await RefuseAsync(context, slug);
            return;
        }

        if (limiter.Try(hook.Workflow) is { } seconds)
        {
            await RateLimitsSetup.RefuseAsync(context, seconds);
            return;
        }

        // An owner who was disabled, or may no longer run anything, has no hooks either.
        if (await owners.FindAsync(hook.OwnerId, context.RequestAborted) is not { MayEdit: true } owner
            || await plans.FindAsync(hook, context.RequestAborted) is not { } trigger)
        {
            throw Missing();
        }

        var outcome = await runs.StartAsync(await CommandAsync(context, hook, trigger), owner, context.RequestAborted);
        if (!outcome.Ok)
        {
            await ErrorTable.Problem(outcome.Errors).ExecuteAsync(context);
            return;
        }

        await AnswerAsync(context, trigger, outcome.Value);
    }

    private async Task<StartWorkflowRun> CommandAsync(HttpContext context, WorkflowHook hook, WebhookTrigger trigger)
    {
        var request = context.Request;
        var body = await HookBody.ReadAsync(request, context.RequestAborted);
        var seen = signatures.Check(request, trigger, body.Bytes.Span);
        return new StartWorkflowRun
        {
            Workflow = hook.Workflow.ToString(),
            Version = hook.Version,
            Input = body.Input(request, trigger.SignatureHeader),
            Trigger = "webhook",
            TriggerNode = hook.Node,
            Key = Key(request) ?? (seen is null ? null : new RequestKey(seen)),
        };
    }

    private async Task AnswerAsync(HttpContext context, WebhookTrigger trigger, WorkflowRunReceipt run)
    {
        if (run.Replayed)
        {
            context.Response.Headers[IdempotentRequests.ReplayedHeader] = "true";
        }

        if (trigger.Answer == WebhookAnswer.Immediately)
        {
            await HookAnswers.AcceptedAsync(context, run.RunId);
            return;
        }

        var state = await runs.WaitAsync(run, Wait, context.RequestAborted);
        await HookAnswers.StateAsync(context, state);
    }

    private async Task RefuseAsync(HttpContext context, string slug)
    {
        var methods = await hooks.MethodsAsync(slug, context.RequestAborted);
        if (methods.Count == 0)
        {
            throw Missing();
        }

        context.Response.Headers.Allow = string.Join(", ", methods);
        throw new HookRefusedException(ErrorCodes.MethodNotAllowed, $"This webhook takes {string.Join(", ", methods)}.");
    }

    private static RequestKey? Key(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(IdempotencyHeader.Name, out var values))
        {
            return null;
        }

        var key = values.ToString();
        return IdempotencyHeader.IsAllowed(key)
            ? new RequestKey(key)
            : throw new HookRefusedException(ErrorCodes.Invalid, $"{IdempotencyHeader.Name} must be 1 to 255 printable ASCII characters.");
    }

    private static HookRefusedException Missing() => new(ErrorCodes.NotFound, "There is no active webhook at this address.");
}
