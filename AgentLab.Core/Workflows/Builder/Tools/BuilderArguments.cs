using System.Text.Json;

namespace AgentLab.Core.Workflows.Builder.Tools;

/// <summary>Nothing is asked.</summary>
internal sealed record NoArguments;

/// <summary>look_at_workflow.</summary>
internal sealed record LookArguments
{
    public IReadOnlyList<string>? Nodes { get; init; }
}

/// <summary>describe_kind.</summary>
internal sealed record KindArguments
{
    public string Kind { get; init; } = string.Empty;
}

/// <summary>What the tools that add a node have in common.</summary>
internal abstract record AddArguments
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    public JsonElement? Settings { get; init; }

    public IReadOnlyList<string>? After { get; init; }

    public string? Before { get; init; }

    public string? Port { get; init; }

    public string? Phrase { get; init; }
}

/// <summary>add_node.</summary>
internal sealed record AddNodeArguments : AddArguments
{
    public string Kind { get; init; } = string.Empty;
}

/// <summary>add_block.</summary>
internal sealed record AddBlockArguments : AddArguments
{
    public string Block { get; init; } = string.Empty;
}

/// <summary>set_node.</summary>
internal sealed record SetNodeArguments
{
    public string Node { get; init; } = string.Empty;

    public string? Name { get; init; }

    public JsonElement? Settings { get; init; }

    public bool? Disabled { get; init; }

    public string? OnError { get; init; }

    public int? TimeoutSeconds { get; init; }

    public int? Attempts { get; init; }

    public string? Comment { get; init; }

    public string? Phrase { get; init; }
}

/// <summary>connect and disconnect.</summary>
internal sealed record ConnectArguments
{
    public string From { get; init; } = string.Empty;

    public string To { get; init; } = string.Empty;

    public string? Phrase { get; init; }
}

/// <summary>remove_node.</summary>
internal sealed record RemoveNodeArguments
{
    public string Node { get; init; } = string.Empty;

    public bool? Reconnect { get; init; }

    public string? Phrase { get; init; }
}

/// <summary>set_workflow.</summary>
internal sealed record SetWorkflowArguments
{
    public string? Description { get; init; }

    public JsonElement? Input { get; init; }

    public JsonElement? Output { get; init; }
}

/// <summary>cannot_map.</summary>
internal sealed record CannotMapArguments
{
    public string Phrase { get; init; } = string.Empty;

    public string Reason { get; init; } = string.Empty;

    public string? Nearest { get; init; }
}
