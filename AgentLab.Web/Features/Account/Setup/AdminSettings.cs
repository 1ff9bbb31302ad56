using AgentLab.Core.Hosting;

namespace AgentLab.Web.Features.Account.Setup;

/// <summary>The first administrator, for a set-up without the page: <c>AgentLab:Admin</c>. Ignored once there is an administrator.</summary>
public sealed class AdminSettings : ILabOptions
{
    /// <summary>Where these settings live.</summary>
    public const string Section = "AgentLab:Admin";

    /// <summary>The e-mail address. Default: none, so the set-up page asks.</summary>
    public string? Email { get; set; }

    /// <summary>The name to sign in with. Default: the e-mail address.</summary>
    public string? UserName { get; set; }

    /// <summary>The first password; prefer a file. Default: none.</summary>
    public string? Password { get; set; }

    /// <summary>A file that holds the e-mail address. Default: /run/secrets/agentlab_admin_email, if it is there.</summary>
    public string EmailFile { get; set; } = "/run/secrets/agentlab_admin_email";

    /// <summary>A file that holds the password. Default: /run/secrets/agentlab_admin_password, if it is there.</summary>
    public string PasswordFile { get; set; } = "/run/secrets/agentlab_admin_password";

    /// <summary>The e-mail address, from setting or file; null when there is neither.</summary>
    public string? ReadEmail() => Text(Email) ?? Read(EmailFile);

    /// <summary>The password, from setting or file; null when there is neither.</summary>
    public string? ReadPassword() => Text(Password) ?? Read(PasswordFile);

    /// <inheritdoc/>
    public IEnumerable<string> Check()
    {
        var (email, password) = (ReadEmail(), ReadPassword());
        if (email is null != password is null)
        {
            yield return email is null
                ? $"{Section}:Password is set but {Section}:Email is not; set both or neither."
                : $"{Section}:Email is set but {Section}:Password is not; set both or neither.";
        }
    }

    private static string? Read(string file) => File.Exists(file) ? Text(File.ReadAllText(file).Trim()) : null;

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
