namespace AgentLab.Core.Tools;

/// <summary>Ends a tool call with a failure that the tool foresaw: the message is the sentence that the model and people read.</summary>
public sealed class ToolFailureException : Exception
{
    public ToolFailureException(string code, string sentence, bool canRetry = false, Exception? innerException = null)
        : base(sentence, innerException)
    {
        Code = code;
        CanRetry = canRetry;
    }

    public string Code { get; }

    public bool CanRetry { get; }

    public ToolOutcome ToOutcome() => ToolOutcome.Failed(Code, Message, CanRetry);
}
