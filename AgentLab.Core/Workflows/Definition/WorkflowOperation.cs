using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentLab.Core.Workflows.Definition;

/// <summary>
/// One change of a definition. The canvas, the inspector, the builder agent, merges and restores all speak in these; a gesture is a list of them that is taken
/// wholly or not at all. Each has an inverse, which is how undo works.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "op")]
[JsonDerivedType(typeof(AddNode), "addNode")]
[JsonDerivedType(typeof(SetNode), "setNode")]
[JsonDerivedType(typeof(MoveNodes), "moveNodes")]
[JsonDerivedType(typeof(RemoveNode), "removeNode")]
[JsonDerivedType(typeof(AddEdge), "addEdge")]
[JsonDerivedType(typeof(RemoveEdge), "removeEdge")]
[JsonDerivedType(typeof(SetGroup), "setGroup")]
[JsonDerivedType(typeof(RemoveGroup), "removeGroup")]
[JsonDerivedType(typeof(SetNote), "setNote")]
[JsonDerivedType(typeof(RemoveNote), "removeNote")]
[JsonDerivedType(typeof(SetWorkflow), "setWorkflow")]
public abstract record WorkflowOperation;

/// <summary>Adds a node; refused when its id is taken or its kind unknown.</summary>
/// <param name="Node">The whole node.</param>
/// <param name="At">Its place in the list; null for the end. Undo of a removal puts it back where it was.</param>
public sealed record AddNode(WorkflowNode Node, int? At = null) : WorkflowOperation;

/// <summary>Puts a node in the place of the one with the same id; its kind stays. Renaming an id is a removal and an addition.</summary>
/// <param name="Node">The whole node as it is to be.</param>
public sealed record SetNode(WorkflowNode Node) : WorkflowOperation;

/// <summary>Moves nodes; nothing else about them changes.</summary>
/// <param name="Moves">Where each goes.</param>
public sealed record MoveNodes(IReadOnlyList<NodeMove> Moves) : WorkflowOperation;

/// <summary>Where a node goes.</summary>
/// <param name="Id">The node.</param>
/// <param name="X">Its new left edge.</param>
/// <param name="Y">Its new upper edge.</param>
public sealed record NodeMove(string Id, double X, double Y);

/// <summary>Removes a node, which must have no edges left: they are removed before it, in the same gesture.</summary>
public sealed record RemoveNode(string Id) : WorkflowOperation;

/// <summary>Adds an edge; refused when its ports do not exist, do not fit, or it would close a cycle.</summary>
/// <param name="Edge">The edge.</param>
/// <param name="At">Its place in the list; null for the end.</param>
public sealed record AddEdge(WorkflowEdge Edge, int? At = null) : WorkflowOperation;

/// <summary>Removes an edge.</summary>
public sealed record RemoveEdge(string Id) : WorkflowOperation;

/// <summary>Adds a group or puts it in the place of the one with the same id.</summary>
/// <param name="Group">The group.</param>
/// <param name="At">The place in the list of one that is new; null for the end.</param>
public sealed record SetGroup(WorkflowGroup Group, int? At = null) : WorkflowOperation;

/// <summary>Removes a group; its nodes stay.</summary>
public sealed record RemoveGroup(string Id) : WorkflowOperation;

/// <summary>Adds a note or puts it in the place of the one with the same id.</summary>
/// <param name="Note">The note.</param>
/// <param name="At">The place in the list of one that is new; null for the end.</param>
public sealed record SetNote(WorkflowNote Note, int? At = null) : WorkflowOperation;

/// <summary>Removes a note.</summary>
public sealed record RemoveNote(string Id) : WorkflowOperation;

/// <summary>Sets what belongs to the workflow as a whole; the whole head each time.</summary>
public sealed record SetWorkflow(
    string Name, string Description, IReadOnlyList<string> Tags, JsonElement? Input, JsonElement? Output, WorkflowLimits Limits) : WorkflowOperation;
