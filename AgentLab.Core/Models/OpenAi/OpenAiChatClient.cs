using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;
using AiRole = Microsoft.Extensions.AI.ChatRole;

namespace AgentLab.Core.Models.OpenAi;

/// <summary>
/// One model of one provider over the OpenAI chat-completions protocol. Makes exactly one request a call: retries, limits and
/// metering are decorators. Every failure but the caller's cancellation is a <see cref="ModelException"/>.
/// </summary>
internal sealed class OpenAiChatClient : IChatClient
{
    private readonly ProviderDefinition _provider;
    private readonly string _modelId;
    private readonly ChatClient _client;
    private readonly TimeProvider _time;

    public OpenAiChatClient(ProviderDefinition provider, string modelId, HttpClient http, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(provider);
        _provider = provider;
        _modelId = modelId;
        _time = time;
        var endpoint = provider.Endpoint ?? throw new ArgumentException("A provider over HTTP needs an endpoint.", nameof(provider));
        var options = new OpenAIClientOptions
        {
            Endpoint = endpoint,
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        };
        if (provider.ApiKey is null)
        {
            options.AddPolicy(new NoAuthorizationPolicy(), PipelinePosition.BeforeTransport);
        }

        // The package insists on a key; the policy above takes its header off again.
        _client = new ChatClient(modelId, new ApiKeyCredential(provider.ApiKey?.Reveal() ?? "none"), options);
    }

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<AiMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            var result = await _client.CompleteChatAsync(
                OpenAiRequest.Messages(messages, options), OpenAiRequest.Options(options, _provider), cancellationToken);
            return OpenAiResponse.ToResponse(result.Value);
        }
        catch (Exception error) when (!IsCallersCancellation(error, cancellationToken))
        {
            throw OpenAiErrors.Translate(error, _provider, _modelId, begun: false, _time);
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<AiMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var updates = _client
            .CompleteChatStreamingAsync(OpenAiRequest.Messages(messages, options), OpenAiRequest.Options(options, _provider), cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        var assembler = new StreamAssembler();
        try
        {
            while (await NextAsync(updates, assembler, cancellationToken) is { IsOver: false, Update: var update })
            {
                if (update is not null)
                {
                    yield return update;
                }
            }
        }
        finally
        {
            await updates.DisposeAsync();
        }

        if (!assembler.IsFinished)
        {
            throw OpenAiErrors.Interrupted(_provider, inner: null);
        }

        yield return assembler.Finish();
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata(_provider.Id, _provider.Endpoint, _modelId)
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public void Dispose()
    {
        // The connections belong to the shared HttpClient.
    }

    private async ValueTask<(bool IsOver, ChatResponseUpdate? Update)> NextAsync(
        IAsyncEnumerator<StreamingChatCompletionUpdate> updates, StreamAssembler assembler, CancellationToken cancellationToken)
    {
        try
        {
            return await updates.MoveNextAsync() ? (false, assembler.Add(updates.Current)) : (true, null);
        }
        catch (Exception error) when (!IsCallersCancellation(error, cancellationToken))
        {
            throw OpenAiErrors.Translate(error, _provider, _modelId, assembler.HasBegun, _time);
        }
    }

    private static bool IsCallersCancellation(Exception error, CancellationToken cancellationToken) =>
        error is OperationCanceledException && cancellationToken.IsCancellationRequested;

    /// <summary>For local servers that need no key: some refuse one that they do not know.</summary>
    private sealed class NoAuthorizationPolicy : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Remove("Authorization");
            ProcessNext(message, pipeline, currentIndex);
        }

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Remove("Authorization");
            return ProcessNextAsync(message, pipeline, currentIndex);
        }
    }

    /// <summary>Turns the protocol's chunks into updates: words at once, tool calls whole.</summary>
    private sealed class StreamAssembler
    {
        private readonly List<ToolCallParts> _calls = [];
        private string? _responseId;
        private string? _model;
        private Microsoft.Extensions.AI.ChatFinishReason? _finish;
        private UsageDetails? _usage;

        public bool HasBegun { get; private set; }

        public bool IsFinished => _finish is not null;

        /// <summary>The words and the reasoning of a chunk, or null when it holds neither.</summary>
        public ChatResponseUpdate? Add(StreamingChatCompletionUpdate chunk)
        {
            OpenAiResponse.ThrowIfError(chunk);
            _responseId ??= chunk.CompletionId;
            _model ??= chunk.Model;
            _usage = chunk.Usage is { } usage ? OpenAiResponse.ToUsage(usage) : _usage;
            _finish = chunk.FinishReason is { } reason ? OpenAiResponse.ToFinishReason(reason) : _finish;
            foreach (var part in chunk.ToolCallUpdates)
            {
                HasBegun = true;
                Add(part);
            }

            List<AIContent> contents = [];
            if (OpenAiRawJson.ReasoningOf(chunk) is { } reasoning)
            {
                contents.Add(new TextReasoningContent(reasoning));
            }

            var text = string.Concat(chunk.ContentUpdate.Select(p => p.Text)) + chunk.RefusalUpdate;
            if (text.Length > 0)
            {
                contents.Add(new TextContent(text));
            }

            HasBegun |= contents.Count > 0;
            return contents.Count > 0 ? Update([.. contents]) : null;
        }

        /// <summary>The last update: the tool calls, the usage and why the model stopped.</summary>
        public ChatResponseUpdate Finish()
        {
            var contents = _calls.Select((call, i) => (AIContent)OpenAiResponse.ToFunctionCall(call.Id ?? $"call_{i}", call.Name, call.Arguments.ToString())).ToList();
            if (_usage is not null)
            {
                contents.Add(new UsageContent(_usage));
            }

            var update = Update([.. contents]);
            update.FinishReason = _calls.Count > 0 ? Microsoft.Extensions.AI.ChatFinishReason.ToolCalls : _finish;
            return update;
        }

        private void Add(StreamingChatToolCallUpdate part)
        {
            var call = _calls.FindLast(c => c.Index == part.Index);

            // Some servers send every parallel call under index 0: another id under a known index is another call.
            if (call is null || (!string.IsNullOrEmpty(part.ToolCallId) && call.Id is not null && call.Id != part.ToolCallId))
            {
                call = new ToolCallParts(part.Index);
                _calls.Add(call);
            }

            call.Id ??= string.IsNullOrEmpty(part.ToolCallId) ? null : part.ToolCallId;
            call.Name = call.Name.Length > 0 ? call.Name : part.FunctionName ?? "";
            call.Arguments.Append(part.FunctionArgumentsUpdate?.ToString());
        }

        private ChatResponseUpdate Update(params AIContent[] contents) => new(AiRole.Assistant, contents)
        {
            ResponseId = _responseId,
            MessageId = _responseId,
            ModelId = _model,
        };
    }

    private sealed class ToolCallParts(int index)
    {
        public int Index => index;

        public string? Id { get; set; }

        public string Name { get; set; } = "";

        public StringBuilder Arguments { get; } = new();
    }
}
