using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using AgentLab.Core.Sessions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Features.Sessions.Streams;

/// <summary>Answers with a session's events as server-sent events until the client goes, the right to see them ends or the program stops.</summary>
internal sealed partial class EventStreamResult(ISessionCursor cursor, IDisposable place) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var held = place;
        using var opened = cursor;
        var services = httpContext.RequestServices;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(
            httpContext.RequestAborted, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        var writer = new Viewer(
            httpContext.Response.BodyWriter,
            services.GetRequiredService<IOptions<StreamOptions>>().Value,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<EventStreamResult>>());
        Prepare(httpContext);
        try
        {
            await writer.SendAsync(cursor, ends.Token);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The client went away, or the program stops and the client comes back with its position.
        }
    }

    private static void Prepare(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            // The server's own rule would cut a slow viewer by bytes a second; the write timeout is the rule here.
            rate.MinDataRate = null;
        }
    }

    /// <summary>The writing half: one buffer, one flush a frame, one timer for the whole life of the viewer.</summary>
    private sealed class Viewer(PipeWriter body, StreamOptions options, TimeProvider time, ILogger logger)
    {
        public async Task SendAsync(ISessionCursor cursor, CancellationToken cancellationToken)
        {
            using var patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
            try
            {
                await foreach (var frame in SessionFrames.ReadAsync(cursor, options.Heartbeat, time, cancellationToken))
                {
                    Write(frame);
                    if (!await FlushAsync(patience, cancellationToken))
                    {
                        return;
                    }
                }
            }
            catch (SessionAccessEndedException)
            {
                WriteEnd("access_ended", "The right to see this session has ended.");
                await FlushAsync(patience, cancellationToken);
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested)
            {
                LogStalled(logger, cursor.Session.Id.Value, cursor.Position, options.WriteTimeout.TotalSeconds);
            }
        }

        // Nearly every flush ends at once; only one that has to wait for the socket starts the clock.
        private async ValueTask<bool> FlushAsync(CancellationTokenSource patience, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var flush = body.FlushAsync(patience.Token);
            if (flush.IsCompletedSuccessfully)
            {
                return !flush.Result.IsCompleted;
            }

            patience.CancelAfter(options.WriteTimeout);
            var result = await flush;
            patience.CancelAfter(Timeout.InfiniteTimeSpan);
            patience.Token.ThrowIfCancellationRequested();
            return !result.IsCompleted;
        }

        private void Write(SessionFrame frame)
        {
            switch (frame.Kind)
            {
                case FrameKind.Open:
                    // Browsers come back after this long; a random part keeps them from coming all at once.
                    body.Write("event: open\nretry: "u8);
                    WriteNumber(Random.Shared.Next(500, 1500));
                    body.Write("\ndata: "u8);
                    WriteJson(frame, SessionFrameConverter.WriteOpen);
                    break;
                case FrameKind.Heartbeat:
                    body.Write("event: heartbeat\ndata: "u8);
                    WriteJson(frame, static (json, f) => json.WriteNumber("head"u8, f.Head));
                    break;
                default:
                    foreach (var e in frame.Events)
                    {
                        body.Write(e.ServerSentEvent.Span);
                    }

                    break;
            }
        }

        private void WriteEnd(string code, string message)
        {
            body.Write("event: end\ndata: "u8);
            WriteJson((code, message), static (json, end) =>
            {
                json.WriteString("code"u8, end.code);
                json.WriteString("message"u8, end.message);
            });
        }

        private void WriteJson<T>(T value, Action<Utf8JsonWriter, T> write)
        {
            using (var json = new Utf8JsonWriter(body))
            {
                json.WriteStartObject();
                write(json, value);
                json.WriteEndObject();
            }

            body.Write("\n\n"u8);
        }

        private void WriteNumber(int number)
        {
            var span = body.GetSpan(11);
            number.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
            body.Advance(written);
        }
    }
}
