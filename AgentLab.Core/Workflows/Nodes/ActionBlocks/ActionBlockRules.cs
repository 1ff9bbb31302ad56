using System.Text;
using System.Text.Json;
using AgentLab.Core.Agents;
using AgentLab.Core.Schema;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.ActionBlocks;

/// <summary>What makes an action block right.</summary>
public sealed class ActionBlockRules(INodeKinds kinds)
{
    /// <summary>The longest name, in characters.</summary>
    public const int NameLength = 100;

    /// <summary>The longest description, in characters.</summary>
    public const int DescriptionLength = 1_000;

    private const int MaxSettings = 64 * 1024;

    /// <summary>Every error, each with its field; empty when the block can be kept. A setting that is still missing is none.</summary>
    public IReadOnlyList<LabError> Check(ActionBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return [.. Words(block), .. Node(block)];
    }

    private static IEnumerable<LabError> Words(ActionBlock block)
    {
        if (block.Name.Trim().Length is 0 or > NameLength || !AgentRules.IsPlainText(block.Name))
        {
            yield return LabError.Invalid("name", "A name is 1 to 100 characters on one line.");
        }

        if (block.Description.Length > DescriptionLength || !AgentRules.IsPlainText(block.Description))
        {
            yield return LabError.Invalid("description", "A description has at most 1,000 characters on one line.");
        }

        if (block.Keywords.Count > 20 || block.Keywords.Any(word => word.Trim().Length is 0 or > 50 || !AgentRules.IsPlainText(word)))
        {
            yield return LabError.Invalid("keywords", "There are at most 20 keywords of 1 to 50 characters each.");
        }
    }

    private IEnumerable<LabError> Node(ActionBlock block)
    {
        if (kinds.Find(block.Kind) is not { } kind)
        {
            return [LabError.Invalid("kind", $"There is no kind of node \"{(block.Kind.Length <= 50 ? block.Kind : block.Kind[..50])}\". Use one of {string.Join(", ", kinds.All.Select(k => k.Description.Kind))}.")];
        }

        if (block.Settings.ValueKind != JsonValueKind.Object || Encoding.UTF8.GetByteCount(block.Settings.GetRawText()) > MaxSettings)
        {
            return [LabError.Invalid("settings", $"The settings are an object of at most {MaxSettings / 1024} KB.")];
        }

        return [.. Settings(block.Settings, kind)];
    }

    private static IEnumerable<LabError> Settings(JsonElement settings, INodeKind kind)
    {
        foreach (var fault in CompiledSchema.Read(kind.Description.Settings).Check(settings, SchemaUse.Settings).Where(f => f.Code != "required"))
        {
            yield return LabError.Invalid("settings" + fault.Field, $"{fault}.");
        }

        foreach (var fault in kind.Check(settings).Where(f => f.Code != "setting_required"))
        {
            yield return LabError.Invalid("settings" + fault.Field, fault.Message);
        }

        if (TemplateFault(settings, kind) is { } wrong)
        {
            yield return LabError.Invalid("settings" + wrong.Field, wrong.Message);
        }
    }

    private static ExpressionException? TemplateFault(JsonElement settings, INodeKind kind)
    {
        try
        {
            new SettingsCompiler().Compile(settings, kind.Description.Settings);
            return null;
        }
        catch (ExpressionException wrong)
        {
            return wrong;
        }
    }
}
