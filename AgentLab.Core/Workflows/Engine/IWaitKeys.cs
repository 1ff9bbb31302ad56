using AgentLab.Core.Sessions;

namespace AgentLab.Core.Workflows.Engine;

/// <summary>
/// Makes the keys under which requests wake runs. A key is the same however often and wherever it is asked for, cannot be guessed, and stands in no event: who may see the run is
/// told it, and whoever has it can end that one wait.
/// </summary>
public interface IWaitKeys
{
    /// <summary>The key of a step's wait: the last part of <c>/hooks/wait/{key}</c>, 48 hexadecimal digits.</summary>
    string Of(RunId run, string stepId);
}
