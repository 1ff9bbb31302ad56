using System.Text.Json.Nodes;

namespace AgentLab.Web.Features.Workflows.Forms;

/// <summary>
/// What the fields of one form share. It is cascaded as fixed: a form that is drawn again draws its fields anyway, while a notice of the cascade would hand them the values of the
/// time before, under the caret.
/// </summary>
public sealed class FormContext
{
    /// <summary>What the ids of its inputs begin with.</summary>
    public required string Prefix { get; init; }

    /// <summary>Called with a JSON pointer and the field's new value; null takes the property away.</summary>
    public required Func<string, JsonNode?, Task> Change { get; init; }

    /// <summary>The whole form's values: a field in a list may hang on one of them.</summary>
    public JsonObject? Root { get; set; }

    /// <summary>The whole form's fields.</summary>
    public IReadOnlyList<SettingField> All { get; set; } = [];

    /// <summary>Nothing can be changed.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>What is wrong, by JSON pointer.</summary>
    public IReadOnlyDictionary<string, string> Faults { get; set; } = new Dictionary<string, string>();

    /// <summary>What a template may take, nearest first; empty offers nothing.</summary>
    public IReadOnlyList<ValueSource> Sources { get; set; } = [];

    /// <summary>What the pickers of agents, tools, models and workflows offer.</summary>
    public FormChoices Choices { get; set; } = FormChoices.None;

    /// <summary>Puts text where the caret of the input with this id stands.</summary>
    public Func<string, string, Task> Insert { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>What is wrong with the field at the pointer, or anywhere in it when it has no field of its own there.</summary>
    public string? Fault(string path, bool within)
    {
        if (Faults.TryGetValue(path, out var fault))
        {
            return fault;
        }

        return within ? Faults.FirstOrDefault(entry => entry.Key.StartsWith(path + "/", StringComparison.Ordinal)).Value : null;
    }
}

/// <summary>What pickers offer.</summary>
public sealed record FormChoices(
    IReadOnlyList<FieldOption> Agents, IReadOnlyList<FieldOption> Tools, IReadOnlyList<FieldOption> Models, IReadOnlyList<FieldOption> Workflows)
{
    public static FormChoices None { get; } = new([], [], [], []);

    /// <summary>What fits this control; none for those without a picker.</summary>
    public IReadOnlyList<FieldOption> For(FieldControl control) => control switch
    {
        FieldControl.Agent => Agents,
        FieldControl.Tool => Tools,
        FieldControl.Model => Models,
        FieldControl.Workflow => Workflows,
        _ => [],
    };
}

/// <summary>Something that templates can take values from.</summary>
/// <param name="Title">"Fetch orders", "The run's input".</param>
/// <param name="Path">Where it starts: <c>nodes.fetch</c>.</param>
/// <param name="Value">What it held last; null when nothing is known yet.</param>
/// <param name="From">Where the value comes from: "last run", "pinned".</param>
public sealed record ValueSource(string Title, string Path, System.Text.Json.JsonElement? Value, string From);
