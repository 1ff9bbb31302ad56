using System.Text.Json;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Definition.Rules;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Gallery;

/// <summary>Workflows that come with AgentLab, to begin from. Each can be run as it is, on the rehearsal model too.</summary>
public interface IWorkflowGallery
{
    /// <summary>All, the starters first. The same objects each time.</summary>
    IReadOnlyList<GalleryTemplate> List { get; }

    /// <summary>The template with this id, or null.</summary>
    GalleryTemplate? Find(string id);

    /// <summary>A definition of one's own, under another name when one is given. Errors: <c>not_found</c>, <c>invalid</c> (the name).</summary>
    Outcome<WorkflowDefinition> Use(string id, string? name = null);
}

/// <summary>A workflow to begin from.</summary>
/// <param name="Id">Its identity in the gallery, such as <c>order-triage</c>.</param>
/// <param name="Title">What it is called; the definition's name.</param>
/// <param name="Description">What it does, in a sentence or two.</param>
/// <param name="Category">What it is for: Operations, Research, Integration, Data, Agents.</param>
/// <param name="Tags">Words by which it is found.</param>
/// <param name="IsStarter">Whether a new instance begins with it.</param>
/// <param name="Definition">The workflow.</param>
/// <param name="ExampleInput">An input with which it runs.</param>
/// <param name="Picture">Its graph as SVG, safe to put into a page; see <see cref="WorkflowPicture"/>.</param>
public sealed record GalleryTemplate(
    string Id, string Title, string Description, string Category, IReadOnlyList<string> Tags, bool IsStarter, WorkflowDefinition Definition, JsonElement ExampleInput,
    string Picture)
{
    /// <summary>A template that a definition makes by itself: its name, description and tags are the definition's, its example the first of the input schema's.</summary>
    internal static GalleryTemplate Of(string id, string category, bool isStarter, WorkflowDefinition definition, INodeKinds kinds) => new(
        id, definition.Name, definition.Description, category, definition.Tags, isStarter, definition, Example(definition), WorkflowPicture.Draw(definition, kinds));

    /// <summary>The first of the input schema's <c>examples</c>; an empty object where there is none.</summary>
    private static JsonElement Example(WorkflowDefinition definition) =>
        definition.Input is { ValueKind: JsonValueKind.Object } schema && schema.TryGetProperty("examples", out var examples) && examples.ValueKind == JsonValueKind.Array && examples.GetArrayLength() > 0
            ? examples[0]
            : JsonBounds.EmptyObject;
}
