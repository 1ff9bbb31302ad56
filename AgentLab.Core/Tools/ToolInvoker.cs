using System.Text.Json;
using AgentLab.Core.Tools.Schema;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentLab.Core.Tools;

/// <summary>
/// The only way to call a tool: checks the arguments against its schema, bounds its time and the size of its result, and turns whatever
/// goes wrong into a <see cref="ToolOutcome"/>. The one exception that leaves it is <see cref="OperationCanceledException"/> when the caller cancelled.
/// </summary>
public sealed partial class ToolInvoker(TimeProvider time, ILogger<ToolInvoker> logger)
{
    /// <summary>The most that a result may take as UTF-8 text: 64 KB. A longer one is cut and says so.</summary>
    public const int MaxResultBytes = 64 * 1024;

    /// <summary>As the other overload, for arguments as <see cref="FunctionCallContent.Arguments"/> holds them; null means none.</summary>
    public async Task<ToolOutcome> InvokeAsync(Tool tool, IDictionary<string, object?>? arguments, ToolContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tool);
        JsonElement element;
        try
        {
            element = ToolJson.ToElement(arguments ?? new Dictionary<string, object?>());
        }
        catch (Exception unwritable) when (unwritable is JsonException or NotSupportedException)
        {
            return ToolOutcome.Failed(ToolErrorCodes.InvalidArguments, $"The arguments of {tool.Name} cannot be written as JSON.");
        }

        return await InvokeAsync(tool, element, context, cancellationToken);
    }

    /// <param name="tool">The tool to call.</param>
    /// <param name="arguments">A JSON object; a property that is null counts as absent unless the schema allows null.</param>
    /// <param name="context">For whom and in which step.</param>
    /// <param name="cancellationToken">Stops the call: the tool's own token fires, and this method throws without waiting for the tool.</param>
    public async Task<ToolOutcome> InvokeAsync(Tool tool, JsonElement arguments, ToolContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tool);
        ArgumentNullException.ThrowIfNull(context);
        cancellationToken.ThrowIfCancellationRequested();
        using var timeout = new CancellationTokenSource(tool.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var problems = ArgumentValidator.Validate(tool.Schema, arguments);
            if (problems.Count > 0)
            {
                return ToolOutcome.Failed(ToolErrorCodes.InvalidArguments, $"The arguments of {tool.Name} are not right: {string.Join("; ", problems)}.");
            }

            return ToolResults.Bound(await CallAsync(tool, arguments, context, linked.Token));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            LogTimedOut(tool.Name, context.SessionId, context.StepId, tool.Timeout.TotalSeconds);
            return ToolOutcome.Failed(
                ToolErrorCodes.TimedOut,
                $"{tool.Title} did not end within {tool.Timeout.TotalSeconds:0.###} s and was stopped.",
                canRetry: tool.RepeatSafe);
        }
        catch (ToolFailureException foreseen)
        {
            return foreseen.ToOutcome();
        }
        catch (Exception unforeseen)
        {
            // The message of an unknown exception may hold anything, a connection string included: it goes to the log, not into the session.
            LogBroke(unforeseen, tool.Name, context.SessionId, context.StepId);
            return ToolOutcome.Failed(
                ToolErrorCodes.Broke,
                $"{tool.Title} broke ({unforeseen.GetType().Name}). The server's log has the details.",
                canRetry: tool.RepeatSafe);
        }
    }

    /// <summary>Runs the tool on the pool and stops waiting when the token fires, so that a tool which ignores its token cannot hold a run.</summary>
    private static async Task<ToolOutcome> CallAsync(Tool tool, JsonElement arguments, ToolContext context, CancellationToken cancellationToken)
    {
        var values = new AIFunctionArguments(StringComparer.Ordinal);
        foreach (var property in arguments.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Null)
            {
                values[property.Name] = property.Value.Clone();
            }
        }

        context.Attach(values);
        var work = Task.Run(async () => await tool.Function.InvokeAsync(values, cancellationToken), cancellationToken);
        try
        {
            return ToolResults.From(await work.WaitAsync(cancellationToken), tool.Function.JsonSerializerOptions);
        }
        finally
        {
            // A tool that was left behind may still throw: look at its exception so that it is not reported as unobserved.
            _ = work.ContinueWith(static left => left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
