namespace AgentLab.Core.Tools;

internal sealed class ToolRegistry : IToolRegistry
{
    private readonly Dictionary<string, Tool> _byName = new(StringComparer.Ordinal);

    public ToolRegistry(IEnumerable<Tool> tools)
    {
        foreach (var tool in tools)
        {
            if (!_byName.TryAdd(tool.Name, tool))
            {
                throw new InvalidOperationException($"Two tools are called \"{tool.Name}\": rename one of them.");
            }
        }

        All = [.. _byName.Values.OrderBy(tool => tool.Name, StringComparer.Ordinal)];
    }

    public IReadOnlyList<Tool> All { get; }

    public Tool? Find(string name) => _byName.GetValueOrDefault(name);

    public ToolSelection Resolve(IEnumerable<string> names)
    {
        var tools = new List<Tool>();
        var unknown = new List<string>();
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            if (Find(name) is { } tool)
            {
                tools.Add(tool);
            }
            else
            {
                unknown.Add(name);
            }
        }

        return new ToolSelection(tools, unknown);
    }
}
