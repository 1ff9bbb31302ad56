using System.Text;
using AgentLab.Core.Tools;

namespace AgentLab.Tests.Fakes;

/// <summary>Attachments that a test writes down as text.</summary>
internal sealed class MemoryAttachments(params (string Name, string Content)[] files) : IAttachmentReader
{
    public Task<IReadOnlyList<Attachment>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Attachment>>([.. files.Select(file => new Attachment(file.Name, "application/octet-stream", Encoding.UTF8.GetByteCount(file.Content)))]);

    public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        var content = files.Where(file => file.Name == name).Select(file => file.Content).FirstOrDefault();
        return Task.FromResult<Stream?>(content is null ? null : new MemoryStream(Encoding.UTF8.GetBytes(content)));
    }
}
