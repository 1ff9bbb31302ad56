using System.Data.Common;
using System.Diagnostics;
using AgentLab.Data.Databases;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AgentLab.Tests.Data.Dashboard;

/// <summary>Notes the statements that EF Core sends on behalf of the test that made it, and of no other.</summary>
internal sealed class StatementWatch : IDisposable, IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private static readonly AsyncLocal<StatementWatch?> Current = new();
    private readonly List<IDisposable> _subscriptions = [];
    private readonly List<SeenStatement> _seen = [];

    public StatementWatch()
    {
        Current.Value = this;
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    /// <summary>The statements so far, in order.</summary>
    public IReadOnlyList<SeenStatement> Seen => _seen;

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.EntityFrameworkCore")
        {
            _subscriptions.Add(value.Subscribe(this));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (Current.Value == this && value.Key == RelationalEventId.CommandExecuting.Name && value.Value is CommandEventData { Command: { } command })
        {
            _seen.Add(new SeenStatement(command.CommandText, [.. command.Parameters.Cast<DbParameter>().Select(p => (p.ParameterName, p.Value))]));
        }
    }

    public void OnCompleted()
    {
        // Listeners live as long as the process.
    }

    public void OnError(Exception error)
    {
        // None reports one.
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());
}

/// <summary>A statement with its values.</summary>
internal sealed record SeenStatement(string Text, IReadOnlyList<(string Name, object? Value)> Values)
{
    /// <summary>How SQLite goes about it.</summary>
    public async Task<IReadOnlyList<string>> PlanAsync(ILabConnections connections)
    {
        await using var connection = await connections.OpenReadAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + Text;
        foreach (var (name, value) in Values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        var plan = new List<string>();
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            plan.Add(row.GetString(3));
        }

        return plan;
    }
}
