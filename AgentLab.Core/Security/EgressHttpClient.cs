using System.Net;
using System.Net.Sockets;

namespace AgentLab.Core.Security;

/// <summary>The bounds of one request.</summary>
public sealed record EgressLimits
{
    /// <summary>How much of a body is read, unpacked. Default: 2 MB.</summary>
    public int MaxBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>For everything together: look-up, redirects, body. Default: 20 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Default: 5.</summary>
    public int MaxRedirects { get; init; } = 5;

    /// <summary>The media types whose bodies are read; empty means all. Default: all.</summary>
    public IReadOnlyList<string> MediaTypes { get; init; } = [];
}

/// <summary>What a host answered.</summary>
/// <param name="Uri">The address that answered, after redirects.</param>
/// <param name="Status">The status of the last answer, which is no redirect.</param>
/// <param name="MediaType">Lower case without parameters; null when the answer names none.</param>
/// <param name="Charset">As the answer names it, or null.</param>
/// <param name="Body">At most <see cref="EgressLimits.MaxBytes"/>; null when the media type was not asked for.</param>
/// <param name="IsCut">True when the body went on.</param>
public sealed record EgressResponse(Uri Uri, HttpStatusCode Status, string? MediaType, string? Charset, ReadOnlyMemory<byte>? Body, bool IsCut)
{
    /// <summary>The answer's headers, names in lower case, those of the content included; cookies are left out.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// Speaks HTTP within the egress policy: it connects only to addresses that <see cref="EgressPolicy"/> gave for the very connection (so that a name cannot
/// change its answer in between), checks every redirect, uses no proxy, and keeps no cookies.
/// </summary>
public sealed class EgressHttpClient : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly EgressPolicy _policy;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public EgressHttpClient(EgressPolicy policy, TimeProvider time)
    {
        _policy = policy;
        _time = time;
        _http = new HttpClient(CreateHandler(), disposeHandler: true) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("AgentLab/0.1");
    }

    /// <summary>GETs an address, following redirects.</summary>
    /// <exception cref="EgressRefusedException">The policy refuses the address or one that it redirects to.</exception>
    /// <exception cref="HttpRequestException">The host cannot be reached, breaks off, or redirects too often.</exception>
    /// <exception cref="TimeoutException">It took longer than <see cref="EgressLimits.Timeout"/>.</exception>
    public Task<EgressResponse> GetAsync(Uri uri, EgressLimits limits, CancellationToken cancellationToken) =>
        SendAsync(new EgressRequest(HttpMethod.Get, uri), limits, cancellationToken);

