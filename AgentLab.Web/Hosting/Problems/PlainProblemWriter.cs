using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Hosting.Problems;

/// <summary>Writes problems for clients that asked for something else, such as a stream: an error without a body would leave them guessing.</summary>
internal sealed class PlainProblemWriter(IOptions<ProblemDetailsOptions> options) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        options.Value.CustomizeProblemDetails?.Invoke(context);
        return new(context.HttpContext.Response.WriteAsJsonAsync<ProblemDetails>(
            context.ProblemDetails, options: null, contentType: "application/problem+json", context.HttpContext.RequestAborted));
    }
}
