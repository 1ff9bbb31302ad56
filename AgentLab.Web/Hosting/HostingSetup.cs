using System.Net;
using AgentLab.Web.Hosting.Health;
using AgentLab.Web.Hosting.Logging;
using AgentLab.Web.Hosting.Options;
using AgentLab.Web.Hosting.Problems;
using AgentLab.Web.Hosting.RateLimits;
using AgentLab.Web.Hosting.Security;
using AgentLab.Web.Hosting.Streams;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Hosting;

/// <summary>What every request meets before it reaches a feature.</summary>
internal static class HostingSetup
{
    /// <summary>Where AgentLab listens when no setting says otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>The most that a request's body may have where its endpoint allows no more.</summary>
    private const int MaxBodyBytes = 1024 * 1024;

    private const string Secrets = "/run/secrets";

    /// <summary>Settings, logs, problems, limits, health and the network's rules.</summary>
    public static WebApplicationBuilder AddLabHosting(this WebApplicationBuilder builder)
    {
        builder.AddSettings();
        builder.AddLabLogging();
        builder.UseDefaultUrl();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddLabOptions<LoggingOptions>(LoggingOptions.Section);
        builder.Services.AddLabOptions<HttpOptions>(HttpOptions.Section);
        builder.Services.AddLabProblems().AddLabRateLimits().AddLabHealth().AddNetworkRules();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Files alone are larger; their endpoint says so itself.
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        if (File.Exists(Path.Combine(AppContext.BaseDirectory, "AgentLab.Web.staticwebassets.runtime.json")))
        {
            // An unpublished build keeps its assets where they were built; without this only Development would find them.
            builder.WebHost.UseStaticWebAssets();
        }

        return builder;
    }

    /// <summary>The way of a request up to routing; features map their endpoints after it.</summary>
    public static WebApplication UseLabHosting(this WebApplication app)
    {
        var http = app.Services.GetRequiredService<IOptions<HttpOptions>>().Value;
        if (http.KnownProxies.Count + http.KnownNetworks.Count > 0)
        {
            app.UseForwardedHeaders();
        }

        app.UseMiddleware<LongAnswerMiddleware>();
        app.UseMiddleware<RequestMiddleware>();
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseLabProblems();
        if (http.Hsts && app.Environment.IsProduction())
        {
            app.UseHsts();
        }

        if (http.HttpsRedirect)
        {
            app.UseHttpsRedirection();
        }

        app.UseRouting();
        app.UseCors();
        return app;
    }

    // The settings file is linked into the build, so it lies beside the program and not in the working directory.
    private static void AddSettings(this WebApplicationBuilder builder)
    {
        var settings = new JsonConfigurationSource { Path = Path.Combine(AppContext.BaseDirectory, "appsettings.json"), Optional = true };
        settings.ResolveFileProvider();
        builder.Configuration.Sources.Insert(0, settings);
        builder.Configuration.AddKeyPerFile(source =>
        {
            source.Optional = true;
            source.IgnoreCondition = name => !name.StartsWith("AgentLab__", StringComparison.OrdinalIgnoreCase);
            source.FileProvider = Directory.Exists(Secrets) ? new Microsoft.Extensions.FileProviders.PhysicalFileProvider(Secrets) : null;
        });
    }

    private static void UseDefaultUrl(this WebApplicationBuilder builder)
    {
        string[] keys = ["urls", "http_ports", "https_ports"];
        if (keys.All(key => string.IsNullOrEmpty(builder.Configuration[key])) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }
    }

    private static void AddNetworkRules(this IServiceCollection services)
    {
        services.AddCors();
        services.AddOptions<Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions>().Configure<IOptions<HttpOptions>>((cors, http) =>
            cors.AddDefaultPolicy(policy => policy.WithOrigins([.. http.Value.CorsOrigins]).AllowAnyMethod()
                .WithHeaders("Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID", RequestMiddleware.Header)
                .WithExposedHeaders("Retry-After", "Location", RequestMiddleware.Header)));
        services.AddOptions<HstsOptions>().Configure<IOptions<HttpOptions>>((hsts, http) => hsts.MaxAge = TimeSpan.FromDays(http.Value.HstsDays));
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<HttpOptions>>((forwarded, http) =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.All & ~ForwardedHeaders.XForwardedPrefix;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            http.Value.KnownProxies.Select(IPAddress.Parse).ToList().ForEach(forwarded.KnownProxies.Add);
            http.Value.KnownNetworks.Select(n => System.Net.IPNetwork.Parse(n)).ToList().ForEach(forwarded.KnownIPNetworks.Add);
        });
    }
}
