using System.Text;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Definition.Rules;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Core.Workflows.Gallery;

/// <summary>Reads the templates from this assembly, once. They are files as any other: what cannot be imported cannot be here.</summary>
internal sealed class WorkflowGallery(IWorkflowFiles files, INodeKinds kinds) : IWorkflowGallery
{
    private static readonly (string Id, string Category, bool IsStarter)[] Index =
    [
        ("order-triage", "Operations", true),
        ("research-report", "Research", true),
        ("daily-digest", "Operations", true),
        ("document-answers", "Research", true),
        ("webhook-routing", "Integration", false),
        ("table-clean-up", "Data", false),
        ("debate-and-judge", "Agents", false),
        ("approval-with-expiry", "Operations", false),
        ("api-health-check", "Integration", false),
        ("csv-enrichment", "Data", false),
        ("structured-extraction", "Data", false),
    ];

    private readonly Lazy<IReadOnlyList<GalleryTemplate>> _templates = new(() => [.. Index.Select(entry => Load(entry.Id, entry.Category, entry.IsStarter, files, kinds))]);

    public IReadOnlyList<GalleryTemplate> List => _templates.Value;

    public GalleryTemplate? Find(string id) => List.FirstOrDefault(template => template.Id == id);

    public Outcome<WorkflowDefinition> Use(string id, string? name = null)
    {
        if (Find(id) is not { } template)
        {
            return Outcome<WorkflowDefinition>.Failure(LabError.NotFound("template"));
        }

        return name is null ? Outcome<WorkflowDefinition>.Success(template.Definition)
            : WorkflowNames.IsName(name, WorkflowBounds.NameLength) ? Outcome<WorkflowDefinition>.Success(template.Definition with { Name = name })
            : Outcome<WorkflowDefinition>.Failure(LabError.Invalid("name", $"A workflow's name has 1 to {WorkflowBounds.NameLength} characters on one line."));
    }

    /// <summary>The file of a template, as it lies in the assembly.</summary>
    internal static string File(string id)
    {
        using var stream = typeof(WorkflowGallery).Assembly.GetManifestResourceStream($"gallery/{id}.json")
            ?? throw new InvalidOperationException($"The template \"{id}\" is not in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static GalleryTemplate Load(string id, string category, bool isStarter, IWorkflowFiles files, INodeKinds kinds)
    {
        var read = files.Read(File(id));
        if (!read.Ok)
        {
            throw new InvalidOperationException($"The template \"{id}\" cannot be read: {string.Join(" ", read.Errors.Select(error => $"{error.Field}: {error.Message}"))}");
        }

        return GalleryTemplate.Of(id, category, isStarter, read.Value, kinds);
    }
}
