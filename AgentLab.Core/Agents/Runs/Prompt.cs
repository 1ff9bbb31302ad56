using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using Microsoft.Extensions.AI;

namespace AgentLab.Core.Agents.Runs;

/// <summary>Makes the messages that a model is asked with: the agent's instructions and the session's own conversation, nothing else.</summary>
internal sealed class Prompt(ISessionReader reader, SessionId session)
{
    /// <summary>Text attachments up to this many bytes are put into the prompt; larger ones and tables are named, for tools to read.</summary>
    private const int InlineAttachmentBytes = 32 * 1024;

    private const string NotMade = "This call was not made: the run had ended.";

    /// <summary>The messages, instructions first.</summary>
    public async Task<List<ChatMessage>> BuildAsync(string instructions, Conversation conversation, CancellationToken cancellationToken)
    {
        var messages = new List<ChatMessage>();
        if (instructions.Length > 0)
        {
            messages.Add(new ChatMessage(ChatRole.System, instructions));
        }

        var open = new List<ToolCall>();
        var names = SessionFileReader.NameApart(conversation.Turns.Select(t => t.Data).OfType<MessageUser>().SelectMany(m => m.Attachments ?? []));
        foreach (var turn in conversation.Turns)
        {
            switch (turn.Data)
            {
                case MessageUser message:
                    CloseCalls(messages, open);
                    messages.Add(new ChatMessage(ChatRole.User, await WithAttachmentsAsync(message, names, cancellationToken)));
                    break;
                case ModelCompleted answer:
                    CloseCalls(messages, open);
                    messages.Add(await AnswerAsync(answer, cancellationToken));
                    open.AddRange(answer.ToolCalls);
                    break;
                case ToolCompleted result when open.RemoveAll(c => c.Id == result.CallId) > 0:
                    messages.Add(Result(result.CallId, Told(result.EditedArguments) + await WholeAsync(result.Result, cancellationToken)));
                    break;
                case ToolFailed failed when open.RemoveAll(c => c.Id == failed.CallId) > 0:
                    messages.Add(Result(failed.CallId, JsonSerializer.SerializeToElement(new { error = new { code = failed.Code, message = Told(failed.EditedArguments) + failed.Message } })));
                    break;
            }
        }

        CloseCalls(messages, open);
        return messages;
    }

    /// <summary>Providers refuse a conversation in which a call has no result; a run that was stopped leaves such calls.</summary>
    private static void CloseCalls(List<ChatMessage> messages, List<ToolCall> open)
    {
        messages.AddRange(open.Select(c => Result(c.Id, NotMade)));
        open.Clear();
    }

    private static ChatMessage Result(string callId, object result) => new(ChatRole.Tool, [new FunctionResultContent(callId, result)]);

    /// <summary>The model must know that its call was made otherwise than it asked.</summary>
    private static string Told(JsonElement? edited) =>
        edited is { } arguments ? $"[A person changed the arguments before approving the call; it was made with {arguments.GetRawText()}]\n" : string.Empty;

    private async Task<ChatMessage> AnswerAsync(ModelCompleted answer, CancellationToken cancellationToken)
    {
        var message = new ChatMessage(ChatRole.Assistant, []);
        var text = await WholeAsync(answer.Answer, cancellationToken);
        if (text.Length > 0)
        {
            message.Contents.Add(new Microsoft.Extensions.AI.TextContent(text));
        }

        foreach (var call in answer.ToolCalls)
        {
            var arguments = call.Arguments.ValueKind == JsonValueKind.Object
                ? call.Arguments.EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value, StringComparer.Ordinal)
                : [];
            message.Contents.Add(new FunctionCallContent(call.Id, call.Tool, arguments));
        }

        return message;
    }

    /// <summary>Files are named as the tools know them, which differs from how they were sent when two have one name.</summary>
    private async Task<string> WithAttachmentsAsync(
        MessageUser message, List<(AttachmentReference File, string Name)> names, CancellationToken cancellationToken)
    {
        if (message.Attachments is not { Count: > 0 } files)
        {
            return message.Text;
        }

        var text = new StringBuilder(message.Text);
        foreach (var file in files)
        {
            var name = names.First(n => n.File.Name == file.Name && n.File.Blob == file.Blob).Name;
            text.Append(CultureInfo.InvariantCulture, $"\n\n[Attached file \"{name}\", {file.ContentType}, {file.Size} bytes]");
            var inline = file.ContentType != "text/csv" && file.Size <= InlineAttachmentBytes;
            if (inline && await reader.BlobAsync(session, file.Blob, cancellationToken) is { } blob)
            {
                text.Append('\n').Append(Encoding.UTF8.GetString(blob.Content.Span));
            }
        }

        return text.ToString();
    }

    private async Task<string> WholeAsync(Sessions.Events.TextContent content, CancellationToken cancellationToken) =>
        content.Blob is { } hash && await reader.BlobAsync(session, hash, cancellationToken) is { } blob
            ? Encoding.UTF8.GetString(blob.Content.Span)
            : content.Text;
}
