using AgentLab.Core;
using AgentLab.Core.Identity;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;
using AgentLab.Data.Blobs;
using AgentLab.Data.Databases;
using AgentLab.Data.Projects;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AgentLab.Data.Attachments;

/// <summary>Uploaded files: a row for its owner, the content as a blob, until it is sent or <see cref="Lifetime"/> has passed.</summary>
internal sealed class AttachmentStore(LabDatabase database, BlobStore blobs, IOptions<AttachmentOptions> options, TimeProvider clock) : IAttachmentStore
{
    /// <summary>How long an upload can be sent.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <inheritdoc/>
    public async Task<Outcome<Attachment>> SaveAsync(
        string name, string contentType, Stream content, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(actor);
        if (!actor.MayEdit)
        {
            return Outcome<Attachment>.Failure(LabError.Forbidden("Only editors and administrators send messages, and so files."));
        }

        if (AttachmentRules.CleanName(name) is not { } clean)
        {
            return Invalid("name", $"A file's name must have 1 to {AttachmentRules.NameLength} characters. Rename the file and add it again.");
        }

        if (AttachmentRules.TypeOf(clean, contentType) is not { } type)
        {
            return Invalid("file", $"\"{clean}\" is not of a type that can be attached. Allowed are {AttachmentRules.Allowed}.");
        }

        var most = options.Value.AttachmentBytes;
        if (await ReadAsync(content, most, cancellationToken) is not { } bytes)
        {
            return Invalid("file", FormattableString.Invariant($"\"{clean}\" is too large: a file can have at most {most:N0} bytes. Split it or leave out what is not needed."));
        }

        if (bytes.Length == 0)
        {
            return Invalid("file", $"\"{clean}\" is empty.");
        }

        return AttachmentRules.IsText(bytes)
            ? Outcome<Attachment>.Success(await KeepAsync(new AttachmentReference(clean, type, bytes.Length, Blob.Of(bytes, type).Hash), bytes, actor, cancellationToken))
            : Invalid("file", $"\"{clean}\" is not text in UTF-8. Save it again as UTF-8 (a spreadsheet: as \"CSV UTF-8\"). Allowed are {AttachmentRules.Allowed}.");
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AttachmentReference>?> ResolveAsync(IReadOnlyList<Guid> ids, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(actor);
        var oldest = UtcMicroseconds.From(clock.GetUtcNow() - Lifetime);
        return await database.ReadAsync(
            async (context, token) =>
            {
                var files = new List<AttachmentReference>(ids.Count);
                foreach (var id in ids)
                {
                    var row = await context.Set<AttachmentRow>()
                        .FirstOrDefaultAsync(row => row.Id == id && row.OwnerId == actor.UserId && row.CreatedAt >= oldest, token);
                    if (row is null)
                    {
                        return null;
                    }

                    files.Add(new AttachmentReference(row.Name, row.ContentType, row.Size, row.BlobHash));
                }

                return files;
            },
            cancellationToken);
    }

    private async Task<Attachment> KeepAsync(AttachmentReference file, byte[] bytes, Actor actor, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        await database.WriteAsync((context, token) => InsertAsync(context, id, file, bytes, actor, token), cancellationToken);
        return new Attachment(id, file);
    }

    private async Task InsertAsync(
        LabDbContext context, Guid id, AttachmentReference file, byte[] bytes, Actor actor, CancellationToken cancellationToken)
    {
        var now = UtcMicroseconds.Now(clock);
        // Content that is there already is made young again, which also locks it: the sweep leaves young blobs alone.
        var there = await context.Set<BlobRow>().Where(blob => blob.Sha256 == file.Blob)
            .ExecuteUpdateAsync(set => set.SetProperty(blob => blob.CreatedAt, now), cancellationToken);
        if (there == 0)
        {
            await blobs.PutAsync(context, new Blob(file.Blob, file.ContentType, bytes), cancellationToken);
        }

        context.Add(new AttachmentRow
        {
            Id = id,
            OwnerId = actor.UserId,
            ProjectId = Project.DefaultId,
            Name = file.Name,
            ContentType = file.ContentType,
            Size = file.Size,
            BlobHash = file.Blob,
            CreatedAt = now,
        });
    }

    /// <summary>The whole content; null when it is longer than <paramref name="most"/>, of which no more is read than needed to see it.</summary>
    private static async Task<byte[]?> ReadAsync(Stream content, int most, CancellationToken cancellationToken)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (kept.Length + read > most)
            {
                return null;
            }

            kept.Write(buffer, 0, read);
        }

        return kept.ToArray();
    }

    private static Outcome<Attachment> Invalid(string field, string message) => Outcome<Attachment>.Failure(LabError.Invalid(field, message));
}
