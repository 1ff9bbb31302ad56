using System.Text.Json;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;

namespace AgentLab.Core.Workflows.Nodes.ActionBlocks;

/// <summary>
/// A named, described preset of a node: a kind with settings that are filled in already, such as a call with its address, headers and output. A team adds them; the palette offers them
/// beside the kinds, and the builder maps phrases to them by name, description and keywords.
/// </summary>
/// <param name="Id">The identity.</param>
/// <param name="Name">What people see, 1 to 100 characters, unique in its project without regard to case.</param>
/// <param name="Description">What it does, in words that somebody would use who asks for it; at most 1,000 characters.</param>
/// <param name="Kind">The kind of node that it makes.</param>
/// <param name="Settings">The node's settings; what the user must still say may be missing. At most 64 KB.</param>
/// <param name="Keywords">At most 20 words of 1 to 50 characters.</param>
public sealed record ActionBlock(Guid Id, string Name, string Description, string Kind, JsonElement Settings, IReadOnlyList<string> Keywords);

/// <summary>The action blocks that an actor may use.</summary>
public interface IActionBlocks
{
    /// <summary>All of the actor's project, by name.</summary>
    ValueTask<IReadOnlyList<ActionBlock>> ListAsync(Actor actor, CancellationToken cancellationToken);

    /// <summary>One page of them, by name.</summary>
    /// <param name="text">Only blocks whose name contains this text; null for all.</param>
    /// <param name="cursor">Where the page before ended; null for the first.</param>
    /// <param name="limit">How many, 1 to 100.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FormatException">The cursor is not one of this list.</exception>
    ValueTask<Page<ActionBlock>> PageAsync(string? text, string? cursor, int limit, Actor actor, CancellationToken cancellationToken);

    /// <summary>The block of this id; null when there is none for this actor.</summary>
    ValueTask<ActionBlock?> FindAsync(Guid id, Actor actor, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a block, or puts it in the place of the one with its id. Editors add; a block is changed by the editor who added it and by administrators. Errors: <c>invalid</c>
    /// (each field), <c>name_taken</c>, <c>forbidden</c>, <c>conflict</c> when the project has as many blocks as it may.
    /// </summary>
    Task<Outcome<ActionBlock>> SaveAsync(ActionBlock block, Actor actor, CancellationToken cancellationToken);

    /// <summary>Removes a block; nodes that were made of it stay as they are. Errors: <c>not_found</c>, <c>forbidden</c>.</summary>
    Task<Outcome<ActionBlock>> DeleteAsync(Guid id, Actor actor, CancellationToken cancellationToken);
}
