namespace AgentLab.Core.Sessions.Events;

/// <summary><c>budget.exceeded</c>: a limit of the run is reached and the run ends.</summary>
/// <param name="Limit"><c>tokens</c>, <c>cost</c>, <c>steps</c> or <c>seconds</c>.</param>
/// <param name="Allowed">The limit.</param>
/// <param name="Used">What is used so far.</param>
public sealed record BudgetExceeded(string Limit, decimal Allowed, decimal Used) : EventData;
