using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Expressions.Conditions;

namespace AgentLab.Core.Workflows.Nodes;

/// <summary>A kind that computes from its inputs alone, at once.</summary>
internal abstract class PureKind : INodeKind
{
    /// <inheritdoc />
    public abstract NodeDescription Description { get; }

    /// <inheritdoc />
    public virtual IReadOnlyList<NodePort> Outputs(JsonElement settings) => Description.Outputs;

    /// <inheritdoc />
    public virtual IEnumerable<SettingFault> Check(JsonElement settings) => [];

    /// <inheritdoc />
    public ValueTask<NodeResult> RunAsync(NodeCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return ValueTask.FromResult(Run(call));
        }
        catch (ExpressionException fault)
        {
            return ValueTask.FromResult<NodeResult>(new NodeResult.Failed(fault.Code, fault.Message));
        }
    }

    /// <summary>Computes the result.</summary>
    /// <exception cref="ExpressionException">It cannot; the node fails with this code and message.</exception>
    protected abstract NodeResult Run(NodeCall call);
}

/// <summary>The fields of a kind that it evaluates itself, once an item: compiled once for each node of each version.</summary>
internal sealed class ItemExpressions(string field)
{
    private static readonly SettingsCompiler Compiler = new();

    private readonly ConditionalWeakTable<WorkflowNode, ICompiledSettings> _compiled = [];

    /// <summary>The field as it was written, ready to be evaluated for each item.</summary>
    /// <exception cref="ExpressionException">A template in it is not well formed.</exception>
    public ICompiledSettings Of(NodeCall call) => _compiled.TryGetValue(call.Node, out var compiled)
        ? compiled
        : _compiled.GetValue(call.Node, node => Compiler.CompileValue(call.Settings.TryGetProperty(field, out var written) ? written : JsonOutput.Null));

    /// <summary>The templates in the field that are not well formed.</summary>
    public IEnumerable<SettingFault> Check(JsonElement settings)
    {
        if (settings.ValueKind != JsonValueKind.Object || !settings.TryGetProperty(field, out var written))
        {
            return [];
        }

        try
        {
            Compiler.CompileValue(written);
            return [];
        }
        catch (ExpressionException fault)
        {
            return [new SettingFault($"/{field}{fault.Field}", fault.Code, fault.Message)];
        }
    }
}

/// <summary>What several kinds ask of their settings.</summary>
internal static class Settings
{
    /// <summary>The items of the setting <c>items</c>.</summary>
    /// <exception cref="ExpressionException">It is no list.</exception>
    public static JsonElement.ArrayEnumerator ItemsOf(NodeCall call) => ListOf(call).EnumerateArray();

    /// <summary>The setting <c>items</c>.</summary>
    /// <exception cref="ExpressionException">It is no list.</exception>
    public static JsonElement ListOf(NodeCall call)
    {
        var items = call.Settings.TryGetProperty("items"u8, out var given) ? given : default;
        return items.ValueKind == JsonValueKind.Array
            ? items
            : throw new ExpressionException("items_no_list", $"\"items\" must be a list, and is {Described(items)}. Refer to a list, such as {{{{data.items}}}}.", "/items");
    }

    /// <summary>What is wrong with the shape of a condition.</summary>
    public static IEnumerable<SettingFault> CheckCondition(JsonElement settings, string field, string at)
    {
        if (settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty(field, out var condition)
            && !(condition.ValueKind == JsonValueKind.String && SettingReader.IsTemplate(condition.GetString()!))
            && Condition.Fault(condition, at) is { } fault)
        {
            yield return new SettingFault(fault.Field ?? at, fault.Code, fault.Message);
        }
    }

    private static string Described(JsonElement value) => value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
        ? "missing"
        : ExpressionValue.Name(ExpressionValue.TypeOf(value));
}
