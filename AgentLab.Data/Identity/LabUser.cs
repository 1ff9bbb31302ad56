using Microsoft.AspNetCore.Identity;

namespace AgentLab.Data.Identity;

/// <summary>A person who signs in.</summary>
public class LabUser : IdentityUser<Guid>
{
    /// <summary>When the account was made, in UTC microseconds.</summary>
    public long CreatedAt { get; set; }

    /// <summary>When an administrator disabled the account, in UTC microseconds; null while it is enabled.</summary>
    public long? DisabledAt { get; set; }
}
