using System.Diagnostics;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace AgentLab.Web.Shared;

/// <summary>Keeps a fault in one part of a page from taking the rest with it, and says what happened in words.</summary>
public sealed partial class RegionBoundary : ErrorBoundary
{
    private string? _trace;

    /// <summary>What the region is called, as it begins a sentence: "The timeline".</summary>
    [Parameter]
    public string? Name { get; set; }

    [Inject]
    private IHostEnvironment Environment { get; set; } = default!;

    [Inject]
    private ILoggerFactory Loggers { get; set; } = default!;

    private string What => CurrentException switch
    {
        TimeoutException => "It took too long. Trying again often helps.",
        UnauthorizedAccessException => "You may not see this.",
        _ => "The rest of the page still works.",
    };

    private string Code => CurrentException switch
    {
        TimeoutException => "timeout",
        UnauthorizedAccessException => "forbidden",
        _ => "unexpected",
    };

    /// <inheritdoc />
    protected override Task OnErrorAsync(Exception exception)
    {
        _trace = Activity.Current?.TraceId.ToHexString() ?? ActivityTraceId.CreateRandom().ToHexString();
        LogFault(Loggers.CreateLogger<RegionBoundary>(), exception, Name ?? "part", _trace);
        return Task.CompletedTask;
    }
}
