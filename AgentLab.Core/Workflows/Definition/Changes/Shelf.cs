namespace AgentLab.Core.Workflows.Definition.Changes;

/// <summary>A list of a definition while it is edited: things with an id, in an order.</summary>
internal sealed class Shelf<T>(IReadOnlyList<T> items, Func<T, string> id) where T : class
{
    private readonly List<T> _items = [.. items];

    public IReadOnlyList<T> Items => _items;

    public int IndexOf(string? wanted) => _items.FindIndex(item => id(item) == wanted);

    public T? Find(string? wanted) => IndexOf(wanted) is >= 0 and var at ? _items[at] : null;

    /// <summary>Puts the item in the place of the one with its id; false when there is none.</summary>
    public bool Replace(T item)
    {
        var at = IndexOf(id(item));
        if (at >= 0)
        {
            _items[at] = item;
        }

        return at >= 0;
    }

    public void ReplaceAt(int at, T item) => _items[at] = item;

    public void Insert(T item, int? at) => _items.Insert(Math.Clamp(at ?? _items.Count, 0, _items.Count), item);

    public bool Remove(string? wanted)
    {
        var at = IndexOf(wanted);
        if (at >= 0)
        {
            _items.RemoveAt(at);
        }

        return at >= 0;
    }
}
