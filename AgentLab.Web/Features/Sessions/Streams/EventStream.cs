using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using AgentLab.Core.Sessions;
using AgentLab.Web.Hosting.Streams;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace AgentLab.Web.Features.Sessions.Streams;

/// <summary>One viewer's stream: one loop, one flush a frame, and while it waits nothing but its cursor.</summary>
internal sealed partial class EventStream(ISessionCursor cursor, IDisposable place, EventStreamParts parts) : ILongAnswer
{
    private ITimer? _patience;
    private volatile bool _stalled;

    /// <summary>The opening frame, then events as they are committed and a heartbeat in each period, until the viewer or the program goes.</summary>
    public async Task SendAsync(HttpContext context)
    {
        Prepare(context);
        var aborted = context.RequestAborted;
        using var stopping = parts.Stopping.UnsafeRegister(static c => ((ISessionCursor)c!).Interrupt(), cursor);
        try
        {
            WriteOpen(context.Response.BodyWriter);
            var beatAt = parts.Time.GetTimestamp();
            var goesOn = await FlushAsync(context);
            while (goesOn && !parts.Stopping.IsCancellationRequested)
            {
                goesOn = await SendEventsAsync(context, aborted);
                var left = parts.Options.Heartbeat - parts.Time.GetElapsedTime(beatAt);
                if (goesOn && left <= TimeSpan.Zero)
                {
                    (beatAt, left) = (parts.Time.GetTimestamp(), parts.Options.Heartbeat);
                    WriteHeartbeat(context.Response.BodyWriter);
                    goesOn = await FlushAsync(context);
                }

                if (goesOn)
                {
                    await cursor.WaitAsync(left, aborted);
                }
            }
        }
        catch (SessionAccessEndedException)
        {
            WriteEnd(context.Response.BodyWriter);
            await FlushAsync(context);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            // The client went away, or was cut off: it comes back with its position.
        }

        if (_stalled)
        {
            LogStalled(parts.Logger, cursor.Session.Id.Value, cursor.Position, parts.Options.WriteTimeout.TotalSeconds);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _patience?.Dispose();
        cursor.Dispose();
        place.Dispose();
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

    // A method of its own, so that what was sent is not held while nothing comes.
    private async ValueTask<bool> SendEventsAsync(HttpContext context, CancellationToken aborted)
    {
        var events = await cursor.ReadAsync(SessionFrames.MaxEvents, aborted);
        for (var sent = 0; sent < events.Count;)
        {
            var frame = SessionFrames.Cut(events, sent);
            sent += frame.Count;
            foreach (var e in frame)
            {
                context.Response.BodyWriter.Write(e.ServerSentEvent.Span);
            }

            if (!await FlushAsync(context))
            {
                return false;
            }
        }

        return true;
    }

    // Nearly every flush ends at once; only one that has to wait for the socket starts the clock.
    private ValueTask<bool> FlushAsync(HttpContext context)
    {
        var flush = context.Response.BodyWriter.FlushAsync(CancellationToken.None);
        return flush.IsCompletedSuccessfully ? ValueTask.FromResult(GoesOn(flush.Result)) : WaitAsync(flush, context);
    }

    private async ValueTask<bool> WaitAsync(ValueTask<FlushResult> flush, HttpContext context)
    {
        _patience ??= parts.Time.CreateTimer(_ => CutOff(context), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _patience.Change(parts.Options.WriteTimeout, Timeout.InfiniteTimeSpan);
        var result = await flush;
        _patience.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return GoesOn(result);
    }

    private bool GoesOn(FlushResult result) => !result.IsCompleted && !result.IsCanceled && !_stalled;

    private void CutOff(HttpContext context)
    {
        _stalled = true;
        context.Abort();
    }

    private void WriteOpen(PipeWriter body)
    {
        // Browsers come back after this long; a random part keeps them from coming all at once.
        body.Write("event: open\nretry: "u8);
        WriteNumber(body, Random.Shared.Next(500, 1500));
        body.Write("\ndata: "u8);
        WriteJson(body, SessionFrame.Open(cursor), SessionFrameConverter.WriteOpen);
    }

    private void WriteHeartbeat(PipeWriter body)
    {
        body.Write("event: heartbeat\ndata: "u8);
        WriteJson(body, cursor.Head, static (json, head) => json.WriteNumber("head"u8, head));
    }

    private static void WriteEnd(PipeWriter body)
    {
        body.Write("event: end\ndata: "u8);
        WriteJson(body, "access_ended", static (json, code) =>
        {
            json.WriteString("code"u8, code);
            json.WriteString("message"u8, "The right to see this session has ended.");
        });
    }

    private static void WriteJson<T>(PipeWriter body, T value, Action<Utf8JsonWriter, T> write)
    {
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            write(json, value);
            json.WriteEndObject();
        }

        body.Write("\n\n"u8);
    }

    private static void WriteNumber(PipeWriter body, int number)
    {
        var span = body.GetSpan(11);
        number.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
        body.Advance(written);
    }
}
