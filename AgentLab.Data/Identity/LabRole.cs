using Microsoft.AspNetCore.Identity;

namespace AgentLab.Data.Identity;

/// <summary>A named set of rights that people hold.</summary>
public class LabRole : IdentityRole<Guid>;
