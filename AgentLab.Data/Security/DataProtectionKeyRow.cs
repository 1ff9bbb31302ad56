namespace AgentLab.Data.Security;

/// <summary>One key of ASP.NET Core's data protection, as XML, encrypted under the root key.</summary>
internal sealed class DataProtectionKeyRow
{
    public long Key { get; set; }

    public required string FriendlyName { get; set; }

    public required string Xml { get; set; }

    public long CreatedAt { get; set; }
}
