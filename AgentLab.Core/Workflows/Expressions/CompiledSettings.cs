using System.Text.Json;
using AgentLab.Core.Workflows.Expressions.Templates;

namespace AgentLab.Core.Workflows.Expressions;

/// <summary>Settings as a tree of what is fixed and what is a template.</summary>
internal sealed class CompiledSettings(SettingPart root, IReadOnlyList<string> nodes) : ICompiledSettings
{
    public IReadOnlyList<string> Nodes => nodes;

    public JsonElement Evaluate(ExpressionScope scope)
    {
        if (root is FixedPart whole)
        {
            return whole.Value;
        }

        try
        {
            return root is LonePart lone ? lone.Value(scope).ToJson() : JsonOutput.Build((root, scope), static (writer, state) => state.root.Write(writer, state.scope));
        }
        catch (InvalidOperationException)
        {
            // A text of half a surrogate pair: JSON can hold one, and no text can.
            throw new ExpressionException("value_unreadable", "A value holds a broken character. Replace it where it comes from.");
        }
    }
}

/// <summary>A part of settings.</summary>
internal abstract class SettingPart
{
    public abstract void Write(Utf8JsonWriter writer, ExpressionScope scope);

    protected static void Bound(Utf8JsonWriter writer)
    {
        if (writer.BytesCommitted + writer.BytesPending > ExpressionLimits.OutputBytes)
        {
            throw new ExpressionException("template_too_large", $"The settings take more than {ExpressionLimits.OutputBytes / 1024 / 1024} MB with their values. Refer to less.");
        }
    }
}

/// <summary>A value without templates.</summary>
internal sealed class FixedPart(JsonElement value) : SettingPart
{
    public JsonElement Value => value;

    public override void Write(Utf8JsonWriter writer, ExpressionScope scope) => value.WriteTo(writer);
}

/// <summary>A text that is one expression and nothing else: it gives the value with its type.</summary>
internal sealed class LonePart(TemplateExpression expression, string pointer) : SettingPart
{
    public ExpressionValue Value(ExpressionScope scope)
    {
        try
        {
            return expression is PathExpression path ? PathResolver.Resolve(path, scope, null, null) : new TemplateRenderer(scope, new WorkBudget()).Evaluate(expression);
        }
        catch (ExpressionException fault) when (fault.Field is null)
        {
            throw new ExpressionException(fault.Code, fault.Message, pointer);
        }
    }

    public override void Write(Utf8JsonWriter writer, ExpressionScope scope)
    {
        Value(scope).WriteTo(writer);
        Bound(writer);
    }
}

/// <summary>A text with expressions in it.</summary>
internal sealed class TextPart(IReadOnlyList<TemplateNode> nodes, string pointer) : SettingPart
{
    public override void Write(Utf8JsonWriter writer, ExpressionScope scope)
    {
        try
        {
            writer.WriteStringValue(new TemplateRenderer(scope, new WorkBudget()).Render(nodes));
        }
        catch (ExpressionException fault) when (fault.Field is null)
        {
            throw new ExpressionException(fault.Code, fault.Message, pointer);
        }

        Bound(writer);
    }
}

/// <summary>An object.</summary>
internal sealed class ObjectPart(IReadOnlyList<(JsonEncodedText Name, SettingPart Part)> members) : SettingPart
{
    public override void Write(Utf8JsonWriter writer, ExpressionScope scope)
    {
        writer.WriteStartObject();
        foreach (var (name, part) in members)
        {
            writer.WritePropertyName(name);
            part.Write(writer, scope);
        }

        writer.WriteEndObject();
    }
}

/// <summary>A list.</summary>
internal sealed class ListPart(IReadOnlyList<SettingPart> items) : SettingPart
{
    public override void Write(Utf8JsonWriter writer, ExpressionScope scope)
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            item.Write(writer, scope);
        }

        writer.WriteEndArray();
    }
}
