using AgentLab.Core.Models.Rehearsal;
using AgentLab.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Core.Tools;

/// <summary>The rehearsal model with the real tools: what it calls must fit their schemas, and what they answer must fit what it reads.</summary>
public sealed class RehearsalWithToolsTests
{
    private const int MostSteps = 6;

    [Theory]
    [InlineData("What is 17 * 23 + 4?", "calculator")]
    [InlineData("What time is it in Berlin?", "date_time")]
    [InlineData("Which orders are late?", "table_query")]
    [InlineData("How many late orders are there in each region?", "table_query")]
    [InlineData("What is the total revenue by category?", "table_query")]
    [InlineData("Top 5 customers by revenue", "table_query")]
    [InlineData("What is the average delivery time in days per region?", "table_query")]
    [InlineData("Show the orders of September with a total over 1000", "table_query")]
    [InlineData("What tables are there?", "describe_tables")]
    [InlineData("How does AgentLab resume a session after a crash? Look in the documentation.", "document_search")]
    public async Task Ask_Question_CallsTheFittingToolWithoutFailure(string question, string tool)
    {
        await using var provider = new ServiceCollection().AddLogging().AddAgentLabTools(new ConfigurationBuilder().Build()).BuildServiceProvider();
        var registry = provider.GetRequiredService<IToolRegistry>();
        var invoker = provider.GetRequiredService<ToolInvoker>();
        using var model = new RehearsalChatClient(TimeProvider.System, TimeSpan.Zero);
        var options = new ChatOptions { Tools = [.. registry.All.Select(one => one.Function)] };
        var messages = new List<ChatMessage> { new(ChatRole.User, question) };
        var called = new List<string>();

        for (var step = 0; step < MostSteps; step++)
        {
            var response = await model.GetResponseAsync(messages, options);
            messages.AddMessages(response);
            var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToArray();
            if (calls.Length == 0)
            {
                called.ShouldContain(tool);
                response.Text.ShouldNotBeEmpty();
                return;
            }

            foreach (var call in calls)
            {
                called.Add(call.Name);
                var outcome = await invoker.InvokeAsync(registry.Find(call.Name)!, call.Arguments, ToolCalls.Context, CancellationToken.None);
                outcome.IsSuccess.ShouldBeTrue($"{call.Name}: {outcome.Error?.Sentence}");
                messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, outcome.ToModelResult())]));
            }
        }

        Assert.Fail($"The rehearsal model still calls tools after {MostSteps} steps: {string.Join(", ", called)}.");
    }
}
