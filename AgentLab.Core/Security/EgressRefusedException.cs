namespace AgentLab.Core.Security;

/// <summary>The egress policy does not let a request out. The message says why and fits a model and a person; it never names an internal address.</summary>
public sealed class EgressRefusedException(string message) : Exception(message)
{
    /// <summary>The code of this failure in tool outcomes and API answers.</summary>
    public const string Code = "egress.refused";
}
