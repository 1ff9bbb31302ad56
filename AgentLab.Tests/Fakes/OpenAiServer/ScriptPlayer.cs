using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace AgentLab.Tests.Fakes.OpenAiServer;

/// <summary>Plays one script as one answer.</summary>
internal sealed partial class ScriptPlayer(HttpContext context, ReceivedRequest request, ModelScript script)
{
    private readonly string _id = $"chatcmpl-{request.Number}";
    private bool _calledTools;
    private int _words;

    /// <summary>True when the answer went out to its end.</summary>
    public async Task<bool> StreamAsync(CancellationToken cancellationToken)
    {
        // A hang at once must not even show a status.
        if (script.Steps is [ScriptStep.Hang, ..])
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        context.Response.ContentType = "text/event-stream";
        await SendAsync(new JsonObject { ["role"] = "assistant", ["content"] = "" }, cancellationToken);
        foreach (var step in script.Steps)
        {
            if (!await PlayAsync(step, cancellationToken))
            {
                return false;
            }
        }

        await SendAsync([], cancellationToken, script.FinishReason ?? (_calledTools ? "tool_calls" : "stop"));
        if (script.ReportsUsage && IncludesUsage())
        {
            var usage = Envelope();
            usage["choices"] = new JsonArray();
            usage["usage"] = Usage();
            await WriteAsync(usage.ToJsonString(), cancellationToken);
        }

        await WriteAsync("[DONE]", cancellationToken);
        return true;
    }

    /// <summary>True when the answer went out to its end.</summary>
    public async Task<bool> WholeAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var calls = new JsonArray();
        foreach (var step in script.Steps)
        {
            switch (step)
            {
                case ScriptStep.Say say:
                    text.Append(say.Text);
                    _words += Words().Count(say.Text);
                    break;
                case ScriptStep.Call call:
                    call.Calls.ToList().ForEach(c => calls.Add(Call(c)));
                    break;
                case ScriptStep.Wait wait:
                    await wait.Gate.WaitAsync(cancellationToken);
                    break;
                case ScriptStep.Hang:
                    await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                    break;
                case ScriptStep.Cut or ScriptStep.Stop:
                    context.Abort();
                    return false;
                case ScriptStep.Chunk chunk:
                    await context.Response.WriteAsync(chunk.Data, cancellationToken);
                    return true;
            }
        }

        var message = new JsonObject { ["role"] = "assistant", ["content"] = text.Length > 0 ? text.ToString() : null };
        if (calls.Count > 0)
        {
            message["tool_calls"] = calls;
        }

        var answer = Envelope("chat.completion");
        answer["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = script.FinishReason ?? (calls.Count > 0 ? "tool_calls" : "stop") });
        if (script.ReportsUsage)
        {
            answer["usage"] = Usage();
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString(), cancellationToken);
        return true;
    }

    private async Task<bool> PlayAsync(ScriptStep step, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case ScriptStep.Say say:
                await SayAsync(say, cancellationToken);
                return true;
            case ScriptStep.Call call:
                await CallAsync(call.Calls, cancellationToken);
                return true;
            case ScriptStep.Wait wait:
                await wait.Gate.WaitAsync(cancellationToken);
                return true;
            case ScriptStep.Chunk chunk:
                await WriteAsync(chunk.Data, cancellationToken);
                return true;
            case ScriptStep.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                return false;
            case ScriptStep.Cut:
                // What was written must have left: an abort throws away what has not.
                await Task.Delay(50, cancellationToken);
                context.Abort();
                return false;
            default:
                return false;
        }
    }

    private async Task SayAsync(ScriptStep.Say say, CancellationToken cancellationToken)
    {
        foreach (Match word in Words().Matches(say.Text))
        {
            if (_words++ > 0 && say.Pause > TimeSpan.Zero)
            {
                await Task.Delay(say.Pause, cancellationToken);
            }

            await SendAsync(new JsonObject { ["content"] = word.Value }, cancellationToken);
        }
    }

    private async Task CallAsync(IReadOnlyList<ScriptedCall> calls, CancellationToken cancellationToken)
    {
        _calledTools = true;
        for (var i = 0; i < calls.Count; i++)
        {
            await SendAsync(Delta(i, calls[i].Id, calls[i].Name, ""), cancellationToken);
        }

        // Id and name come once; the arguments of all calls come in pieces, by turns.
        const int Pieces = 3;
        for (var piece = 0; piece < Pieces; piece++)
        {
            for (var i = 0; i < calls.Count; i++)
            {
                var length = (calls[i].Arguments.Length + Pieces - 1) / Pieces;
                var start = Math.Min(piece * length, calls[i].Arguments.Length);
                await SendAsync(Delta(i, null, null, calls[i].Arguments[start..Math.Min(start + length, calls[i].Arguments.Length)]), cancellationToken);
            }
        }
    }

    private static JsonObject Delta(int index, string? id, string? name, string arguments)
    {
        var function = new JsonObject { ["arguments"] = arguments };
        var call = new JsonObject { ["index"] = index, ["function"] = function };
        if (id is not null)
        {
            call["id"] = id;
            call["type"] = "function";
            function["name"] = name;
        }

        return new JsonObject { ["tool_calls"] = new JsonArray(call) };
    }

    private static JsonObject Call(ScriptedCall call) => new()
    {
        ["id"] = call.Id,
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments },
    };

    private Task SendAsync(JsonObject delta, CancellationToken cancellationToken, string? finish = null)
    {
        var chunk = Envelope();
        chunk["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish });
        return WriteAsync(chunk.ToJsonString(), cancellationToken);
    }

    private async Task WriteAsync(string data, CancellationToken cancellationToken)
    {
        await context.Response.WriteAsync($"data: {data}\n\n", cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }

    private JsonObject Envelope(string kind = "chat.completion.chunk") => new()
    {
        ["id"] = _id,
        ["object"] = kind,
        ["created"] = 1_700_000_000,
        ["model"] = request.Model,
    };

    private JsonObject Usage()
    {
        var input = script.InputTokens ?? 10;
        var output = script.OutputTokens ?? Math.Max(1, _words);
        return new JsonObject { ["prompt_tokens"] = input, ["completion_tokens"] = output, ["total_tokens"] = input + output };
    }

    private bool IncludesUsage() =>
        request.Body.TryGetProperty("stream_options", out var options) && options.TryGetProperty("include_usage", out var include) && include.ValueKind == JsonValueKind.True;

    [GeneratedRegex(@"\S+\s*|\s+")]
    private static partial Regex Words();
}
