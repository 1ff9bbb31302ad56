using Microsoft.Extensions.Options;

namespace AgentLab.Data.Attachments;

/// <summary>The bounds of attachments, below <c>AgentLab:Limits</c>.</summary>
public sealed class AttachmentOptions
{
    /// <summary>The most bytes of one attachment, up to 100 MiB. Default: 10 MiB.</summary>
    public int AttachmentBytes { get; set; } = 10 * 1024 * 1024;
}

internal sealed class AttachmentOptionsValidator : IValidateOptions<AttachmentOptions>
{
    private const int Most = 100 * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, AttachmentOptions options) =>
        options.AttachmentBytes is > 0 and <= Most
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"AgentLab:Limits:AttachmentBytes must be from 1 to {Most} bytes; it is {options.AttachmentBytes}.");
}
