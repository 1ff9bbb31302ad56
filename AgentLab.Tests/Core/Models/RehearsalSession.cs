using AgentLab.Core.Models.Rehearsal;
using AgentLab.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Models;

/// <summary>A conversation of the rehearsal model with the real tools, as the agent loop would lead it.</summary>
internal sealed class RehearsalSession : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly List<ChatMessage> _messages = [];
    private readonly List<Tool> _tools;

    public RehearsalSession(params string[] tools)
    {
        var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddLogging();
        services.AddAgentLabTools(new ConfigurationBuilder().Build());
        _services = services.BuildServiceProvider();
        var registry = _services.GetRequiredService<IToolRegistry>();
        _tools = tools.Length == 0 ? [.. registry.All] : [.. registry.Resolve(tools).Tools];
        Options = new ChatOptions { Tools = [.. _tools.Select(t => (AITool)t.Function)] };
    }

    public ChatOptions Options { get; }

    /// <summary>The calls of the last turn, a list for each round.</summary>
    public List<List<FunctionCallContent>> Rounds { get; } = [];

    /// <summary>The errors of the last turn's calls.</summary>
    public List<string> Errors { get; } = [];

    public async Task<string> AskAsync(string question)
    {
        Rounds.Clear();
        Errors.Clear();
        _messages.Add(new ChatMessage(ChatRole.User, question));
        using var client = new RehearsalChatClient(TimeProvider.System, TimeSpan.Zero);
        while (true)
        {
            var response = await client.GetResponseAsync(_messages, Options);
            _messages.AddRange(response.Messages);
            var calls = response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToList();
            if (calls.Count == 0)
            {
                return response.Text;
            }

            Rounds.Add(calls);
            Rounds.Count.ShouldBeLessThan(5);
            foreach (var call in calls)
            {
                _messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, (await CallAsync(call)).ToModelResult().GetRawText())]));
            }
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task<ToolOutcome> CallAsync(FunctionCallContent call)
    {
        var tool = _tools.Single(t => t.Name == call.Name);
        var context = new ToolContext { SessionId = "s", RunId = "r", StepId = call.CallId, IdempotencyKey = call.CallId, UserId = "u" };
        var outcome = await _services.GetRequiredService<ToolInvoker>().InvokeAsync(tool, call.Arguments, context, CancellationToken.None);
        if (!outcome.IsSuccess)
        {
            Errors.Add($"{call.Name}: {outcome.Error.Sentence}");
        }

        return outcome;
    }
}
