using System.Globalization;
using System.Text;
using AgentLab.Core;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Web.Features.Api;
using AgentLab.Web.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace AgentLab.Web.Features.Sessions;

/// <summary>The files of a session: artifacts by id, contents of events by hash. They leave as downloads, never as pages.</summary>
internal static class SessionFilesApi
{
    private const string Binary = "application/octet-stream";

    public static void MapSessionFilesApi(this RouteGroupBuilder session)
    {
        session.MapGet("/artifacts", ListAsync).WithName("ListArtifacts");
        session.MapGet("/artifacts/{artifactId:guid}", GetAsync).WithName("DownloadArtifact").Produces(StatusCodes.Status200OK, contentType: Binary);
        session.MapGet("/blobs/{hash}", BlobAsync).WithName("DownloadBlob").Produces(StatusCodes.Status200OK, contentType: Binary);
    }

    /// <summary>Lists a session's artifacts</summary>
    /// <remarks>Oldest first, without their content.</remarks>
    /// <param name="id">The session.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="reader">Reads sessions.</param>
    /// <param name="limit">How many, 1 to 100. Default: 20.</param>
    /// <param name="cursor">The page before gave it as <c>nextCursor</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<Results<Ok<PageResponse<ArtifactSummary>>, ProblemHttpResult>> ListAsync(
        string id, Caller caller, ISessionReader reader, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var checks = new RequestChecks();
        var most = checks.Limit(limit);
        var after = 0L;
        if (!string.IsNullOrEmpty(cursor) && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            checks.Add("cursor", "The cursor is not one that this list gave out.");
        }

        if (!checks.Ok)
        {
            return ErrorTable.Invalid(checks.Errors);
        }

        if (!await SeesAsync(id, caller, reader, cancellationToken))
        {
            return ErrorTable.Problem([LabError.NotFound("session")]);
        }

        return TypedResults.Ok((await reader.ArtifactsAsync(SessionId.Parse(id), after, most, cancellationToken)).Select(a => a));
    }

    /// <summary>Downloads an artifact</summary>
    public static async Task<Results<FileContentHttpResult, ProblemHttpResult>> GetAsync(
        string id, Guid artifactId, Caller caller, ISessionReader reader, HttpResponse response, CancellationToken cancellationToken)
    {
        if (!await SeesAsync(id, caller, reader, cancellationToken))
        {
            return ErrorTable.Problem([LabError.NotFound("session")]);
        }

        var session = SessionId.Parse(id);
        var artifact = (await reader.ArtifactsAsync(session, cancellationToken)).FirstOrDefault(a => a.Id == artifactId);
        if (artifact is null || await ContentAsync(session, artifact.Sequence, reader, cancellationToken) is not { } content)
        {
            return ErrorTable.Problem([LabError.NotFound("artifact")]);
        }

        return Download(response, content, artifact.ContentType, artifact.Name, null);
    }

    /// <summary>Downloads content that an event refers to by its hash</summary>
    /// <remarks>A hash alone opens nothing: one of the session's events must hold it.</remarks>
    public static async Task<Results<FileContentHttpResult, ProblemHttpResult>> BlobAsync(
        string id, string hash, Caller caller, ISessionReader reader, HttpResponse response, CancellationToken cancellationToken)
    {
        if (!await SeesAsync(id, caller, reader, cancellationToken))
        {
            return ErrorTable.Problem([LabError.NotFound("session")]);
        }

        return await reader.BlobAsync(SessionId.Parse(id), hash, cancellationToken) is { } blob
            ? Download(response, blob.Content.ToArray(), blob.ContentType, blob.Hash, new EntityTagHeaderValue($"\"{blob.Hash}\""))
            : ErrorTable.Problem([LabError.NotFound("content")]);
    }

    private static async ValueTask<bool> SeesAsync(string id, Caller caller, ISessionReader reader, CancellationToken cancellationToken) =>
        await reader.FindAsync(SessionId.Parse(id), cancellationToken) is { } session && caller.Actor.Owns(session.OwnerId);

    private static async ValueTask<byte[]?> ContentAsync(SessionId id, long sequence, ISessionReader reader, CancellationToken cancellationToken)
    {
        var events = await reader.ReadAsync(id, sequence - 1, sequence, 1, null, descending: false, cancellationToken);
        if (events is not [{ Data: ArtifactCreated { Content: var content } }])
        {
            return null;
        }

        return content.Blob is { } hash
            ? (await reader.BlobAsync(id, hash, cancellationToken))?.Content.ToArray()
            : Encoding.UTF8.GetBytes(content.Text);
    }

    // Content comes from models and people: it is saved, never shown by the browser under this origin.
    private static FileContentHttpResult Download(HttpResponse response, byte[] content, string contentType, string name, EntityTagHeaderValue? tag)
    {
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers.CacheControl = "private, no-cache";
        var type = MediaTypeHeaderValue.TryParse(contentType, out var parsed) ? parsed.ToString() : Binary;
        return TypedResults.File(content, type, name, enableRangeProcessing: true, entityTag: tag);
    }
}
