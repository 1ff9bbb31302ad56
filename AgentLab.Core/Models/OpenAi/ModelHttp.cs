namespace AgentLab.Core.Models.OpenAi;

/// <summary>
/// The connections to providers, shared by all of them. Their addresses are the administrators' choice, so the egress policy of tools
/// does not apply; redirects are refused all the same (a key must not follow one) and answers are bounded.
/// </summary>
internal sealed class ModelHttp : IDisposable
{
    /// <summary>The most bytes of one answer.</summary>
    public const long LargestAnswer = 32L * 1024 * 1024;

    private const int HeaderKilobytes = 64;
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(5);

    public ModelHttp()
        : this(LargestAnswer)
    {
    }

    internal ModelHttp(long largestAnswer)
    {
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = ConnectLimit,
            PooledConnectionLifetime = ConnectionLife,
            MaxResponseHeadersLength = HeaderKilobytes,
        };

        // Time limits belong to the call, which knows whether it streams.
        Client = new HttpClient(new BoundedHandler(sockets, largestAnswer)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public HttpClient Client { get; }

    public void Dispose() => Client.Dispose();

    private sealed class BoundedHandler(HttpMessageHandler inner, long limit) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.Content.Headers.ContentLength > limit)
            {
                response.Dispose();
                throw new ResponseTooLargeException(limit);
            }

            var body = new StreamContent(new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken), limit, () => new ResponseTooLargeException(limit)));
            foreach (var (name, values) in response.Content.Headers)
            {
                body.Headers.TryAddWithoutValidation(name, values);
            }

            response.Content = body;
            return response;
        }
    }
}

/// <summary>An answer that is larger than a model's may be.</summary>
internal sealed class ResponseTooLargeException(long limit) : IOException($"sent an answer of more than {limit / (1024 * 1024)} MB, which is not read.");
