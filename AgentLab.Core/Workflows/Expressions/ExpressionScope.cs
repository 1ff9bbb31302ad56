using System.Text.Json;

namespace AgentLab.Core.Workflows.Expressions;

/// <summary>
/// What templates, conditions and JSON paths can see: JSON values and nothing else. <c>input</c>, <c>data</c>, <c>nodes.ID</c>, <c>item</c>, <c>index</c>, <c>run.id</c>,
/// <c>run.startedAt</c>. Immutable: the same scope always gives the same values, so that a run that goes on after a crash computes what it had computed.
/// </summary>
public sealed record ExpressionScope
{
    /// <summary>The run's input.</summary>
    public required JsonElement Input { get; init; }

    /// <summary>The value that came into the node.</summary>
    public required JsonElement Data { get; init; }

    /// <summary>The newest output of a node that ended before this one, seen from inside its loop outwards; null when there is none.</summary>
    public required Func<string, JsonElement?> Node { get; init; }

    /// <summary>The item of the innermost loop.</summary>
    public JsonElement? Item { get; init; }

    /// <summary>The number of the iteration of the innermost loop, from 0.</summary>
    public int? Index { get; init; }

    /// <summary><c>{"id", "startedAt", "workflow", "session"}</c>.</summary>
    public required JsonElement Run { get; init; }
}

/// <summary>An expression that gave no value: unknown path where one is needed, wrong type, too large, too deep or too long.</summary>
/// <param name="code">Snake case: <c>template_syntax</c>, <c>template_too_large</c>, <c>path_syntax</c>, <c>condition_type</c> …</param>
/// <param name="message">What is wrong and how to mend it.</param>
/// <param name="field">JSON pointer into the settings, where known.</param>
public sealed class ExpressionException(string code, string message, string? field = null) : Exception(message)
{
    /// <summary>The stable code.</summary>
    public string Code { get; } = code;

    /// <summary>The setting.</summary>
    public string? Field { get; } = field;
}

/// <summary>Compiles the templates of a node's settings once for each version.</summary>
public interface ISettingsCompiler
{
    /// <summary>Finds and compiles every template in the settings, but for fields whose schema says <c>x-template: false</c>.</summary>
    /// <exception cref="ExpressionException">A template is not well formed.</exception>
    ICompiledSettings Compile(JsonElement settings, JsonElement schema);

    /// <summary>Compiles one JSON value whose texts may be templates (a workflow's output mapping, a loop's result).</summary>
    /// <exception cref="ExpressionException">A template is not well formed.</exception>
    ICompiledSettings CompileValue(JsonElement value);
}

/// <summary>Settings whose templates are compiled.</summary>
public interface ICompiledSettings
{
    /// <summary>The settings with the schema's defaults and the templates' values. A lone <c>{{path}}</c> gives the value itself, text around it makes a text. Bounded: 1 MB.</summary>
    /// <exception cref="ExpressionException">A template gave no value.</exception>
    JsonElement Evaluate(ExpressionScope scope);

    /// <summary>The ids of the nodes that the templates mention.</summary>
    IReadOnlyList<string> Nodes => [];
}
