using AgentLab.Core.Sessions;
using AgentLab.Web.Hosting.Streams;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Features.Sessions.Streams;

/// <summary>Answers with a session's events as server-sent events until the client goes, the right to see them ends or the program stops.</summary>
internal sealed class EventStreamResult(ISessionCursor cursor, IDisposable place) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        LongAnswerMiddleware.Defer(httpContext, new EventStream(cursor, place, httpContext.RequestServices.GetRequiredService<EventStreamParts>()));
        return Task.CompletedTask;
    }
}

/// <summary>What all streams share.</summary>
internal sealed class EventStreamParts(
    IOptions<StreamOptions> options, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<EventStream> logger)
{
    public StreamOptions Options => options.Value;

    public TimeProvider Time => time;

    public CancellationToken Stopping => lifetime.ApplicationStopping;

    public ILogger Logger => logger;
}
