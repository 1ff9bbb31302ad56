namespace AgentLab.Core.Workflows.Nodes;

/// <summary>The registered kinds, in the order of the palette.</summary>
internal sealed class NodeKinds : INodeKinds
{
    private readonly Dictionary<string, INodeKind> _byKind = new(StringComparer.Ordinal);

    public NodeKinds(IEnumerable<INodeKind> kinds)
    {
        foreach (var kind in kinds)
        {
            if (!_byKind.TryAdd(kind.Description.Kind, kind))
            {
                throw new InvalidOperationException($"Two kinds of node are called \"{kind.Description.Kind}\": rename one of them.");
            }
        }

        All = [.. _byKind.Values.OrderBy(k => Position(k.Description.Group)).ThenBy(k => k.Description.Title, StringComparer.Ordinal)];
    }

    public IReadOnlyList<INodeKind> All { get; }

    public INodeKind? Find(string kind) => _byKind.GetValueOrDefault(kind);

    /// <summary>A group that is not of the palette comes last.</summary>
    private static int Position(string group) => NodeGroups.All.TakeWhile(known => known != group).Count();
}
