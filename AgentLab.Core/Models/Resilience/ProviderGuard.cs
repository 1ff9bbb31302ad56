using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace AgentLab.Core.Models.Resilience;

/// <summary>
/// Keeps the calls to one provider apart from its faults: transient ones are tried again with growing waits, and a provider that keeps
/// failing is left alone for a while. Rate limits do not count against it: it works, for others.
/// </summary>
internal sealed partial class ProviderGuard
{
    private const double HalfOfAllCalls = 0.5;

    // A circuit asked a moment too early would refuse once more and use up an attempt.
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestBreak = TimeSpan.FromMinutes(1);
    private static readonly ResiliencePropertyKey<DateTimeOffset> Deadline = new("deadline");
    private static readonly ResiliencePropertyKey<bool> HasStandIn = new("hasStandIn");

    private readonly ProviderDefinition _provider;
    private readonly ModelsOptions _options;
    private readonly ProviderHealthBoard _health;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _retry;
    private readonly ResiliencePipeline _breaker;

    public ProviderGuard(ProviderDefinition provider, ModelsOptions options, ProviderHealthBoard health, TimeProvider time, ILogger logger)
    {
        _provider = provider;
        _options = options;
        _health = health;
        _time = time;
        _logger = logger;
        _retry = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(Retry()).Build();
        _breaker = new ResiliencePipelineBuilder { TimeProvider = time }.AddCircuitBreaker(Breaker()).Build();
    }

    /// <summary>True while the definition reaches the same place with the same key, so that what is known of its health holds.</summary>
    public bool IsFor(ProviderDefinition provider) => provider.Endpoint == _provider.Endpoint && Equals(provider.ApiKey, _provider.ApiKey) && provider.Name == _provider.Name;

    public async Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> call, DateTimeOffset deadline, bool hasStandIn, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Deadline, deadline);
        context.Properties.Set(HasStandIn, hasStandIn);
        try
        {
            return await _retry.ExecuteAsync(async c => await ThroughBreakerAsync(call, c.CancellationToken), context);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>The answer is complete: whatever went wrong before is over.</summary>
    public void Succeeded() => _health.Update(_provider.Id, h => h.State == CircuitState.Closed && h.IsHealthy && h.RetryAt is null
        ? h
        : h with { LastError = null, LastErrorCode = null, RetryAt = h.State == CircuitState.Closed ? null : h.RetryAt });

    /// <summary>A stream that broke after its first token counts as a failed call too.</summary>
    public async ValueTask FailedLateAsync(ModelException error)
    {
        Failed(error, retryAt: null);
        var context = ResilienceContextPool.Shared.Get(CancellationToken.None);
        try
        {
            await _breaker.ExecuteOutcomeAsync(static (_, e) => ValueTask.FromResult(Outcome.FromException<bool>(e)), context, error);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<T> ThroughBreakerAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            var result = await _breaker.ExecuteAsync(async token => await call(token), cancellationToken);
            if (result is not OpenedStream)
            {
                Succeeded();
            }

            return result;
        }
        catch (BrokenCircuitException broken)
        {
            throw new ModelException(
                ModelErrorCodes.Unavailable,
                $"{_provider.Name} is unavailable after repeated failures{(broken.RetryAfter is { } wait ? $"; it is tried again in {Math.Ceiling(wait.TotalSeconds):0} s" : "")}.")
            {
                IsTransient = true,
                RetryAfter = broken.RetryAfter,
                ProviderId = _provider.Id,
            };
        }
        catch (ModelException error) when (error.Code is ModelErrorCodes.Rejected or ModelErrorCodes.ContextTooLong or ModelErrorCodes.Unknown)
        {
            // The request's own fault: the provider is well.
            Succeeded();
            throw;
        }
        catch (ModelException error)
        {
            Failed(error, retryAt: null);
            throw;
        }
    }

    private RetryStrategyOptions Retry() => new()
    {
        MaxRetryAttempts = Math.Max(1, _options.Retries),
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = _options.RetryDelay,
        MaxDelay = _options.LongestRetryDelay,
        ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is ModelException error && ShouldRetry(error, args.Context)),
        DelayGenerator = args => ValueTask.FromResult(args.Outcome.Exception is ModelException { RetryAfter: { } wait } ? wait + Margin : (TimeSpan?)null),
        OnRetry = args =>
        {
            var error = (ModelException)args.Outcome.Exception!;
            LogRetry(_logger, _provider.Id, error.Code, args.AttemptNumber + 1, args.RetryDelay);
            Failed(error, _time.GetUtcNow() + args.RetryDelay);
            return default;
        },
    };

    private bool ShouldRetry(ModelException error, ResilienceContext context)
    {
        if (!error.IsTransient || _options.Retries == 0 || error.RetryAfter > _options.LongestRetryDelay)
        {
            return false;
        }

        // Waiting past the time limit would only turn a clear failure into a timeout.
        if (context.Properties.GetValue(Deadline, DateTimeOffset.MaxValue) - _time.GetUtcNow() <= (error.RetryAfter ?? TimeSpan.Zero))
        {
            return false;
        }

        // With a stand-in at hand nobody should wait for a provider that is slow or known to be down.
        var isDown = error.Code == ModelErrorCodes.Timeout || (error.Code == ModelErrorCodes.Unavailable && error.RetryAfter is not null);
        return !(isDown && context.Properties.GetValue(HasStandIn, false));
    }

    private CircuitBreakerStrategyOptions Breaker() => new()
    {
        FailureRatio = HalfOfAllCalls,
        MinimumThroughput = _options.BreakerFailures,
        SamplingDuration = _options.BreakerWindow,
        BreakDurationGenerator = args => ValueTask.FromResult(BreakDuration(args.HalfOpenAttempts)),
        ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is ModelException { IsTransient: true, Code: not ModelErrorCodes.RateLimited }),
        OnOpened = args =>
        {
            LogOpened(_logger, _provider.Id, args.BreakDuration);
            Move(CircuitState.Open, _time.GetUtcNow() + args.BreakDuration);
            return default;
        },
        OnHalfOpened = _ =>
        {
            Move(CircuitState.HalfOpen, retryAt: null);
            return default;
        },
        OnClosed = _ =>
        {
            LogClosed(_logger, _provider.Id);
            Move(CircuitState.Closed, retryAt: null);
            return default;
        },
    };

    private TimeSpan BreakDuration(int failedProbes)
    {
        var longest = _options.BreakDuration > LongestBreak ? _options.BreakDuration : LongestBreak;
        var grown = _options.BreakDuration * Math.Pow(2, Math.Min(failedProbes, 10));
        return grown < longest ? grown : longest;
    }

    private void Move(CircuitState state, DateTimeOffset? retryAt) => _health.Update(_provider.Id, h => h with { State = state, RetryAt = retryAt });

    private void Failed(ModelException error, DateTimeOffset? retryAt) => _health.Update(
        _provider.Id, h => h with { LastError = error.Summary, LastErrorCode = error.Code, RetryAt = h.State == CircuitState.Open ? h.RetryAt : retryAt });
}
