using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Gallery;

/// <summary>The published workflows that their owners offer to everyone of this instance, to begin from.</summary>
public interface ITeamGallery
{
    /// <summary>The category of all of them.</summary>
    const string Category = "Your team";

    /// <summary>
    /// One page, most recently changed first. Each template is the newest published version as a file would hold it: without pinned values and without what only its owner may use.
    /// Its id is the workflow's slug.
    /// </summary>
    /// <param name="cursor">The opaque cursor of the page before; null for the first.</param>
    /// <param name="limit">How many, 1 to 100.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FormatException">The cursor is not one of this list.</exception>
    ValueTask<Page<GalleryTemplate>> ListAsync(string? cursor, int limit, Actor actor, CancellationToken cancellationToken);
}

/// <summary>Reads them from the store of workflows.</summary>
internal sealed class TeamGallery(IWorkflowStore store, IWorkflowFiles files, INodeKinds kinds) : ITeamGallery
{
    /// <inheritdoc />
    public async ValueTask<Page<GalleryTemplate>> ListAsync(string? cursor, int limit, Actor actor, CancellationToken cancellationToken)
    {
        var page = await store.ListAsync(new WorkflowQuery { Offered = true, Cursor = cursor, Limit = limit }, actor, cancellationToken);
        var templates = new List<GalleryTemplate>(page.Items.Count);
        foreach (var workflow in page.Items)
        {
            if (workflow.PublishedVersion is { } version
                && await store.FindVersionAsync(workflow.Id, version, actor, cancellationToken) is { } published
                && files.Read(files.Write(published.Definition)) is { Ok: true, Value: var definition })
            {
                templates.Add(GalleryTemplate.Of(workflow.Slug, ITeamGallery.Category, isStarter: false, definition, kinds));
            }
        }

        return new Page<GalleryTemplate>(templates, page.NextCursor);
    }
}
