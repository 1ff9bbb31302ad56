using System.Security.Cryptography;
using AgentLab.Core.Sessions;
using AgentLab.Data.Attachments;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AgentLab.Web.Features.Attachments;

/// <summary><c>/api/v1/attachments</c>: files that go along with a message.</summary>
internal static class AttachmentsApi
{
    /// <summary>What a form adds round its file.</summary>
    private const int FormBytes = 64 * 1024;

    public static RouteGroupBuilder MapAttachmentsApi(this RouteGroupBuilder api)
    {
        var limits = ((IEndpointRouteBuilder)api).ServiceProvider.GetRequiredService<IOptions<AttachmentOptions>>().Value;
        api.MapPost("/attachments", UploadAsync).WithTags("Attachments").WithName("UploadAttachment").DescribesIdempotencyKey()
            .WithMetadata(new RequestSizeLimitAttribute(limits.AttachmentBytes + FormBytes))
            .Accepts<IFormFile>("multipart/form-data", "application/octet-stream", "text/csv", "text/plain", "text/markdown", "application/json")
            .Produces<AttachmentResponse>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge);
        return api;
    }

    /// <summary>Uploads a file to send with a message</summary>
    /// <remarks>As a form with one file, or the bytes alone with the name in the query and the media type in Content-Type. Text, Markdown, CSV and JSON are taken.</remarks>
    /// <param name="caller">Who asks.</param>
    /// <param name="context">The request.</param>
    /// <param name="store">Keeps files.</param>
    /// <param name="requests">Lets a request take effect once.</param>
    /// <param name="name">The file's name, when the body is the file itself.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<IResult> UploadAsync(
        Caller caller, HttpContext context, IAttachmentStore store, IdempotentRequests requests, string? name, CancellationToken cancellationToken)
    {
        var request = context.Request;
        if (request.HasFormContentType)
        {
            var form = await request.ReadFormAsync(cancellationToken);
            if (form.Files is not [var file])
            {
                return ErrorTable.Invalid("file", $"The form must hold exactly one file; it holds {form.Files.Count}.");
            }

            await using var content = file.OpenReadStream();
            return await SaveAsync(file.FileName, file.ContentType, content);
        }

        if (string.IsNullOrWhiteSpace(name))
        {
            return ErrorTable.Invalid("name", "Give the file's name: POST /api/v1/attachments?name=orders.csv, or send a form with one file.");
        }

        request.EnableBuffering();
        return await SaveAsync(name, request.ContentType ?? "application/octet-stream", request.Body);

        async Task<IResult> SaveAsync(string fileName, string contentType, Stream content)
        {
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
            content.Position = 0;
            var answer = await requests.RunAsync(context, requests.Hash(context, new { fileName, contentType, hash }), async () =>
            {
                var outcome = await store.SaveAsync(fileName, contentType, content, caller.Actor, cancellationToken);
                return outcome.Ok
                    ? TypedResults.Created((string?)null, AttachmentResponse.Of(outcome.Value))
                    : ErrorTable.Problem(outcome.Errors);
            });
            return (IResult)answer!;
        }
    }
}

/// <summary>An uploaded file.</summary>
internal sealed record AttachmentResponse
{
    /// <summary>Its id, for the <c>attachments</c> of a message.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>Its bytes.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of its content, in hex.</summary>
    public required string Hash { get; init; }

    public static AttachmentResponse Of(Attachment attachment) => new()
    {
        Id = attachment.Id,
        Name = attachment.File.Name,
        ContentType = attachment.File.ContentType,
        Size = attachment.File.Size,
        Hash = attachment.File.Blob,
    };
}
