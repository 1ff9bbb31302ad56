namespace AgentLab.Core.Sessions.Events;

/// <summary><c>budget.warned</c>: four fifths of a limit are used.</summary>
/// <param name="Limit"><c>tokens</c>, <c>cost</c>, <c>steps</c> or <c>seconds</c>.</param>
/// <param name="Allowed">The limit.</param>
/// <param name="Used">What is used so far.</param>
public sealed record BudgetWarned(string Limit, decimal Allowed, decimal Used) : EventData;
