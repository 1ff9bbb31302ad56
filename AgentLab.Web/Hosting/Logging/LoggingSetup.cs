using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Json;

namespace AgentLab.Web.Hosting.Logging;

/// <summary>Logs through Serilog: JSON with the scopes' request, session and run ids as properties.</summary>
internal static class LoggingSetup
{
    // The framework's own request lines carry query strings, which may hold what must not be logged; ours do not.
    private static readonly string[] Silenced =
        ["Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.HttpLogging.HttpLoggingMiddleware"];

    public static void AddLabLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        // As a plain provider: AddSerilog would switch the framework's level filters off.
        builder.Services.AddSingleton<ILoggerProvider>(provider =>
            new SerilogLoggerProvider(Create(Read(provider.GetRequiredService<IConfiguration>())), dispose: true));
    }

    /// <summary>Builds the logger that <paramref name="options"/> ask for; levels are left to the framework's filters.</summary>
    public static Logger Create(LoggingOptions options)
    {
        var configuration = new LoggerConfiguration().MinimumLevel.Verbose().Filter.ByExcluding(IsSilenced);
        if (options.Format == LogFormat.Json || (options.Format == LogFormat.Auto && Console.IsOutputRedirected))
        {
            configuration.WriteTo.Console(new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture));
        }
        else
        {
            configuration.WriteTo.Console(
                outputTemplate: "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}",
                formatProvider: CultureInfo.InvariantCulture);
        }

        if (!string.IsNullOrWhiteSpace(options.File))
        {
            configuration.WriteTo.File(
                new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture),
                options.File,
                rollingInterval: RollingInterval.Day,
                retainedFileCountLimit: options.FilesKept);
        }

        return configuration.CreateLogger();
    }

    private static LoggingOptions Read(IConfiguration configuration)
    {
        try
        {
            return configuration.GetSection(LoggingOptions.Section).Get<LoggingOptions>() ?? new();
        }
        catch (InvalidOperationException)
        {
            // The check of all settings names this fault together with the others.
            return new();
        }
    }

    private static bool IsSilenced(LogEvent logEvent) =>
        logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var source)
        && source is ScalarValue { Value: string name }
        && Silenced.Contains(name, StringComparer.Ordinal);
}
