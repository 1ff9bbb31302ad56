namespace AgentLab.Core.Models;

/// <summary>A model call that was cancelled after its first token. Its provider may charge for it all the same.</summary>
internal sealed class ModelCallCutException(ModelUsage usage, OperationCanceledException cut) : OperationCanceledException(cut.Message, cut, cut.CancellationToken)
{
    /// <summary>What it had used until then, as the provider told it or else estimated.</summary>
    public ModelUsage Usage => usage;
}
