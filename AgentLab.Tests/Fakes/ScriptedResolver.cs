using System.Net;
using AgentLab.Core.Security;

namespace AgentLab.Tests.Fakes;

/// <summary>Answers one look-up after the other as scripted; the last answer stays. Every name has the same answers.</summary>
internal sealed class ScriptedResolver(params string[] answers) : IHostResolver
{
    private int _calls;

    public int Calls => _calls;

    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var call = Interlocked.Increment(ref _calls);
        var answer = answers.Length == 0 ? "" : answers[Math.Min(call, answers.Length) - 1];
        return Task.FromResult<IReadOnlyList<IPAddress>>([.. answer.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)]);
    }
}