    /// <summary>Sends a request, following redirects: after 301, 302 and 303 as a GET without a body, after 307 and 308 as it was.</summary>
    /// <exception cref="EgressRefusedException">The policy refuses the address or one that it redirects to: nothing was sent there.</exception>
    /// <exception cref="HttpRequestException">The host cannot be reached, breaks off, or redirects too often.</exception>
    /// <exception cref="TimeoutException">It took longer than <see cref="EgressLimits.Timeout"/>.</exception>
    public async Task<EgressResponse> SendAsync(EgressRequest request, EgressLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(limits);
        using var timeout = new CancellationTokenSource(limits.Timeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await FollowAsync(request, limits, linked.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{request.Uri.Host} did not answer within {limits.Timeout.TotalSeconds:0.###} s.");
        }
        catch (HttpRequestException failed) when (failed.InnerException is EgressRefusedException refused)
        {
            // The handler wraps what its connect callback throws.
            throw new EgressRefusedException(refused.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<EgressResponse> FollowAsync(EgressRequest request, EgressLimits limits, CancellationToken cancellationToken)
    {
        for (var redirects = 0; redirects <= limits.MaxRedirects; redirects++)
        {
            EgressPolicy.Check(request.Uri);
            request.Before?.Invoke(request.Uri);
            using var message = Message(request, limits);
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!request.FollowRedirects || !IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
            {
                return await ReadAsync(request.Uri, response, limits, cancellationToken);
            }

            request = Redirected(request, new Uri(request.Uri, location), response.StatusCode);
        }

        throw new HttpRequestException($"{request.Uri.Host} redirects more than {limits.MaxRedirects} times.");
    }

    private static HttpRequestMessage Message(EgressRequest request, EgressLimits limits)
    {
        var message = new HttpRequestMessage(request.Method, request.Uri);
        if (request.Body is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType ?? "application/octet-stream");
        }

        foreach (var (name, value) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        foreach (var type in limits.MediaTypes)
        {
            message.Headers.Accept.ParseAdd(type);
        }

        return message;
    }

    /// <summary>Another origin gets neither the headers, which may carry a key, nor a body that was not meant for it by 307 or 308.</summary>
    private static EgressRequest Redirected(EgressRequest request, Uri to, HttpStatusCode status)
    {
        var keeps = status is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect || request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
        var sameOrigin = Uri.Compare(request.Uri, to, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
        return request with
        {
            Uri = to,
            Method = keeps ? request.Method : HttpMethod.Get,
            Body = keeps ? request.Body : null,
            Headers = sameOrigin ? request.Headers : [],
        };
    }

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static async Task<EgressResponse> ReadAsync(Uri uri, HttpResponseMessage response, EgressLimits limits, CancellationToken cancellationToken)
    {
        var mediaType = MediaTypeOf(response.Content);
        var charset = response.Content.Headers.ContentType?.CharSet;
        if (limits.MediaTypes.Count > 0 && !limits.MediaTypes.Contains(mediaType))
        {
            return new EgressResponse(uri, response.StatusCode, mediaType, charset, null, IsCut: false) { Headers = HeadersOf(response) };
        }

        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var (bytes, isCut) = await ReadBoundedAsync(body, limits.MaxBytes, cancellationToken);
            return new EgressResponse(uri, response.StatusCode, mediaType, charset, bytes, isCut) { Headers = HeadersOf(response) };
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException)
        {
            throw new HttpRequestException($"{uri.Host} broke off in the middle of its answer.", broken);
        }
    }

    private static Dictionary<string, string> HeadersOf(HttpResponseMessage response)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
        {
            var lower = name.ToLowerInvariant();
            if (lower is not ("set-cookie" or "set-cookie2"))
            {
                headers[lower] = string.Join(", ", values);
            }
        }

        return headers;
    }

    /// <summary>Hosts write parameters that the strict parser refuses ("text/html;"): what stands before them still counts.</summary>
    private static string? MediaTypeOf(HttpContent content)
    {
        var written = content.Headers.TryGetValues("Content-Type", out var values) ? values.FirstOrDefault() : null;
        var type = written?.Split(';')[0].Trim().ToLowerInvariant();
        return string.IsNullOrEmpty(type) ? null : type;
    }

    /// <summary>The length that an answer announces is not trusted, and a packed body counts as unpacked.</summary>
    private static async Task<(byte[] Bytes, bool IsCut)> ReadBoundedAsync(Stream body, int maxBytes, CancellationToken cancellationToken)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = await body.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                return (kept.ToArray(), false);
            }

            var room = maxBytes - (int)kept.Length;
            await kept.WriteAsync(buffer.AsMemory(0, Math.Min(read, room)), cancellationToken);
            if (read > room)
            {
                return (kept.ToArray(), true);
            }
        }
    }

    private SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectCallback = ConnectAsync,
        // Trace headers are for our own hosts.
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = 64,
        // A pooled connection was checked when it was made: let none outlive a change of its name for long.
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await _policy.ResolveAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken);
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var timeout = new CancellationTokenSource(ConnectTimeout, _time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), linked.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception failed)
            {
                socket.Dispose();
                if (failed is not SocketException && (failed is not OperationCanceledException || cancellationToken.IsCancellationRequested))
                {
                    throw;
                }

                last = failed as SocketException ?? new SocketException((int)SocketError.TimedOut);
            }
        }

        throw new HttpRequestException($"{context.DnsEndPoint.Host} cannot be reached: {last!.SocketErrorCode}.", last);
    }
}
