using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentLab.Web.Hosting.Problems;

/// <summary>Shapes every failed answer alike: a problem for programs, a small page for people, never a stack trace.</summary>
internal static class ProblemsSetup
{
    private static readonly PathString[] Programs = ["/api", "/hubs", "/health", "/openapi", "/_blazor", "/v1", "/metrics", "/hooks"];

    public static IServiceCollection AddLabProblems(this IServiceCollection services)
    {
        services.AddProblemDetails(options => options.CustomizeProblemDetails = Complete);
        services.AddSingleton<IProblemDetailsWriter, PlainProblemWriter>();
        services.AddRazorComponents();
        services.AddExceptionHandler<LabExceptionHandler>();
        // A body that cannot be read becomes an exception, so that the answer can say where it is broken.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return services;
    }

    public static void UseLabProblems(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages(context => ShowStatusAsync(context.HttpContext));
    }

    /// <summary>True when a person's browser asks for a page, false when a program asks for data.</summary>
    public static bool WantsPage(HttpRequest request) =>
        !Array.Exists(Programs, p => request.Path.StartsWithSegments(p))
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>Answers with the row <paramref name="code"/>, as a page or as a problem that names the field at fault, where there is one.</summary>
    public static Task ShowAsync(HttpContext context, string code, string? detail = null, string? field = null)
    {
        var entry = ErrorTable.Get(code);
        if (!WantsPage(context.Request))
        {
            return ErrorTable.WriteAsync(context, code, detail, field);
        }

        var page = new RazorComponentResult<ProblemPage>(new { Entry = entry, context.TraceIdentifier }) { StatusCode = entry.Status };
        return page.ExecuteAsync(context);
    }

    private static Task ShowStatusAsync(HttpContext context) =>
        ShowAsync(context, ErrorTable.ForStatus(context.Response.StatusCode).Code);

    // Problems that the framework makes by itself get our code too.
    private static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        if (!problem.Extensions.ContainsKey("code"))
        {
            var code = problem is HttpValidationProblemDetails ? ErrorCodes.Invalid
                : ErrorTable.ForStatus(problem.Status ?? context.HttpContext.Response.StatusCode).Code;
            var entry = ErrorTable.Get(code);
            problem.Extensions["code"] = entry.Code;
            problem.Type = $"urn:agentlab:error:{entry.Code}";
            problem.Title = entry.Title;
            problem.Detail ??= entry.Mend;
        }

        problem.Instance ??= context.HttpContext.Request.Path;
        problem.Extensions["traceId"] = context.HttpContext.TraceIdentifier;
    }
}
