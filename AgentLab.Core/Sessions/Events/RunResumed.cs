namespace AgentLab.Core.Sessions.Events;

/// <summary><c>run.resumed</c>: the run goes on after a pause, a crash or a hand-over.</summary>
/// <param name="Reason"><c>recovered</c> (its process had ended) , <c>repeat</c> or <c>go_on</c> (a person said how a step ended), or <c>woken</c> (what a step waited for has come).</param>
/// <param name="Node">The node that owns it now.</param>
/// <param name="Fence">The fencing number under which it writes from here on.</param>
public sealed record RunResumed(string Reason, string Node, long Fence) : EventData;
