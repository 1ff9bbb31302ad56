using System.Reflection;

namespace AgentLab.Core.Tools.Documents;

/// <summary>document_search: finds passages in AgentLab's own documents, which are embedded at build and so always fit the program.</summary>
internal sealed class DocumentSearchTool(DocumentIndex index)
{
    public const string Name = "document_search";
    private const int DefaultLimit = 5;

    private const string ResourcePrefix = "docs/";

    private const string Description =
        "Searches AgentLab's own documentation and gives the best passages with title, section, snippet and path. Use it for questions about AgentLab itself; name the path you took an answer from.";

    private const string Schema = """
        {
          "type": "object",
          "properties": {
            "query": { "type": "string", "minLength": 1, "maxLength": 500, "description": "Words to look for" },
            "limit": { "type": "integer", "minimum": 1, "maximum": 20, "description": "Default: 5" }
          },
          "required": ["query"],
          "additionalProperties": false
        }
        """;

    /// <summary>The tool over the embedded documents; they are read and indexed at the first search.</summary>
    public static Tool Create()
    {
        var tool = new Lazy<DocumentSearchTool>(() => new DocumentSearchTool(new DocumentIndex(ReadEmbedded())));
        return Create(() => tool.Value);
    }

    internal static Tool Create(Func<DocumentSearchTool> tool) =>
        new(new ToolFunction<Arguments>(Name, Description, Schema, (arguments, _, _) => Task.FromResult(tool().Search(arguments))), "Document search", ToolEffect.Read);

    internal static IReadOnlyList<DocumentSection> ReadEmbedded()
    {
        var own = Assembly.GetExecutingAssembly();
        return [.. own.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .SelectMany(name =>
            {
                using var reader = new StreamReader(own.GetManifestResourceStream(name)!);
                return MarkdownSections.Split(name[ResourcePrefix.Length..].Replace('\\', '/'), reader.ReadToEnd());
            })];
    }

    private ToolOutcome Search(Arguments arguments)
    {
        var hits = index.Search(arguments.Query, arguments.Limit ?? DefaultLimit);
        var results = hits.Select(hit => new { title = hit.Section.Title, section = hit.Section.Section, snippet = hit.Snippet, path = hit.Section.Path, score = hit.Score });
        var preview = hits.Count switch
        {
            0 => "Nothing found",
            1 => "1 passage",
            _ => $"{hits.Count} passages",
        };
        return ToolOutcome.Succeeded(ToolJson.ToElement(new { query = arguments.Query, results }), preview);
    }

    private sealed record Arguments(string Query, int? Limit);
}
