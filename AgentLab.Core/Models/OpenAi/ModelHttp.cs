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

            var body = new StreamContent(new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken), limit));
            foreach (var (name, values) in response.Content.Headers)
            {
                body.Headers.TryAddWithoutValidation(name, values);
            }

            response.Content = body;
            return response;
        }
    }

    /// <summary>Throws once more than the limit was read.</summary>
    private sealed class BoundedStream(Stream inner, long limit) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(await inner.ReadAsync(buffer, cancellationToken));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
            // Nothing is ever written.
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }

        private int Count(int bytes)
        {
            _read += bytes;
            return _read <= limit ? bytes : throw new ResponseTooLargeException(limit);
        }
    }
}

/// <summary>An answer that is larger than a model's may be.</summary>
internal sealed class ResponseTooLargeException(long limit) : IOException($"sent an answer of more than {limit / (1024 * 1024)} MB, which is not read.");
