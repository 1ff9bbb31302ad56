namespace AgentLab.Core.Sessions.Events;

/// <summary><c>run.completed</c>: the run reached its end.</summary>
/// <param name="Steps">How many steps it took.</param>
/// <param name="Usage">What its model calls used in all.</param>
/// <param name="DurationMs">Milliseconds from start to end, pauses included.</param>
/// <param name="Output">What a workflow answered; null for an agent, whose answer is its last <c>model.completed</c>.</param>
/// <param name="Answer">How a workflow's respond node answers over HTTP; null without one.</param>
public sealed record RunCompleted(int Steps, UsageTotals Usage, long DurationMs, JsonContent? Output = null, AnswerHead? Answer = null) : EventData;

/// <summary>The head of an answer over HTTP.</summary>
/// <param name="Status">200 to 599.</param>
/// <param name="Headers">Its headers.</param>
public sealed record AnswerHead(int Status, IReadOnlyDictionary<string, string> Headers);
