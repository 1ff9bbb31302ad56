using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AgentLab.Tests.Api.Streams;

/// <summary>One server-sent event.</summary>
/// <param name="Name">Its name; <c>message</c> where none was sent.</param>
/// <param name="Id">Its id, if any.</param>
/// <param name="Data">Its data.</param>
internal sealed record ServerSentEvent(string Name, string? Id, string Data)
{
    /// <summary>The data as JSON.</summary>
    public JsonElement Json => JsonElement.Parse(Data);
}

/// <summary>Reads server-sent events as they come, strictly: a line that is none of the format's fails the test.</summary>
internal static class EventStreamClient
{
    /// <summary>The request for a session's stream.</summary>
    public static HttpRequestMessage Request(string sessionId, string query = "", string? lastEventId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/sessions/{sessionId}/events{query}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return request;
    }

    /// <summary>Opens a stream and reads it until the server ends it or the token fires.</summary>
    public static async IAsyncEnumerable<ServerSentEvent> ReadAsync(
        HttpClient client, HttpRequestMessage request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        response.Content.Headers.ContentType?.MediaType.ShouldBe("text/event-stream");
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var e in ReadAsync(body, cancellationToken))
        {
            yield return e;
        }
    }

    /// <summary>Reads events from a body.</summary>
    public static async IAsyncEnumerable<ServerSentEvent> ReadAsync(Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(body);
        string? name = null, id = null, data = null;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                if (data is not null)
                {
                    yield return new ServerSentEvent(name ?? "message", id, data);
                }

                name = id = data = null;
                continue;
            }

            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            (colon > 0).ShouldBeTrue($"'{line}' is not a line of an event stream");
            switch (line[..colon])
            {
                case "event":
                    name = line[(colon + 2)..];
                    break;
                case "id":
                    id = line[(colon + 2)..];
                    break;
                case "data":
                    data.ShouldBeNull("an event is one line of data");
                    data = line[(colon + 2)..];
                    break;
                case var field:
                    field.ShouldBe("retry");
                    break;
            }
        }
    }
}
